package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/export"
	"nightshift/pipeline/progress"
)

// exportRecords writes the current version of every published item as files.
func exportRecords(ctx context.Context, c call) error {
	var a asked
	fs := c.flags()
	a.register(fs)
	out := fs.String("out", "", "`folder` to write to")
	box := fs.String("box", "", "only items below this `prefix`")
	bag := fs.Bool("bag", false, "write one BagIt bag, into a folder that is new or empty")
	masters := fs.Bool("masters", false, "with --bag: put the scans in too")
	organization := fs.String("organization", "", "with --bag: `name` of the archive that hands the bag over")
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	if *out == "" {
		return needs("--out DIR")
	}
	if err := program.Paths(out); err != nil {
		return err
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	standings, err := s.Books().Standings(ctx, *box)
	if err != nil {
		return err
	}
	if *bag {
		return exportBag(ctx, c, s, standings, *out, *masters, [][2]string{
			{"Source-Organization", *organization}, {"External-Identifier", *box},
		})
	}
	written, err := exportAll(ctx, s, standings, *out)
	switch {
	case err != nil:
	case a.json:
		err = printJSON(c.stdout, written)
	default:
		fmt.Fprintf(c.stdout, "%s written to %s\n", written, *out)
	}
	return err
}

// exportBag writes the items of the standings as a bag.
func exportBag(ctx context.Context, c call, s *night.System, standings []progress.ScanStanding, out string, masters bool, about [][2]string) error {
	b := export.Bagger{Records: s.Records, Info: [][2]string{
		{"Bagging-Date", time.Now().Format(time.DateOnly)}, {"Bag-Software-Agent", "Nightshift " + version},
	}}
	for _, line := range about {
		if line[1] != "" {
			b.Info = append(b.Info, line)
		}
	}
	var scans []export.Master
	if masters {
		b.Scans = s.Scans
		for _, st := range standings {
			if st.Standing != progress.Published {
				continue
			}
			var scan archive.Scan
			if err := s.Work.GetJSON(ctx, archive.ScanKeyFor(st.ScanID), &scan); err != nil {
				return err
			}
			scans = append(scans, export.Master{Key: scan.Key, ETag: scan.ETag, SHA256: scan.SHA256, VersionID: st.VersionID, Size: scan.Size})
		}
	}
	n, err := b.Bag(ctx, itemsOf(standings), scans, out)
	switch {
	case errors.Is(err, export.ErrNotEmpty):
		return &program.Error{Code: program.Usage, Err: err}
	case err != nil:
		return err
	case n == 0:
		return program.Exit(program.Nothing, "no item has records yet")
	}
	fmt.Fprintf(c.stdout, "%s and %s in the bag %s\n", plural(n, "item"), plural(len(scans), "scan"), out)
	return nil
}

// itemsOf are the items that the scans belong to.
func itemsOf(standings []progress.ScanStanding) []archive.Locator {
	var items []archive.Locator
	seen := map[archive.Locator]bool{}
	for _, st := range standings {
		if st.Locator != "" && st.Standing != progress.Ignored && st.Standing != progress.Duplicate && !seen[st.Locator] {
			seen[st.Locator] = true
			items = append(items, st.Locator)
		}
	}
	return items
}
