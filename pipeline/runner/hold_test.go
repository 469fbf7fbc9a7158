package runner

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner/natstest"
)

// A dependency that fails now and then, and answers when it is asked how it is,
// burns no try, whichever stage it fails and however often.
func TestFailingNowAndThenBurnsNoTry(t *testing.T) {
	_, js := setUp(t, 0)
	publish(t, js, task(1), task(2))
	o := quick
	o.MaxTries, o.Healthy = 1, func(context.Context) error { return nil }
	var calls, marks atomic.Int32
	stage := stageOf(func(_ context.Context, in pipeline.PageTask) (pipeline.Result, error) {
		switch {
		case in.Page == 2:
			return pipeline.Result{}, pipeline.Reject(archive.Truncated, "ends early")
		case calls.Add(1) < 6:
			return pipeline.Result{}, pipeline.Unavailable(errors.New("500 Internal Server Error"))
		}
		return pipeline.Result{}, nil
	})
	stage.Parked = func(context.Context, pipeline.PageTask, archive.Failure) (pipeline.Result, error) {
		if marks.Add(1) < 4 {
			return pipeline.Result{}, pipeline.Unavailable(errors.New("500 Internal Server Error"))
		}
		return pipeline.Result{}, nil
	}
	start(t, js, stage, o)
	until(t, "both settled", done(t, js, pipeline.StageOCR))
	if f := failuresOf(t, js); len(f) != 1 || f[0].Reason != archive.Truncated || f[0].Tries != 1 {
		t.Errorf("failures %+v", f)
	}
	if e := eventsOf(t, js); calls.Load() != 6 || marks.Load() != 4 || e[archive.Retried] != 0 {
		t.Errorf("%d calls, %d marks, events %v", calls.Load(), marks.Load(), e)
	}
}

// What is away for one task alone, an object that the store cannot read, holds
// nothing up for ever: it is parked in the end, and others are done meanwhile.
func TestAwayForOneTaskAloneIsParked(t *testing.T) {
	_, js := setUp(t, 0)
	publish(t, js, task(1), task(2), task(3))
	o := quick
	o.MaxTries, o.Patience, o.Healthy = 2, 300*time.Millisecond, func(context.Context) error { return nil }
	start(t, js, stageOf(func(ctx context.Context, in pipeline.PageTask) (pipeline.Result, error) {
		if in.Page == 1 {
			return pipeline.Result{}, errors.Join(Sleep(ctx, 10*time.Millisecond), pipeline.Unavailable(errors.New("input/output error")))
		}
		return pipeline.Result{}, nil
	}), o)
	until(t, "all settled", done(t, js, pipeline.StageOCR))
	f := failuresOf(t, js)
	if len(f) != 1 || f[0].Page != 1 || f[0].Tries != 2 || f[0].Reason != archive.TriesExhausted {
		t.Errorf("failures %+v", f)
	}
}

// A process that is cut off from NATS while it starts waits for it.
func TestStartWhileNATSIsAway(t *testing.T) {
	s := natstest.Start(t)
	nc, js := s.Connect()
	if err := EnsureTopology(t.Context(), js, Topology{}); err != nil {
		t.Fatal(err)
	}
	publish(t, js, task(1))
	impatient, err := jetstream.New(nc, jetstream.WithDefaultTimeout(100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	s.Down()
	var calls atomic.Int32
	start(t, impatient, stageOf(func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
		calls.Add(1)
		return pipeline.Result{}, nil
	}), quick)
	time.Sleep(500 * time.Millisecond) // several times what a request may take
	s.Up()
	until(t, "done", func() bool { return calls.Load() == 1 })
}

// A publish whose acknowledgement never comes is given up, told as NATS being
// away, and costs its task no try.
func TestLostAcknowledgement(t *testing.T) {
	defer func(d time.Duration) { ackWithin = d }(ackWithin)
	ackWithin = 50 * time.Millisecond
	s := natstest.Start(t)
	nc, js := s.Connect()
	sub, err := nc.SubscribeSync("work.>") // takes what is published, and answers nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := Publish(context.Background(), js, task(1)); !IsAway(err) {
		t.Errorf("not acknowledged: %v", err)
	}
}
