package review

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// A MendedPage is a page whose text a person has mended.
type MendedPage struct {
	Name    string // of its truth, NAME.gt.txt, in the folder
	Locator archive.Locator
	Page    int // from 1
}

// MendedPages writes scans and texts of mended pages into dir, an empty folder, as pages
// whose truth is known: NAME.gt.txt beside NAME.EXT or DOCUMENT.EXT. An item counts if
// nothing in it is in doubt any more; of its pages those on which a person has decided
// a correction. Their text is that as read, line by line, with the corrections made.
func MendedPages(ctx context.Context, scans, work, records *store.Bucket, dir string) (out []MendedPage, err error) {
	for c, err := range publish.Currents(ctx, records, "") {
		if err != nil {
			return nil, err
		}
		if c.Reviews == 0 {
			continue
		}
		some, err := mendedPagesOf(ctx, scans, work, records, c, dir)
		if err != nil {
			return nil, fmt.Errorf("mended pages of %s: %w", c.Locator, err)
		}
		out = append(out, some...)
	}
	return out, nil
}

func mendedPagesOf(ctx context.Context, scans, work, records *store.Bucket, c archive.Current, dir string) (out []MendedPage, err error) {
	it, err := Desk{Work: work, Records: records}.Open(ctx, c.Locator, c.Number)
	if err != nil || len(it.Doubts()) > 0 {
		return nil, err
	}
	texts := it.mended()
	if len(texts) == 0 {
		return nil, nil
	}
	var m archive.Manifest
	if err := work.GetJSON(ctx, archive.ManifestKey(c.Item, c.Input), &m); err != nil {
		return nil, err
	}
	for i, p := range m.Pages {
		text, ok := texts[i+1]
		if !ok || !archive.HasImage(p.Type) {
			continue
		}
		// A scan is an item's or a page's: its digest names it, once.
		ext := strings.ToLower(filepath.Ext(p.Scan))
		document := string(p.SHA256)[:24]
		if err := fetch(ctx, scans, p.Scan, filepath.Join(dir, document+ext)); err != nil {
			return nil, err
		}
		l := MendedPage{Name: fmt.Sprintf("%s_%d", document, p.Index), Locator: c.Locator, Page: i + 1}
		if err := os.WriteFile(filepath.Join(dir, l.Name+".gt.txt"), []byte(text), 0o600); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// fetch copies a scan to a file, unless it is there.
func fetch(ctx context.Context, scans *store.Bucket, key, file string) error {
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	raw, _, err := scans.Get(ctx, key)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(file, raw, 0o600), ctx.Err())
}

// mended are the texts of the pages on which a person decided a correction, by number:
// as read, with the corrections that are made.
func (it Item) mended() map[int]string {
	var made []record.Correction
	decided := map[int]bool{}
	pages := pageStarts(it.Text)
	for _, r := range it.Records {
		for _, c := range r.Corrections {
			if c.Read.Start < 0 || c.Read.End < c.Read.Start || c.Read.End > len(it.Text) {
				continue
			}
			if c.Reviewed != "" {
				decided[pageAt(pages, c.Read.Start)] = true
			}
			if c.Decision == clean.Applied {
				made = append(made, c)
			}
		}
	}
	slices.SortStableFunc(made, func(a, b record.Correction) int { return a.Read.Start - b.Read.Start })
	out := map[int]string{}
	for page := range decided {
		start, end := pages[page-1], len(it.Text)
		if page < len(pages) {
			end = pages[page] - 1
		}
		var b strings.Builder
		at := start
		for _, c := range made {
			if c.Read.Start >= at && c.Read.End <= end {
				b.WriteString(string(it.Text[at:c.Read.Start]))
				b.WriteString(c.After)
				at = c.Read.End
			}
		}
		b.WriteString(string(it.Text[at:end]))
		out[page] = b.String()
	}
	return out
}

// pageStarts are where the pages of a text as read begin.
func pageStarts(text []rune) []int {
	at := []int{0}
	for i, r := range text {
		if r == '\f' {
			at = append(at, i+1)
		}
	}
	return at
}

// pageAt is the number, from 1, of the page that a place is on.
func pageAt(starts []int, place int) int {
	n, found := slices.BinarySearch(starts, place)
	if found {
		n++
	}
	return n
}
