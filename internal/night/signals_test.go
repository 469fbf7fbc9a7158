package night

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
)

// TestSignals scrapes a real system with a task waiting, and asks whether it is
// ready: before, when nothing has moved for long, and when NATS is gone.
func TestSignals(t *testing.T) {
	s, err := Open(t.Context(), Addresses{Data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g := NewSignals(s, "test")
	srv := httptest.NewServer(g.Handler())
	defer srv.Close()
	get := func(path string) (int, string) {
		resp, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(raw)
	}
	l := archive.Locator("c/b/memo")
	task := pipeline.PlanTask{Ref: pipeline.Ref{Version: 1, Item: l.ID(), Locator: l}, Trigger: "test"}
	if err := runner.Publish(context.Background(), s.JS, task); err != nil {
		t.Fatal(err)
	}
	g.Observe(runner.Try{Stage: "ocr", Took: time.Second, Outcome: "ok"})
	g.Observe(runner.Try{Stage: "ocr", Outcome: "parked", Reason: archive.Truncated})
	code, text := get("/metrics")
	for _, want := range []string{
		`nightshift_tasks_waiting{stage="plan"} 1`, `nightshift_tasks_waiting{stage="ocr"} 0`, `nightshift_up{what="store"} 1`, `nightshift_up{what="nats"} 1`,
		`nightshift_tries_total{outcome="parked",reason="truncated",stage="ocr"} 1`, `nightshift_try_seconds_count{stage="ocr"} 1`,
		`nightshift_tries_total{outcome="parked",reason="fixity-failed",stage="publish"} 0`,
		`nightshift_oldest_task_seconds{stage="plan"}`, `nightshift_build_info{version="test"} 1`,
	} {
		if code != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%d; the metrics lack %s", code, want)
		}
	}
	if code, said := get("/readyz"); code != http.StatusOK {
		t.Errorf("not ready: %d %s", code, said)
	}
	g.moved.Store(time.Now().Add(-time.Hour).Unix())
	if code, said := get("/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(said, "settled none") {
		t.Errorf("ready though nothing moves: %d %s", code, said)
	}
	s.NC.Close()
	if code, _ := get("/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("ready without NATS: %d", code)
	}
	if code, _ := get("/healthz"); code != http.StatusOK {
		t.Errorf("not alive: %d", code)
	}
}
