package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/dossier"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store"
)

// shown is a dossier with the item's failures and history.
type shown struct {
	dossier.Dossier
	Failures []archive.Failure `json:"failures"`
	History  []archive.Event   `json:"history,omitempty"`
	Log      []json.RawMessage `json:"log,omitempty"`
}

// showItem prints what is known of an item.
func showItem(ctx context.Context, c call) error {
	var a asked
	fs := c.flags()
	a.register(fs)
	history := fs.Bool("history", false, "list everything that happened to the item too")
	lines := fs.Int("log", 0, "the last so many `lines` of the programs' logs about the item too")
	rest, err := c.parse(fs, 1)
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	var out shown
	if out.Dossier, err = dossier.Of(ctx, s.Books(), rest[0]); err != nil {
		return missing(err)
	}
	out.Failures = []archive.Failure{}
	all, err := s.Outstanding(ctx)
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.Item == out.Item {
			out.Failures = append(out.Failures, f)
		}
	}
	if *history {
		for e, err := range runner.History(ctx, s.JS, out.Item) {
			if err != nil {
				return err
			}
			out.History = append(out.History, e)
		}
	}
	if *lines > 0 {
		list, err := s.LogOf(ctx, out.Item, 0, *lines)
		if err != nil {
			return err
		}
		for _, l := range list {
			out.Log = append(out.Log, l.Raw)
		}
	}
	if a.json {
		return printJSON(c.stdout, out)
	}
	return out.print(c.stdout)
}

// missing gives an item that is not there its exit code.
func missing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return &program.Error{Code: program.Nothing, Err: err}
	}
	return err
}

// located is the item that a person names, with the exit code for none.
func located(ctx context.Context, s *night.System, name string) (archive.Locator, error) {
	l, err := s.Books().Find(ctx, name)
	return l, missing(err)
}

func (d shown) print(w io.Writer) error {
	fmt.Fprintf(w, "%s\nitem %s, %s on %s\n", d.Locator, d.Item, plural(len(d.Documents), "document"), plural(len(d.Pages), "page"))
	if d.Missing != "" {
		fmt.Fprintln(w, "incomplete:", d.Missing)
	}
	section(w, "scans")
	printStandings(w, d.Scans)
	section(w, "pages")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range d.Pages {
		fmt.Fprintf(t, "%d\t%s #%d\t%s\n", p.Page, p.Scan, p.Index, pageWords(p))
	}
	t.Flush()
	d.printDocuments(w)
	d.printVersions(w)
	if len(d.Reviews) > 0 {
		section(w, "reviews")
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, r := range d.Reviews {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.When.Format("2006-01-02 15:04"), r.Who, r.Outcome, r.Detail)
		}
		t.Flush()
	}
	if len(d.Failures) > 0 {
		section(w, "parked")
		printFailures(w, d.Failures)
	}
	if len(d.History) > 0 {
		section(w, "history")
		day := ""
		for _, e := range d.History {
			if today := e.Time.Local().Format("2 January 2006"); today != day {
				day = today
				fmt.Fprintln(w, day)
			}
			if err := printEvent(w, e); err != nil {
				return err
			}
		}
	}
	if len(d.Log) > 0 {
		section(w, "log")
		for _, line := range d.Log {
			fmt.Fprintln(w, strings.TrimSpace(string(line)))
		}
	}
	return nil
}

func section(w io.Writer, name string) { fmt.Fprintf(w, "\n%s\n", name) }

// pageWords says where a page stands.
func pageWords(p dossier.Page) string {
	switch {
	case p.State == "parked":
		return fmt.Sprintf("not read: %s: %s", p.Reason, p.Detail)
	case p.State != "read":
		return p.State
	case p.Blank:
		return "blank"
	}
	words := fmt.Sprintf("read, mean confidence %.0f", p.Confidence)
	if p.Grade != "" {
		words += ", grade " + p.Grade
	}
	if p.LowQuality {
		words += ", look at it"
	}
	return words + fmt.Sprintf("; %d × %d pixels, %d dpi", p.Width, p.Height, p.DPI)
}

// titleShown is how many characters of a title fit a line beside the rest.
const titleShown = 60

// cut is s, shortened to n characters.
func cut(s string, n int) string {
	if long := []rune(s); len(long) > n {
		return string(long[:n]) + "…"
	}
	return s
}

func (d shown) printDocuments(w io.Writer) {
	if len(d.Documents) == 0 {
		return
	}
	section(w, "documents")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, x := range d.Documents {
		title := ""
		if x.Title != nil {
			title = cut(*x.Title, titleShown)
		}
		corrections := fmt.Sprintf("%d corrected, %d flagged", x.Applied, x.Flagged)
		if x.Undecided+x.SecondLook > 0 {
			corrections += fmt.Sprintf(", %d to decide", x.Undecided+x.SecondLook)
		}
		fmt.Fprintf(t, "%d\t%s\t%s\tpages %s\t%s\t%s\n", x.Document, x.Kind, x.Date, numbers(x.Pages), corrections, title)
	}
	t.Flush()
}

func (d shown) printVersions(w io.Writer) {
	if len(d.Versions) == 0 {
		return
	}
	section(w, "versions")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, v := range d.Versions {
		words := fmt.Sprintf("%d files", len(v.Files))
		if !v.Complete {
			words += ", incomplete"
		}
		fmt.Fprintf(t, "%d\t%s\t%s\n", v.Number, words, changeWords(v.Changed))
	}
	t.Flush()
}

// changeWords says how a version differs from the one before.
func changeWords(c *archive.Changes) string {
	if c == nil {
		return "first"
	}
	words := []string{"because of " + strings.Join(c.Causes, ", ")}
	for _, d := range c.Documents {
		switch {
		case d.Before == "":
			words = append(words, fmt.Sprintf("document %d came", d.Document))
		case d.After == "":
			words = append(words, fmt.Sprintf("document %d went", d.Document))
		default:
			words = append(words, fmt.Sprintf("document %d: %s", d.Document, strings.Join(d.Fields, ", ")))
		}
	}
	if n := len(c.Files); n > 0 {
		words = append(words, plural(n, "file")+" came or went")
	}
	return strings.Join(words, "; ")
}

// numbers spells ascending page numbers as ranges: 1-3, 7.
func numbers(ns []int) string {
	var parts []string
	for i := 0; i < len(ns); {
		j := i
		for j+1 < len(ns) && ns[j+1] == ns[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(ns[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", ns[i], ns[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
