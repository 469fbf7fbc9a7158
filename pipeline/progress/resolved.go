package progress

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Resolved tells from the objects whether what failed has been mended since:
// the page was read, the item planned, structured or published.
func (b Books) Resolved(ctx context.Context, f archive.Failure) (bool, error) {
	if f.Reason == archive.BelowScan {
		for m, err := range b.below(ctx) {
			if err != nil || strings.HasSuffix(f.Detail, m.Detail()) {
				return false, err
			}
		}
		return true, nil
	}
	if f.Item == "" || len(f.Task) == 0 {
		return false, nil // a message that named nothing: for a person to look at
	}
	switch f.Stage {
	case pipeline.StagePlan:
		return b.planned(ctx, f)
	case pipeline.StageOCR:
		return b.read(ctx, f)
	case pipeline.StageStructure, pipeline.StagePublish:
		var t struct {
			Input archive.Digest `json:"input"`
		}
		if json.Unmarshal(f.Task, &t) != nil {
			return false, nil
		}
		now, _, err := CurrentInput(ctx, b.Work, f.Item)
		if err != nil || now != t.Input {
			return now != t.Input, err // another input took its place
		}
		var cur archive.Current
		err = b.Records.GetJSON(ctx, archive.CurrentKey(f.Locator), &cur)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return cur.Input == t.Input, err
	}
	return false, nil
}

// planned: the item has an input that holds the scan as it is now, or the scan
// is gone, or another was put in its place, which has a fate of its own.
func (b Books) planned(ctx context.Context, f archive.Failure) (bool, error) {
	var t pipeline.PlanTask
	if json.Unmarshal(f.Task, &t) != nil {
		return false, nil
	}
	in, _, err := CurrentInput(ctx, b.Work, f.Item)
	if err != nil || t.Scan == "" {
		return in != "", err
	}
	info, err := b.Scans.Stat(ctx, t.Scan)
	if err != nil {
		return errors.Is(err, store.ErrNotFound), ignoreMissing(err)
	}
	c, err := Counting(ctx, b.Work, info)
	if ignoreMissing(err) != nil {
		return false, err
	}
	if t.Trigger != "" && c.ID() != t.Trigger {
		return true, nil
	}
	if in == "" || err != nil {
		return false, nil
	}
	var m archive.Manifest
	if err := b.Work.GetJSON(ctx, archive.ManifestKey(f.Item, in), &m); err != nil {
		return false, ignoreMissing(err)
	}
	return len(m.Pages) > 0 && m.Pages[0].SHA256 == c.Scan.SHA256, nil
}

// read: the page has a transcript, or its manifest is not the item's any more.
func (b Books) read(ctx context.Context, f archive.Failure) (bool, error) {
	var t pipeline.PageTask
	if json.Unmarshal(f.Task, &t) != nil {
		return false, nil
	}
	in, _, err := CurrentInput(ctx, b.Work, f.Item)
	if err != nil || in != t.Input {
		return in != t.Input, err
	}
	var m archive.Manifest
	if err := b.Work.GetJSON(ctx, archive.ManifestKey(f.Item, in), &m); err != nil {
		return false, ignoreMissing(err)
	}
	if t.Page < 1 || t.Page > len(m.Pages) {
		return false, nil
	}
	p := m.Pages[t.Page-1]
	var keys []string
	for info, err := range b.Work.List(ctx, archive.PageFolder(f.Item, p.SHA256, p.Index)) {
		if err != nil {
			return false, err
		}
		keys = append(keys, info.Key)
	}
	return pageFrom(keys, "").Key != "", nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
