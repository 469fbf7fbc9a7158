package night

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
)

// letterbox counts reports that were posted to it.
type letterbox struct {
	*httptest.Server
	got    atomic.Int32
	refuse atomic.Bool
}

func newLetterbox(t *testing.T) *letterbox {
	t.Helper()
	l := &letterbox{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if l.refuse.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		l.got.Add(1)
	}))
	t.Cleanup(l.Close)
	return l
}

func worked(t *testing.T, s *System, name string) {
	t.Helper()
	l := archive.Locator("c/b/" + name)
	if err := runner.Append(t.Context(), s.JS, archive.Event{Kind: archive.Published, Item: l.ID(), Locator: l}); err != nil {
		t.Fatal(err)
	}
}

// TestTheReportIsSentOnce for each morning, by whichever process is there:
// over restarts, beside another process, and after a letterbox that was shut.
func TestTheReportIsSentOnce(t *testing.T) {
	dir := t.TempDir()
	box := newLetterbox(t)
	var s *System
	begin := func() {
		var err error
		if s, err = Open(t.Context(), Addresses{Data: dir}, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	}
	begin()
	worked(t, s, "one")
	due := time.Now().Truncate(time.Minute).Add(2 * time.Minute)
	sched := Schedule{Delivery: Delivery{Webhook: box.URL}, At: due.Format("15:04")}
	if err := sched.Check(); err != nil {
		t.Fatal(err)
	}
	look := func(what string, now time.Time, want int32, fails bool) {
		t.Helper()
		r := &reporter{sys: s, sched: sched, now: func() time.Time { return now }}
		if err := r.look(context.Background()); (err != nil) != fails {
			t.Errorf("%s: %v", what, err)
		}
		if got := box.got.Load(); got != want {
			t.Errorf("%s: %d reports, want %d", what, got, want)
		}
	}
	look("before it is due", due.Add(-time.Second), 0, false)
	look("yesterday's, before the ledger began", due.Add(-time.Minute), 0, false)
	box.refuse.Store(true)
	look("nobody takes it", due.Add(time.Second), 0, true)
	box.refuse.Store(false)
	look("at once again", due.Add(2*time.Second), 0, false)
	look("some time later", due.Add(sendAgain+time.Minute), 1, false)
	look("again", due.Add(sendAgain+2*time.Minute), 1, false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	begin()
	defer func() { s.Close() }()
	look("after a restart", due.Add(time.Hour), 1, false)
	look("the next morning", due.Add(24*time.Hour), 2, false)
	look("two days later, in the evening", due.Add(60*time.Hour), 2, false)
	sent := 0
	for e, err := range runner.Events(t.Context(), s.JS) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == archive.ReportSent {
			sent++
		}
	}
	if sent != 2 {
		t.Errorf("the ledger tells of %d reports, want 2", sent)
	}
}

// TestTheReportIsSentWhenTheWorkIsDone, once for each end of work.
func TestTheReportIsSentWhenTheWorkIsDone(t *testing.T) {
	s, err := Open(t.Context(), Addresses{Data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	box := newLetterbox(t)
	now := time.Now()
	r := &reporter{sys: s, sched: Schedule{Delivery: Delivery{Webhook: box.URL}, Idle: 10 * time.Minute}, now: func() time.Time { return now }, moved: now}
	step := func(what string, later time.Duration, want int32) {
		t.Helper()
		now = now.Add(later)
		if err := r.look(t.Context()); err != nil || box.got.Load() != want {
			t.Errorf("%s: %d reports, want %d; %v", what, box.got.Load(), want, err)
		}
	}
	step("nothing was ever done", time.Hour, 0)
	worked(t, s, "one")
	r.moved = now
	step("just done", time.Minute, 0)
	step("ten minutes later", 10*time.Minute, 1)
	step("an hour later", time.Hour, 1)
	l := archive.Locator("c/b/two")
	task := pipeline.PlanTask{Ref: pipeline.Ref{Version: 1, Item: l.ID(), Locator: l}, Trigger: "test"}
	if err := runner.Publish(t.Context(), s.JS, task); err != nil {
		t.Fatal(err)
	}
	step("work again", time.Minute, 1)
	step("it is still there", time.Hour, 1)
}
