package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"nightshift/internal/program"
	"nightshift/pipeline/progress"
)

// verify counts every scan from the objects alone.
func verify(ctx context.Context, c call) error {
	var a asked
	fs := c.flags()
	a.register(fs)
	list := fs.Bool("list", false, "list every scan, not only the counts")
	box := fs.String("box", "", "only scans below this `prefix`")
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
	counts := progress.Counts(standings)
	total := progress.Total(counts)
	if a.json {
		out := struct {
			Adds      bool                    `json:"adds"`
			Total     progress.Count          `json:"total"`
			Boxes     []progress.Count        `json:"boxes"`
			Standings []progress.ScanStanding `json:"scans,omitempty"`
		}{total.Adds(), total, counts, nil}
		if *list {
			out.Standings = standings
		}
		err = printJSON(c.stdout, out)
	} else {
		printCounts(c.stdout, counts, total)
		if *list {
			printStandings(c.stdout, standings)
		}
	}
	switch {
	case err != nil:
		return err
	case !total.Adds():
		return program.Exit(program.Failed, "the counts do not add up")
	case total.InProgress > 0:
		return program.Exit(program.Unfinished, "%s still in progress", plural(total.InProgress, "scan"))
	case total.Parked > 0:
		return &program.Error{Code: program.Parked}
	}
	return nil
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
