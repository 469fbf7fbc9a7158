package night

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
)

// desk is a system on which pages are read by a stand-in that notes whose they
// were, in order.
type desk struct {
	*System
	mu   sync.Mutex
	read []string // boxes
	stop func()
}

func (d *desk) boxes() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.read)
}

// places are those of the queue in these tests.
const places = 4

// open opens a system and begins to read pages.
func open(t *testing.T, dir string) *desk {
	t.Helper()
	s, err := Open(t.Context(), Addresses{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{System: s}
	ctx, cancel := context.WithCancel(context.Background())
	if err := s.readOrder(ctx); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() { _ = s.heed(ctx) })
	wg.Go(func() {
		if err := s.usher(ctx, usher{places: places, stages: []string{pipeline.StagePlan, pipeline.StageOCR}}); err != nil {
			t.Error(err)
		}
	})
	stage := pipeline.Stage[pipeline.PageTask]{Name: pipeline.StageOCR, Do: func(_ context.Context, in pipeline.PageTask) (pipeline.Result, error) {
		d.mu.Lock()
		d.read = append(d.read, in.Locator.Box())
		d.mu.Unlock()
		time.Sleep(time.Millisecond)
		return pipeline.Result{}, nil
	}}
	wg.Go(func() {
		if err := runner.Run(ctx, s.JS, stage, runner.Options{Held: s.held, Publish: s.ask, MaxTries: 1}); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})
	intake := pipeline.Stage[pipeline.ScanNotice]{Name: pipeline.StageIntake, Do: func(context.Context, pipeline.ScanNotice) (pipeline.Result, error) {
		return pipeline.Result{}, nil
	}}
	wg.Go(func() {
		if err := runner.Run(ctx, s.JS, intake, runner.Options{MaxTries: 1}); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})
	d.stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
		s.Close()
	})
	t.Cleanup(d.stop)
	return d
}

func (d *desk) pages(t *testing.T, box string, n int) {
	t.Helper()
	l := archive.Locator(box + "/memo")
	if _, err := d.Scans.PutNew(t.Context(), string(l)+"-scan", []byte(box), "text/plain"); err != nil {
		t.Fatal(err)
	}
	var tasks []pipeline.Task
	for i := range n {
		tasks = append(tasks, pipeline.PageTask{Ref: pipeline.Ref{Version: 1, Item: l.ID(), Locator: l}, Input: archive.DigestOf([]byte(box)), Page: i + 1})
	}
	if err := d.ask(t.Context(), tasks...); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within a minute: %s; %d read", what, len(d.boxes()))
		}
	}
}

func count(boxes []string, box string) (n, last int) {
	for i, b := range boxes {
		if b == box {
			n, last = n+1, i+1
		}
	}
	return n, last
}

// A small box that comes while a huge one is read waits for its turn, not for
// the end: its last page is read after at most as many of the other's as fit in
// the queue and as it has itself.
func TestAHugeBoxDoesNotStarveASmallOne(t *testing.T) {
	d := open(t, t.TempDir())
	const huge, small = 150, 10
	d.pages(t, "c/huge", huge)
	d.until(t, "some of the huge box read", func() bool { return len(d.boxes()) >= 20 })
	d.pages(t, "c/small", small)
	came := len(d.boxes())
	d.until(t, "all read", func() bool { return len(d.boxes()) == huge+small })
	_, last := count(d.boxes(), "c/small")
	t.Logf("the small box came after %d pages; its last was number %d of %d (in order of arrival it would be %d)", came, last, huge+small, huge+small)
	if most := came + places + 2*small + 2; last > most {
		t.Errorf("the small box's last page was number %d; want at most %d", last, most)
	}
}

// Orders are carried out, outlive a restart, and are told to the ledger with who.
func TestOrdersOfAnOperator(t *testing.T) {
	const each = 12
	dir := t.TempDir()
	d := open(t, dir)
	ctx := t.Context()
	for _, x := range []struct {
		what string
		err  error
		code int
	}{
		{"a box that is not there", d.Hold(ctx, "c/none", "eve", ""), program.Nothing},
		{"a folder within a box", d.Hold(ctx, "a/b/c", "eve", ""), program.Usage},
		{"a box that is not held", d.Release(ctx, "c/none", "eve"), program.Nothing},
		{"a stage that is not there", d.Pause(ctx, "tea", 0, "eve", ""), program.Usage},
		{"a stage that is not paused", d.Resume(ctx, "ocr", "eve"), program.Nothing},
	} {
		var e *program.Error
		if !errors.As(x.err, &e) || e.Code != x.code {
			t.Errorf("%s: %v", x.what, x.err)
		}
	}
	if err := d.Pause(ctx, pipeline.StageOCR, 0, "ann", "new toner"); err != nil {
		t.Fatal(err)
	}
	d.pages(t, "c/held", each)
	d.pages(t, "c/other", each)
	d.pages(t, "c/urgent", each)
	if err := d.Hold(ctx, "c/held", "ann", "not described yet"); err != nil {
		t.Fatal(err)
	}
	if err := d.First(ctx, "c/urgent", "bob", ""); err != nil {
		t.Fatal(err)
	}
	d.until(t, "nothing left but what is paused or held", func() bool { _, settled, err := d.Still(ctx); return err == nil && settled })
	d.stop()

	d = open(t, dir)
	if turns, err := d.Turns(ctx); err != nil || turns.Paused["ocr"].Who != "ann" || turns.Held["c/held"].Why != "not described yet" || turns.First["c/urgent"].Who != "bob" {
		t.Fatalf("after a restart: %+v, %v", turns, err)
	}
	time.Sleep(300 * time.Millisecond)
	if n := len(d.boxes()); n > 0 {
		t.Fatalf("%d pages read though the stage is paused", n)
	}
	if err := d.Resume(ctx, pipeline.StageOCR, "ann"); err != nil {
		t.Fatal(err)
	}
	d.until(t, "the free boxes read", func() bool { return len(d.boxes()) >= 2*each })
	d.until(t, "idle but for what is held", func() bool { idle, _, err := d.Still(ctx); return err == nil && idle })
	read := d.boxes()
	held, _ := count(read, "c/held")
	_, urgent := count(read, "c/urgent")
	if most := each + 2*places + 2; held > 0 || len(read) != 2*each || urgent > most {
		t.Errorf("%d pages read, %d of the held box; the last of the first box was number %d, want at most %d", len(read), held, urgent, most)
	}
	if err := d.Release(ctx, "c/held", "ann"); err != nil {
		t.Fatal(err)
	}
	d.until(t, "the held box read", func() bool { n, _ := count(d.boxes(), "c/held"); return n == each })
	d.until(t, "idle", func() bool { idle, _, err := runner.Idle(ctx, d.JS); return err == nil && idle })
	if f, err := d.Failures(ctx); err != nil || len(f) > 0 {
		t.Errorf("failures %v, %v", f, err)
	}
	told := map[archive.EventKind]string{}
	for e, err := range runner.Events(ctx, d.JS) {
		if err != nil {
			t.Fatal(err)
		}
		told[e.Kind] = e.Who + " " + e.Stage + string(e.Locator) + " " + e.Detail
	}
	for kind, want := range map[archive.EventKind]string{
		archive.Paused: "ann ocr new toner", archive.Resumed: "ann ocr ", archive.Held: "ann c/held not described yet",
		archive.PutFirst: "bob c/urgent ", archive.Released: "ann c/held ",
	} {
		if told[kind] != want {
			t.Errorf("ledger, %s: %q, want %q", kind, told[kind], want)
		}
	}
}

// A pause is put back in force when the consumers were lost with all of
// JetStream: the order lies among the objects.
func TestAPauseOutlivesJetStream(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	if err := d.Pause(t.Context(), pipeline.StageOCR, time.Hour, "ann", ""); err != nil {
		t.Fatal(err)
	}
	if err := d.JS.DeleteConsumer(t.Context(), pipeline.StreamWork, pipeline.StageOCR); err != nil {
		t.Fatal(err)
	}
	d.stop()
	d = open(t, dir)
	queues, err := runner.Queues(t.Context(), d.JS)
	if err != nil || !queues[2].Paused {
		t.Errorf("%+v, %v", queues, err)
	}
}
