package publish_test

import (
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
)

// outdated are the tasks for items of this test that terms ask for.
func (d desk) outdated(terms publish.Terms) []pipeline.PublishTask {
	d.t.Helper()
	var out []pipeline.PublishTask
	for task, err := range publish.Outdated(d.t.Context(), d.Records, terms) {
		if err != nil {
			d.t.Fatal(err)
		}
		if strings.HasPrefix(string(task.Locator), d.t.Name()) {
			out = append(out, task)
		}
	}
	return out
}

func strict(confidence float64) *record.Policy {
	return &record.Policy{Version: 1, Name: "strict", Kinds: map[clean.Kind]record.Thresholds{"*": {Apply: &confidence}}}
}

// TestPolicyPublishesAnew: a changed policy makes a new version of what it
// changes from the structure there is, and going back to it makes a third.
func TestPolicyPublishesAnew(t *testing.T) {
	d := newDesk(t)
	stage := d.stage("none")
	in := recordtest.Ferry(t)
	task := d.file(&in, 1)
	d.do(stage, task)
	first := d.current(task.Locator)
	for n, c := range []struct {
		policy  *record.Policy
		applied bool
	}{{strict(0.99), false}, {ptr(record.DefaultPolicy()), true}, {strict(0.99), false}} {
		terms := d.Agree(t, publish.Changes{Policy: c.policy})
		again := d.outdated(terms)
		if len(again) != 1 || again[0].Structure != task.Structure {
			t.Fatalf("asked for again: %+v", again)
		}
		d.do(stage, again[0])
		now := d.current(task.Locator)
		var r record.Record
		if err := d.Records.GetJSON(t.Context(), now.Folder+"record-1.json", &r); err != nil {
			t.Fatal(err)
		}
		if now.Number != n+2 || now.Terms != terms.Number || strings.Contains(r.Text, "north pier") != c.applied {
			t.Errorf("terms %d: version %d, text %q", terms.Number, now.Number, r.Text)
		}
		if now.Changed == nil || !slices.Equal(now.Changed.Causes, []string{"policy or renditions"}) {
			t.Errorf("changed: %+v", now.Changed)
		}
		if left := d.outdated(terms); len(left) != 0 {
			t.Errorf("still asked for: %+v", left)
		}
		if r := d.do(stage, again[0]); len(r.Next) != 1 || d.versions(task.Locator) != n+2 {
			t.Errorf("a second delivery made a version more, or no message: %+v", r)
		}
	}
	if d.current(task.Locator).Structure != first.Structure {
		t.Error("it was structured anew")
	}
}

func ptr[T any](v T) *T { return &v }

// TestAgree: terms count when somebody says something new, and are finished by
// the next publisher when the one that brought them did not.
func TestAgree(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	r, err := publish.ParseRenditions("tei,pdf")
	if err != nil {
		t.Fatal(err)
	}
	brought := d.Agree(t, publish.Changes{Renditions: r, RecordsURL: "https://archive.example.org/r/"})
	if brought.RecordsURL != "https://archive.example.org/r" || !slices.Equal(brought.Renditions, []string{"tei", "pdf"}) {
		t.Errorf("terms %+v", brought)
	}
	for i, want := range []bool{true, true, false} { // its bringer died; another died too; a third came to the end
		next, fresh, err := publish.Agree(ctx, d.Work, publish.Changes{})
		if err != nil || next.Number != brought.Number || fresh != want {
			t.Errorf("publisher %d: number %d, fresh %v, %v", i, next.Number, fresh, err)
		}
		if i == 1 {
			if err := publish.Done(ctx, d.Work, next); err != nil {
				t.Fatal(err)
			}
		}
	}
	if now, err := publish.InForce(ctx, d.Work); err != nil || now.Number != brought.Number || now.RecordsURL != brought.RecordsURL {
		t.Errorf("in force: %+v, %v", now, err)
	}
}

func TestRenditionsPublishAnew(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Scan(t)
	task := d.file(&in, 1)
	d.do(d.stage("none"), task)
	stage := d.stage("pdf,mets")
	terms, err := publish.InForce(t.Context(), d.Work)
	if err != nil {
		t.Fatal(err)
	}
	for _, again := range d.outdated(terms) {
		d.do(stage, again)
	}
	c := d.current(task.Locator)
	if c.Number != 2 || c.Changed == nil || !slices.Contains(c.Changed.Files, "item.pdf") || !slices.Contains(c.Changed.Files, "mets.xml") || len(c.Changed.Documents) != 0 {
		t.Errorf("version %d, changed %+v", c.Number, c.Changed)
	}
	if _, there := c.Files["tei.xml"]; there || c.Files["item.pdf"] == "" {
		t.Errorf("files %v", c.Files)
	}
	recordtest.Check(t, "current", d.get(archive.CurrentKey(task.Locator)))
}
