package console

import (
	"context"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

// Limits of Options that are left at zero.
const (
	defaultRequests = 32
	defaultStreams  = 8
	defaultBody     = 30 * time.Second
	// byNetwork: a network may have so many times what one session may.
	byNetwork = 8
)

// caps count what goes on at once, by session and by network. They hold no more
// than goes on.
type caps struct {
	mu sync.Mutex
	on map[string]int
}

// enter counts one more under the key, up to most; leave may be called twice.
func (c *caps) enter(key string, most int) (leave func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.on[key] >= most {
		return nil, false
	}
	c.on[key]++
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.on[key]--; c.on[key] == 0 {
			delete(c.on, key)
		}
	}), true
}

var tooMany = fault{http.StatusTooManyRequests, "Too much is asked for at once. Close pages that are open elsewhere, or try again in a moment."}

// leaving is where a request keeps what it has to leave.
type leaving struct{}

// capped bounds the requests of a network at once, and the time that each may
// take to send its body.
func (s *Server) capped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leave, ok := s.caps.enter("requests of "+place(s.client(r)).String(), byNetwork*s.opt.Requests)
		if !ok {
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusTooManyRequests, tooMany.text)
			return
		}
		defer leave()
		if r.ContentLength != 0 {
			b := &timedBody{ReadCloser: r.Body, c: http.NewResponseController(w), most: s.opt.BodyWait}
			b.extend()
			r.Body = b
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), leaving{}, leave)))
	})
}

// asRequest counts the request as one of the session's.
func (s *Server) asRequest(r **http.Request, v visit) (leave func(), ok bool) {
	ofSession, ok := s.caps.enter("requests "+v.key(), s.opt.Requests)
	if !ok {
		return nil, false
	}
	if b, timed := (*r).Body.(*timedBody); timed && isPiece(*r) {
		b.rolling = true // for as long as it comes
	}
	leave = ofSession
	if ofNetwork, ok := (*r).Context().Value(leaving{}).(func()); ok {
		leave = func() { ofSession(); ofNetwork() }
	}
	*r = (*r).WithContext(context.WithValue((*r).Context(), leaving{}, leave))
	return leave, true
}

// asStream counts the request as an event stream from now on.
func (s *Server) asStream(r *http.Request, v visit) (leave func(), err error) {
	ofNetwork, ok := s.caps.enter("streams of "+place(s.client(r)).String(), byNetwork*s.opt.Streams*4)
	if !ok {
		return nil, tooMany
	}
	ofSession, ok := s.caps.enter("streams "+v.key(), s.opt.Streams)
	if !ok {
		ofNetwork()
		return nil, tooMany
	}
	if request, ok := r.Context().Value(leaving{}).(func()); ok {
		request()
	}
	return func() { ofSession(); ofNetwork() }, nil
}

// timedBody is the body of a request, which must have come in time.
type timedBody struct {
	io.ReadCloser
	c       *http.ResponseController
	most    time.Duration
	rolling bool // each piece that comes gives time for the next
}

func (b *timedBody) extend() { _ = b.c.SetReadDeadline(time.Now().Add(b.most)) }

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err != nil && !os.IsTimeout(err):
		_ = b.c.SetReadDeadline(time.Time{}) // all came: what is done with it may take its time
	case b.rolling && n > 0:
		b.extend()
	}
	return n, err
}
