package runner

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner/natstest"
)

// quick makes everything that waits wait little.
var quick = Options{Workers: 2, MaxTries: 3, Base: 5 * time.Millisecond, MaxDelay: 20 * time.Millisecond, Heart: 50 * time.Millisecond, Grace: time.Second, Deadline: 2 * time.Second, Worker: "test"}

func setUp(t *testing.T, ackWait time.Duration) (*natstest.Server, jetstream.JetStream) {
	t.Helper()
	s := natstest.Start(t)
	_, js := s.Connect()
	if err := EnsureTopology(t.Context(), js, Topology{AckWait: ackWait}); err != nil {
		t.Fatal(err)
	}
	return s, js
}

func task(n int) pipeline.PageTask {
	l := archive.Locator("c/b/memo")
	return pipeline.PageTask{Ref: pipeline.Ref{Version: 1, Item: l.ID(), Locator: l}, Input: archive.DigestOf([]byte("in")), Page: n}
}

func structureTask() pipeline.StructureTask {
	t := task(1)
	return pipeline.StructureTask{Ref: t.Ref, Input: t.Input, Settled: archive.DigestOf([]byte("settled"))}
}

// stageOf is stage ocr with the given work.
func stageOf(do func(context.Context, pipeline.PageTask) (pipeline.Result, error)) pipeline.Stage[pipeline.PageTask] {
	return pipeline.Stage[pipeline.PageTask]{Name: pipeline.StageOCR, Do: do}
}

// start runs the stage until the test ends or stop is called.
func start(t *testing.T, js jetstream.JetStream, stage pipeline.Stage[pipeline.PageTask], o Options) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := Run(ctx, js, stage, o); err != nil {
			t.Errorf("run: %v", err)
		}
	}()
	var once sync.Once
	stop = func() { once.Do(func() { cancel(); <-done }) }
	t.Cleanup(stop)
	return stop
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within 60 s: %s", what)
		}
	}
}

func queue(t *testing.T, js jetstream.JetStream, stage string) Queue {
	t.Helper()
	qs, err := Queues(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range qs {
		if q.Stage == stage {
			return q
		}
	}
	t.Fatalf("no queue %s", stage)
	return Queue{}
}

func done(t *testing.T, js jetstream.JetStream, stage string) func() bool {
	return func() bool { q := queue(t, js, stage); return q.Waiting+q.Working == 0 }
}

func failuresOf(t *testing.T, js jetstream.JetStream) (out []archive.Failure) {
	t.Helper()
	for f, err := range Failures(t.Context(), js) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func eventsOf(t *testing.T, js jetstream.JetStream) map[archive.EventKind]int {
	t.Helper()
	out := map[archive.EventKind]int{}
	for e, err := range Events(t.Context(), js) {
		if err != nil {
			t.Fatal(err)
		}
		out[e.Kind]++
	}
	return out
}

func publish(t *testing.T, js jetstream.JetStream, tasks ...pipeline.Task) {
	t.Helper()
	if err := Publish(t.Context(), js, tasks...); err != nil {
		t.Fatal(err)
	}
}

func TestOutputsComeBeforeTheAcknowledgement(t *testing.T) {
	_, js := setUp(t, 0)
	publish(t, js, task(1), task(2), task(1))
	var calls atomic.Int32
	start(t, js, stageOf(func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
		calls.Add(1)
		return pipeline.Result{Next: []pipeline.Task{structureTask()}, Events: []archive.Event{{Kind: archive.PageRead}}}, nil
	}), quick)
	until(t, "both tasks done", done(t, js, pipeline.StageOCR))
	if calls.Load() != 2 {
		t.Errorf("%d calls: a task published twice counts once", calls.Load())
	}
	if q := queue(t, js, pipeline.StageStructure); q.Waiting != 1 {
		t.Errorf("structure queue %+v: the same output twice counts once", q)
	}
	if e := eventsOf(t, js); e[archive.PageRead] != 2 {
		t.Errorf("events %v", e)
	}
}

func TestErrorsAreTriedAgainThenParked(t *testing.T) {
	_, js := setUp(t, 0)
	publish(t, js, task(1))
	var calls, marks atomic.Int32
	stage := stageOf(func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
		calls.Add(1)
		return pipeline.Result{}, pipeline.Fail(archive.EngineCrash, "the child died")
	})
	stage.Parked = func(_ context.Context, in pipeline.PageTask, f archive.Failure) (pipeline.Result, error) {
		marks.Add(1)
		if len(failuresOf(t, js)) != 0 {
			t.Error("FAILED was written before the stage's mark")
		}
		return pipeline.Result{Next: []pipeline.Task{structureTask()}}, nil
	}
	start(t, js, stage, quick)
	until(t, "the task parked", func() bool { return len(failuresOf(t, js)) == 1 })
	until(t, "nothing waits", done(t, js, pipeline.StageOCR))
	f := failuresOf(t, js)[0]
	if f.Reason != archive.EngineCrash || f.Tries != 3 || f.Page != 1 || f.Detail != "the child died" || len(f.Task) == 0 {
		t.Errorf("failure %+v", f)
	}
	if calls.Load() != 3 || marks.Load() != 1 {
		t.Errorf("%d calls, %d marks", calls.Load(), marks.Load())
	}
	if q := queue(t, js, pipeline.StageStructure); q.Waiting != 1 {
		t.Errorf("the item did not go on: %+v", q)
	}
	if e := eventsOf(t, js); e[archive.Retried] != 2 || e[archive.Parked] != 1 {
		t.Errorf("events %v", e)
	}
}

func TestRejectionsPanicsAndRubbishParkAtOnce(t *testing.T) {
	_, js := setUp(t, 0)
	o := quick
	o.MaxTries = 1
	publish(t, js, task(1), task(2))
	msg := nats.NewMsg("work.ocr.x")
	msg.Data = []byte("no json")
	if _, err := js.PublishMsg(t.Context(), msg); err != nil {
		t.Fatal(err)
	}
	start(t, js, stageOf(func(_ context.Context, in pipeline.PageTask) (pipeline.Result, error) {
		if in.Page == 1 {
			return pipeline.Result{}, pipeline.Reject(archive.Truncated, "ends early")
		}
		panic("a fault of ours")
	}), o)
	until(t, "all parked", func() bool { return len(failuresOf(t, js)) == 3 })
	got := map[archive.Reason]int{}
	for _, f := range failuresOf(t, js) {
		got[f.Reason]++
		if f.Reason == archive.BadTask && string(f.Raw) != "no json" {
			t.Errorf("the raw message is lost: %+v", f)
		}
	}
	if got[archive.Truncated] != 1 || got[archive.Internal] != 1 || got[archive.BadTask] != 1 {
		t.Errorf("reasons %v", got)
	}
}

func TestLaterAndUnavailableBurnNoTry(t *testing.T) {
	_, js := setUp(t, 0)
	publish(t, js, task(1), task(2))
	var later, away, pulls atomic.Int32
	var down atomic.Bool
	down.Store(true)
	o := quick
	o.MaxTries = 2
	o.Healthy = func(context.Context) error {
		if pulls.Add(1) > 3 {
			down.Store(false)
			return nil
		}
		return errors.New("still away")
	}
	start(t, js, stageOf(func(_ context.Context, in pipeline.PageTask) (pipeline.Result, error) {
		if in.Page == 1 {
			if later.Add(1) < 6 {
				return pipeline.Result{}, pipeline.RetryAfter(time.Millisecond, "too early")
			}
			return pipeline.Result{}, nil
		}
		if down.Load() {
			away.Add(1)
			return pipeline.Result{}, pipeline.Unavailable(errors.New("store"))
		}
		return pipeline.Result{}, nil
	}), o)
	until(t, "both done", done(t, js, pipeline.StageOCR))
	if f := failuresOf(t, js); len(f) > 0 {
		t.Errorf("parked: %+v", f)
	}
	if later.Load() != 6 || away.Load() != 1 {
		t.Errorf("%d times later, %d calls while away: the breaker holds after the first", later.Load(), away.Load())
	}
}

// crash delivers the task to nobody who answers: what a killed process does.
func crash(t *testing.T, js jetstream.JetStream) {
	t.Helper()
	c, err := js.Consumer(t.Context(), pipeline.StreamWork, pipeline.StageOCR)
	if err != nil {
		t.Fatal(err)
	}
	batch, err := c.Fetch(1, jetstream.FetchMaxWait(5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range batch.Messages() {
		n++
	}
	if n != 1 {
		t.Fatalf("%d messages delivered", n)
	}
}

func TestACrashOnEveryTryParks(t *testing.T) {
	_, js := setUp(t, 100*time.Millisecond)
	publish(t, js, task(1))
	for range quick.MaxTries {
		crash(t, js)
	}
	var calls atomic.Int32
	start(t, js, stageOf(func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
		calls.Add(1)
		return pipeline.Result{}, nil
	}), quick)
	until(t, "the task parked", func() bool { return len(failuresOf(t, js)) == 1 })
	if f := failuresOf(t, js)[0]; calls.Load() != 0 || f.Reason != archive.TriesExhausted || f.Tries != quick.MaxTries {
		t.Errorf("%d calls, failure %+v", calls.Load(), f)
	}
}

func TestACrashAtEachPointLosesAndDoublesNothing(t *testing.T) {
	for _, point := range []string{"done", "published"} {
		t.Run(point, func(t *testing.T) {
			_, js := setUp(t, 200*time.Millisecond)
			publish(t, js, task(1))
			var calls atomic.Int32
			stage := stageOf(func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
				calls.Add(1)
				return pipeline.Result{Next: []pipeline.Task{structureTask()}}, nil
			})
			o := quick
			o.Workers, o.Heart = 1, time.Hour
			stuck := make(chan struct{})
			o.At = func(p string) {
				if p == point && calls.Load() == 1 {
					<-stuck // a process that hangs here for ever is as dead as a killed one
				}
			}
			start(t, js, stage, o)
			until(t, "the first worker hangs", func() bool { return calls.Load() == 1 })
			healthy := quick
			start(t, js, stage, healthy)
			until(t, "another worker did it", func() bool { return calls.Load() == 2 && done(t, js, pipeline.StageOCR)() })
			close(stuck)
			if q := queue(t, js, pipeline.StageStructure); q.Waiting != 1 {
				t.Errorf("structure queue %+v", q)
			}
			if f := failuresOf(t, js); len(f) > 0 {
				t.Errorf("parked: %+v", f)
			}
		})
	}
}

func TestHeartbeatsKeepALongTask(t *testing.T) {
	_, js := setUp(t, time.Second)
	publish(t, js, task(1))
	var calls atomic.Int32
	o := quick
	o.Deadline = 20 * time.Second
	start(t, js, stageOf(func(ctx context.Context, _ pipeline.PageTask) (pipeline.Result, error) {
		calls.Add(1)
		return pipeline.Result{}, Sleep(ctx, 3*time.Second)
	}), o)
	until(t, "done", done(t, js, pipeline.StageOCR))
	if calls.Load() != 1 {
		t.Errorf("%d calls of a task that took three times the ack wait", calls.Load())
	}
}

// What takes too long is not tried as often as what fails.
func TestDeadlineIsATry(t *testing.T) {
	_, js := setUp(t, 0)
	publish(t, js, task(1))
	o := quick
	o.MaxTries, o.Slow, o.Deadline = 9, 2, 30*time.Millisecond
	start(t, js, stageOf(func(ctx context.Context, _ pipeline.PageTask) (pipeline.Result, error) {
		<-ctx.Done()
		return pipeline.Result{}, ctx.Err()
	}), o)
	until(t, "parked", func() bool { return len(failuresOf(t, js)) == 1 })
	if f := failuresOf(t, js)[0]; f.Reason != archive.DeadlineHit || f.Tries != 2 {
		t.Errorf("reason %s after %d tries", f.Reason, f.Tries)
	}
}

func TestANewerFormatIsLeftAlone(t *testing.T) {
	_, js := setUp(t, 0)
	msg, err := message(task(1))
	if err != nil {
		t.Fatal(err)
	}
	msg.Header.Set(FormatHeader, "2")
	if _, err := js.PublishMsg(t.Context(), msg); err != nil {
		t.Fatal(err)
	}
	var calls atomic.Int32
	start(t, js, stageOf(func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
		calls.Add(1)
		return pipeline.Result{}, nil
	}), quick)
	until(t, "given back", func() bool { return queue(t, js, pipeline.StageOCR).Working == 1 })
	time.Sleep(50 * time.Millisecond)
	if calls.Load() != 0 || len(failuresOf(t, js)) != 0 {
		t.Errorf("%d calls, failures %v", calls.Load(), failuresOf(t, js))
	}
}

// TestWhatIsNewerWaitsForANewerProgram: a task of a newer version, and one whose
// objects are, cost no try however often they come, are said once in the ledger,
// and are done by the first program that knows them.
func TestWhatIsNewerWaitsForANewerProgram(t *testing.T) {
	_, js := setUp(t, 0)
	strange := task(1)
	strange.Version = taskVersion + 1
	publish(t, js, strange, task(2))
	o := quick
	o.MaxTries, o.Newer = 1, 5*time.Millisecond
	var looked atomic.Int32
	old := start(t, js, stageOf(func(_ context.Context, in pipeline.PageTask) (pipeline.Result, error) {
		if in.Page == 1 {
			t.Error("a task of a newer version was given to the stage")
		}
		looked.Add(1)
		return pipeline.Result{}, pipeline.Newer(errors.New("an object of version 2"))
	}), o)
	until(t, "looked at five times", func() bool { return looked.Load() >= 5 })
	old()
	if f := failuresOf(t, js); len(f) > 0 {
		t.Errorf("parked: %+v", f)
	}
	said := 0
	for e, err := range Events(t.Context(), js) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == archive.Retried && e.Reason == archive.NewerFormat && e.Detail != "" {
			said++
		}
	}
	if said != 2 {
		t.Errorf("the ledger says %d times that a task is left for a newer program, wanted once for each of 2", said)
	}
	// A program that knows both: here one for which the task is of its own version.
	var done atomic.Int32
	start(t, js, stageOf(func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
		done.Add(1)
		return pipeline.Result{}, nil
	}), o)
	until(t, "the one whose objects are known now is done", func() bool { return done.Load() == 1 })
}

func TestStopFinishesWhatIsHeld(t *testing.T) {
	_, js := setUp(t, 0)
	publish(t, js, task(1))
	begun := make(chan struct{})
	stop := start(t, js, stageOf(func(ctx context.Context, _ pipeline.PageTask) (pipeline.Result, error) {
		close(begun)
		return pipeline.Result{Next: []pipeline.Task{structureTask()}}, Sleep(ctx, 100*time.Millisecond)
	}), quick)
	<-begun
	stop()
	if q := queue(t, js, pipeline.StageOCR); q.Working+q.Waiting != 0 {
		t.Errorf("what was held was not finished: %+v", q)
	}
}

func TestStopHandsBackWhatItCannotFinish(t *testing.T) {
	_, js := setUp(t, 10*time.Minute) // nothing comes again by itself within the test
	publish(t, js, task(1))
	begun := make(chan struct{})
	o := quick
	o.Grace, o.MaxTries = 20*time.Millisecond, 1
	stop := start(t, js, stageOf(func(ctx context.Context, _ pipeline.PageTask) (pipeline.Result, error) {
		close(begun)
		<-ctx.Done()
		return pipeline.Result{}, ctx.Err()
	}), o)
	<-begun
	stop()
	var calls atomic.Int32
	start(t, js, stageOf(func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
		calls.Add(1)
		return pipeline.Result{}, nil
	}), o)
	until(t, "another process did it", func() bool { return calls.Load() == 1 && done(t, js, pipeline.StageOCR)() })
	if f := failuresOf(t, js); len(f) > 0 {
		t.Errorf("the stop burned the only try: %+v", f)
	}
}

func TestNATSRestart(t *testing.T) {
	s, js := setUp(t, 500*time.Millisecond)
	for n := range 20 {
		publish(t, js, task(n+1))
	}
	var mu sync.Mutex
	seen := map[int]bool{}
	o := quick
	o.Healthy = func(ctx context.Context) error { _, err := js.AccountInfo(ctx); return err }
	start(t, js, stageOf(func(ctx context.Context, in pipeline.PageTask) (pipeline.Result, error) {
		mu.Lock()
		seen[in.Page] = true
		mu.Unlock()
		return pipeline.Result{Next: []pipeline.Task{structureTask()}}, Sleep(ctx, 20*time.Millisecond)
	}), o)
	time.Sleep(60 * time.Millisecond)
	s.Down()
	time.Sleep(200 * time.Millisecond)
	s.Up()
	until(t, "all done", func() bool {
		qs, err := Queues(t.Context(), js)
		return err == nil && qs[2].Waiting+qs[2].Working == 0
	})
	if len(seen) != 20 {
		t.Errorf("%d of 20 tasks seen", len(seen))
	}
	if f := failuresOf(t, js); len(f) > 0 {
		t.Errorf("parked: %+v", f)
	}
}

func TestFullStreamIsWaitedFor(t *testing.T) {
	s := natstest.Start(t)
	_, js := s.Connect()
	ctx := t.Context()
	cfg := jetstream.StreamConfig{Name: "SMALL", Subjects: []string{"work.>"}, MaxMsgs: 1, Discard: jetstream.DiscardNew}
	st, err := js.CreateStream(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, js, task(1))
	time.AfterFunc(100*time.Millisecond, func() { _ = st.Purge(context.Background()) })
	publish(t, js, task(2))
}

func TestServerWithoutJetStreamIsNamed(t *testing.T) {
	s := natstest.StartWithout(t)
	_, js := s.Connect()
	if err := EnsureTopology(t.Context(), js, Topology{}); err == nil {
		t.Error("no error")
	} else {
		t.Log(err)
	}
}

// Two workers that did the same work at once tell of it once.
func TestSameActCountsOnce(t *testing.T) {
	_, js := setUp(t, 0)
	e := archive.Event{Kind: archive.PageRead, Item: "i1", Page: 1, ID: "read/one"}
	other := archive.Event{Kind: archive.PageRead, Item: "i1", Page: 2}
	for range 2 {
		if err := Append(t.Context(), js, e, other); err != nil { // each time at another time
			t.Fatal(err)
		}
	}
	pages := map[int]int{}
	for got, err := range Events(t.Context(), js) {
		if err != nil {
			t.Fatal(err)
		}
		if got.ID == "" || got.Page == 1 && got.ID != e.ID {
			t.Errorf("read with ID %q: %+v", got.ID, got)
		}
		pages[got.Page]++
	}
	if pages[1] != 1 || pages[2] != 2 {
		t.Errorf("events by page: %v", pages)
	}
}

// TestEventsSince: what NATS got before is not read, and what happened before is
// not told; a repetition is not counted as taken.
func TestEventsSince(t *testing.T) {
	_, js := setUp(t, time.Minute)
	l := archive.Locator("c/b/memo")
	tell := func(kind archive.EventKind, at time.Time) {
		t.Helper()
		if err := Append(t.Context(), js, archive.Event{Kind: kind, Item: l.ID(), Locator: l, Time: at}); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now().UTC()
	tell(archive.ScanReceived, now.Add(-30*time.Hour))
	tell(archive.PageRead, now)
	s, err := js.Stream(t.Context(), pipeline.StreamLedger)
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		since, got time.Time
		want       int
	}{
		"everything":                 {want: 2},
		"what happened before":       {since: now.Add(-time.Hour), want: 1},
		"what NATS got before":       {got: first.Time.Add(1), want: 1},
		"from the first on":          {got: first.Time, want: 2},
		"nothing is so new":          {since: now.Add(time.Hour), want: 0},
		"NATS got nothing since":     {got: now.Add(time.Hour), want: 0},
		"later than clocks may be":   {since: now.Add(48 * time.Hour), want: 0},
		"earlier than the ledger is": {since: now.Add(-100 * time.Hour), want: 2},
	} {
		read := EventsSince(t.Context(), js, c.since)
		if !c.got.IsZero() {
			read = events(t.Context(), js, nil, c.got)
		}
		n := 0
		for _, err := range read {
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			n++
		}
		if n != c.want {
			t.Errorf("%s: %d events, want %d", what, n, c.want)
		}
	}
	if end, err := LedgerEnd(t.Context(), js); err != nil || end != 2 {
		t.Errorf("the ledger ends at %d, %v", end, err)
	}
	if n, err := Ask(t.Context(), js, task(1), task(2)); err != nil || n != 2 {
		t.Errorf("%d taken, %v", n, err)
	}
	if n, err := Ask(t.Context(), js, task(2), task(3)); err != nil || n != 1 {
		t.Errorf("of one repetition and one new task %d were taken, %v", n, err)
	}
}
