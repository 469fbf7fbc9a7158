package console

import (
	"container/list"
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of Options that are left at zero.
const (
	defaultTries    = 5
	defaultTryWait  = 30 * time.Second
	longestTryWait  = 15 * time.Minute
	triesOfPlace    = 4 // times the tries of a name, for a network as a whole
	placesKept      = 10000
	namesKept       = 10000
	hashesWaiting   = 64 // tries that wait for a password to be hashed
	hashesUnderway  = 2  // in each lane
	placeBitsOfIPv4 = 24
	placeBitsOfIPv6 = 64
)

// place is the network that an address is in, as a limit counts it: whoever has
// one address of it has the others too.
func place(a netip.Addr) netip.Prefix {
	bits := placeBitsOfIPv6
	if a = a.Unmap(); a.Is4() {
		bits = placeBitsOfIPv4
	}
	p, _ := a.WithZone("").Prefix(bits) // the invalid prefix for no address: one place of its own
	return p
}

// nameAt is what wrong tries are counted for: the name in a network, so that they
// lock its owner out nowhere else, or at the one address that its owner signed in
// from, so that a neighbour does not either.
type nameAt struct {
	name string
	at   netip.Prefix
}

// wrong counts the wrong tries of a name at a place; from the allowed number on
// each makes the wait twice as long.
type wrong struct {
	tries int
	until time.Time // no try before
	known bool      // the right password came from there
}

// at is the count that a try of the name from the address falls under.
func (d *doorman) at(from netip.Addr, name string) *wrong {
	own := nameAt{name, netip.PrefixFrom(from, from.BitLen())}
	if e := d.names.by[own]; e != nil {
		return d.names.at(own)
	}
	return d.names.at(nameAt{name, place(from)})
}

// drops is a bucket that fills again with time.
type drops struct {
	left float64
	last time.Time
}

// doorman counts tries to sign in. What it keeps is bounded: what was not used
// for longest goes first, and is then as if it had never been.
type doorman struct {
	now    func() time.Time
	tries  int           // of a name at a place
	wait   time.Duration // after those, doubled by each that follows
	mu     sync.Mutex
	places recent[netip.Prefix, drops]
	names  recent[nameAt, wrong]
	told   time.Time // when a refusal was last logged
	silent int       // refusals since
	lanes  lanes
	hash   atomic.Int64 // nanoseconds that one took lately
}

// took notes how long a password took to be hashed.
func (d *doorman) took(t time.Duration) { d.hash.Store(int64(t)) }

// pretend takes as long as a hash, without its work: that a try was not looked at
// must not show that there is no such name. Of very many at once it lets some go.
func (d *doorman) pretend(ctx context.Context, unknown bool) {
	if !unknown {
		return
	}
	select {
	case d.lanes.idle <- struct{}{}:
		defer func() { <-d.lanes.idle }()
		pause(ctx, time.Duration(d.hash.Load()))
	default:
	}
}

func newDoorman(tries int, wait time.Duration) *doorman {
	if tries <= 0 {
		tries = defaultTries
	}
	if wait <= 0 {
		wait = defaultTryWait
	}
	return &doorman{
		now: time.Now, tries: tries, wait: wait, lanes: newLanes(),
		places: newRecent[netip.Prefix, drops](placesKept), names: newRecent[nameAt, wrong](namesKept),
	}
}

// entry is what a doorman says of a try.
type entry int

const (
	refused entry = iota // no password is looked at
	admitted
	doubted // the place has no tries left; a name that there is has its own
)

// admits takes a try of the name from the address. A name that no account has
// counts for the network alone.
func (d *doorman) admits(from netip.Addr, name string, exists bool) entry {
	now := d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if exists {
		w := d.at(from, name)
		if now.Before(w.until) {
			return refused
		}
		if w.tries > 0 && now.Sub(w.until) > longestTryWait && !w.until.IsZero() {
			w.tries = 0 // they gave up
		}
		if w.tries++; w.tries >= d.tries {
			w.until = now.Add(min(d.wait<<min(w.tries-d.tries, 10), longestTryWait))
		}
		if w.known {
			return admitted
		}
	}
	full := float64(d.tries * triesOfPlace)
	b := d.places.at(place(from))
	if b.last.IsZero() {
		b.left = full
	}
	b.left = min(full, b.left+float64(now.Sub(b.last))/float64(d.wait)*triesOfPlace)
	b.last = now
	if b.left >= 1 {
		b.left--
		return admitted
	}
	if exists {
		return doubted
	}
	return refused
}

// passed gives the tries of a name back after a right password.
func (d *doorman) passed(from netip.Addr, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	*d.at(from, name) = wrong{}
	d.names.at(nameAt{name, netip.PrefixFrom(from, from.BitLen())}).known = true
	if b := d.places.at(place(from)); !b.last.IsZero() {
		b.left++
	}
}

// knows reports whether the name signed in from the address before.
func (d *doorman) knows(from netip.Addr, name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at(from, name).known
}

// tell reports how many refusals there were since the last that was logged; 0:
// one was logged within the minute, and this one is only counted.
func (d *doorman) tell() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.silent++
	if now := d.now(); now.Sub(d.told) >= time.Minute {
		n := d.silent
		d.told, d.silent = now, 0
		return n
	}
	return 0
}

// recent maps keys to values and forgets those not used for longest.
type recent[K comparable, V any] struct {
	most  int
	order *list.List // of *used[K, V], last used first
	by    map[K]*list.Element
}

type used[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](most int) recent[K, V] {
	return recent[K, V]{most, list.New(), map[K]*list.Element{}}
}

// at is the value of a key, a new one where there is none.
func (r *recent[K, V]) at(key K) *V {
	if e := r.by[key]; e != nil {
		r.order.MoveToFront(e)
		return &e.Value.(*used[K, V]).value
	}
	for len(r.by) >= r.most {
		last := r.order.Back()
		delete(r.by, last.Value.(*used[K, V]).key)
		r.order.Remove(last)
	}
	u := &used[K, V]{key: key}
	r.by[key] = r.order.PushFront(u)
	return &u.value
}

// lanes bound how many passwords are hashed at once, and how many wait: a hash
// takes a quarter of a second of a core. Whoever signed in from the same place
// before has a lane of their own, so that strangers cannot fill it.
type lanes struct {
	known, stranger chan struct{} // a token for each that is hashed
	queue, idle     chan struct{}
}

func newLanes() lanes {
	return lanes{make(chan struct{}, hashesUnderway), make(chan struct{}, hashesUnderway), make(chan struct{}, hashesWaiting), make(chan struct{}, hashesWaiting)}
}

// take waits for a turn; false: too many wait, or ctx ended.
func (l lanes) take(ctx context.Context, known bool) (done func(), ok bool) {
	lane := l.known
	if !known {
		lane = l.stranger
		select {
		case l.queue <- struct{}{}:
			defer func() { <-l.queue }()
		default:
			return nil, false
		}
	}
	select {
	case lane <- struct{}{}:
		return func() { <-lane }, true
	case <-ctx.Done():
		return nil, false
	}
}
