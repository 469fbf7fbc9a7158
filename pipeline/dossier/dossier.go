// Package dossier gathers what is known of one item: where its scans stand, its
// pages, its versions and what changed between them, its documents, and
// people's decisions. It reads the objects only and owns nothing.
package dossier

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
	"nightshift/pipeline/transcript"
)

// Dossier is what is known of an item.
type Dossier struct {
	Locator   archive.Locator         `json:"locator"`
	Item      archive.ItemID          `json:"item"`
	Scans     []progress.ScanStanding `json:"scans"`
	Input     archive.Digest          `json:"input,omitempty"` // current list of pages; empty: not planned yet
	Missing   string                  `json:"missing,omitempty"`
	Pages     []Page                  `json:"pages"`
	Versions  []archive.Current       `json:"versions"` // oldest first
	Documents []Document              `json:"documents"`
	Reviews   []record.Applied        `json:"reviews"`
}

// Page is a page of the item as it stands now.
type Page struct {
	Page       int            `json:"page"` // from 1
	Scan       string         `json:"scan"`
	Index      int            `json:"index"` // within the scan, from 1
	State      string         `json:"state"` // read, text, parked, waiting
	Blank      bool           `json:"blank,omitempty"`
	LowQuality bool           `json:"lowQuality,omitempty"`
	Confidence float64        `json:"meanConfidence,omitempty"` // 0-100
	Grade      string         `json:"grade,omitempty"`
	Width      int            `json:"width,omitempty"` // pixels
	Height     int            `json:"height,omitempty"`
	DPI        int            `json:"dpi,omitempty"`
	Reason     archive.Reason `json:"reason,omitempty"` // parked
	Detail     string         `json:"detail,omitempty"`
}

// Document is a document of the current version.
type Document struct {
	Document   int     `json:"document"` // from 1
	Kind       string  `json:"kind"`
	Title      *string `json:"title"`
	Date       string  `json:"date,omitempty"`
	Pages      []int   `json:"pages"`
	Words      int     `json:"words"`
	Grade      *string `json:"grade"`
	Complete   bool    `json:"complete"`
	Applied    int     `json:"applied"` // corrections
	Flagged    int     `json:"flagged"`
	Undecided  int     `json:"undecided"` // flagged, and nobody decided
	SecondLook int     `json:"secondLook"`
}

// Of gathers the dossier of the item that name says: a locator, an item id, or
// the beginning of the name of its only scan. store.ErrNotFound if there is no
// such item.
func Of(ctx context.Context, b progress.Books, name string) (Dossier, error) {
	l, err := b.Find(ctx, name)
	if err != nil {
		return Dossier{}, err
	}
	d := Dossier{Locator: l, Item: l.ID(), Pages: []Page{}, Documents: []Document{}, Reviews: []record.Applied{}}
	all, err := b.Standings(ctx, string(l))
	if err != nil {
		return d, err
	}
	for _, s := range all {
		if s.Item == d.Item {
			d.Scans = append(d.Scans, s)
		}
	}
	if err := d.pages(ctx, b); err != nil {
		return d, fmt.Errorf("pages of %s: %w", l, err)
	}
	if d.Versions, err = publish.Versions(ctx, b.Records, l); err != nil {
		return d, err
	}
	return d, d.documents(ctx, b)
}

// fetches is how many transcript pages are read at once.
const fetches = 4

// pages tells where each page of the current input stands.
func (d *Dossier) pages(ctx context.Context, b progress.Books) error {
	var err error
	if d.Input, _, err = progress.CurrentInput(ctx, b.Work, d.Item); err != nil || d.Input == "" {
		return err
	}
	var m archive.Manifest
	if err := b.Work.GetJSON(ctx, archive.ManifestKey(d.Item, d.Input), &m); err != nil {
		return err
	}
	d.Missing = m.Incomplete
	desk := progress.Desk{Work: b.Work, Config: func(archive.Manifest) archive.Digest { return "" }}
	states, err := desk.Pages(ctx, m)
	if err != nil {
		return err
	}
	d.Pages = make([]Page, len(states))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(fetches)
	for i, p := range m.Pages {
		d.Pages[i] = Page{Page: i + 1, Scan: p.Scan, Index: p.Index}
		g.Go(func() error { return d.Pages[i].fill(ctx, b.Work, states[i]) })
	}
	return g.Wait()
}

// fill reads what the page's object says.
func (p *Page) fill(ctx context.Context, work *store.Bucket, at progress.Page) error {
	switch {
	case at.Text:
		p.State = "text"
	case at.Key != "":
		p.State = "read"
		var t transcript.Page
		if err := work.GetJSON(ctx, at.Key, &t); err != nil {
			return err
		}
		p.Blank, p.LowQuality, p.Confidence, p.Grade = t.Blank, t.LowQuality, t.MeanConfidence, t.Grade
		p.Width, p.Height, p.DPI = t.Image.Width, t.Image.Height, t.Image.DPI
	case at.Parked != "":
		p.State = "parked"
		var m archive.ParkedMark
		if err := work.GetJSON(ctx, at.Parked, &m); err != nil {
			return err
		}
		p.Reason, p.Detail = m.Reason, m.Detail
	default:
		p.State = "waiting"
	}
	return nil
}

// documents tells of the current version's records.
func (d *Dossier) documents(ctx context.Context, b progress.Books) error {
	c, err := publish.Version(ctx, b.Records, d.Locator, 0)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	rs, err := publish.Records(ctx, b.Records, c)
	if err != nil {
		return err
	}
	for _, r := range rs {
		x := Document{Document: r.Identity.Document, Kind: r.Kind, Title: r.Title, Words: r.Quality.Words, Grade: r.Quality.Grade, Complete: r.Complete, Pages: []int{}}
		if r.Date != nil {
			x.Date = r.Date.Value.Value
		}
		for _, p := range r.Source.Pages {
			x.Pages = append(x.Pages, p.Page)
		}
		for _, c := range r.Corrections {
			switch {
			case c.Decision == clean.Applied:
				x.Applied++
			case c.Reviewed == "":
				x.Flagged, x.Undecided = x.Flagged+1, x.Undecided+1
			default:
				x.Flagged++
			}
		}
		for _, a := range r.Reviews {
			if a.Outcome == record.SecondLook {
				x.SecondLook++
			}
		}
		d.Documents = append(d.Documents, x)
		d.Reviews = append(d.Reviews, r.Reviews...)
	}
	return nil
}
