package night

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store"
	"nightshift/pipeline/transcript"
)

// Rebuild tells the ledger and FAILED anew from the objects when both streams
// are empty though there are objects: JetStream's store was lost. It returns how
// many events and failures it told. What only the streams knew (retries, who
// asked for a replay, withdrawn records) does not come back. Two processes that
// rebuild at once say the same under the same message ids.
func (s *System) Rebuild(ctx context.Context) (events, failures int, err error) {
	for _, stream := range []string{pipeline.StreamLedger, pipeline.StreamFailed} {
		empty, err := runner.Unused(ctx, s.JS, stream)
		if err != nil || !empty {
			return 0, 0, err
		}
	}
	r := rebuild{System: s, scans: map[archive.ItemID]archive.Scan{}}
	if err = r.tellScans(ctx); err == nil && len(r.scans) > 0 {
		err = r.tellItems(ctx)
	}
	if err == nil {
		err = r.flush(ctx)
	}
	if r.told > 0 {
		s.Log.Warn("the ledger was empty and was told anew from the objects", "events", r.told, "failures", r.failed)
	}
	if err != nil {
		err = fmt.Errorf("tell the ledger anew: %w", err)
	}
	return r.told, r.failed, err
}

type rebuild struct {
	*System
	scans        map[archive.ItemID]archive.Scan // one of each item, for its locator
	pending      []archive.Event
	told, failed int
}

func (r *rebuild) tell(ctx context.Context, e archive.Event, at store.Info) error {
	e.Version, e.Time, e.Retold = 1, at.LastModified.UTC(), true
	r.pending = append(r.pending, e)
	if len(r.pending) < 200 {
		return nil
	}
	return r.flush(ctx)
}

func (r *rebuild) flush(ctx context.Context) error {
	err := runner.Append(ctx, r.JS, r.pending...)
	r.told += len(r.pending)
	r.pending = r.pending[:0]
	return err
}

// sound hands on errors of a store that is away; an object that cannot be read
// is left out, and verify tells of it.
func sound(err error) (skip bool, away error) {
	if store.IsDown(err) || errors.Is(err, context.Canceled) {
		return false, err
	}
	return err != nil, nil
}

func (r *rebuild) tellScans(ctx context.Context) error {
	for info, err := range r.Work.List(ctx, "scans/") {
		if err != nil {
			return err
		}
		var scan archive.Scan
		if skip, err := sound(r.Work.GetJSON(ctx, info.Key, &scan)); skip || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		e := intake.Received(scan)
		r.scans[e.Item] = scan
		if folder := archive.FolderOf(scan.Key); folder != "" {
			r.scans[archive.Locator(folder).ID()] = scan // of a folder that an item.json makes an item
		}
		if err := r.tell(ctx, e, info); err != nil {
			return err
		}
	}
	return nil
}

// tellItems goes through the items' objects, which the listing holds together.
func (r *rebuild) tellItems(ctx context.Context) error {
	var id archive.ItemID
	var of []store.Info
	for info, err := range r.Work.List(ctx, "items/") {
		if err != nil {
			return err
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(info.Key, "items/"), "/")
		if archive.ItemID(name) != id {
			if err := r.tellItem(ctx, id, of); err != nil {
				return err
			}
			id, of = archive.ItemID(name), of[:0]
		}
		of = append(of, info)
	}
	return r.tellItem(ctx, id, of)
}

func (r *rebuild) tellItem(ctx context.Context, id archive.ItemID, objects []store.Info) error {
	if len(objects) == 0 {
		return nil
	}
	input, _, err := progress.CurrentInput(ctx, r.Work, id)
	if err != nil {
		_, err = sound(err)
		return err
	}
	var m archive.Manifest
	if input != "" {
		if skip, err := sound(r.Work.GetJSON(ctx, archive.ManifestKey(id, input), &m)); skip || err != nil {
			return err
		}
	}
	if m.Locator == "" { // it was never planned
		m.Item, m.Locator = id, r.locator(id)
	}
	pages := map[string]int{}
	for i, p := range m.Pages {
		pages[archive.PageFolder(id, p.SHA256, p.Index)] = i + 1
	}
	read := map[int]bool{}
	for _, o := range objects {
		if page := pages[folderOf(o.Key)]; page > 0 && strings.HasSuffix(o.Key, archive.PageSuffix) {
			read[page] = true
		}
	}
	for _, o := range objects {
		if err := r.tellObject(ctx, m, input, o, pages[folderOf(o.Key)], read); err != nil {
			return err
		}
	}
	return r.tellVersions(ctx, m)
}

func folderOf(key string) string { return key[:strings.LastIndexByte(key, '/')+1] }

// locator is that of an item of which only a scan is known.
func (r *rebuild) locator(id archive.ItemID) archive.Locator {
	s := r.scans[id]
	for _, ordered := range []bool{false, true} {
		if l := progress.ItemOf(s, ordered).Locator; l.ID() == id {
			return l
		}
	}
	return ""
}

// tellObject tells what one object of the item says.
func (r *rebuild) tellObject(ctx context.Context, m archive.Manifest, input archive.Digest, o store.Info, page int, read map[int]bool) error {
	e := archive.Event{Item: m.Item, Locator: m.Locator, Pages: len(m.Pages), Page: page}
	switch {
	case o.Key == archive.ManifestKey(m.Item, input):
		e.Kind, e.Stage = archive.ItemPlanned, pipeline.StagePlan
		return r.tell(ctx, e, o)
	case page > 0 && strings.HasSuffix(o.Key, archive.PageSuffix):
		var p transcript.Page
		if skip, err := sound(r.Work.GetJSON(ctx, o.Key, &p)); skip || err != nil {
			return err
		}
		was := ocr.PageRead(p, len(m.Pages))
		was.Item, was.Locator, was.Page, was.Stage = m.Item, m.Locator, page, pipeline.StageOCR
		return r.tell(ctx, was, o)
	case strings.HasSuffix(o.Key, archive.ParkedSuffix) && !read[page]:
		return r.tellParked(ctx, m, input, o, e)
	}
	return nil
}

// tellParked parks again what a mark says was parked, with its task made anew.
func (r *rebuild) tellParked(ctx context.Context, m archive.Manifest, input archive.Digest, o store.Info, e archive.Event) error {
	var mark archive.ParkedMark
	if skip, err := sound(r.Work.GetJSON(ctx, o.Key, &mark)); skip || err != nil {
		return err
	}
	e.Kind, e.Reason, e.Detail, e.Stage = archive.Parked, mark.Reason, mark.Detail, pipeline.StageOCR
	if e.Page == 0 {
		e.Stage = strings.TrimSuffix(path.Base(o.Key), archive.ParkedSuffix)
	}
	task, err := r.taskOf(ctx, m, input, o, e)
	if task == nil || err != nil {
		return err // the mark of an input that another one followed
	}
	raw, err := json.Marshal(task)
	if err != nil {
		return err
	}
	f := archive.Failure{Version: 1, Time: o.LastModified.UTC(), Stage: e.Stage, Item: m.Item, Locator: m.Locator, Page: e.Page,
		Reason: mark.Reason, Detail: mark.Detail, Subject: task.Subject(), Task: raw}
	if err := runner.Park(ctx, r.JS, f, "rebuilt/"+o.Key); err != nil {
		return err
	}
	r.failed++
	return r.tell(ctx, e, o)
}

func (r *rebuild) taskOf(ctx context.Context, m archive.Manifest, input archive.Digest, o store.Info, e archive.Event) (pipeline.Task, error) {
	ref := pipeline.Ref{Version: 1, Item: m.Item, Locator: m.Locator}
	if e.Page > 0 {
		return pipeline.PageTask{Ref: ref, Input: input, Page: e.Page}, nil
	}
	of := path.Base(path.Dir(o.Key))
	if e.Stage == pipeline.StagePlan {
		t := pipeline.PlanTask{Ref: ref, Trigger: of}
		if s := r.scans[m.Item]; of != archive.GroupMark {
			t.Scan = s.Key
		}
		return t, nil
	}
	settled, _, err := progress.CurrentSettled(ctx, r.Work, m.Item, input)
	if err != nil || of != string(input) || settled == "" {
		return nil, err
	}
	// The stage before makes its own output's message again.
	return pipeline.StructureTask{Ref: ref, Input: input, Settled: settled}, nil
}

func (r *rebuild) tellVersions(ctx context.Context, m archive.Manifest) error {
	for info, err := range r.Records.List(ctx, archive.RecordPrefix(m.Locator)+"versions/") {
		if err != nil {
			return err
		}
		var v archive.Current
		if skip, err := sound(r.Records.GetJSON(ctx, info.Key, &v)); skip || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		facts, err := json.Marshal(map[string]int{"version": v.Number, "documents": v.Documents, "parked": v.Parked})
		if err != nil {
			return err
		}
		e := archive.Event{Kind: archive.Published, Stage: pipeline.StagePublish, Item: m.Item, Locator: m.Locator, Pages: v.Pages, Facts: facts}
		if err := r.tell(ctx, e, info); err != nil {
			return err
		}
	}
	return nil
}
