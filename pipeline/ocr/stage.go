package ocr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/store"
	"nightshift/pipeline/transcript"
)

// Reader reads one page: the pool of engine children, or a stand-in where a
// benchmark measures everything but recognition.
type Reader interface {
	Read(ctx context.Context, src Source, name, mediaType string, index int, s Settings) (transcript.Page, error)
}

// StageOptions of stage ocr.
type StageOptions struct {
	Scans, Work *store.Bucket
	Reader      Reader
	Desk        progress.Desk
	// Settings chooses how the pages of an item are read.
	Settings func(archive.Manifest) Settings
	// Deadline bounds one page with everything around it; the child's own
	// deadline is shorter and comes first.
	Deadline time.Duration
	// Outside reads bad pages once more; nil: nothing does. Engine is then the
	// configuration without it, Pictures makes the images that it sees, their longer
	// side of Longest pixels.
	Outside  Outside
	Engine   func(archive.Manifest) archive.Digest
	Pictures Pictures
	Longest  int
}

// NewStage is stage ocr: a page task becomes a transcript page among the
// objects; the last page of an item asks for its structure.
func NewStage(o StageOptions) pipeline.Stage[pipeline.PageTask] {
	return pipeline.Stage[pipeline.PageTask]{
		Name:     pipeline.StageOCR,
		Deadline: o.Deadline,
		Do: func(ctx context.Context, t pipeline.PageTask) (pipeline.Result, error) {
			r, err := o.do(ctx, t)
			return r, progress.Outcome(err)
		},
		Parked: func(ctx context.Context, t pipeline.PageTask, f archive.Failure) (pipeline.Result, error) {
			r, err := o.parked(ctx, t, f)
			return r, progress.Outcome(err)
		},
	}
}

func (o StageOptions) do(ctx context.Context, t pipeline.PageTask) (pipeline.Result, error) {
	m, p, err := o.page(ctx, t)
	if err != nil {
		return pipeline.Result{}, err
	}
	var r pipeline.Result
	key := archive.PageKey(t.Item, p.SHA256, p.Index, o.Desk.Config(m))
	switch _, err := o.Work.Stat(ctx, key); {
	case errors.Is(err, store.ErrNotFound):
		read, err := o.read(ctx, m, t.Item, p)
		if err != nil {
			return r, err
		}
		if _, err := o.Work.PutJSON(ctx, key, read); err != nil && !errors.Is(err, store.ErrConflict) {
			return r, err // a conflict: another worker's reading came first, and stands
		}
		e := PageRead(read, len(m.Pages))
		e.ID = "read/" + key // two that read the same page at once read it once
		r.Events = append(r.Events, e)
	case err != nil:
		return r, err
	}
	r.Next, err = o.Desk.AfterPage(ctx, t, m, key)
	return r, err
}

// page finds the task's manifest and the page in it.
func (o StageOptions) page(ctx context.Context, t pipeline.PageTask) (m archive.Manifest, p archive.ManifestPage, err error) {
	err = o.Work.GetJSON(ctx, archive.ManifestKey(t.Item, t.Input), &m)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return m, p, pipeline.Reject(archive.BadTask, "no manifest %s of %s", t.Input.Short(), t.Locator)
	case err != nil:
		return m, p, err
	case t.Page < 1 || t.Page > len(m.Pages):
		return m, p, pipeline.Reject(archive.BadTask, "page %d of an item of %d", t.Page, len(m.Pages))
	}
	return m, m.Pages[t.Page-1], nil
}

// read opens the scan at the very version that was taken in and reads the page.
func (o StageOptions) read(ctx context.Context, m archive.Manifest, item archive.ItemID, p archive.ManifestPage) (transcript.Page, error) {
	obj, err := progress.OpenScan(ctx, o.Scans, o.Work, p)
	if err != nil {
		return transcript.Page{}, err
	}
	defer obj.Close()
	page, there, err := o.before(ctx, m, item, p)
	if err != nil {
		return page, err
	}
	if !there {
		page, err = o.Reader.Read(ctx, obj, p.Scan, p.Type, p.Index, o.Settings(m))
		if err != nil {
			return transcript.Page{}, fmt.Errorf("read page %d of %q: %w", p.Index, p.Scan, err)
		}
		page.Image.Scan, page.Image.Digest, page.Image.Index = p.Scan, p.SHA256, p.Index
	}
	return page, o.outside(ctx, m, item, p, obj, &page)
}

// parked marks the page as failed and lets its item go on without it.
func (o StageOptions) parked(ctx context.Context, t pipeline.PageTask, f archive.Failure) (pipeline.Result, error) {
	m, p, err := o.page(ctx, t)
	if _, rejected := pipeline.Rejected(err); rejected {
		return pipeline.Result{}, nil // the task itself is bad: there is no page to mark
	}
	if err != nil {
		return pipeline.Result{}, err
	}
	key := archive.PageParkedKey(t.Item, p.SHA256, p.Index, o.Desk.Config(m))
	_, err = o.Work.PutJSON(ctx, key, archive.ParkedMark{Version: 1, Reason: f.Reason, Detail: f.Detail})
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return pipeline.Result{}, err
	}
	next, err := o.Desk.AfterPage(ctx, t, m, "")
	return pipeline.Result{Next: next}, err
}

// PageRead is the ledger's line about a page.
func PageRead(p transcript.Page, of int) archive.Event {
	words := 0
	for _, b := range p.Blocks {
		for _, l := range b.Lines {
			words += len(l.Words)
		}
	}
	facts, _ := json.Marshal(struct { // numbers, booleans, texts: cannot fail
		Words      int     `json:"words"`
		Confidence float64 `json:"confidence"`
		ErrorRate  float64 `json:"errorRate"`
		Grade      string  `json:"grade,omitempty"`
		Blank      bool    `json:"blank,omitempty"`
		LowQuality bool    `json:"lowQuality,omitempty"`

		NoText   transcript.NoText   `json:"noText,omitempty"`
		Oddities []transcript.Oddity `json:"oddities,omitempty"`
		Outside  *transcript.Outside `json:"outside,omitempty"`
	}{words, p.MeanConfidence, p.ErrorRate, p.Grade, p.Blank, p.LowQuality, p.NoText, p.Oddities, p.Outside})
	return archive.Event{Kind: archive.PageRead, Scan: p.Image.Scan, Pages: of, Facts: facts}
}
