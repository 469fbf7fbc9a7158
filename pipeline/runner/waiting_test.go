package runner

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

func pageOf(l archive.Locator, n int) pipeline.PageTask {
	t := task(n)
	t.Item, t.Locator = l.ID(), l
	return t
}

func roomsOf(t *testing.T, js jetstream.JetStream) map[string]int {
	t.Helper()
	rooms, err := Rooms(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range rooms {
		out[r.Stage+" "+r.Box] = r.Tasks
	}
	return out
}

func TestAHeldBoxIsSetAsideAndComesBackWhole(t *testing.T) {
	s, js := setUp(t, 0)
	const each = 30
	for n := range each {
		publish(t, js, pageOf("c/held/memo", n+1), pageOf("c/free/memo", n+1))
	}
	var mu sync.Mutex
	var held atomic.Bool
	held.Store(true)
	calls, failing := map[string]int{}, true
	o := quick
	o.MaxTries = 2
	o.Held = func(l archive.Locator) bool { return held.Load() && l.Box() == "c/held" }
	o.Healthy = func(ctx context.Context) error { _, err := js.AccountInfo(ctx); return err }
	start(t, js, stageOf(func(_ context.Context, in pipeline.PageTask) (pipeline.Result, error) {
		mu.Lock()
		defer mu.Unlock()
		calls[fmt.Sprintf("%s %d", in.Locator.Box(), in.Page)]++
		if in.Locator.Box() == "c/held" && in.Page == 1 && failing {
			failing = false
			return pipeline.Result{}, fmt.Errorf("first try fails")
		}
		return pipeline.Result{}, nil
	}), o)
	until(t, "the free box done, the other set aside", func() bool {
		return done(t, js, pipeline.StageOCR)() && roomsOf(t, js)["ocr c/held"] == each
	})
	if len(calls) != each {
		t.Fatalf("%d pages worked on, want those of the free box only", len(calls))
	}
	s.Down() // what was set aside outlives the server
	s.Up()
	until(t, "the server answers", func() bool { _, err := js.AccountInfo(t.Context()); return err == nil })
	held.Store(false)
	// Two who admit at once admit once.
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for more := true; more; {
				var err error
				if more, err = door(t, js).Admit(t.Context(), pipeline.StageOCR, "c/held"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	until(t, "all done", func() bool { return done(t, js, pipeline.StageOCR)() && len(roomsOf(t, js)) == 0 })
	mu.Lock()
	defer mu.Unlock()
	for n := range each {
		for _, box := range []string{"c/held", "c/free"} {
			want := 1
			if box == "c/held" && n == 0 {
				want = 2 // its first try failed, and hold had burned none
			}
			if got := calls[fmt.Sprintf("%s %d", box, n+1)]; got != want {
				t.Errorf("%s page %d: %d calls, want %d", box, n+1, got, want)
			}
		}
	}
	if f := failuresOf(t, js); len(f) > 0 {
		t.Errorf("parked: %+v", f)
	}
}

// A crash between publishing and deleting leaves the task in both places; a
// second look admits nothing twice.
func TestAdmitIsOnceOverACrash(t *testing.T) {
	_, js := setUp(t, 0)
	if err := Wait(t.Context(), js, pageOf("c/b/memo", 1)); err != nil {
		t.Fatal(err)
	}
	w, err := js.Stream(t.Context(), pipeline.StreamWaiting)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := w.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := send(t.Context(), js, []*nats.Msg{admitted(raw, pipeline.StageOCR)}); err != nil {
		t.Fatal(err) // and here its process died
	}
	if ok, err := door(t, js).Admit(t.Context(), pipeline.StageOCR, "c/b"); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if ok, err := door(t, js).Admit(t.Context(), pipeline.StageOCR, "c/b"); err != nil || ok {
		t.Fatalf("an empty room admits: %v, %v", ok, err)
	}
	if q := queue(t, js, pipeline.StageOCR); q.Waiting != 1 {
		t.Errorf("queue %+v", q)
	}
	if raw.Subject != pipeline.WaitingSubject(pipeline.StageOCR, "c/b") {
		t.Errorf("waited at %s", raw.Subject)
	}
}

func TestPauseOutlivesRestartsAndSettings(t *testing.T) {
	s, js := setUp(t, 0)
	var calls atomic.Int32
	o := quick
	o.Healthy = func(ctx context.Context) error { _, err := js.AccountInfo(ctx); return err }
	start(t, js, stageOf(func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
		calls.Add(1)
		return pipeline.Result{}, nil
	}), o)
	publish(t, js, task(1))
	until(t, "the first task done", done(t, js, pipeline.StageOCR))
	if err := Pause(t.Context(), js, pipeline.StageOCR, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		publish(t, js, task(n+2))
	}
	still := func(when string) {
		t.Helper()
		time.Sleep(200 * time.Millisecond)
		if q := queue(t, js, pipeline.StageOCR); calls.Load() != 1 || !q.Paused || q.Waiting != 5 {
			t.Fatalf("%s: %d calls, queue %+v", when, calls.Load(), q)
		}
	}
	still("paused")
	if err := EnsureTopology(t.Context(), js, Topology{}); err != nil {
		t.Fatal(err)
	}
	still("after another process made sure of the consumers")
	s.Down()
	s.Up()
	until(t, "the server answers", func() bool { _, err := js.AccountInfo(t.Context()); return err == nil })
	still("after a restart")
	if err := Resume(t.Context(), js, pipeline.StageOCR); err != nil {
		t.Fatal(err)
	}
	until(t, "all done", done(t, js, pipeline.StageOCR))
	if calls.Load() != 6 || len(failuresOf(t, js)) > 0 {
		t.Errorf("%d calls, failures %v", calls.Load(), failuresOf(t, js))
	}
}

// TestOldestLeavesOutWhatIsHeld: what waits for a person is not late.
func TestOldestLeavesOutWhatIsHeld(t *testing.T) {
	_, js := setUp(t, time.Minute)
	if err := Wait(t.Context(), js, pageOf("c/held/memo", 1), pageOf("c/free/memo", 1)); err != nil {
		t.Fatal(err)
	}
	oldest := func(held func(string) bool) time.Time {
		t.Helper()
		at, err := Oldest(t.Context(), js, pipeline.StageOCR, held)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	all := oldest(nil)
	free := oldest(func(box string) bool { return box == "c/held" })
	if all.IsZero() || !free.After(all) {
		t.Errorf("the oldest of all waits since %v, of the box that is not held since %v", all, free)
	}
	if at := oldest(func(string) bool { return true }); !at.IsZero() {
		t.Errorf("everything is held, and something waits since %v", at)
	}
}

func door(t *testing.T, js jetstream.JetStream) *Door {
	t.Helper()
	d, err := OpenDoor(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
