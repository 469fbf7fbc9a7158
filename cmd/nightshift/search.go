package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/search"
)

// searchRecords finds published records.
func searchRecords(ctx context.Context, c call) error {
	var a asked
	var q search.Query
	fs := c.flags()
	a.register(fs)
	fs.StringVar(&q.From, "from", "", "only documents of this `day` or later: 1961-02-03, 1961-02 or 1961")
	fs.StringVar(&q.To, "to", "", "only documents of this `day` or earlier")
	fs.StringVar(&q.Kind, "kind", "", "only documents of this `kind`, e.g. telegram")
	fs.StringVar(&q.Participant, "participant", "", "only documents with a participant of this `name` or role")
	fs.StringVar(&q.Box, "box", "", "only items below this `locator`: a collection, box or folder")
	fs.IntVar(&q.Most, "most", 20, "how many hits to show")
	fs.IntVar(&q.Skip, "skip", 0, "how many hits to pass over")
	index := fs.String("index", "", "`directory` of the index (default: DATA/search, or below the user's cache for real servers)")
	rebuild := fs.Bool("rebuild", false, "make the index anew from the records first")
	rest, err := program.Parse(fs, c.argv)
	if err != nil {
		return err
	}
	q.Words = strings.Join(rest, " ")
	if err := program.Paths(index); err != nil {
		return err
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	if *index == "" {
		if *index, err = a.searchIndex(s.Store.Endpoint()); err != nil {
			return err
		}
	}
	if *rebuild {
		if err := os.RemoveAll(*index); err != nil {
			return err
		}
	}
	x, err := search.Open(*index)
	if errors.Is(err, search.ErrBusy) {
		return &program.Error{Code: program.InUse, Err: err}
	}
	if err != nil {
		return err
	}
	defer x.Close()
	if _, err := x.Sync(ctx, s.Records); err != nil {
		return err
	}
	r, err := x.Search(ctx, q)
	if errors.Is(err, search.ErrQuery) {
		return &program.Error{Code: program.Usage, Err: err}
	}
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(c.stdout, r)
	}
	printHits(c.stdout, q, r)
	return nil
}

// searchIndex is where the index of the system lies by default.
func (a asked) searchIndex(endpoint string) (string, error) {
	if a.Data != "" {
		return filepath.Join(a.Data, "search"), nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", program.Exit(program.Missing, "say where the index is to lie with --index: %w", err)
	}
	return filepath.Join(cache, "nightshift", "search", archive.DigestOfParts(endpoint, a.Records).Short()), nil
}

func printHits(w io.Writer, q search.Query, r search.Result) {
	switch shown := len(r.Hits); {
	case shown == 0:
		fmt.Fprintf(w, "%s\n", plural(r.Total, "document"))
	case shown < r.Total:
		fmt.Fprintf(w, "%s, %d to %d\n", plural(r.Total, "document"), q.Skip+1, q.Skip+shown)
	default:
		fmt.Fprintln(w, plural(r.Total, "document"))
	}
	for _, h := range r.Hits {
		what := []string{h.Kind}
		if h.Date != "" {
			what = append(what, h.Date)
		}
		if h.Title != "" {
			what = append(what, cut(h.Title, titleShown))
		}
		fmt.Fprintf(w, "\n%s  document %d, page %d\n  %s\n", h.Locator, h.Document, h.Page, strings.Join(what, ", "))
		if len(h.Snippet) > 0 {
			fmt.Fprintf(w, "  …%s…\n", snippetLine(h.Snippet))
		}
	}
}

// snippetLine is a snippet on one line, with stars around what was found.
func snippetLine(parts []search.Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Found {
			b.WriteString("*" + p.Text + "*")
		} else {
			b.WriteString(p.Text)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
