package console

import (
	"context"
	"sync"
	"time"

	"nightshift/internal/night"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ledger"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/review"
	"nightshift/pipeline/runner"
)

// Bounds of what the board keeps of a ledger of any length.
const (
	recentKept = 200  // last events
	actsKept   = 2000 // last acts of people
	rateOver   = 5 * time.Minute
)

// Pauses of the board. Counting reads every object's standing, so it takes at
// most a tenth of the time; the pulse is a few small requests.
const (
	countPause = 2 * time.Second
	countShare = 10
	countIdle  = 10 * time.Minute // scans may have been put in that no event told of
	pulsePause = 5 * time.Second
)

// board keeps what pages show ready, so that a page costs the same whatever is
// in the store: figures folded from the ledger as events come, and counts taken
// from the objects now and then.
type board struct {
	sys *night.System

	mu      sync.RWMutex
	night   *ledger.Night
	recent  []archive.Event // newest last
	acts    []archive.Event // of people; newest last
	workers map[string]worker
	reads   []time.Time // of pages within rateOver
	counted *counted
	pulse   pulse
	changed chan struct{} // closed at the next change
	dirty   bool          // something happened since the last count began

	doubtful  []review.Summary // most worth looking at first
	doubtsAt  time.Time
	doubtsErr error
	published time.Time // when a version last was

	poked chan struct{} // an act of a person wants to see its effect
}

// worker is a process that was seen in the ledger.
type worker struct {
	Name   string
	Stages map[string]bool
	Last   time.Time
}

// counted is what the objects said at one moment. It is never changed.
type counted struct {
	At        time.Time
	Took      time.Duration
	Standings []progress.ScanStanding
	Boxes     []progress.Count
	Total     progress.Count
	Failures  []archive.Failure // outstanding
	Err       error             // of the last try to count anew
}

// pulse is the health of what everything depends on.
type pulse struct {
	At         time.Time
	NATS       string // "" is well
	RoundTrip  time.Duration
	Store      string // "" is well
	Queues     []runner.Queue
	QueueError string
}

func newBoard(sys *night.System) *board {
	b := &board{sys: sys, changed: make(chan struct{}), poked: make(chan struct{}, 1), counted: &counted{}}
	b.reset()
	return b
}

func (b *board) reset() {
	b.night, b.recent, b.acts, b.reads = ledger.NewNight(), nil, nil, nil
	b.workers = map[string]worker{}
}

// run keeps the board until ctx is done.
func (b *board) run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { b.follow(ctx) })
	wg.Go(func() { b.count(ctx) })
	wg.Go(func() { b.beat(ctx) })
	wg.Go(func() { b.doubts(ctx) })
	wg.Wait()
}

// follow folds the ledger. When the stream breaks off it is folded anew.
func (b *board) follow(ctx context.Context) {
	for ctx.Err() == nil {
		b.mu.Lock()
		b.reset()
		b.mu.Unlock()
		for e := range runner.Watch(ctx, b.sys.JS, time.Unix(0, 0)) {
			b.event(e)
		}
		pause(ctx, time.Second)
	}
}

func (b *board) event(e archive.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.night.Add(e)
	b.recent = keep(append(b.recent, e), recentKept)
	b.dirty = true
	if e.Kind == archive.Published && e.Time.After(b.published) {
		b.published = e.Time
	}
	switch e.Kind {
	case archive.Replayed, archive.Reviewed:
		b.acts = keep(append(b.acts, e), actsKept)
	default:
		b.see(e)
	}
	if e.Kind == archive.PageRead && time.Since(e.Time) < rateOver {
		b.reads = append(b.reads, e.Time)
	}
	b.bump()
}

// see notes the worker of an event.
func (b *board) see(e archive.Event) {
	if e.Who == "" {
		return
	}
	w, ok := b.workers[e.Who]
	if !ok {
		w = worker{Name: e.Who, Stages: map[string]bool{}}
	}
	w.Stages[e.Stage] = true
	if e.Time.After(w.Last) {
		w.Last = e.Time
	}
	b.workers[e.Who] = w
}

// keep drops the oldest; it copies only now and then.
func keep(list []archive.Event, n int) []archive.Event {
	if len(list) < 2*n {
		return list
	}
	return append([]archive.Event(nil), list[len(list)-n:]...)
}

// bump tells those who wait for a change. b.mu is held.
func (b *board) bump() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// next is closed at the next change.
func (b *board) next() <-chan struct{} {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.changed
}

// poke has the objects counted soon.
func (b *board) poke() {
	select {
	case b.poked <- struct{}{}:
	default:
	}
}

func (b *board) count(ctx context.Context) {
	for ctx.Err() == nil {
		b.mu.Lock()
		b.dirty = false
		b.mu.Unlock()
		c := b.countOnce(ctx)
		b.mu.Lock()
		b.counted = c
		b.bump()
		b.mu.Unlock()
		pause(ctx, max(countPause, countShare*c.Took))
		b.untilDirty(ctx)
	}
}

// countOnce counts; after a fault the old figures stand, with the fault.
func (b *board) countOnce(ctx context.Context) *counted {
	begin := time.Now()
	standings, err := b.sys.Books().Standings(ctx, "")
	var failures []archive.Failure
	if err == nil {
		failures, err = b.sys.Outstanding(ctx)
	}
	if err != nil {
		old := *b.last()
		old.Err, old.Took = err, time.Since(begin)
		return &old
	}
	c := &counted{At: time.Now(), Took: time.Since(begin), Standings: standings, Boxes: progress.Counts(standings), Failures: failures}
	c.Total = progress.Total(c.Boxes)
	return c
}

func (b *board) last() *counted {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.counted
}

func (b *board) untilDirty(ctx context.Context) {
	idle := time.NewTimer(countIdle)
	defer idle.Stop()
	for {
		b.mu.RLock()
		dirty, changed := b.dirty || b.counted.Err != nil, b.changed
		b.mu.RUnlock()
		if dirty {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-b.poked:
			return
		case <-idle.C:
			return
		case <-changed:
		}
	}
}

// beat takes the pulse.
func (b *board) beat(ctx context.Context) {
	for ctx.Err() == nil {
		p := b.take(ctx)
		b.mu.Lock()
		b.pulse = p
		for len(b.reads) > 0 && time.Since(b.reads[0]) > rateOver {
			b.reads = b.reads[1:]
		}
		b.bump()
		b.mu.Unlock()
		pause(ctx, pulsePause)
	}
}

func (b *board) take(ctx context.Context) pulse {
	ctx, cancel := context.WithTimeout(ctx, pulsePause)
	defer cancel()
	p := pulse{At: time.Now()}
	var err error
	if p.RoundTrip, err = b.sys.NC.RTT(); err != nil {
		p.NATS = err.Error()
	} else if p.Queues, err = runner.Queues(ctx, b.sys.JS); err != nil {
		p.QueueError = err.Error()
	}
	if err := b.sys.Store.Ping(ctx); err != nil {
		p.Store = err.Error()
	}
	return p
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
