package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/mets"
)

// edition is one try to publish the records of one structure.
type edition struct {
	options Options
	task    pipeline.PublishTask
	terms   Terms
	on      Renditions
	in      record.Input
	records []record.Record

	mu     sync.Mutex
	files  map[string]mets.File // put so far, by name
	bodies [][]byte             // of the records, as put
}

// folder is the key prefix of the version's files.
func (e *edition) folder() string {
	return archive.RecordPrefix(e.in.Manifest.Locator) + e.in.Made + "/"
}

// publish puts files, claims a version unless the content is published
// already, moves current.json and says what to announce.
func (e *edition) publish(ctx context.Context) (pipeline.Result, error) {
	content, err := record.Content(e.records, e.terms.Renditions)
	if err != nil {
		return pipeline.Result{}, err
	}
	for i := range e.records {
		body, err := record.Encode(e.records[i])
		if err != nil {
			return pipeline.Result{}, err
		}
		e.bodies = append(e.bodies, body)
	}
	s := shelf{bucket: e.options.Records, locator: e.in.Manifest.Locator}
	standing, err := s.standing(ctx, e.version(content), e.task)
	if err != nil {
		return pipeline.Result{}, err
	}
	switch standing.verdict {
	case overtaken:
		return superseded(standing.why), nil
	case unchanged:
		return pipeline.Result{Events: []archive.Event{e.event(archive.Unchanged, standing.current)}}, nil
	case ours: // a try before this one got as far as current.json
		return e.announce(ctx, s, standing.current, false)
	}
	if err := e.putFiles(ctx); err != nil {
		return pipeline.Result{}, err
	}
	version, fresh, err := s.claim(ctx, e.version(content), standing.current.Number == 0, e.changes)
	if errors.Is(err, errOvertaken) {
		return superseded(err.Error()), nil
	}
	if err != nil {
		return pipeline.Result{}, err
	}
	if err := s.moveCurrent(ctx, version, standing.current, standing.etag); err != nil {
		return pipeline.Result{}, err
	}
	e.options.Log.InfoContext(ctx, "published", "stage", pipeline.StagePublish, "item", e.task.Item,
		"version", version.Number, "documents", version.Documents, "claimed", fresh)
	return e.announce(ctx, s, version, fresh)
}

// version is the version object, but for its number and changes.
func (e *edition) version(content archive.Digest) archive.Current {
	v := archive.Current{
		Version: 1, Item: e.in.Manifest.Item, Locator: e.in.Manifest.Locator, Folder: e.folder(),
		Input: e.task.Input, Structure: e.task.Structure, Content: content, Complete: e.in.Manifest.Incomplete == "",
		Documents: len(e.records), Pages: len(e.in.Pages), Files: make(map[string]archive.Digest, len(e.files)), Task: e.task.MessageID(),
		Terms: e.terms.Number, Reviews: len(e.in.Reviews),
	}
	v.Look, v.Blank = notices(e.in)
	for name, f := range e.files {
		v.Files[name] = f.SHA256
	}
	for _, p := range e.in.Reading.Pages {
		if p.Parked != "" {
			v.Parked++
			v.Complete = false
		}
	}
	return v
}

// putFiles puts record, text and structure, then the renditions.
func (e *edition) putFiles(ctx context.Context) error {
	e.files = map[string]mets.File{}
	structure, err := record.Encode(record.Published(e.in.Reading.Structure, e.records))
	if err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(fetches)
	put := func(name, contentType string, data []byte) {
		g.Go(func() error { return e.put(gctx, name, contentType, data) })
	}
	for i, body := range e.bodies {
		put(recordName(i+1), "application/json", body)
	}
	put(fileStructure, "application/json", structure)
	put(FileRead, "text/plain; charset=utf-8", []byte(e.in.Reading.Text))
	put(fileText, "text/plain; charset=utf-8", []byte(record.CleanText(e.in.Reading.Text, e.records)))
	if err := g.Wait(); err != nil {
		return err
	}
	return e.makeRenditions(ctx)
}

func recordName(document int) string { return fmt.Sprintf("record-%d.json", document) }

// put puts one file of the version and notes its digest.
func (e *edition) put(ctx context.Context, name, contentType string, data []byte) error {
	if _, err := e.options.Records.PutNew(ctx, e.folder()+name, data, contentType); err != nil {
		return fmt.Errorf("put %s of %s: %w", path.Base(name), e.in.Manifest.Locator, err)
	}
	e.note(mets.File{Name: name, SHA256: archive.DigestOf(data), Size: len(data), Type: contentType})
	return nil
}

// note remembers a file that was put.
func (e *edition) note(f mets.File) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.files[f.Name] = f
}

// facts are the figures of a published event.
type facts struct {
	Version        int      `json:"version"`
	Documents      int      `json:"documents"`
	Words          int      `json:"words"`
	Applied        int      `json:"applied"`
	Flagged        int      `json:"flagged"`
	Parked         int      `json:"parked"`
	MeanConfidence *float64 `json:"meanConfidence"`
	WorstPage      *int     `json:"worstPage"`
	Grade          *string  `json:"grade"`
	SecondLook     int      `json:"secondLook"` // reviews that no longer fit
}

// event is the ledger's line about version v.
func (e *edition) event(kind archive.EventKind, v archive.Current) archive.Event {
	f := facts{Version: v.Number, Documents: len(e.records), Parked: v.Parked}
	f.MeanConfidence, f.WorstPage, f.Grade = record.Overall(e.in.Pages, e.in.Reading.Pages)
	for _, r := range e.records {
		f.Words += r.Quality.Words
		for _, c := range r.Corrections {
			if c.Decision == clean.Applied {
				f.Applied++
			} else {
				f.Flagged++
			}
		}
		for _, a := range r.Reviews {
			if a.Outcome == record.SecondLook {
				f.SecondLook++
			}
		}
	}
	raw, _ := json.Marshal(f) // numbers and letters only: cannot fail
	return archive.Event{Kind: kind, Pages: len(e.in.Pages), Facts: raw}
}

// announce is the result of a published version: its messages and its event.
// Fresh says that this try claimed the version: nobody announced it before.
func (e *edition) announce(ctx context.Context, s shelf, v archive.Current, fresh bool) (pipeline.Result, error) {
	told := e.event(archive.Published, v)
	told.ID = archive.VersionKey(e.in.Manifest.Locator, v.Number) // two that publish it at once publish it once
	r := pipeline.Result{Events: []archive.Event{told}}
	if v.Folder != e.folder() { // the same content, made by somebody else of other inputs
		for i := range e.bodies {
			var err error
			if e.bodies[i], _, err = s.bucket.Get(ctx, v.Folder+recordName(i+1)); err != nil {
				return pipeline.Result{}, fmt.Errorf("read what was published: %w", err)
			}
		}
	}
	for i := range e.records {
		r.Next = append(r.Next, e.message(i, v))
	}
	gone, err := e.withdrawn(ctx, s, v)
	if err != nil {
		return pipeline.Result{}, err
	}
	r.Next = append(r.Next, gone...)
	if fresh {
		return r, nil
	}
	claimed, err := s.bucket.Stat(ctx, archive.VersionKey(s.locator, v.Number))
	if err != nil {
		return pipeline.Result{}, fmt.Errorf("see when version %d was claimed: %w", v.Number, err)
	}
	for i, t := range r.Next {
		if m, ok := t.(RecordMessage); ok {
			m.since = claimed.LastModified
			r.Next[i] = m
		}
	}
	return r, nil
}

// documentOf is the number of the document whose record file has this name, 0
// for other files.
func documentOf(name string) int {
	var n int
	if _, err := fmt.Sscanf(name, "record-%d.json", &n); err != nil || !strings.HasSuffix(name, ".json") {
		return 0
	}
	return n
}
