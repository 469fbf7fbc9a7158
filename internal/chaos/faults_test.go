//go:build chaos

package chaos

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"nightshift/internal/night"
)

// shelved is a small box written once, so that its undisturbed run is made once.
func shelved(t *testing.T) (string, expected) {
	t.Helper()
	return shelve(t, "box", smallBox(t))
}

// shelvedOnce is the same box without the second of equal scans: which of two
// is the original is a matter of who was told of first.
func shelvedOnce(t *testing.T) (string, expected) {
	t.Helper()
	files, seen := smallBox(t), map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if seen[string(files[name])] {
			delete(files, name)
		}
		seen[string(files[name])] = true
	}
	return shelve(t, "box without duplicates", files)
}

// shelving keeps tests beside each other from a box that is half written.
var shelving sync.Mutex

func shelve(t *testing.T, name string, files map[string][]byte) (string, expected) {
	t.Helper()
	shelving.Lock()
	defer shelving.Unlock()
	dir := filepath.Join(work, name)
	if _, err := os.Stat(dir); err != nil {
		for name, content := range files {
			write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
		}
	}
	return dir, undisturbed(t, dir)
}

// TestKilledAtPoints kills the stages between a task's output and its message
// ("done"), between its message and its acknowledgement ("published"), and after
// a failure was parked, in every stage.
func TestKilledAtPoints(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	points := []string{}
	for _, stage := range []string{"intake", "plan", "ocr", "structure", "publish"} {
		points = append(points, stage+":done", stage+":published")
	}
	points = append(points, "plan:parked", "ocr:parked")
	r := chance(t)
	if !*long {
		r.Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
		points = points[:3]
	}
	for _, p := range points {
		t.Run(p, func(t *testing.T) {
			rig := newRig(t, "all")
			n := 1
			if filepath.Ext(p) != ".parked" && p[len(p)-6:] != "parked" {
				n += r.IntN(4)
			}
			victim := rig.stages(pointVariable + "=" + fmt.Sprintf("%s:%d", p, n))
			rig.ingest(dir)
			select {
			case <-victim.done:
			case <-time.After(time.Minute):
				t.Fatalf("the point was not passed %d times\n%s", n, victim.output())
			}
			rig.stages()
			rig.settled(want)
		})
	}
}

// TestKilledAtRequests kills the stages before a request to the store goes out,
// or after it was done and before they hear of it: between any two effects.
func TestKilledAtRequests(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	r := chance(t)
	trials := 2
	if *long {
		trials = 25
	}
	for i := range trials {
		at, after := 10+r.Int64N(500), i%2 == 0
		t.Run(fmt.Sprintf("%d-%v", at, after), func(t *testing.T) {
			rig := newRig(t, "all")
			var victim atomic.Pointer[started]
			kill := func() {
				if p := victim.Swap(nil); p != nil {
					p.kill()
				}
			}
			rig.store.set(func(n int64) fault {
				switch {
				case n != at:
					return fault{}
				case after:
					return fault{after: kill}
				}
				return fault{before: kill, refuse: true}
			})
			victim.Store(rig.stages())
			rig.ingest(dir)
			eventually(t, time.Minute, "the victim is killed", func() (bool, error) { return victim.Load() == nil, nil })
			rig.stages()
			rig.settled(want)
		})
	}
}

// TestStore is the store away, failing, losing answers, slow and hanging.
func TestStore(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	r := chance(t)
	odds := make([]float64, 1<<14)
	for i := range odds {
		odds[i] = r.Float64()
	}
	third := func(f func(x float64) fault) func(int64) fault {
		return func(n int64) fault { return f(odds[n%int64(len(odds))]) }
	}
	faults := map[string]func(int64) fault{
		"a third fails": third(func(x float64) fault {
			switch {
			case x < .1:
				return fault{status: 503}
			case x < .2:
				return fault{refuse: true}
			case x < .3:
				return fault{lose: true}
			}
			return fault{}
		}),
		"away": func(n int64) fault { return fault{refuse: n > 60 && n < 160} },
		"internal errors": third(func(x float64) fault {
			if x < .3 {
				return fault{status: 500}
			}
			return fault{}
		}),
	}
	if *long {
		faults["slow"] = func(int64) fault { return fault{rate: 20 << 10} }
		faults["hangs"] = func(n int64) fault {
			if n%97 == 0 {
				return fault{hang: 70 * time.Second}
			}
			return fault{}
		}
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			rig := newRig(t, "all")
			rig.store.set(f)
			if name == "away" || name == "hangs" {
				rig.store.clear()
			}
			p := rig.stages()
			if name == "away" || name == "hangs" {
				time.Sleep(500 * time.Millisecond)
				rig.store.n.Store(0)
				rig.store.set(f)
			}
			rig.ingest(dir)
			rig.settled(want)
			rig.noTries()
			select {
			case <-p.done:
				t.Errorf("the stages ended with %d: %s", p.code, p.output())
			default:
			}
		})
	}
}

// TestServersKilled kills NATS and store, and starts them again; and NATS alone
// is cut off for a while.
func TestServersKilled(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	t.Run("killed", func(t *testing.T) {
		rig := newRig(t, "all")
		rig.stages()
		rig.pulling()
		rig.ingest(dir)
		for range 2 {
			time.Sleep(time.Duration(chance(t).Int64N(int64(time.Second))))
			rig.servers.kill()
			time.Sleep(2 * time.Second)
			rig.up()
		}
		rig.settled(want)
	})
	t.Run("NATS away", func(t *testing.T) {
		rig := newRig(t, "all")
		rig.stages()
		rig.pulling()
		rig.ingest(dir)
		for range 3 {
			rig.line.away(true)
			time.Sleep(away())
			rig.line.away(false)
			time.Sleep(300 * time.Millisecond)
			if away() >= 10*time.Minute {
				break
			}
		}
		rig.settled(want)
		rig.noTries()
	})
	t.Run("NATS away while the stages start", func(t *testing.T) {
		rig := newRig(t, "all")
		p := rig.stages()
		// Connected, and about to ask for its consumers.
		eventually(t, time.Minute, "the stages have begun", func() (bool, error) { return strings.Contains(p.output(), "terms of publishing"), nil })
		rig.line.away(true)
		rig.ingest(dir)
		time.Sleep(max(away(), 6*time.Second)) // longer than a request to JetStream may take
		rig.line.away(false)
		rig.settled(want)
	})
	t.Run("JetStream deleted", func(t *testing.T) {
		rig := newRig(t, "all")
		p := rig.stages()
		rig.ingest(dir)
		time.Sleep(700 * time.Millisecond)
		p.kill()
		rig.loseJetStream()
		rig.stages()
		rig.settled(want)
	})
	t.Run("JetStream deleted when all was done", func(t *testing.T) {
		rig := newRig(t, "all")
		p := rig.stages()
		rig.ingest(dir)
		rig.settled(want)
		before := rig.outstanding()
		p.kill()
		rig.loseJetStream()
		rig.stages()
		eventually(t, time.Minute, "the failures are told again", func() (bool, error) {
			after := rig.outstanding()
			if !slices.Equal(before, after) {
				return false, fmt.Errorf("before %q, after %q", before, after)
			}
			return true, nil
		})
	})
}

// loseJetStream kills the servers and starts them without what JetStream had.
func (r *rig) loseJetStream() {
	r.t.Helper()
	r.servers.kill()
	if err := os.RemoveAll(filepath.Join(r.place, "nats")); err != nil {
		r.t.Fatal(err)
	}
	r.up()
	r.open(func(*night.System) {}) // streams with times that suit a test
}

// outstanding lists what is parked and not mended.
func (r *rig) outstanding() []string {
	r.t.Helper()
	lines := []string{}
	r.open(func(s *night.System) {
		all, err := s.Outstanding(background)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, f := range all {
			lines = append(lines, fmt.Sprintf("%s %s page %d: %s", f.Stage, f.Locator, f.Page, f.Reason))
		}
	})
	slices.Sort(lines)
	return lines
}

func away() time.Duration {
	if *cutOff > 0 {
		return *cutOff
	}
	if *long {
		return time.Minute
	}
	return 3 * time.Second
}

// TestNotices is notifications dropped, five times each, and shuffled with a
// removal told before each.
func TestNotices(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"none", "fivefold", "shuffled"} {
		t.Run(mode, func(t *testing.T) {
			box := shelved
			if mode == "shuffled" {
				box = shelvedOnce
			}
			dir, want := box(t)
			rig := newRig(t, mode)
			rig.stages()
			rig.ingest(dir)
			rig.settled(want)
		})
	}
}

// TestStopped stops the stages for longer than the acknowledgements' deadline
// while others go on, and lets them go on themselves.
func TestStopped(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	rig := newRig(t, "all")
	first := rig.stages()
	rig.ingest(dir)
	time.Sleep(300 * time.Millisecond)
	first.signal(syscall.SIGSTOP)
	rig.stages()
	time.Sleep(5 * time.Second) // AckWait is 3 s
	first.signal(syscall.SIGCONT)
	rig.settled(want)
}
