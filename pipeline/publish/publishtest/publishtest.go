// Package publishtest is a publisher with a store of its own, for tests of
// whatever works on published records.
package publishtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/embedded"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/store"
)

// Desk is an embedded store with the buckets of a pipeline.
type Desk struct {
	System        store.Config
	Client        *store.Client
	Work, Records *store.Bucket
}

// Run runs the tests of a package with a desk; there can be one a process. It
// is for TestMain.
func Run(m *testing.M, d *Desk) int {
	code, err := run(m, d)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func run(m *testing.M, d *Desk) (code int, err error) {
	dir, err := os.MkdirTemp("", "publish")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx := context.Background()
	sys, err := embedded.Start(ctx, embedded.Options{Dir: dir})
	if err != nil {
		return 1, err
	}
	defer sys.Close()
	d.System = sys.Store()
	if d.Client, err = store.Open(d.System); err != nil {
		return 1, err
	}
	defer d.Client.Close()
	for name, b := range map[string]**store.Bucket{archive.WorkBucket: &d.Work, archive.RecordsBucket: &d.Records} {
		if err := d.Client.EnsureBucket(ctx, name); err != nil {
			return 1, err
		}
		*b = d.Client.Bucket(name)
	}
	return m.Run(), nil
}

// step is an object of a numbered list, as package progress writes it.
type step struct {
	Digest archive.Digest `json:"digest"`
}

// File puts what the stages before publish leave of an item, as its number-th
// settlement, under a locator of the test's own, and returns the task for it.
func (d Desk) File(t testing.TB, in *record.Input, number int) pipeline.PublishTask {
	t.Helper()
	l := archive.Locator(strings.ReplaceAll(t.Name(), "/", " ") + "/Box 1/" + in.Manifest.Locator.Name())
	in.Manifest.Locator, in.Manifest.Item = l, l.ID()
	r := &in.Reading
	r.Locator, r.Item, r.Input = l, l.ID(), in.Manifest.Input()
	r.Settled = archive.DigestOf(fmt.Appendf(nil, "settled %d", number))
	for i := range in.Pages {
		if in.Pages[i].Parked != "" || in.Pages[i].Text != nil {
			continue
		}
		r.Pages[i].Key = archive.PageKey(l.ID(), in.Manifest.Pages[i].SHA256, i+1, r.Settled)
		d.put(t, r.Pages[i].Key, in.Pages[i])
	}
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	structure := archive.DigestOf(raw)
	d.put(t, archive.ManifestKey(l.ID(), r.Input), in.Manifest)
	d.put(t, archive.StructureKey(l.ID(), r.Input, structure), r)
	d.put(t, archive.InputKey(l.ID(), 1), step{r.Input})
	d.put(t, archive.SettlementKey(l.ID(), r.Input, number), step{r.Settled})
	return pipeline.PublishTask{Ref: pipeline.Ref{Version: 1, Item: l.ID(), Locator: l}, Input: r.Input, Structure: structure}
}

func (d Desk) put(t testing.TB, key string, v any) {
	t.Helper()
	if _, err := d.Work.PutJSON(t.Context(), key, v); err != nil {
		t.Fatal(err)
	}
}

// Publisher is stage publish over these buckets, with page images that it draws.
func Publisher(work, records *store.Bucket) pipeline.Stage[pipeline.PublishTask] {
	return publish.New(publish.Options{Work: work, Records: records, Tools: map[string]string{"nightshift": "test"},
		Images: func(int) record.Images { return recordtest.Drawn{} }})
}

// Agree puts terms in force. Tests of a package share one list of them.
func (d Desk) Agree(t testing.TB, c publish.Changes) publish.Terms {
	t.Helper()
	terms, _, err := publish.Agree(t.Context(), d.Work, c)
	if err != nil {
		t.Fatal(err)
	}
	return terms
}

// Publish does a task and returns what came of it.
func (d Desk) Publish(t testing.TB, task pipeline.PublishTask) pipeline.Result {
	t.Helper()
	r, err := Publisher(d.Work, d.Records).Do(t.Context(), task)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
