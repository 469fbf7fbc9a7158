package console

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// stream is an event stream that a test holds open.
type stream struct {
	status int
	done   atomic.Bool
}

func (s *stream) ended() bool { return s.done.Load() }

// listening opens an event stream and reads it until it ends, or the test does.
func listening(t *testing.T, c *http.Client, s *Server) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", s.URL()+"live", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	out := &stream{status: resp.StatusCode}
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = io.Copy(io.Discard, resp.Body) // until either side ends it
		resp.Body.Close()
		out.done.Store(true)
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	return out
}

func newTestDoorman(now *time.Time) *doorman {
	d := newDoorman(0, 0)
	d.now = func() time.Time { return *now }
	return d
}

func TestTriesToSignInAreLimited(t *testing.T) {
	now := time.Unix(1e9, 0)
	d := newTestDoorman(&now)
	here, near, far := netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("192.0.2.99"), netip.MustParseAddr("198.51.100.1")
	for i := range defaultTries {
		if d.admits(here, "anna", true) != admitted {
			t.Fatalf("try %d refused", i+1)
		}
	}
	for _, from := range []netip.Addr{here, near} {
		if d.admits(from, "anna", true) != refused {
			t.Errorf("%s has more tries", from)
		}
	}
	if d.admits(far, "anna", true) != admitted || d.admits(here, "berta", true) != admitted {
		t.Error("wrong tries lock the name out elsewhere, or another name here")
	}
	now = now.Add(defaultTryWait)
	if d.admits(here, "anna", true) != admitted || d.admits(here, "anna", true) != refused {
		t.Error("after the wait there is not one try")
	}
	now = now.Add(defaultTryWait)
	if d.admits(here, "anna", true) != refused {
		t.Error("the wait does not grow")
	}
	now = now.Add(longestTryWait)
	if d.admits(here, "anna", true) != admitted {
		t.Error("the wait has no end")
	}
	d.passed(here, "anna")
	for range 2 * defaultTries {
		d.admits(near, "anna", true)
	}
	if d.admits(here, "anna", true) != admitted {
		t.Error("a neighbour locks out whoever signed in before")
	}
}

func TestVeryManyNamesAndPlacesLockNobodyOutAndAreForgotten(t *testing.T) {
	now := time.Unix(1e9, 0)
	d := newTestDoorman(&now)
	for i := range 3 * placesKept {
		far := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		d.admits(far, fmt.Sprint("name ", i), false)
		far = netip.AddrFrom4([4]byte{11, byte(i >> 8), byte(i), 1})
		d.admits(far, "anna", true)
	}
	if d.places.order.Len() > placesKept || len(d.names.by) > namesKept {
		t.Errorf("%d places and %d names are kept", len(d.places.by), len(d.names.by))
	}
	if d.admits(netip.MustParseAddr("2001:db8::1"), "anna", true) != admitted {
		t.Error("everybody is locked out")
	}
	one := netip.MustParseAddr("2001:db8:1::1")
	for i := range 20100 {
		d.admits(one, fmt.Sprint("name ", i), false)
	}
	if d.admits(one, "nobody", false) != refused || d.admits(netip.MustParseAddr("2001:db8:1::2"), "anna", true) != doubted {
		t.Error("a network has endless tries, or a name that there is none of its own")
	}
}

// TestHostileSignIns holds what is kept and logged of 20,000 of them, and that a
// right one beside them is let in, from the same address too.
func TestHostileSignIns(t *testing.T) {
	var log bytes.Buffer
	var mu sync.Mutex
	all, err := people(t)()
	if err != nil {
		t.Fatal(err)
	}
	was := cost
	cost = shippedCost // the right one costs what it does
	dear, err := NewAccount("dear", Viewer, "dear has a long one")
	cost = was
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, func(o *Options) {
		o.Accounts, o.Log = func() ([]Account, error) { return append(slices.Clone(all), dear), nil }, slog.New(slog.NewTextHandler(writer(func(p []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			return log.Write(p)
		}), nil))
	})
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	const many, side = 20000, 16
	var wg sync.WaitGroup
	var went, odd atomic.Int64
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: side}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer c.CloseIdleConnections()
	long := strings.Repeat("x", 1<<20)
	for range side {
		wg.Go(func() {
			for n := went.Add(1); n <= many; n = went.Add(1) {
				name := fmt.Sprint("nobody ", n)
				if n%400 == 0 {
					name = long
				}
				resp, err := c.PostForm(s.URL()+"sign-in", url.Values{"name": {name}, "password": {"a guess of theirs"}})
				if err != nil {
					continue // refused before it had sent it all
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if resp.StatusCode < 400 || resp.StatusCode >= 500 {
					odd.Add(1)
				}
			}
		})
	}
	waitFor(t, "half of them", func() bool { return went.Load() > many/2 })
	begun := time.Now()
	signedIn(t, s, "dear", "dear has a long one")
	took := time.Since(begun)
	wg.Wait()
	signedIn(t, s, "operator", "operator has a long one")
	kept := int64(heap()) - int64(before)
	mu.Lock()
	defer mu.Unlock()
	t.Logf("%d hostile sign-ins: %d KiB more held, %d bytes of log; a right one beside them in %s", many, kept>>10, log.Len(), took)
	if odd.Load() > 0 {
		t.Errorf("%d were answered as something else", odd.Load())
	}
	if kept > 16<<20 || log.Len() > 64<<10 {
		t.Errorf("%d bytes more are held, %d logged", kept, log.Len())
	}
}

// writer is a function that writes.
type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestASlowBodyEnds(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts, o.BodyWait = people(t), 300*time.Millisecond })
	for _, path := range []string{"/sign-in", "/replay", "/api/v1/replay", "/api/v1/uploads/abc"} {
		conn, err := net.Dial("tcp", s.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nname=", path)
		if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, conn); err != nil {
			t.Errorf("%s: the connection is held: %v", path, err)
		}
	}
}

func TestStreamsOfASessionAreBounded(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts, o.Streams = people(t), 3 })
	c := signedIn(t, s, "viewer", "viewer has a long one")
	for range 3 {
		if got := listening(t, c, s); got.status != http.StatusOK {
			t.Fatalf("a stream: %d", got.status)
		}
	}
	if got := listening(t, c, s); got.status != http.StatusTooManyRequests {
		t.Errorf("one more than may be: %d", got.status)
	}
	if got := listening(t, signedIn(t, s, "operator", "operator has a long one"), s); got.status != http.StatusOK {
		t.Errorf("another session's: %d", got.status)
	}
	if resp, _ := look4(t, c, s.URL()); resp.StatusCode != http.StatusOK {
		t.Errorf("a page beside the streams: %s", resp.Status)
	}
}

func TestRequestsAtOnceAreBounded(t *testing.T) {
	c := &caps{on: map[string]int{}}
	one, ok := c.enter("a", 1)
	if _, more := c.enter("a", 1); !ok || more {
		t.Fatal("not one")
	}
	one()
	one()
	if len(c.on) != 0 {
		t.Errorf("what has ended is kept: %v", c.on)
	}
	s := open(t, func(o *Options) { o.Accounts, o.Requests, o.BodyWait = people(t), 1, 10*time.Second })
	var held []net.Conn
	for range byNetwork {
		conn, err := net.Dial("tcp", s.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		held = append(held, conn)
		fmt.Fprint(conn, "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n")
	}
	waitFor(t, "a refusal", func() bool {
		resp, _ := look4(t, client(t), s.URL()+"sign-in")
		return resp.StatusCode == http.StatusTooManyRequests
	})
	for _, conn := range held {
		conn.Close()
	}
	waitFor(t, "room again", func() bool {
		resp, _ := look4(t, client(t), s.URL()+"sign-in")
		return resp.StatusCode == http.StatusOK
	})
}

func TestAnUploadWithANulIsRefusedWithoutAPath(t *testing.T) {
	s := open(t, nil)
	for _, key := range []string{"Box/a\x00b.tif", "Box/a\nb.tif", "Box/\x1b[2J.tif"} {
		raw, err := json.Marshal(upload{Key: key, Size: 3})
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range []struct{ path, body string }{{"api/v1/uploads", string(raw)}, {"api/v1/uploads/complete", fmt.Sprintf(`{"keys":[%s]}`, mustJSON(t, key))}} {
			resp, body := ask(t, client(t), "POST", s.URL()+to.path, "application/json", strings.NewReader(to.body), nil)
			if resp.StatusCode != http.StatusBadRequest || strings.Contains(body, house.dir) {
				t.Errorf("%q at %s: %s %s", key, to.path, resp.Status, body)
			}
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
