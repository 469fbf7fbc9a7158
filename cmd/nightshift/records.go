package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"nightshift/internal/night"
	"nightshift/pipeline/export"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// exported is what was written below a folder.
type exported struct {
	Items   int      `json:"items"`
	Records []string `json:"records"` // paths of their files
}

func (e exported) String() string {
	return plural(len(e.Records), "record") + " of " + plural(e.Items, "item")
}

// exportAll writes the items of the standings that are published.
func exportAll(ctx context.Context, s *night.System, standings []progress.ScanStanding, out string) (exported, error) {
	items := itemsOf(standings)
	folders := export.Folders(items)
	written := exported{Records: []string{}}
	for _, l := range items {
		cur, err := export.Item(ctx, s.Records, l, out, folders[l])
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return written, err
		default:
			written.Items++
			for name := range cur.Files {
				if ok, _ := path.Match("record-*.json", name); ok {
					written.Records = append(written.Records, filepath.Join(out, folders[l], name))
				}
			}
		}
	}
	slices.SortFunc(written.Records, byNumber)
	return written, nil
}

// byNumber orders record-2.json before record-10.json.
func byNumber(a, b string) int {
	da, db := filepath.Dir(a), filepath.Dir(b)
	if da != db {
		return strings.Compare(da, db)
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// listed is how many records are named at the end of a run; beyond it a list
// is no help on a terminal.
const listed = 40

// printRecords names the records with what they are.
func printRecords(w io.Writer, files []string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range files[:min(len(files), listed)] {
		fmt.Fprintf(t, "  %s\t%s\n", f, describe(f))
	}
	t.Flush()
	if more := len(files) - listed; more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

// describe is a record in one line: kind, date, and subject or title. A file
// that cannot be read is described by nothing; it was written a moment ago.
func describe(file string) string {
	raw, err := os.ReadFile(file)
	var r record.Record
	if err != nil || json.Unmarshal(raw, &r) != nil {
		return ""
	}
	date, title := "", ""
	if r.Date != nil {
		date = r.Date.Value.Value
	}
	switch {
	case len(r.Subjects) > 0:
		title = r.Subjects[0].Value
	case r.Title != nil:
		title = *r.Title
	}
	return strings.Join([]string{r.Kind, date, shorten(title, 60)}, "\t")
}

// shorten cuts a line of text after n characters.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
