package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/export"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/store"
)

// exportRecords writes the current version of every published item as files.
func exportRecords(ctx context.Context, c call) error {
	var a asked
	fs := c.flags()
	a.register(fs)
	out := fs.String("out", "", "`folder` to write to")
	box := fs.String("box", "", "only items below this `prefix`")
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
	n, err := exportAll(ctx, s, standings, *out)
	if err == nil {
		fmt.Fprintf(c.stdout, "%s written to %s\n", plural(n, "item"), *out)
	}
	return err
}

// exportAll writes the items of the standings and returns how many had records.
func exportAll(ctx context.Context, s *night.System, standings []progress.ScanStanding, out string) (int, error) {
	var items []archive.Locator
	seen := map[archive.Locator]bool{}
	for _, st := range standings {
		if st.Locator != "" && st.Standing != progress.Ignored && st.Standing != progress.Duplicate && !seen[st.Locator] {
			seen[st.Locator] = true
			items = append(items, st.Locator)
		}
	}
	folders := export.Folders(items)
	n := 0
	for _, l := range items {
		_, err := export.Item(ctx, s.Records, l, filepath.Join(out, folders[l]))
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, nil
}
