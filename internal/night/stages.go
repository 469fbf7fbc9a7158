package night

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"nightshift/pipeline"
	"nightshift/pipeline/access"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/ocr/reader"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store"
	"nightshift/pipeline/structuring"
)

// Stages are the settings of the stages; every field is a documented flag.
type Stages struct {
	OCR       ocr.PoolConfig
	Languages []string
	// LanguageRules are looked at in their order, before Languages.
	LanguageRules []LanguageRule
	Quiet         time.Duration
	Sweep         time.Duration // between sweeps; 0: only at the start
	MaxBytes      int64
	MaxPages      int
	MaxText       int64
	// Given are the media types of other programs' OCR that intake takes in.
	Given     []string
	Rules     *clean.Rules // the archive's own rules of cleaning; nil: none
	MaxTries  int
	SlowTries int
	Workers   int // structure and publish tasks at once
	Outside   reader.Config
	KeyFile   string // that Outside.Key was read from
	Backlog   int    // items that may be read and not yet published before no more pages are; 0: no limit
	// Terms are what is wanted of the terms of publishing; zero fields leave what
	// is in force.
	Terms publish.Changes
	// Signals count what is done; nil: not.
	Signals *Signals
	// Hooks are for tests that stand in for a part or stop at a named point.
	Hooks Hooks
}

// Which stages a program runs.
type Which struct{ Reading, Structuring, Publishing bool }

// heapGrowth is by how many percent of what is in use the heap of a process that
// holds the servers too grows before it is collected, where GOGC does not say otherwise. Go's own 100 doubles what a night
// holds; most of that is blocks of streams and texts, which cost little to look
// through: a page takes some 5 ms more of processor, of one or two seconds.
const heapGrowth = 20

// Run runs the stages until ctx is done, then lets each finish or give back
// what it holds. Ready is called once, when all are pulling.
func (s *System) Run(ctx context.Context, which Which, o Stages, ready func()) error {
	if os.Getenv("GOGC") == "" && s.Embedded() {
		debug.SetGCPercent(heapGrowth)
	}
	g, ctx := errgroup.WithContext(ctx)
	away := func(err error) bool { return runner.IsAway(err) || store.IsDown(err) }
	if which.Publishing {
		if err := runner.Patiently(ctx, s.Log, away, func() error { return s.agree(ctx, o) }); err != nil {
			return err
		}
	}
	pool, err := s.pool(ctx, which, o)
	if err != nil {
		return err
	}
	if pool != nil {
		defer pool.Close()
	}
	if err := runner.Patiently(ctx, s.Log, away, func() error { return s.readOrder(ctx) }); err != nil {
		return err
	}
	g.Go(func() error { return s.heed(ctx) })
	if which.Reading {
		if s.servers {
			if t := s.untold(ctx); t != nil {
				s.Log.Warn(t.Error())
			}
		}
		if err := s.reading(ctx, g, o, pool); err != nil {
			return err
		}
	}
	if which.Structuring {
		g.Go(func() error {
			return s.usher(ctx, usher{places: leastPlaces, stages: []string{pipeline.StageStructure}})
		})
		start(ctx, g, s, o, o.Workers, structuring.New(structuring.Options{Scans: s.Scans, Work: s.Work, MaxText: o.MaxText, Rules: o.Rules}))
	}
	if which.Publishing {
		g.Go(func() error { return s.usher(ctx, usher{places: leastPlaces, stages: []string{pipeline.StagePublish}}) })
		start(ctx, g, s, o, o.Workers, publish.New(s.publishing(pool)))
	}
	if ready != nil {
		ready()
	}
	err = g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// agree puts the wanted terms of publishing in force, and asks for the records
// of items that were published under others, or without all their reviews.
func (s *System) agree(ctx context.Context, o Stages) error {
	terms, fresh, err := publish.Agree(ctx, s.Work, o.Terms)
	if err != nil {
		return err
	}
	asked := 0
	ask := func(tasks iter.Seq2[pipeline.PublishTask, error]) error {
		for t, err := range tasks {
			if err == nil {
				err = runner.Publish(ctx, s.JS, t)
			}
			if err != nil {
				return err
			}
			asked++
		}
		return nil
	}
	if fresh {
		if err := ask(publish.Outdated(ctx, s.Records, terms)); err != nil {
			return err
		}
		if err := publish.Done(ctx, s.Work, terms); err != nil {
			return err
		}
	}
	if err := ask(publish.Unheard(ctx, s.Work, s.Records)); err != nil {
		return err
	}
	s.Log.Info("terms of publishing", "number", terms.Number, "policy", terms.Policy.Name, "renditions", terms.Renditions, "asked again", asked)
	return nil
}

// pool is the engine children that the stages need: to read pages, or only to
// make page images for PDFs.
func (s *System) pool(ctx context.Context, which Which, o Stages) (*ocr.Pool, error) {
	switch {
	case which.Reading:
	case which.Publishing:
		o.OCR.ImagesOnly, o.OCR.Children = true, o.Workers
	default:
		return nil, nil
	}
	if len(o.Languages) > 0 {
		o.OCR.Languages = o.Languages
	}
	o.OCR.Log = s.Log
	if which.Reading && s.data != "" {
		o.OCR.Own = s.ownModel()
	}
	pool, err := ocr.NewPool(ctx, o.OCR)
	if err != nil || !which.Reading {
		return pool, err
	}
	for _, r := range o.LanguageRules {
		if err := pool.Check(r.Languages); err != nil {
			pool.Close()
			return nil, fmt.Errorf("--language-rule %s: %w", r.Pattern, err)
		}
	}
	return pool, nil
}

// publishing is what stage publish works with.
func (s *System) publishing(pool *ocr.Pool) publish.Options {
	return publish.Options{Work: s.Work, Records: s.Records, Log: s.Log, Images: func(longest int) record.Images {
		return access.Images{Scans: s.Scans, Work: s.Work, Maker: pool, Longest: longest}
	}}
}

// reading starts stages intake, plan and ocr, and the sweep.
func (s *System) reading(ctx context.Context, g *errgroup.Group, o Stages, pool *ocr.Pool) error {
	settings := func(m archive.Manifest) ocr.Settings { return ocr.Settings{Languages: o.languagesOf(m)} }
	engine := func(m archive.Manifest) archive.Digest { return pool.Config(settings(m)) }
	outside, err := s.outside(o)
	if err != nil {
		return err
	}
	desk := progress.Desk{Work: s.Work, Config: func(m archive.Manifest) archive.Digest { return withOutside(engine(m), o.Outside) }}
	buckets := intake.Buckets{Scans: s.Scans, Work: s.Work}
	start(ctx, g, s, o, 1, intake.New(intake.Options{Buckets: buckets, MaxBytes: o.MaxBytes, Given: o.Given, Log: s.Log}))
	start(ctx, g, s, o, 2, intake.NewPlan(intake.PlanOptions{
		Buckets: buckets, Desk: desk, Quiet: o.Quiet, MaxBytes: o.MaxBytes, MaxPages: o.MaxPages, Now: time.Now, Log: s.Log,
		Pages: func(ctx context.Context, src *store.Object, name, mediaType string) ([]archive.ManifestPage, error) {
			plans, err := pool.Plan(ctx, src, name, mediaType)
			pages := make([]archive.ManifestPage, len(plans))
			for i, p := range plans {
				pages[i].Index, pages[i].Damage = p.Index, p.Damage
			}
			return pages, err
		},
	}))
	reading := ocr.StageOptions{
		Scans: s.Scans, Work: s.Work, Reader: pool, Desk: desk, Settings: settings, Deadline: (ocr.WallFactor + 1) * o.OCR.Deadline,
	}
	if o.Hooks.Reader != nil {
		reading.Reader = o.Hooks.Reader
	}
	// One task more than children: its scan is fetched while the others are read.
	workers := o.OCR.Children + 1
	if outside != nil {
		reading.Outside, reading.Engine, reading.Pictures, reading.Longest = outside, engine, pool, o.Outside.Longest
		workers += o.Outside.AtOnce // pages that wait for it keep no child from others
		reading.Deadline += 2 * o.Outside.Timeout
	}
	start(ctx, g, s, o, workers, ocr.NewStage(reading))
	g.Go(func() error { return s.sweeping(ctx, o.Sweep) })
	g.Go(func() error {
		return s.usher(ctx, usher{places: max(leastPlaces, placesEach*o.OCR.Children), backlog: o.Backlog,
			stages: []string{pipeline.StagePlan, pipeline.StageOCR}})
	})
	return nil
}

// Places in the queue of a stage that tasks from the waiting room may take: enough that no
// child waits for the usher, few enough that a box that comes late is not long
// behind the others.
const (
	leastPlaces = 16
	placesEach  = 8
)

// start runs one stage in the group.
func start[In pipeline.Task](ctx context.Context, g *errgroup.Group, s *System, o Stages, workers int, stage pipeline.Stage[In]) {
	g.Go(func() error {
		held := s.held
		if stage.Name == pipeline.StageIntake {
			held = nil // what comes is taken in; its items are held
		}
		err := runner.Run(ctx, s.JS, stage, runner.Options{
			Held: held, Publish: s.ask, Workers: workers, MaxTries: o.MaxTries, Slow: o.SlowTries, Log: s.Log, Worker: Worker(), Healthy: s.Healthy, At: o.at(stage.Name), Observe: o.observe(),
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			return fmt.Errorf("stage %s: %w", stage.Name, err)
		}
		return nil
	})
}

// sweeping sweeps at once and then every so often, until ctx is done. A sweep
// that fails is logged and tried again at the next turn.
func (s *System) sweeping(ctx context.Context, every time.Duration) error {
	if _, _, err := s.Rebuild(ctx); err != nil && ctx.Err() == nil {
		s.Log.Warn("the ledger was not told anew", "error", err)
	}
	for {
		if _, err := s.Sweep(ctx, every); err != nil && ctx.Err() == nil {
			s.Log.Warn("sweep failed", "error", err)
		}
		if every <= 0 {
			return nil
		}
		if runner.Sleep(ctx, every) != nil {
			return nil
		}
	}
}

// Sweep sweeps once and notes in the ledger what it healed. Sweeps of several
// processes within every ask once.
func (s *System) Sweep(ctx context.Context, every time.Duration) (intake.Found, error) {
	idle, _, err := s.Still(ctx)
	var notice time.Time
	if err == nil && !idle {
		notice, err = runner.Oldest(ctx, s.JS, pipeline.StageIntake, nil)
	}
	if err != nil {
		return intake.Found{}, fmt.Errorf("sweep: %w", err)
	}
	s.sweep.Do(func() {
		s.sweeper = &intake.Sweeper{Books: s.Books(), Held: s.held,
			Ask: func(ctx context.Context, t ...pipeline.Task) (int, error) { return runner.Ask(ctx, s.JS, t...) }}
	})
	t := trust{now: time.Now(), every: max(every, time.Second), idle: idle, notice: notice}
	found, err := s.sweeper.Sweep(ctx, func(st progress.ScanStanding) string { return t.word(st.Missing, st.At()) })
	if err == nil && found.Missed+found.Planned > 0 {
		err = runner.Append(ctx, s.JS, found.Healed())
	}
	return found, err
}

// trust is what a sweep knows of the messages that wait: what is not done may
// only be waiting.
type trust struct {
	now    time.Time
	every  time.Duration
	idle   bool      // none waits for any stage
	notice time.Time // when the oldest notification came that intake has not settled; zero: there is none
}

// askAnew is how long a scan that was put in, or asked for, is trusted to be
// among what waits.
const askAnew = time.Hour

// word is under which word to ask for a scan that was put in at a time and has
// not ended; "": not in this sweep. When nothing waits it has no message, and is
// asked for at each sweep. Intake takes notifications in their order: one that
// came before the oldest that waits was lost. Of other stages' nothing can be
// told while tasks wait, and they are asked for once in askAnew.
func (t trust) word(missing string, put time.Time) string {
	lost := missing == progress.MissingIntake && (t.notice.IsZero() || put.Before(t.notice.Add(-intake.OnItsWay)))
	if t.idle || lost && t.now.Sub(put) > intake.OnItsWay {
		return fmt.Sprintf("%s-%d", t.every, t.now.Truncate(t.every).Unix())
	}
	if n := t.now.Sub(put) / askAnew; n > 0 {
		return fmt.Sprintf("%s-%d", askAnew, n)
	}
	return ""
}

// Worker names this process in the ledger.
func Worker() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s:%d", host, os.Getpid())
}

// Defaults of the settings.
func Defaults() Stages {
	return Stages{
		OCR: ocr.PoolConfig{
			Children: runtime.NumCPU(), Deadline: 120 * time.Second, MemoryLimit: 2 << 30,
			MaxPixels: 250e6, MaxBytes: 4 << 30, MaxPages: 5000, Recycle: 200, ReadAgain: 80,
		},
		Outside:   reader.Defaults(),
		Languages: []string{"eng"},
		Quiet:     2 * time.Minute, Sweep: 5 * time.Minute,
		MaxBytes: 4 << 30, MaxPages: 5000, MaxText: 64 << 20, MaxTries: 5, SlowTries: 2, Workers: runtime.NumCPU(), Backlog: 2000,
	}
}
