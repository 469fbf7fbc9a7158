package console

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// versionsShown bounds the list of versions.
const versionsShown = 20

// item is an item as its objects tell it: the published version, or, before the
// first, what there is so far.
type item struct {
	ID       archive.ItemID
	Manifest *archive.Manifest
	Shown    *archive.Current  // the version shown; nil: nothing is published
	Versions []archive.Current // newest first
	Newer    bool              // pages came or went since the published version
	Reading  *structure.Reading
	Records  []*record.Record
	Reviews  []*record.Review // oldest first
}

// load reads an item. Number is a version, 0 for the current one.
func (s *Server) load(ctx context.Context, id archive.ItemID, number int) (*item, error) {
	sys := s.opt.System
	in, _, err := progress.CurrentInput(ctx, sys.Work, id)
	if err != nil {
		return nil, err
	}
	if in == "" {
		return nil, fault{404, "There is no such item, or its pages are not known yet."}
	}
	it := &item{ID: id}
	if it.Manifest, err = s.shelf.manifest(ctx, sys.Work, id, in); err != nil {
		return nil, err
	}
	if err := s.versions(ctx, it, number); err != nil {
		return nil, err
	}
	if it.Shown == nil {
		return it, s.unpublished(ctx, it, in)
	}
	it.Newer = it.Shown.Input != in && it.Shown.Number == it.Versions[0].Number
	if it.Manifest, err = s.shelf.manifest(ctx, sys.Work, id, it.Shown.Input); err != nil {
		return nil, err
	}
	if it.Reading, err = s.shelf.reading(ctx, sys.Work, archive.StructureKey(id, it.Shown.Input, it.Shown.Structure)); missing(err) != nil {
		return nil, err
	}
	for n := range it.Shown.Documents {
		r, err := s.shelf.record(ctx, sys.Records, fmt.Sprintf("%srecord-%d.json", it.Shown.Folder, n+1))
		if err != nil {
			return nil, err
		}
		it.Records = append(it.Records, r)
	}
	return it, s.reviews(ctx, it)
}

// versions lists the item's versions and sets which one is shown.
func (s *Server) versions(ctx context.Context, it *item, number int) error {
	records, l := s.opt.System.Records, it.Manifest.Locator
	var current archive.Current
	err := records.GetJSON(ctx, archive.CurrentKey(l), &current)
	if err != nil || current.Number == 0 {
		return missing(err)
	}
	for n := current.Number; n > max(0, current.Number-versionsShown); n-- {
		v, err := get(ctx, s.shelf, records, archive.VersionKey(l, n), func(*archive.Current) int { return 2000 })
		if err != nil {
			return err
		}
		it.Versions = append(it.Versions, *v)
		if n == number || number == 0 && n == current.Number {
			it.Shown = v
		}
	}
	if it.Shown == nil {
		return fault{404, "There is no such version of the item."}
	}
	return nil
}

// unpublished finds the newest reading of an item without records.
func (s *Server) unpublished(ctx context.Context, it *item, in archive.Digest) error {
	prefix := path.Dir(archive.StructureKey(it.ID, in, "x")) + "/"
	var newest store.Info
	for info, err := range s.opt.System.Work.List(ctx, prefix) {
		if err != nil {
			return err
		}
		if info.LastModified.After(newest.LastModified) {
			newest = info
		}
	}
	if newest.Key == "" {
		return nil
	}
	var err error
	it.Reading, err = s.shelf.reading(ctx, s.opt.System.Work, newest.Key)
	return err
}

// transcript is page n of the item, as read; nil when it is not read (yet).
func (s *Server) transcript(ctx context.Context, it *item, n int) (*transcript.Page, error) {
	key := ""
	if it.Reading != nil && n <= len(it.Reading.Pages) {
		key = it.Reading.Pages[n-1].Key
	} else {
		at, err := s.standing(ctx, it, n)
		if err != nil {
			return nil, err
		}
		key = at.Key
	}
	if key == "" {
		return nil, nil
	}
	p, err := s.shelf.page(ctx, s.opt.System.Work, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // an older reading's page, cleared since
	}
	return p, err
}

// standing is where page n of an item without a reading stands.
func (s *Server) standing(ctx context.Context, it *item, n int) (progress.Page, error) {
	desk := progress.Desk{Work: s.opt.System.Work, Config: func(archive.Manifest) archive.Digest { return "" }}
	pages, err := desk.Pages(ctx, *it.Manifest)
	if err != nil {
		return progress.Page{}, err
	}
	return pages[n-1], nil
}

// corrections of the item that touch the stretch of the text as read, in
// order, with what policy and reviews decided where there are records.
func (it *item) corrections(from, to int) []correctionView {
	var out []correctionView
	within := func(start, end int) bool {
		return start < to && end > from || start == end && start >= from && start <= to
	}
	if it.Shown == nil && it.Reading != nil {
		for _, c := range it.Reading.Structure.Corrections {
			if within(c.Start, c.End) {
				out = append(out, correctionView{Correction: record.Correction{Before: c.Before, After: c.After, Kind: c.Kind, Rule: c.Rule,
					Evidence: c.Evidence, Confidence: c.Confidence, Decision: c.Decision, DecidedBy: "structure", Box: c.Box, Page: c.Page},
					Start: c.Start, End: c.End})
			}
		}
	}
	for i, r := range it.Records {
		if r.Read.Start > to || r.Read.End < from {
			continue
		}
		for _, c := range r.Corrections {
			if within(c.Read.Start, c.Read.End) {
				out = append(out, correctionView{Correction: c, Document: i + 1, Start: c.Read.Start, End: c.Read.End})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b correctionView) int { return a.Start - b.Start })
	for i := range out {
		out[i].Number = i + 1
		it.pending(&out[i])
	}
	return out
}

// number reads a whole number from a query, or gives otherwise.
func number(s string, otherwise int) int {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		return n
	}
	return otherwise
}

// noteID names a note among those of its item, in links.
func noteID(document, note int) string { return fmt.Sprintf("%d-%d", document, note) }

// published lays what the record says, after policy and reviews, over what was
// found.
func published(v *documentView, r *record.Record) {
	str := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	val := func(p *record.Value) string {
		if p == nil {
			return ""
		}
		return p.Value
	}
	v.Kind, v.Title, v.Label = r.Kind, str(r.Title), str(r.Number)
	v.Place, v.From, v.For, v.Class = val(r.Place), val(r.From), val(r.To), val(r.Classification)
	v.Date, v.Basis = "", ""
	if r.Date != nil {
		v.Date, v.Basis = r.Date.Value.Value, r.Date.Basis
	}
	v.Grade = str(r.Quality.Grade)
	for _, c := range r.Corrections {
		if c.Decision == clean.Flagged {
			v.Flags++
		}
	}
}
