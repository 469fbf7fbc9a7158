package publish_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/publish/publishtest"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
)

// desk is a publisher's desk with what tests ask of it.
type desk struct {
	publishtest.Desk
	t testing.TB
}

// One gateway a process: all tests share one store, each with items of its own.
var shared publishtest.Desk

func TestMain(m *testing.M) { os.Exit(publishtest.Run(m, &shared)) }

func newDesk(t testing.TB) desk { return desk{shared, t} }

// file files in; see publishtest.
func (d desk) file(in *record.Input, number int) pipeline.PublishTask {
	d.t.Helper()
	return d.File(d.t, in, number)
}

// stage is stage publish with these renditions put in force.
func (d desk) stage(renditions string) pipeline.Stage[pipeline.PublishTask] {
	d.t.Helper()
	r, err := publish.ParseRenditions(renditions)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Agree(d.t, publish.Changes{Renditions: r})
	return publishtest.Publisher(d.Work, d.Records)
}

func (d desk) do(s pipeline.Stage[pipeline.PublishTask], t pipeline.PublishTask) pipeline.Result {
	d.t.Helper()
	r, err := s.Do(d.t.Context(), t)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// objects are the item's published objects, key to digest.
func (d desk) objects(l archive.Locator) map[string]archive.Digest {
	d.t.Helper()
	out := map[string]archive.Digest{}
	for info, err := range d.Records.List(d.t.Context(), archive.RecordPrefix(l)) {
		if err != nil {
			d.t.Fatal(err)
		}
		out[info.Key] = archive.DigestOf(d.get(info.Key))
	}
	return out
}

func (d desk) get(key string) []byte {
	d.t.Helper()
	raw, _, err := d.Records.Get(d.t.Context(), key)
	if err != nil {
		d.t.Fatal(err)
	}
	return raw
}

func (d desk) current(l archive.Locator) archive.Current {
	d.t.Helper()
	var c archive.Current
	if err := json.Unmarshal(d.get(archive.CurrentKey(l)), &c); err != nil {
		d.t.Fatal(err)
	}
	return c
}

// versions counts the item's versions.
func (d desk) versions(l archive.Locator) int {
	n := 0
	for key := range d.objects(l) {
		if strings.Contains(key, "/versions/") {
			n++
		}
	}
	return n
}

func TestPublish(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Scan(t)
	task := d.file(&in, 1)
	r := d.do(d.stage("all"), task)
	c := d.current(task.Locator)
	if c.Number != 1 || c.Documents != 2 || c.Pages != 5 || c.Parked != 1 || c.Complete || c.Changed != nil {
		t.Errorf("current is %+v", c)
	}
	recordtest.Check(t, "current", d.get(archive.CurrentKey(task.Locator)))
	if string(d.get(archive.VersionKey(task.Locator, 1))) != string(d.get(archive.CurrentKey(task.Locator))) {
		t.Error("the version object differs from current.json")
	}
	for _, name := range []string{"record-1.json", "record-2.json", "structure.json", "read.txt", "text.txt", "alto/0001.xml", "hocr/0005.html", "tei.xml", "annotations.json", "item.pdf", "manifest.json", "mets.xml"} {
		if got := archive.DigestOf(d.get(c.Folder + name)); got != c.Files[name] {
			t.Errorf("%s has digest %s, listed %s", name, got, c.Files[name])
		}
	}
	recordtest.Check(t, "record", d.get(c.Folder+"record-1.json"))
	recordtest.Check(t, "structure", d.get(c.Folder+"structure.json"))
	if string(d.get(c.Folder+"read.txt")) != in.Reading.Text {
		t.Error("read.txt is not the text as read")
	}
	if len(r.Next) != 2 || r.Next[0].Subject() != "records.TestPublish.letter" {
		t.Fatalf("messages %v", r.Next)
	}
	for _, m := range r.Next {
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		recordtest.Check(t, "message", raw)
	}
	if len(r.Events) > 0 && r.Events[0].ID == "" {
		t.Error("the event of a version has no id of its own: told twice, it counts twice")
	}
	if len(r.Events) != 1 || r.Events[0].Kind != archive.Published || !strings.Contains(string(r.Events[0].Facts), `"documents":2`) {
		t.Errorf("events %+v", r.Events)
	}
}

func TestTwiceIsOnce(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Ferry(t)
	task := d.file(&in, 1)
	first := d.do(d.stage("all"), task)
	before := d.objects(task.Locator)
	again := d.do(d.stage("all"), task)
	if !maps.Equal(before, d.objects(task.Locator)) {
		t.Error("a second delivery changed the objects")
	}
	if ids(first.Next) != ids(again.Next) {
		t.Errorf("a second delivery announces %s, not %s", ids(again.Next), ids(first.Next))
	}
	task.Replay = "r1"
	replay := d.do(d.stage("all"), task)
	if len(replay.Next) != 0 || replay.Events[0].Kind != archive.Unchanged || d.versions(task.Locator) != 1 {
		t.Errorf("a replay without change gave %+v", replay)
	}
}

func ids(ts []pipeline.Task) string {
	var out []string
	for _, t := range ts {
		out = append(out, t.MessageID())
	}
	return strings.Join(out, " ")
}

func TestNewVersion(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Scan(t)
	old := d.file(&in, 1)
	d.do(d.stage("none"), old)
	in = recordtest.Scan(t)
	in.Reading.Structure.Corrections[0].Decision = clean.Flagged
	in.Reading.Structure.Documents = in.Reading.Structure.Documents[:1]
	task := d.file(&in, 2)
	r := d.do(d.stage("none"), task)
	c := d.current(task.Locator)
	if c.Number != 2 || c.Changed == nil || c.Changed.Since != 1 || len(c.Changed.Documents) != 2 ||
		!slices.Contains(c.Changed.Documents[0].Fields, "text") || c.Changed.Documents[1].After != "" {
		t.Errorf("current is %+v, changed %+v", c, c.Changed)
	}
	recordtest.Check(t, "current", d.get(archive.CurrentKey(task.Locator)))
	last := r.Next[len(r.Next)-1].(publish.RecordMessage)
	if last.Status != publish.StatusWithdrawn || last.Document != 2 || last.Kind != "telegram" {
		t.Errorf("the document that is gone is announced as %+v", last)
	}
	if r = d.do(d.stage("none"), old); r.Events[0].Reason != archive.SupersededBy || d.current(task.Locator).Number != 2 {
		t.Errorf("an old task had the last word: %+v", r.Events)
	}
	for name, digest := range c.Files {
		if archive.DigestOf(d.get(c.Folder+name)) != digest {
			t.Errorf("%s is not as listed", name)
		}
	}
}

func TestPublishersAtOnce(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Scan(t)
	task := d.file(&in, 1)
	stage := d.stage("alto")
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			mine := task
			if i%2 == 1 {
				mine.Replay = fmt.Sprint("r", i) // another task for the same work
			}
			if _, err := stage.Do(t.Context(), mine); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := d.versions(task.Locator); n != 1 || d.current(task.Locator).Number != 1 {
		t.Errorf("%d versions, current %d", n, d.current(task.Locator).Number)
	}
}
