// Package structuring is stage structure: it gathers the settled pages of an
// item, joins them into its text as read, has package structure find what is in
// it, and stores the reading. It finds nothing itself.
package structuring

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/store"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// Options of stage structure.
type Options struct {
	Scans, Work *store.Bucket
	// MaxText is the longest text input in bytes; longer ones are parked.
	MaxText int64
	// Rules are the archive's own rules of cleaning; nil: none.
	Rules *clean.Rules
}

// New is stage structure.
func New(o Options) pipeline.Stage[pipeline.StructureTask] {
	return pipeline.Stage[pipeline.StructureTask]{
		Name:     pipeline.StageStructure,
		Deadline: 10 * time.Minute, // an item of thousands of pages is loaded page by page
		Do: func(ctx context.Context, t pipeline.StructureTask) (pipeline.Result, error) {
			r, err := o.do(ctx, t)
			return r, progress.Outcome(err)
		},
		Parked: func(ctx context.Context, t pipeline.StructureTask, f archive.Failure) (pipeline.Result, error) {
			_, err := o.Work.PutJSON(ctx, archive.StageParkedKey(t.Item, string(t.Input), pipeline.StageStructure),
				archive.ParkedMark{Version: 1, Reason: f.Reason, Detail: f.Detail})
			if errors.Is(err, store.ErrConflict) {
				err = nil // parked before, with other words
			}
			return pipeline.Result{}, progress.Outcome(err)
		},
	}
}

func (o Options) do(ctx context.Context, t pipeline.StructureTask) (pipeline.Result, error) {
	var m archive.Manifest
	var settled archive.Settled
	for key, v := range map[string]any{
		archive.ManifestKey(t.Item, t.Input):           &m,
		archive.SettledKey(t.Item, t.Input, t.Settled): &settled,
	} {
		err := o.Work.GetJSON(ctx, key, v)
		if errors.Is(err, store.ErrNotFound) {
			return pipeline.Result{}, pipeline.Reject(archive.BadTask, "no object %s", key)
		}
		if err != nil {
			return pipeline.Result{}, err
		}
	}
	if len(settled.Pages) != len(m.Pages) {
		return pipeline.Result{}, pipeline.Reject(archive.BadTask, "%d pages settled of %d", len(settled.Pages), len(m.Pages))
	}
	digest := archive.DigestOfParts("structure", string(t.Input), string(t.Settled), structure.RulesVersion(), clean.Version(), o.Rules.Digest())
	key := archive.StructureKey(t.Item, t.Input, digest)
	out := pipeline.Result{Next: []pipeline.Task{pipeline.PublishTask{Ref: t.Ref, Input: t.Input, Structure: digest}}}
	if _, err := o.Work.Stat(ctx, key); err == nil {
		return out, nil // made before
	} else if !errors.Is(err, store.ErrNotFound) {
		return pipeline.Result{}, err
	}
	r, err := o.reading(ctx, m, settled)
	if err != nil {
		return pipeline.Result{}, err
	}
	if _, err := o.Work.PutJSON(ctx, key, r); err != nil {
		return pipeline.Result{}, err
	}
	e := structured(r)
	e.ID = "structured/" + key
	out.Events = []archive.Event{e}
	return out, nil
}

// reading gathers the pages and finds their structure.
func (o Options) reading(ctx context.Context, m archive.Manifest, settled archive.Settled) (structure.Reading, error) {
	r := structure.Reading{Version: 1, Item: m.Item, Locator: m.Locator, Input: m.Input(), Settled: settled.Digest()}
	pages := make([]transcript.Page, len(m.Pages))
	for i, s := range settled.Pages {
		rp := structure.ReadingPage{Key: s.Key, Parked: s.Parked, Detail: s.Detail}
		var err error
		switch {
		case s.Parked != "":
			pages[i] = transcript.Page{Version: transcript.FormatVersion, Parked: string(s.Parked)}
		case s.Key != "":
			err = o.Work.GetJSON(ctx, s.Key, &pages[i])
		default:
			pages[i], err = o.textPage(ctx, m.Pages[i])
		}
		if err != nil {
			return r, fmt.Errorf("page %d: %w", i+1, err)
		}
		r.Pages = append(r.Pages, rp)
	}
	text, layout := transcript.TextAsRead(pages)
	r.Text = text
	spanPages(r.Pages, pages, layout, utf8.RuneCountInString(text))
	r.Structure = structure.Parse(structure.Input{Text: text, Layout: layout, Rules: o.Rules})
	if err := reversible(text, r.Structure.Corrections); err != nil {
		return r, pipeline.Reject(archive.BadStructure, "%w", err)
	}
	return r, nil
}

// reversible holds the promise that undoing gives the text as read.
func reversible(text string, cs []clean.Correction) error {
	back, err := clean.Undo(clean.Apply(text, cs), cs)
	if err != nil {
		return fmt.Errorf("corrections cannot be undone: %w", err)
	}
	if back != text {
		return errors.New("undoing the corrections does not give the text as read")
	}
	return nil
}

// spanPages notes where each page lies in the text.
func spanPages(out []structure.ReadingPage, pages []transcript.Page, layout *transcript.Layout, length int) {
	if layout != nil {
		for i, p := range layout.Pages {
			out[i].Start, out[i].End = p.Start, p.End
		}
		return
	}
	at := 0
	for i, p := range pages {
		out[i].Start = at
		if p.Text != nil {
			at += utf8.RuneCountInString(*p.Text)
		}
		out[i].End = min(at, length)
		at++ // the form feed
	}
}

// textPage reads a text input from its scan, whose digest must be the one
// taken in.
func (o Options) textPage(ctx context.Context, p archive.ManifestPage) (transcript.Page, error) {
	if o.MaxText > 0 && p.Size > o.MaxText {
		return transcript.Page{}, pipeline.Reject(archive.TooLarge, "a text of %d bytes, over the limit --max-text %d", p.Size, o.MaxText)
	}
	obj, err := progress.OpenScan(ctx, o.Scans, o.Work, p)
	if err != nil {
		return transcript.Page{}, err
	}
	defer obj.Close()
	raw, err := obj.Bytes(ctx)
	if err != nil {
		return transcript.Page{}, err
	}
	if archive.DigestOf(raw) != p.SHA256 {
		return transcript.Page{}, pipeline.Reject(archive.ScanChanged, "the scan %q is no longer the one taken in", p.Scan)
	}
	text, guessed, err := transcript.DecodeTextTold(raw)
	if err != nil {
		return transcript.Page{}, pipeline.Reject(archive.BadText, "%q: %w", p.Scan, err)
	}
	out := transcript.Page{
		Version: transcript.FormatVersion, Text: &text, MeanConfidence: 100,
		Image: transcript.Image{Scan: p.Scan, Digest: p.SHA256, Index: p.Index},
	}
	if guessed != "" {
		out.Odd(archive.GuessedEncoding, "taken for "+guessed)
	}
	return out, nil
}

// structured is the ledger's line about a reading.
func structured(r structure.Reading) archive.Event {
	applied, flagged := 0, 0
	for _, c := range r.Structure.Corrections {
		if c.Decision == clean.Applied {
			applied++
		} else {
			flagged++
		}
	}
	facts, _ := json.Marshal(struct { // numbers only: cannot fail
		Documents int `json:"documents"`
		Applied   int `json:"applied"`
		Flagged   int `json:"flagged"`
	}{len(r.Structure.Documents), applied, flagged})
	return archive.Event{Kind: archive.Structured, Pages: len(r.Pages), Facts: facts}
}
