package storetest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"nightshift/pipeline/store"
)

// A fault is what happens to requests on the way to the store.
type fault struct {
	request func(http.ResponseWriter, *http.Request) bool // true: it answered itself
	answer  func(*http.Response) error                    // an error breaks the connection
	pass    *http.Handler                                 // set to what hands a request on; may be nil
}

// through is the suite's bucket behind a proxy with a fault. Requests keep
// their signature: the proxy passes on the host they were signed for.
func (s suite) through(t *testing.T, f fault) (*store.Client, *store.Bucket) {
	t.Helper()
	target := &url.URL{Scheme: "http", Host: s.cfg.Endpoint}
	pass := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			r.Out.Header["User-Agent"] = r.In.Header["User-Agent"]
		},
		ModifyResponse: f.answer,
		ErrorLog:       log.New(io.Discard, "", 0), // breaking connections is its work
		ErrorHandler:   func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	if f.pass != nil {
		*f.pass = pass
	}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.request == nil || !f.request(w, r) {
			pass.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(proxy.Close)
	cfg := s.cfg
	cfg.Endpoint = proxy.Listener.Addr().String()
	cfg.Tries = cmp.Or(cfg.Tries, 1)
	return s.as(t, cfg)
}

// hurt passes a body on with the byte at offset at flipped or, with cut, ending
// there.
type hurt struct {
	io.ReadCloser
	at  int64
	cut bool
}

func (h *hurt) Read(p []byte) (int, error) {
	if h.cut && h.at <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	if h.cut {
		p = p[:min(int64(len(p)), h.at)]
	}
	n, err := h.ReadCloser.Read(p)
	if !h.cut && h.at >= 0 && h.at < int64(n) {
		p[h.at] ^= 0x10
	}
	h.at -= int64(n)
	return n, err
}

func onPut(f func(*http.Request)) fault {
	return fault{request: func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut {
			f(r)
		}
		return false
	}}
}

func onGet(f func(*http.Response)) fault {
	return fault{answer: func(r *http.Response) error {
		if r.Request.Method == http.MethodGet {
			f(r)
		}
		return nil
	}}
}

// flipped: no bit that changes on the way goes in, and none comes out.
func flipped(t *testing.T, s suite) {
	data := noise(100_000)
	big := noise(11 << 20)
	s.put(t, "sound", data)
	up := func(at int64) *store.Bucket {
		_, b := s.through(t, onPut(func(r *http.Request) { r.Body = &hurt{ReadCloser: r.Body, at: at} }))
		return b
	}
	for _, at := range []int64{0, 50_000, 99_999} {
		b := up(at)
		for what, err := range map[string]error{
			"put":     second(b.PutNew(s.ctx, "flipped", data, "image/tiff")),
			"replace": second(b.Replace(s.ctx, "flipped", data, "image/tiff", "")),
			"upload":  second(b.Upload(s.ctx, "flipped", bytes.NewReader(data), int64(len(data)), "image/tiff")),
			"parts":   second(b.Upload(s.ctx, "flipped", bytes.NewReader(big), int64(len(big)), "image/tiff")),
		} {
			if !errors.Is(err, store.ErrFixity) || store.IsDown(err) {
				t.Errorf("%s with byte %d flipped: %v", what, at, err)
			}
		}
	}
	if _, err := s.bucket.Stat(s.ctx, "flipped"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was flipped on its way in was kept: %v", err)
	}
	_, b := s.through(t, onGet(func(r *http.Response) { r.Body = &hurt{ReadCloser: r.Body, at: 99_999} }))
	if _, _, err := b.Get(s.ctx, "sound"); !errors.Is(err, store.ErrFixity) || store.IsDown(err) {
		t.Errorf("get with a byte flipped: %v", err)
	}
	o, err := b.Open(s.ctx, "sound", "")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if _, err := o.Digest(s.ctx); !errors.Is(err, store.ErrFixity) || store.IsDown(err) {
		t.Errorf("digest with a byte flipped: %v", err)
	}
	s.expect(t, "sound", data)
}

// cut: a connection that breaks in the middle is the store being away, never a
// short success, and leaves nothing behind.
func cut(t *testing.T, s suite) {
	data := noise(1 << 20)
	s.put(t, "sound", data)
	_, b := s.through(t, onGet(func(r *http.Response) { r.Body = &hurt{ReadCloser: r.Body, at: 30_000, cut: true} }))
	o, err := b.Open(s.ctx, "sound", "")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	for what, err := range map[string]error{
		"get":     third(b.Get(s.ctx, "sound")),
		"digest":  second(o.Digest(s.ctx)),
		"read at": second(o.ReadAt(make([]byte, 1<<20), 0)),
	} {
		if !store.IsDown(err) {
			t.Errorf("%s cut short: %v", what, err)
		}
	}
	_, b = s.through(t, fault{request: func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut {
			return false
		}
		_, _ = io.CopyN(io.Discard, r.Body, 300_000)
		panic(http.ErrAbortHandler)
	}})
	for what, err := range map[string]error{
		"put":    second(b.PutNew(s.ctx, "cut", data, "image/tiff")),
		"upload": second(b.Upload(s.ctx, "cut", bytes.NewReader(data), int64(len(data)), "image/tiff")),
	} {
		if !store.IsDown(err) {
			t.Errorf("%s cut short: %v", what, err)
		}
	}
	if _, err := s.bucket.Stat(s.ctx, "cut"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("left behind by a cut put: %v", err)
	}
}

// answerLost: the store took the object, and its answer did not arrive.
func answerLost(t *testing.T, s suite) {
	s.cfg.Tries = 3
	lose := func() *store.Bucket {
		var lost atomic.Bool
		_, b := s.through(t, fault{answer: func(r *http.Response) error {
			if r.Request.Method == http.MethodPut && lost.CompareAndSwap(false, true) {
				return errors.New("lost")
			}
			return nil
		}})
		return b
	}
	if created, err := lose().PutNew(s.ctx, "a", []byte("one"), "text/plain"); created || err != nil {
		t.Errorf("put: created %v, %v", created, err)
	}
	s.expect(t, "a", []byte("one"))
	first, err := lose().Replace(s.ctx, "current", []byte("1"), "text/plain", "")
	if err != nil {
		t.Fatalf("replace nothing: %v", err)
	}
	second, err := lose().Replace(s.ctx, "current", []byte("2"), "text/plain", first)
	if info := s.expect(t, "current", []byte("2")); err != nil || info.ETag != second {
		t.Errorf("replace: %q, %v, there %q", second, err, info.ETag)
	}
	data := noise(1000)
	if _, err := lose().Upload(s.ctx, "scan", bytes.NewReader(data), 1000, "image/tiff"); err != nil {
		t.Errorf("upload: %v", err)
	}
	s.expect(t, "scan", data)
}

// silent: a port where nobody listens, and a store that says nothing, are away.
func silent(t *testing.T, s suite) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // accepts, as the kernel does, and never answers
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for _, at := range []net.Listener{l, closed} {
		cfg := s.cfg
		cfg.Endpoint, cfg.Tries = at.Addr().String(), 1
		cfg.DialTimeout, cfg.AnswerTimeout = 200*time.Millisecond, 200*time.Millisecond
		c, b := s.as(t, cfg)
		for what, err := range map[string]error{
			"ping":   c.Ping(s.ctx),
			"bucket": c.EnsureBucket(s.ctx, s.bucket.Name()),
			"get":    third(b.Get(s.ctx, "a")),
			"put":    second(b.PutNew(s.ctx, "a", []byte("x"), "text/plain")),
			"stat":   second(b.Stat(s.ctx, "a")),
			"list":   third(b.ListFolder(s.ctx, "")),
		} {
			if !store.IsDown(err) || store.IsStruggling(err) {
				t.Errorf("%s at %s: %v", what, at.Addr(), err)
			}
		}
	}
}

// trouble: answers that say the store cannot now are told from those that say
// it will not.
func trouble(t *testing.T, s suite) {
	for _, c := range []struct {
		status int
		code   string
		down   bool
		is     error
	}{
		{http.StatusServiceUnavailable, "SlowDown", true, nil},
		{http.StatusServiceUnavailable, "ServiceUnavailable", true, nil},
		{http.StatusTooManyRequests, "TooManyRequests", true, nil},
		{http.StatusBadGateway, "", true, nil},
		{http.StatusGatewayTimeout, "", true, nil},
		{http.StatusInsufficientStorage, "XMinioStorageFull", true, store.ErrFull},
		{http.StatusInternalServerError, "InternalError", true, nil},
		{http.StatusInternalServerError, "", true, nil},
		{http.StatusRequestTimeout, "", true, nil},
		{http.StatusBadRequest, "RequestTimeout", true, nil},
		{http.StatusBadRequest, "InvalidArgument", false, nil},
		{http.StatusNotImplemented, "NotImplemented", false, nil},
		{http.StatusForbidden, "AccessDenied", false, store.ErrDenied},
	} {
		_, b := s.through(t, fault{request: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(c.status)
			if c.code != "" {
				fmt.Fprintf(w, "<Error><Code>%s</Code><Message>m</Message></Error>", c.code)
			}
			return true
		}})
		for what, err := range map[string]error{
			"get": third(b.Get(s.ctx, "a")),
			"put": second(b.PutNew(s.ctx, "a", []byte("x"), "text/plain")),
		} {
			if err == nil || store.IsDown(err) != c.down || (c.is != nil && !errors.Is(err, c.is)) {
				t.Errorf("%s answered %d %s: %v, down %v", what, c.status, c.code, err, store.IsDown(err))
			}
			if struggling := c.down && c.is == nil && c.status >= 408; store.IsStruggling(err) != struggling {
				t.Errorf("%s answered %d %s: %v, struggling %v", what, c.status, c.code, err, !struggling)
			}
		}
	}
}
