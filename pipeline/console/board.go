package console

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
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
	changed chan struct{}   // closed at the next change
	stale   map[string]bool // prefixes of scans to which something happened since the last count began
	all     bool            // everything must be counted anew

	doubtful  []review.Summary // most worth looking at first
	doubtsAt  time.Time
	doubtsErr error
	published time.Time // when a version last was

	poked chan struct{} // an act of a person wants to see its effect
	felt  chan struct{} // likewise, in the pulse
}

// staleKept is how many items are counted anew one by one; of more, all are.
const staleKept = 300

// worker is a process that was seen in the ledger.
type worker struct {
	Name   string
	Stages map[string]bool
	Last   time.Time
}

// counted is what the objects said at one moment. It is never changed.
type counted struct {
	At        time.Time
	Whole     time.Time // when all were last counted
	Took      time.Duration
	Standings []progress.ScanStanding
	Boxes     []progress.Count
	Total     progress.Count
	Failures  []archive.Failure // outstanding
	Looks     []progress.Look   // what nothing failed of, and a person should look at
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
	Settled    bool // nothing moves, but what is held back may wait
	Turns      night.Turns
}

func newBoard(sys *night.System) *board {
	b := &board{sys: sys, changed: make(chan struct{}), poked: make(chan struct{}, 1), felt: make(chan struct{}, 1), counted: &counted{}}
	b.reset()
	return b
}

func (b *board) reset() {
	b.night, b.recent, b.acts, b.reads = ledger.NewNight(), nil, nil, nil
	b.workers = map[string]worker{}
	b.stale, b.all = map[string]bool{}, true
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
	b.touch(e)
	if e.Kind == archive.Published && e.Time.After(b.published) {
		b.published = e.Time
	}
	if e.Kind.ByAPerson() {
		b.feel()
		b.acts = keep(append(b.acts, e), actsKept)
	} else {
		b.see(e)
	}
	if e.Kind == archive.PageRead && time.Since(e.Time) < rateOver {
		b.reads = append(b.reads, e.Time)
	}
	b.bump()
}

// touch notes what an event makes stale. b.mu is held.
func (b *board) touch(e archive.Event) {
	prefix := cmp.Or(string(e.Locator), e.Scan)
	if prefix == "" || len(b.stale) >= staleKept {
		b.all = b.all || e.Kind != archive.Retried
		return
	}
	b.stale[prefix] = true
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
		stale, all := b.stale, b.all || b.counted.At.IsZero() || time.Since(b.counted.Whole) > countIdle
		b.stale, b.all = map[string]bool{}, false
		b.mu.Unlock()
		c := b.countOnce(ctx, stale, all)
		b.mu.Lock()
		b.counted = c
		b.all = b.all || c.Err != nil
		b.bump()
		b.mu.Unlock()
		b.rest(ctx, max(countPause, countShare*c.Took))
		b.untilStale(ctx)
	}
}

// rest pauses, unless a person wants to see the effect of an act.
func (b *board) rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-b.poked:
	case <-t.C:
	}
}

// countOnce counts all scans anew, or only those below the stale prefixes.
// After a fault the old figures stand, with the fault.
func (b *board) countOnce(ctx context.Context, stale map[string]bool, all bool) *counted {
	begin := time.Now()
	old := b.last()
	c := &counted{At: begin, Whole: old.Whole}
	var err error
	if all {
		c.Whole = begin
		c.Standings, err = b.sys.Books().Standings(ctx, "")
	} else {
		c.Standings, err = b.recount(ctx, old.Standings, stale)
	}
	if err == nil {
		c.Failures, err = b.sys.Outstanding(ctx)
	}
	if err == nil {
		c.Looks, err = b.sys.Looks(ctx, "", c.Standings)
	}
	if err != nil {
		c = new(counted)
		*c = *old
		c.Err, c.Took = err, time.Since(begin)
		return c
	}
	c.Boxes = progress.Counts(c.Standings)
	c.Total = progress.Total(c.Boxes)
	c.Total.ToLookAt = len(c.Looks)
	c.At, c.Took = time.Now(), time.Since(begin)
	return c
}

// recount replaces the standings below the stale prefixes.
func (b *board) recount(ctx context.Context, old []progress.ScanStanding, stale map[string]bool) ([]progress.ScanStanding, error) {
	fresh := map[string]progress.ScanStanding{}
	for prefix := range stale {
		list, err := b.sys.Books().Standings(ctx, prefix)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			fresh[x.Key] = x
		}
	}
	out := make([]progress.ScanStanding, 0, len(old)+len(fresh))
	for _, x := range old {
		if !under(x.Key, stale) {
			out = append(out, x)
		}
	}
	out = slices.AppendSeq(out, maps.Values(fresh))
	slices.SortFunc(out, func(a, b progress.ScanStanding) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// under tells whether the key begins with one of the prefixes.
func under(key string, prefixes map[string]bool) bool {
	for i := range len(key) {
		if prefixes[key[:i+1]] {
			return true
		}
	}
	return false
}

func (b *board) last() *counted {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.counted
}

// untilStale waits for a reason to count anew.
func (b *board) untilStale(ctx context.Context) {
	idle := time.NewTimer(countIdle)
	defer idle.Stop()
	for {
		b.mu.RLock()
		stale, changed := b.all || len(b.stale) > 0, b.changed
		b.mu.RUnlock()
		if stale {
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
		b.breathe(ctx)
	}
}

// breathe waits for the next pulse: an act of a person wants it at once.
func (b *board) breathe(ctx context.Context) {
	t := time.NewTimer(pulsePause)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-b.felt:
	case <-t.C:
	}
}

// feel has the pulse taken soon.
func (b *board) feel() {
	select {
	case b.felt <- struct{}{}:
	default:
	}
}

func (b *board) take(ctx context.Context) pulse {
	ctx, cancel := context.WithTimeout(ctx, pulsePause)
	defer cancel()
	p := pulse{At: time.Now()}
	var err error
	if p.RoundTrip, err = b.sys.NC.RTT(); err != nil {
		p.NATS = err.Error()
	} else if err = b.takeQueues(ctx, &p); err != nil {
		p.QueueError = err.Error()
	}
	if err := b.sys.Store.Ping(ctx); err != nil {
		p.Store = err.Error()
	}
	return p
}

func (b *board) takeQueues(ctx context.Context, p *pulse) (err error) {
	if p.Queues, err = runner.Queues(ctx, b.sys.JS); err != nil {
		return err
	}
	if p.Turns, err = b.sys.Turns(ctx); err != nil {
		return err
	}
	_, p.Settled, err = b.sys.Still(ctx)
	return err
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
