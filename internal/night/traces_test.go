package night

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
)

// receiver takes OTLP over HTTP, as a collector does.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	spans []*tracepb.Span
	name  string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		raw, err := io.ReadAll(req.Body)
		var in collector.ExportTraceServiceRequest
		if err != nil || req.URL.Path != "/v1/traces" || proto.Unmarshal(raw, &in) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, of := range in.ResourceSpans {
			for _, a := range of.Resource.Attributes {
				if a.Key == "service.name" {
					r.name = a.Value.GetStringValue()
				}
			}
			for _, scope := range of.ScopeSpans {
				r.spans = append(r.spans, scope.Spans...)
			}
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func value(s *tracepb.Span, key string) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.GetStringValue()
		}
	}
	return ""
}

// TestATraceGoesThroughTheStages: from plan over the waiting room and a page
// that fails once to structure, in one trace, each a child of what asked for it; and
// without a collector nothing is written into messages.
func TestATraceGoesThroughTheStages(t *testing.T) {
	s, err := Open(t.Context(), Addresses{Data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := newReceiver(t)
	if _, err := s.Traces(t.Context(), "collector", "test", "1"); err == nil {
		t.Error("an address without a scheme was taken")
	}
	end, err := s.Traces(t.Context(), got.URL, "test", "1")
	if err != nil {
		t.Fatal(err)
	}
	runChain(t, s, "c/b/traced")
	end()
	got.mu.Lock()
	spans := map[string][]*tracepb.Span{}
	for _, x := range got.spans {
		spans[x.Name] = append(spans[x.Name], x)
	}
	got.mu.Unlock()
	if got.name != "test" || len(spans["plan"]) != 1 || len(spans["ocr"]) != 2 || len(spans["structure"]) != 1 {
		t.Fatalf("spans of %q: %v", got.name, got.spans)
	}
	plan, first, second, last := spans["plan"][0], spans["ocr"][0], spans["ocr"][1], spans["structure"][0]
	for _, x := range []*tracepb.Span{first, second, last} {
		if string(x.TraceId) != string(plan.TraceId) || value(x, "nightshift.item") != string(archive.Locator("c/b/traced").ID()) {
			t.Errorf("%s is of another trace or item", x.Name)
		}
	}
	if string(first.ParentSpanId) != string(plan.SpanId) || string(second.ParentSpanId) != string(plan.SpanId) || string(last.ParentSpanId) != string(second.SpanId) {
		t.Error("the parents are others")
	}
	if value(first, "nightshift.outcome") != "tries-exhausted" || value(second, "nightshift.outcome") != "ok" || first.Status.GetCode() != tracepb.Status_STATUS_CODE_ERROR {
		t.Errorf("outcomes %q, %q", value(first, "nightshift.outcome"), value(second, "nightshift.outcome"))
	}
	n := len(got.spans)
	runChain(t, s, "c/b/untraced")
	stream, err := s.JS.Stream(t.Context(), pipeline.StreamWork)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := stream.GetLastMsgForSubject(t.Context(), pipeline.WorkSubject(pipeline.StageStructure, archive.Locator("c/b/untraced").ID()))
	if err != nil || msg.Header.Get("traceparent") != "" || len(got.spans) != n {
		t.Errorf("without a collector: %v, %v, %d spans more", msg, err, len(got.spans)-n)
	}
}

// runChain takes one item through stand-ins of plan, ocr and structure.
func runChain(t *testing.T, s *System, l archive.Locator) {
	t.Helper()
	ref := pipeline.Ref{Version: 1, Item: l.ID(), Locator: l}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if err := s.readOrder(ctx); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	failed, done := false, make(chan struct{})
	wg.Go(func() { _ = s.usher(ctx, usher{places: 4, stages: []string{pipeline.StageOCR}}) })
	o := runner.Options{Publish: s.ask, MaxTries: 3, Base: time.Millisecond}
	wg.Go(func() {
		_ = runner.Run(ctx, s.JS, pipeline.Stage[pipeline.PlanTask]{Name: pipeline.StagePlan, Do: func(context.Context, pipeline.PlanTask) (pipeline.Result, error) {
			return pipeline.Result{Next: []pipeline.Task{pipeline.PageTask{Ref: ref, Input: archive.DigestOf([]byte("in")), Page: 1}}}, nil
		}}, o)
	})
	wg.Go(func() {
		_ = runner.Run(ctx, s.JS, pipeline.Stage[pipeline.PageTask]{Name: pipeline.StageOCR, Do: func(context.Context, pipeline.PageTask) (pipeline.Result, error) {
			if !failed {
				failed = true
				return pipeline.Result{}, errors.New("once")
			}
			return pipeline.Result{Next: []pipeline.Task{pipeline.StructureTask{Ref: ref, Input: archive.DigestOf([]byte("in")), Settled: archive.DigestOf([]byte("settled"))}}}, nil
		}}, o)
	})
	wg.Go(func() {
		_ = runner.Run(ctx, s.JS, pipeline.Stage[pipeline.StructureTask]{Name: pipeline.StageStructure, Do: func(context.Context, pipeline.StructureTask) (pipeline.Result, error) {
			close(done)
			return pipeline.Result{}, nil
		}}, o)
	})
	if err := s.ask(ctx, pipeline.PlanTask{Ref: ref, Trigger: string(l)}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("the item never came through")
	}
}
