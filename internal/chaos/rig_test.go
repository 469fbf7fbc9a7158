//go:build chaos

package chaos

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"nightshift/internal/night"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/runner"
)

// rig is a NATS server and a store in a process of their own, with a proxy
// before each, for stages in further processes.
type rig struct {
	t       *testing.T
	place   string
	notices string
	servers *started
	direct  addresses
	line    *lineProxy
	store   *storeProxy
}

func newRig(t *testing.T, notices string) *rig {
	t.Helper()
	r := &rig{t: t, place: t.TempDir(), notices: notices}
	r.up()
	u, err := url.Parse(r.direct.NATS)
	if err != nil {
		t.Fatal(err)
	}
	r.line = newLineProxy(t, u.Host)
	r.store = newStoreProxy(t, r.direct.Store.Endpoint)
	r.open(func(*night.System) {}) // streams with times that suit a test; stages leave them so
	return r
}

// open does something with the system, past the proxies.
func (r *rig) open(do func(*night.System)) {
	r.t.Helper()
	s, err := night.Open(background, r.addresses(), slog.New(slog.DiscardHandler))
	if err != nil {
		r.t.Fatal(err)
	}
	defer s.Close()
	do(s)
}

func (r *rig) addresses() night.Addresses {
	return night.Addresses{NATS: r.direct.NATS, S3: r.direct.Store.URL(), AckWait: 3 * time.Second}
}

// up starts the servers, again at the addresses they had.
func (r *rig) up() {
	r.t.Helper()
	var host, at string
	if r.direct.NATS != "" {
		u, err := url.Parse(r.direct.NATS)
		if err != nil {
			r.t.Fatal(err)
		}
		host, at = u.Host, r.direct.Store.Endpoint
	}
	file := filepath.Join(r.place, "addresses.json")
	os.Remove(file)
	r.servers = start(r.t, self(r.t), []string{roleVariable + "=servers", placeVariable + "=" + r.place, noticesVariable + "=" + r.notices, natsVariable + "=" + host, storeVariable + "=" + at})
	eventually(r.t, time.Minute, "the servers are up", func() (bool, error) {
		select {
		case <-r.servers.done:
			r.t.Fatalf("the servers ended: %s", r.servers.output())
		default:
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			return false, nil
		}
		return true, json.Unmarshal(raw, &r.direct)
	})
}

// proxied are the addresses that stages are given.
func (r *rig) proxied() (nats, s3 string) {
	u, _ := url.Parse(r.direct.NATS) // parsed before
	u.Host = r.line.Addr().String()
	cfg := r.direct.Store
	cfg.Endpoint = r.store.addr()
	return u.String(), cfg.URL()
}

// stages starts all stages in one process of this binary, behind the proxies.
func (r *rig) stages(env ...string) *started {
	nats, s3 := r.proxied()
	return r.stagesAt(nats, s3, env...)
}

// stagesAt is stages with servers of its own choice: past a proxy nothing is
// measured that is not ours.
func (r *rig) stagesAt(nats, s3 string, env ...string) *started {
	return start(r.t, self(r.t), append(env, roleVariable+"=stages", natsVariable+"="+nats, storeVariable+"="+s3))
}

// pulling waits until every stage asks for work: a process that is cut off while
// it starts ends, as it should, with a word about what it cannot reach.
func (r *rig) pulling() {
	r.t.Helper()
	s, err := night.Open(background, r.addresses(), slog.New(slog.DiscardHandler))
	if err != nil {
		r.t.Fatal(err)
	}
	defer s.Close()
	eventually(r.t, time.Minute, "every stage pulls", func() (bool, error) {
		qs, err := runner.Queues(background, s.JS)
		for _, q := range qs {
			if q.Pulling == 0 {
				return false, err
			}
		}
		return err == nil, err
	})
}

// command runs a command of nightshift's against the servers, past the proxies.
func (r *rig) command(args ...string) *started {
	return start(r.t, nightshift, nil, append(args, "--nats", r.direct.NATS, "--s3", r.direct.Store.URL())...)
}

func (r *rig) ingest(dir string) {
	r.t.Helper()
	if p := r.command("ingest", dir); p.wait(longest) != 0 {
		r.t.Fatalf("ingest ended with %d: %s", p.code, p.output())
	}
}

// settled waits until nothing is in progress and no task is left, and looks at
// all that is promised then: counts, bytes, versions, announcements.
func (r *rig) settled(want expected) {
	r.t.Helper()
	s, err := night.Open(background, r.addresses(), slog.New(slog.DiscardHandler))
	if err != nil {
		r.t.Fatal(err)
	}
	defer s.Close()
	var total progress.Count
	limit := 90 * time.Second
	if *long {
		limit = 5 * time.Minute
	}
	eventually(r.t, limit, "idle and nothing in progress", func() (bool, error) {
		idle, queues, err := runner.Idle(background, s.JS)
		if err != nil {
			return false, err
		}
		if !idle {
			return false, fmt.Errorf("waiting: %+v", queues)
		}
		standings, err := s.Books().Standings(background, "")
		total = progress.Total(progress.Counts(standings))
		for _, st := range standings {
			if st.Standing == progress.Published && st.Version != 1 {
				r.t.Errorf("%s is published as version %d", st.Key, st.Version)
			}
		}
		if err == nil && (total.InProgress > 0 || total.Scans != want.total.Scans) {
			return false, fmt.Errorf("%+v: %+v", total, slices.DeleteFunc(standings, func(s progress.ScanStanding) bool { return s.Standing != progress.InProgress }))
		}
		return true, err
	})
	if total != want.total || !total.Adds() {
		r.t.Errorf("counts %+v, want %+v", total, want.total)
		r.explain(s)
	}
	out := filepath.Join(r.t.TempDir(), "out")
	if p := r.command("export", "--out", out); p.wait(longest) != 0 {
		r.t.Errorf("export ended with %d: %s", p.code, p.output())
	}
	same(r.t, want.tree, tree(r.t, out))
	onceEach(r.t, s.JS)
}

// noTries: what was away cost no task a try.
func (r *rig) noTries() {
	r.t.Helper()
	r.open(func(s *night.System) {
		for e, err := range runner.Events(background, s.JS) {
			if err != nil {
				r.t.Fatal(err)
			}
			if e.Kind == archive.Retried {
				r.t.Errorf("a try was burned: %s %s page %d: %s", e.Stage, e.Locator, e.Page, e.Detail)
			}
		}
	})
}

// explain logs every failure with its reason and the tries before it.
func (r *rig) explain(s *night.System) {
	r.t.Helper()
	for f, err := range runner.Failures(background, s.JS) {
		if err != nil {
			r.t.Log(err)
			return
		}
		r.t.Logf("parked: %s %s page %d, try %d: %s: %s", f.Stage, f.Locator, f.Page, f.Tries, f.Reason, f.Detail)
		for e, err := range runner.History(background, s.JS, f.Item) {
			if err == nil && (e.Kind == archive.Retried || e.Kind == archive.Parked) {
				r.t.Logf("  %s %s %s page %d, try %d: %s: %s", e.Time.Format(time.TimeOnly), e.Kind, e.Stage, e.Page, e.Delivery, e.Reason, e.Detail)
			}
		}
	}
}

// expected is what an undisturbed run over a folder leaves.
type expected struct {
	tree  map[string]string
	total progress.Count
}

var (
	expectedOnce sync.Mutex
	expectedOf   = map[string]expected{}
)

// undisturbed runs `nightshift run` over the folder, once for each.
func undisturbed(t *testing.T, dir string) expected {
	t.Helper()
	expectedOnce.Lock()
	defer expectedOnce.Unlock()
	if e, ok := expectedOf[dir]; ok {
		return e
	}
	out := filepath.Join(t.TempDir(), "out")
	if p := start(t, nightshift, nil, "run", dir, "--out", out); p.wait(longest) != 0 && p.code != 3 {
		t.Fatalf("the undisturbed run ended with %d: %s", p.code, p.output())
	}
	e := expected{tree: tree(t, out), total: verified(t, out)}
	expectedOf[dir] = e
	return e
}
