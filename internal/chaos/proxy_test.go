//go:build chaos

package chaos

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// storeProxy stands before the store and does to requests what fault says.
type storeProxy struct {
	*httptest.Server
	fault atomic.Pointer[func(n int64) fault]
	late  func(path string) time.Duration // how long a request takes more, by its path; nil: none does. Set before the first
	n     atomic.Int64
}

// fault is what happens to one request. The zero value is nothing.
type fault struct {
	before func()        // called before the request goes on
	refuse bool          // the connection is broken before it goes on
	status int           // it does not go on and is answered so
	lose   bool          // it goes on, and the connection breaks before the answer
	after  func()        // called before its answer goes back
	hang   time.Duration // it waits so long, or until its client leaves
	rate   int           // bytes a second of the answer; 0: no limit
}

func newStoreProxy(t *testing.T, target string) *storeProxy {
	p := &storeProxy{}
	p.clear()
	forward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: target})
			r.Out.Host = r.In.Host // what was signed
		},
		Transport:    &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true, DialContext: (&net.Dialer{Timeout: time.Second}).DialContext},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { drop(w) },
		ModifyResponse: func(r *http.Response) error {
			if rate, _ := r.Request.Context().Value(rateKey{}).(int); rate > 0 {
				r.Body = &slowBody{r.Body, rate}
			}
			return nil
		},
	}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := (*p.fault.Load())(p.n.Add(1))
		if p.late != nil {
			time.Sleep(p.late(r.URL.Path))
		}
		if f.before != nil {
			f.before()
		}
		if f.hang > 0 {
			select {
			case <-time.After(f.hang):
			case <-r.Context().Done():
			}
		}
		switch {
		case f.refuse:
			drop(w)
		case f.status > 0:
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(f.status)
		case f.lose, f.after != nil:
			forward.ServeHTTP(httptest.NewRecorder(), r)
			if f.after != nil {
				f.after()
			}
			drop(w)
		default:
			forward.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), rateKey{}, f.rate)))
		}
	}))
	t.Cleanup(p.Close)
	return p
}

type rateKey struct{}

func (p *storeProxy) set(f func(n int64) fault) { p.fault.Store(&f) }
func (p *storeProxy) clear()                    { p.set(func(int64) fault { return fault{} }) }
func (p *storeProxy) addr() string              { return p.Listener.Addr().String() }

// drop breaks the connection without an answer.
func drop(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if c, _, err := h.Hijack(); err == nil {
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // a reset, not an end
			}
			c.Close()
		}
	}
}

type slowBody struct {
	io.ReadCloser
	rate int
}

func (b *slowBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(len(p), max(b.rate/4, 1))])
	time.Sleep(time.Duration(n) * time.Second / time.Duration(b.rate))
	return n, err
}

// lineProxy stands before NATS: while cut it breaks every connection.
type lineProxy struct {
	net.Listener
	target string
	cut    atomic.Bool
	mu     sync.Mutex
	conns  map[net.Conn]bool
}

func newLineProxy(t *testing.T, target string) *lineProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &lineProxy{Listener: l, target: target, conns: map[net.Conn]bool{}}
	go p.serve()
	t.Cleanup(func() { l.Close(); p.away(true) })
	return p
}

func (p *lineProxy) serve() {
	for {
		in, err := p.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", p.target)
		if err != nil || p.cut.Load() {
			in.Close()
			if out != nil {
				out.Close()
			}
			continue
		}
		p.mu.Lock()
		p.conns[in], p.conns[out] = true, true
		p.mu.Unlock()
		for _, pair := range [][2]net.Conn{{in, out}, {out, in}} {
			go func() {
				_, _ = io.Copy(pair[0], pair[1])
				pair[0].Close()
			}()
		}
	}
}

// away cuts every connection, and new ones until it is called with false.
func (p *lineProxy) away(cut bool) {
	p.cut.Store(cut)
	if !cut {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
	p.conns = map[net.Conn]bool{}
}
