package night

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/turns"
)

// stuckAfter is how long tasks may wait without one being settled before the
// process says it is not ready: the longest that a page may take by default,
// with its tries, is shorter.
const stuckAfter = 15 * time.Minute

// Signals are what a process tells monitoring: metrics for Prometheus at
// /metrics, whether it lives at /healthz, and whether work moves at /readyz.
type Signals struct {
	sys      *System
	registry *prometheus.Registry
	tries    *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	moved    atomic.Int64 // when a try ended last, Unix seconds
}

// NewSignals are the signals of the system as this process sees it.
func NewSignals(s *System, version string) *Signals {
	g := &Signals{
		sys: s, registry: prometheus.NewRegistry(),
		tries: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "nightshift_tries_total",
			Help: "Tries of tasks that ended, by stage, outcome (ok, retry, later, parked, unavailable) and reason."}, []string{"stage", "outcome", "reason"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "nightshift_try_seconds",
			Help: "Seconds that a try took, by stage; for stage ocr a try is a page.", Buckets: []float64{.01, .03, .1, .3, 1, 3, 10, 30, 100, 300}}, []string{"stage"}),
	}
	g.moved.Store(time.Now().Unix())
	// From the beginning, at 0: Prometheus takes no notice of the first step of a
	// counter that it sees for the first time.
	for _, stage := range pipeline.StageNames() {
		g.tries.WithLabelValues(stage, "ok", "")
		for _, reason := range archive.Reasons() {
			g.tries.WithLabelValues(stage, "parked", string(reason))
			g.tries.WithLabelValues(stage, "retry", string(reason))
		}
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "nightshift_build_info", Help: "Always 1; the label is the version.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	g.registry.MustRegister(g.tries, g.seconds, build, queues{s}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return g
}

// Observe counts a try; it is runner.Options.Observe.
func (g *Signals) Observe(t runner.Try) {
	g.tries.WithLabelValues(t.Stage, t.Outcome, string(t.Reason)).Inc()
	if t.Outcome == "ok" || t.Outcome == "retry" {
		g.seconds.WithLabelValues(t.Stage).Observe(t.Took.Seconds())
	}
	if t.Outcome != "unavailable" {
		g.moved.Store(time.Now().Unix())
	}
}

// Ready is nil while NATS and the store answer and work moves: an error says
// what does not.
func (g *Signals) Ready(ctx context.Context) error {
	if err := g.sys.Healthy(ctx); err != nil {
		return err
	}
	_, settled, err := g.sys.Still(ctx)
	if err != nil {
		return err
	}
	if since := time.Since(time.Unix(g.moved.Load(), 0)); !settled && since > stuckAfter {
		return fmt.Errorf("tasks wait, and this process has settled none for %s", since.Round(time.Second))
	}
	return nil
}

// Handler serves the three.
func (g *Signals) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(g.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if err := g.Ready(ctx); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	return mux
}

// Serve serves on addr until ctx is done; with addr "" it does nothing. Listening
// is done before it returns, so that a port that is taken is told at once.
func (g *Signals) Serve(ctx context.Context, addr string) (wait func() error, err error) {
	if addr == "" {
		return func() error { return nil }, nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, program.Exit(program.InUse, "metrics on %s: %w", addr, err)
	}
	g.sys.Log.Info("metrics", "address", l.Addr().String())
	srv := &http.Server{Handler: g.Handler(), ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	return func() error {
		defer stop()
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("metrics: %w", err)
		}
		return nil
	}, nil
}

// queues asks NATS and the store when it is scraped.
type queues struct{ sys *System }

var (
	waitingDesc = prometheus.NewDesc("nightshift_tasks_waiting", "Tasks of a stage that nobody has taken yet.", []string{"stage"}, nil)
	workingDesc = prometheus.NewDesc("nightshift_tasks_working", "Tasks of a stage that are worked on or wait for a new try.", []string{"stage"}, nil)
	oldestDesc  = prometheus.NewDesc("nightshift_oldest_task_seconds", "Age of the oldest task of a stage that is not settled, but for boxes that are held; 0 without one.", []string{"stage"}, nil)
	pausedDesc  = prometheus.NewDesc("nightshift_stage_paused", "1 while an operator has paused the stage.", []string{"stage"}, nil)
	upDesc      = prometheus.NewDesc("nightshift_up", "Whether what is depended on answers.", []string{"what"}, nil)
)

// Describe is Collector's.
func (queues) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{waitingDesc, workingDesc, oldestDesc, pausedDesc, upDesc} {
		ch <- d
	}
}

// Collect is Collector's. What does not answer is missing, and its up is 0.
func (q queues) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, label string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, label)
	}
	up := func(err error) float64 {
		if err != nil {
			return 0
		}
		return 1
	}
	qs, err := runner.Queues(ctx, q.sys.JS)
	gauge(upDesc, up(err), "nats")
	gauge(upDesc, up(q.sys.Store.Ping(ctx)), "store")
	var held func(string) bool
	if o, err := turns.InForce(ctx, q.sys.Work); err == nil && len(o.Held) > 0 {
		held = o.HoldsBox
	}
	for _, s := range qs {
		gauge(waitingDesc, float64(s.Waiting+s.Aside), s.Stage)
		paused := 0.0
		if s.Paused {
			paused = 1
		}
		gauge(pausedDesc, paused, s.Stage)
		gauge(workingDesc, float64(s.Working), s.Stage)
		since, err := runner.Oldest(ctx, q.sys.JS, s.Stage, held)
		if err != nil {
			continue
		}
		age := 0.0
		if !since.IsZero() {
			age = time.Since(since).Seconds()
		}
		gauge(oldestDesc, age, s.Stage)
	}
}
