package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
)

// verify counts every scan from the objects alone.
func verify(ctx context.Context, c call) error {
	var a asked
	fs := c.flags()
	a.register(fs)
	list := fs.Bool("list", false, "list every scan, not only the counts")
	box := fs.String("box", "", "only scans below this `prefix`")
	fixity := fs.Bool("fixity", false, "read every scan, all that was made of it and its records, and compare their digests")
	if _, err := c.parse(fs, 0); err != nil {
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
	var checked *progress.Checked
	if *fixity {
		if checked, err = s.Fixity(ctx, *box, night.Person()); err != nil {
			return err
		}
	}
	counts := progress.Counts(standings)
	looks, err := s.Looks(ctx, *box, standings)
	if err != nil {
		return err
	}
	total := progress.Total(counts)
	total.ToLookAt = len(looks)
	if a.json {
		out := struct {
			Adds      bool                    `json:"adds"`
			Total     progress.Count          `json:"total"`
			Boxes     []progress.Count        `json:"boxes"`
			Standings []progress.ScanStanding `json:"scans,omitempty"`
			Looks     []progress.Look         `json:"toLookAt"`
			Fixity    *progress.Checked       `json:"fixity,omitempty"`
		}{total.Adds(), total, counts, nil, looks, checked}
		if *list {
			out.Standings = standings
		}
		err = printJSON(c.stdout, out)
	} else {
		printCounts(c.stdout, counts, total)
		if *list {
			printStandings(c.stdout, standings)
		}
		printLooks(c.stdout, looks, *list)
		printChecked(c.stdout, checked)
	}
	switch {
	case err != nil:
		return err
	case checked != nil && len(checked.Unsound) > 0:
		return program.Exit(program.Unsound, "%s not sound; deploy/RUNBOOK.md says what to do", plural(len(checked.Unsound), "object"))
	case !total.Adds():
		return program.Exit(program.Failed, "the counts do not add up")
	case total.InProgress > 0:
		return program.Exit(program.Unfinished, "%s still in progress", plural(total.InProgress, "scan"))
	case total.Parked > 0:
		return &program.Error{Code: program.Parked}
	case len(looks) > 0:
		return &program.Error{Code: program.LookAt}
	}
	return nil
}

// printLooks says how much there is to look at, by reason, and with list each.
func printLooks(w io.Writer, looks []progress.Look, list bool) {
	if len(looks) == 0 {
		return
	}
	count := map[archive.Reason]int{}
	for _, l := range looks {
		count[l.Reason]++
		if list {
			fmt.Fprintf(w, "look  %s: %s: %s\n", l.At(), l.Reason, l.Detail)
		}
	}
	var by []string
	for _, r := range slices.Sorted(maps.Keys(count)) {
		by = append(by, fmt.Sprintf("%d %s", count[r], r))
	}
	fmt.Fprintf(w, "%d to look at: %s; `nightshift report` says what to do\n", len(looks), strings.Join(by, ", "))
}

func printChecked(w io.Writer, c *progress.Checked) {
	if c == nil {
		return
	}
	fmt.Fprintf(w, "fixity: %s, %s made of them and %s of records read, %.1f MB\n", plural(c.Scans, "scan"), plural(c.Work, "object"), plural(c.Records, "file"), float64(c.Bytes)/1e6)
	for _, u := range c.Unsound {
		fmt.Fprintf(w, "NOT SOUND  %s/%s: %s\n", u.Bucket, u.Key, u.Detail)
	}
}

func printCounts(w io.Writer, counts []progress.Count, total progress.Count) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "box\tscans\t= published\t+ parked\t+ duplicate\t+ ignored\t+ in progress\t")
	rows := counts
	if len(counts) != 1 {
		rows = append(rows, total)
	}
	for _, r := range rows {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", r.Box, r.Scans, r.Published, r.Parked, r.Duplicate, r.Ignored, r.InProgress)
	}
	t.Flush()
}

func printStandings(w io.Writer, standings []progress.ScanStanding) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range standings {
		why := string(s.Reason)
		switch {
		case s.Reason == archive.CopyOfPage:
			why = "the same page as " + s.Of
		case s.Of != "":
			why = "of " + s.Of
		case s.Version > 0:
			why = fmt.Sprintf("version %d", s.Version)
		case s.Detail != "":
			why += ": " + s.Detail
		case s.Missing != "":
			why = "waits for " + s.Missing
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", s.Key, s.Standing, why)
	}
	t.Flush()
}
