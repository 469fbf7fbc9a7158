package intake_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/embedded"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/store"
)

// One gateway a process: all tests share it, each with buckets of its own.
var (
	client  *store.Client
	storeAt store.Config
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "intake")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	sys, err := embedded.Start(context.Background(), embedded.Options{Dir: dir})
	if err != nil {
		return 1, err
	}
	defer sys.Close()
	storeAt = sys.Store()
	if client, err = store.Open(storeAt); err != nil {
		return 1, err
	}
	defer client.Close()
	return m.Run(), nil
}

// house is a pair of buckets with the stages intake and plan over them, and a
// clock that the test moves.
type house struct {
	t     *testing.T
	ctx   context.Context
	books progress.Books
	in    pipeline.Stage[pipeline.ScanNotice]
	plan  pipeline.Stage[pipeline.PlanTask]
	ahead time.Duration // of the clock
}

var houses int

const quiet = 2 * time.Minute

func newHouse(t *testing.T, quiet time.Duration) *house {
	t.Helper()
	houses++
	h := &house{t: t, ctx: t.Context()}
	bucket := func(kind string) *store.Bucket {
		name := fmt.Sprintf("%s-%d", kind, houses)
		if err := client.EnsureBucket(h.ctx, name); err != nil {
			t.Fatal(err)
		}
		return client.Bucket(name)
	}
	h.books = progress.Books{Scans: bucket("scans"), Work: bucket("work"), Records: bucket("records")}
	buckets := intake.Buckets{Scans: h.books.Scans, Work: h.books.Work}
	h.in = intake.New(intake.Options{Buckets: buckets, MaxBytes: 1 << 20})
	h.plan = intake.NewPlan(intake.PlanOptions{
		Buckets: buckets, Quiet: quiet, MaxBytes: 1 << 20, MaxPages: 100,
		Desk: progress.Desk{Work: h.books.Work, Config: func(archive.Manifest) archive.Digest { return archive.DigestOf(nil) }},
		Now:  func() time.Time { return time.Now().Add(h.ahead) },
		// Every file here is one page; package ocr tests the opening of containers.
		Pages: func(context.Context, *store.Object, string, string) ([]archive.ManifestPage, error) {
			return []archive.ManifestPage{{Index: 1}}, nil
		},
	})
	return h
}

const png = "\x89PNG\r\n\x1a\n"

func (h *house) put(key, data string) {
	h.t.Helper()
	_, err := h.books.Scans.Upload(h.ctx, key, strings.NewReader(data), int64(len(data)), "application/octet-stream", store.Overwrite())
	if err != nil {
		h.t.Fatal(err)
	}
}

// tell runs intake on a notification of these keys and returns what it asks for.
func (h *house) tell(keys ...string) []pipeline.PlanTask {
	h.t.Helper()
	return h.notice(intake.Sweep{Bucket: h.books.Scans.Name(), Keys: keys}.Notice())
}

func (h *house) notice(raw []byte) []pipeline.PlanTask {
	h.t.Helper()
	r, err := h.in.Do(h.ctx, pipeline.ScanNotice{Raw: raw})
	if err != nil {
		h.t.Fatalf("intake of %s: %v", raw, err)
	}
	var out []pipeline.PlanTask
	for _, t := range r.Next {
		out = append(out, t.(pipeline.PlanTask))
	}
	return out
}

// planned runs stage plan on the tasks and returns the pages of the manifest
// that it made last, and the kinds of events; "" and nothing while it waits.
func (h *house) planned(tasks []pipeline.PlanTask) (pages string, events []archive.EventKind) {
	h.t.Helper()
	for _, t := range tasks {
		r, err := h.plan.Do(h.ctx, t)
		if _, later := pipeline.Later(err); err != nil && !later {
			h.t.Fatalf("plan %s: %v", t.Locator, err)
		}
		for _, e := range r.Events {
			events = append(events, e.Kind)
		}
		for _, next := range r.Next {
			if p, ok := next.(pipeline.PageTask); ok {
				pages = h.manifest(p.Item, p.Input)
			}
		}
	}
	return pages, events
}

// manifest spells a manifest: the names of its pages.
func (h *house) manifest(item archive.ItemID, input archive.Digest) string {
	h.t.Helper()
	var m archive.Manifest
	if err := h.books.Work.GetJSON(h.ctx, archive.ManifestKey(item, input), &m); err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, p := range m.Pages {
		names = append(names, p.Scan[strings.LastIndexByte(p.Scan, '/')+1:])
	}
	return strings.Join(names, " ")
}

// standings are the scans with their standing and reason.
func (h *house) standings() map[string]string {
	h.t.Helper()
	all, err := h.books.Standings(h.ctx, "")
	if err != nil {
		h.t.Fatal(err)
	}
	out := map[string]string{}
	for _, s := range all {
		out[s.Key] = strings.TrimSpace(fmt.Sprintf("%s %s %s", s.Standing, s.Reason, s.Of))
	}
	return out
}

func (h *house) want(key, standing string) {
	h.t.Helper()
	if got := h.standings()[key]; got != standing {
		h.t.Errorf("%q is %q, not %q", key, got, standing)
	}
}

// Keys with what URLs escape come through both dialects.
func TestKeys(t *testing.T) {
	for i, key := range []string{"box 7/memo & note.txt", "boîte/a+b.txt", "50%/x%20y.txt", "Приказ/№ 3.txt", "a/q?x=1#2.txt"} {
		for _, dialect := range []string{"minio", "embedded"} {
			h := newHouse(t, quiet)
			h.put(key, fmt.Sprint("text ", i))
			bucket := h.books.Scans.Name()
			spelled := map[string]any{"minio": url.QueryEscape(key), "embedded": key}[dialect]
			n := map[string]any{"Records": []any{map[string]any{"eventName": "s3:ObjectCreated:Put",
				"s3": map[string]any{"bucket": map[string]any{"name": bucket}, "object": map[string]any{"key": spelled}}}}}
			if dialect == "minio" {
				n["EventName"], n["Key"] = "s3:ObjectCreated:Put", bucket+"/"+key
			}
			raw, err := json.Marshal(n)
			if err != nil {
				t.Fatal(err)
			}
			tasks := h.notice(raw)
			if len(tasks) != 1 || tasks[0].Scan != key || tasks[0].Locator != archive.Locator(key) {
				t.Errorf("%s, %q: asked for %+v", dialect, key, tasks)
			}
			h.want(key, "in progress")
		}
	}
}

// Notifications that say nothing to us, and ones that nobody can read.
func TestNotices(t *testing.T) {
	h := newHouse(t, quiet)
	h.put("a.txt", "a")
	if tasks := h.tell("not-there.txt"); len(tasks) != 0 {
		t.Errorf("a scan that is gone asked for %+v", tasks)
	}
	if tasks := h.notice(intake.Sweep{Bucket: "elsewhere", Keys: []string{"a.txt"}}.Notice()); len(tasks) != 0 {
		t.Errorf("another bucket's notification asked for %+v", tasks)
	}
	removed := `{"Records":[{"eventName":"s3:ObjectRemoved:Delete","s3":{"bucket":{"name":"` + h.books.Scans.Name() + `"},"object":{"key":"a.txt"}}}]}`
	if tasks := h.notice([]byte(removed)); len(tasks) != 0 {
		t.Errorf("a removal asked for %+v", tasks)
	}
	_, err := h.in.Do(h.ctx, pipeline.ScanNotice{Raw: []byte("no JSON")})
	if reason, _ := pipeline.Rejected(err); reason != archive.BadTask {
		t.Errorf("an unreadable notification: %v", err)
	}
}

func TestVerdicts(t *testing.T) {
	h := newHouse(t, quiet)
	for key, data := range map[string]string{
		"b/notes.ini": "x", "b/.DS_Store": "x", "b/Thumbs.db": "x", "b/nothing": "", "b/nothing.tif": "", "b/picture": png + "1", "b/broken.pdf": "no PDF",
	} {
		h.put(key, data)
		h.planned(h.tellAndPark(key))
	}
	for key, want := range map[string]string{
		"b/notes.ini": "ignored not-a-scan", "b/.DS_Store": "ignored hidden-file", "b/Thumbs.db": "ignored hidden-file", "b/nothing": "ignored empty-file",
		"b/nothing.tif": "parked empty-file", "b/picture": "in progress", "b/broken.pdf": "in progress",
	} {
		h.want(key, want)
	}
}

// tellAndPark tells of a scan and parks what plan rejects, as the runner does;
// it returns the tasks that were not.
func (h *house) tellAndPark(key string) []pipeline.PlanTask {
	h.t.Helper()
	return slices.DeleteFunc(h.tell(key), func(t pipeline.PlanTask) bool {
		_, err := h.plan.Do(h.ctx, t)
		reason, rejected := pipeline.Rejected(err)
		if !rejected {
			return false
		}
		if _, err := h.plan.Parked(h.ctx, t, archive.Failure{Item: t.Item, Reason: reason, Detail: err.Error()}); err != nil {
			h.t.Fatal(err)
		}
		return true
	})
}

// The first scan told of is the original, whatever comes how often and in which
// order afterwards.
func TestDuplicates(t *testing.T) {
	h := newHouse(t, quiet)
	for _, key := range []string{"box/b.txt", "box/a.txt", "other/c.txt"} {
		h.put(key, "the same words")
	}
	first := h.tell("box/b.txt")
	if len(first) != 1 {
		t.Fatalf("the first asked for %+v", first)
	}
	if more := h.tell("box/a.txt", "other/c.txt", "box/a.txt", "box/b.txt"); len(more) != 1 || more[0] != first[0] {
		t.Errorf("told again, only the first may ask, for the same: %+v", more)
	}
	h.want("box/b.txt", "in progress")
	h.want("box/a.txt", "duplicate duplicate box/b.txt")
	h.want("other/c.txt", "duplicate duplicate box/b.txt")

	// A new version of the original is a scan of its own; the old words, put
	// under another name, have no original any more.
	h.put("box/b.txt", "other words")
	if again := h.tell("box/b.txt"); len(again) != 1 || again[0].Trigger == first[0].Trigger {
		t.Errorf("a new version asked for %+v", again)
	}
	h.put("box/d.txt", "the same words")
	if fresh := h.tell("box/d.txt"); len(fresh) != 1 {
		t.Errorf("words whose original was replaced asked for %+v", fresh)
	}

	// Pages of a group are never duplicates: a hole in the item would be worse.
	h.put("g/m_p001.png", png+"blank")
	h.put("g/m_p002.png", png+"blank")
	h.tell("g/m_p001.png", "g/m_p002.png")
	h.want("g/m_p002.png", "in progress")
}

// A group is complete after a quiet period; a late page reopens it.
func TestQuietPeriod(t *testing.T) {
	h := newHouse(t, quiet)
	for _, key := range []string{"box/memo_p002.png", "box/memo_p010.png", "box/memo_p001.png", "box/other_p1.png"} {
		h.put(key, png+key)
	}
	tasks := h.tell("box/memo_p010.png", "box/memo_p001.png", "box/memo_p002.png")
	if pages, _ := h.planned(tasks); pages != "" {
		t.Fatalf("planned at once: %s", pages)
	}
	var waits int
	for _, task := range tasks {
		if _, err := h.plan.Do(h.ctx, task); err != nil {
			d, later := pipeline.Later(err)
			if !later || d <= 0 || d > quiet {
				t.Errorf("waits %s: %v", d, err)
			}
			waits++
		}
	}
	if waits != 1 {
		t.Errorf("%d tasks wait, not only the newest page's", waits)
	}
	h.ahead = quiet + time.Second
	pages, events := h.planned(tasks)
	if pages != "memo_p001.png memo_p002.png memo_p010.png" || !slices.Equal(events, []archive.EventKind{archive.ItemPlanned}) {
		t.Errorf("planned %q with %v", pages, events)
	}
	if pages, events := h.planned(tasks); pages == "" || len(events) != 0 {
		t.Errorf("planned again: %q with %v", pages, events)
	}

	h.put("box/memo_p003.png", png+"late")
	late := h.tell("box/memo_p003.png")
	h.ahead = quiet + time.Second
	pages, events = h.planned(late)
	if pages != "memo_p001.png memo_p002.png memo_p003.png memo_p010.png" || !slices.Equal(events, []archive.EventKind{archive.Reopened}) {
		t.Errorf("after a late page planned %q with %v", pages, events)
	}
	if _, n, err := progress.CurrentInput(h.ctx, h.books.Work, late[0].Item); n != 2 || err != nil {
		t.Errorf("input %d, %v", n, err)
	}
}

func TestMarker(t *testing.T) {
	h := newHouse(t, 0) // never complete by waiting
	h.put("box/1.png", png+"1")
	h.put("box/2.png", png+"2")
	tasks := h.tell("box/1.png", "box/2.png")
	h.ahead = time.Hour
	if pages, _ := h.planned(tasks); pages != "" {
		t.Fatalf("planned without a marker: %s", pages)
	}
	// One that names files waits for them, wherever it stands among them.
	h.put("box/_COMPLETE", `{"files":["1.png","2.png","3.png","notes.ini"]}`)
	if pages, _ := h.planned(h.tell("box/_COMPLETE")); pages != "" {
		t.Fatalf("planned before a named page was there: %s", pages)
	}
	h.put("box/3.png", png+"3")
	if pages, _ := h.planned(h.tell("box/3.png")); pages != "1.png 2.png 3.png" {
		t.Errorf("planned %q", pages)
	}
	// A page that the marker does not name leaves the group open again.
	h.put("box/4.png", png+"4")
	if pages, _ := h.planned(h.tell("box/4.png")); pages != "" {
		t.Errorf("planned %q against the marker", pages)
	}
	// An empty one covers what was there before it. (Times are whole seconds.)
	time.Sleep(1100 * time.Millisecond)
	h.put("box/_COMPLETE", "")
	if pages, _ := h.planned(h.tell("box/_COMPLETE")); pages != "1.png 2.png 3.png 4.png" {
		t.Errorf("planned %q", pages)
	}
}

func TestItemManifest(t *testing.T) {
	h := newHouse(t, 0)
	h.put("box/letter/item.json", `{"pages":["recto.png","verso.png","stamp.png"],"languages":["deu"]}`)
	h.put("box/letter/recto.png", png+"the same bytes")
	h.put("box/letter/verso.png", png+"the same bytes")
	h.put("box/letter/draft.png", png+"draft")
	if pages, _ := h.planned(h.tell("box/letter/item.json", "box/letter/recto.png", "box/letter/verso.png", "box/letter/draft.png")); pages != "" {
		t.Fatalf("planned before all listed pages were there: %s", pages)
	}
	h.put("box/letter/stamp.png", png+"stamp")
	tasks := h.tell("box/letter/stamp.png")
	if pages, _ := h.planned(tasks); pages != "recto.png verso.png stamp.png" {
		t.Errorf("planned %q", pages)
	}
	if tasks[0].Locator != "box/letter" {
		t.Errorf("the item is %s", tasks[0].Locator)
	}
	h.want("box/letter/draft.png", "ignored not-in-item")

	// Another order is another version of the item.
	h.put("box/letter/item.json", `{"pages":["stamp.png","draft.png"]}`)
	if pages, events := h.planned(h.tell("box/letter/item.json")); pages != "stamp.png draft.png" || !slices.Equal(events, []archive.EventKind{archive.Reopened}) {
		t.Errorf("planned %q with %v", pages, events)
	}
	h.want("box/letter/recto.png", "ignored not-in-item")

	for _, bad := range []string{`{`, `{"pages":[]}`, `{"pages":["../x.png"]}`, `{"pages":["notes.ini"]}`} {
		h.put("box/letter/notes.ini", "x")
		h.put("box/letter/item.json", bad)
		h.tell("box/letter/notes.ini")
		tasks := h.tell("box/letter/item.json")
		if len(tasks) == 0 {
			t.Fatalf("%s asked for nothing", bad)
		}
		_, err := h.plan.Do(h.ctx, tasks[0])
		if reason, _ := pipeline.Rejected(err); reason != archive.BadManifest {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// The sweep tells of what no notification told, and asks again for what has no
// message, once under one word.
func TestSweep(t *testing.T) {
	h := newHouse(t, quiet)
	h.put("box/a.txt", "a")
	h.put("box/b.txt", "b")
	h.tell("box/b.txt") // whose plan task is lost
	var told []string
	var planned []pipeline.PlanTask
	fail := false
	dropped := false // as JetStream does with what it had lately
	s := &intake.Sweeper{Books: h.books, Ask: func(_ context.Context, tasks ...pipeline.Task) (int, error) {
		if fail {
			return 0, errors.New("away")
		}
		if dropped {
			return 0, nil
		}
		for _, task := range tasks {
			switch task := task.(type) {
			case pipeline.PlanTask:
				planned = append(planned, task)
			case interface{ MarshalTask() ([]byte, error) }:
				raw, err := task.MarshalTask()
				if err != nil {
					return 0, err
				}
				told = append(told, string(raw))
			}
		}
		return len(tasks), nil
	}}
	found, err := s.Sweep(h.ctx, under("one"))
	if err != nil || found.Scans != 2 || found.Told != 1 || found.Planned != 1 {
		t.Fatalf("found %+v, %v", found, err)
	}
	if found.Missed != 0 {
		t.Error("a scan put a moment ago counts as missed")
	}
	if len(told) != 1 || len(planned) != 1 || planned[0].Scan != "box/b.txt" {
		t.Errorf("told %q, planned %+v", told, planned)
	}
	if tasks := h.notice([]byte(told[0])); len(tasks) != 1 || tasks[0].Scan != "box/a.txt" {
		t.Errorf("the sweep's notification asked for %+v", tasks)
	}
	before := len(told) + len(planned)
	if found, err := s.Sweep(h.ctx, under("one")); err != nil || len(told)+len(planned) > before {
		t.Errorf("a sweep asks twice under one word: %+v, %v", found, err)
	}
	if found, err := s.Sweep(h.ctx, under("")); err != nil || len(told)+len(planned) > before || found.Scans != 2 {
		t.Errorf("a sweep asks for what is to be left alone: %+v, %v", found, err)
	}
	dropped = true
	if found, err := s.Sweep(h.ctx, under("three")); err != nil || found.Told+found.Planned > 0 {
		t.Errorf("a sweep counts what was dropped as a repetition: %+v, %v", found, err)
	}
	fail = true
	if _, err := s.Sweep(h.ctx, under("two")); err == nil {
		t.Error("a sweep that could not publish says nothing of it")
	}
}

// under has every scan asked for under one word.
func under(word string) func(progress.ScanStanding) string {
	return func(progress.ScanStanding) string { return word }
}

// A scan at which intake fails for good counts as parked, is not told of for
// ever, and goes on when it is told of again and can be read.
func TestFailedIntakeIsParked(t *testing.T) {
	h := newHouse(t, quiet)
	h.put("b/memo.txt", "some words")
	h.want("b/memo.txt", "in progress")
	f := archive.Failure{Stage: pipeline.StageIntake, Reason: archive.TriesExhausted, Detail: "the disk cannot read it",
		Task: intake.Sweep{Bucket: h.books.Scans.Name(), Keys: []string{"b/memo.txt", "b/gone.txt"}}.Notice()}
	for range 2 {
		if _, err := h.in.Parked(h.ctx, pipeline.ScanNotice{Raw: f.Task}, f); err != nil {
			t.Fatal(err)
		}
	}
	h.want("b/memo.txt", "parked tries-exhausted")
	sweeper := &intake.Sweeper{Books: h.books, Ask: func(_ context.Context, tasks ...pipeline.Task) (int, error) {
		t.Errorf("the sweep asks for %+v", tasks)
		return 0, nil
	}}
	if _, err := sweeper.Sweep(h.ctx, under("now")); err != nil {
		t.Fatal(err)
	}
	resolved := func(want bool) {
		t.Helper()
		if got, err := intake.Resolved(h.ctx, h.books, f); got != want || err != nil {
			t.Errorf("resolved is %v, %v", got, err)
		}
	}
	resolved(false)
	h.planned(h.tell("b/memo.txt"))
	h.want("b/memo.txt", "in progress")
	resolved(true)
}
