package console

import (
	"crypto/sha256"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// sessionCookie holds a session's secret, or, where there is no sign-in, only a
// random name for the browser that form tokens are bound to.
const sessionCookie = "nightshift"

// visit is who asks, and what for.
type visit struct {
	Who     string // account name, or user@host without sign-in
	Role    Role
	Session string // what form tokens are bound to
	SignOut bool   // there is a session to end
}

// sessions are the people signed in. They end with the process: a page that
// was open asks to sign in again.
type sessions struct {
	idle, longest time.Duration
	now           func() time.Time
	mu            sync.Mutex
	all           map[[32]byte]session
}

type session struct {
	name        string
	begun, last time.Time
}

func (s *sessions) start(name string) (secretValue string) {
	secretValue = secret()
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, x := range s.all {
		if s.over(x, now) {
			delete(s.all, k)
		}
	}
	s.all[sha256.Sum256([]byte(secretValue))] = session{name, now, now}
	return secretValue
}

func (s *sessions) over(x session, now time.Time) bool {
	return now.Sub(x.last) > s.idle || now.Sub(x.begun) > s.longest
}

// of is the name signed in with the secret, "" when there is none any more.
func (s *sessions) of(secretValue string) string {
	key := sha256.Sum256([]byte(secretValue))
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.all[key]
	if !ok {
		return ""
	}
	if s.over(x, now) {
		delete(s.all, key)
		return ""
	}
	x.last = now
	s.all[key] = x
	return x.name
}

func (s *sessions) end(secretValue string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, sha256.Sum256([]byte(secretValue)))
}

// Tries to sign in: five at once, then one in half a minute, for an address and
// for a name, whichever is used up first.
const (
	triesAtOnce = 5
	triesEvery  = 30 * time.Second
	triesKept   = 10000
)

// doorman counts tries to sign in.
type doorman struct {
	now  func() time.Time
	mu   sync.Mutex
	left map[string]*rate.Limiter
}

// admits takes one try from each key; false when one has none left.
func (d *doorman) admits(keys ...string) bool {
	now := d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.left) > triesKept {
		for k, l := range d.left {
			if l.TokensAt(now) >= triesAtOnce {
				delete(d.left, k)
			}
		}
		if len(d.left) > 2*triesKept {
			return false // an attack from more addresses than are kept
		}
	}
	ok := true
	for _, k := range keys {
		l := d.left[k]
		if l == nil {
			l = rate.NewLimiter(rate.Every(triesEvery), triesAtOnce)
			d.left[k] = l
		}
		ok = l.AllowN(now, 1) && ok
	}
	return ok
}

// forgive gives the tries of a key back after a right password.
func (d *doorman) forgive(keys ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, k := range keys {
		delete(d.left, k)
	}
}

// peer is the address a request comes from.
func peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

// who tells who asks. Role Nobody: sign in first.
func (s *Server) who(w http.ResponseWriter, r *http.Request) visit {
	if s.open {
		return visit{Who: s.opt.Person, Role: Operator, Session: s.browser(w, r)}
	}
	if name := s.proxied(r); name != "" {
		return visit{Who: name, Role: s.roleOf(name, s.opt.ProxyRole), Session: s.browser(w, r)}
	}
	if name, password, ok := r.BasicAuth(); ok {
		if a, ok := s.password(r, name, password); ok {
			return visit{Who: a.Name, Role: a.Role}
		}
		return visit{}
	}
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return visit{}
	}
	if name := s.sessions.of(c.Value); name != "" {
		return visit{Who: name, Role: s.roleOf(name, Nobody), Session: c.Value, SignOut: true}
	}
	return visit{Session: c.Value}
}

// proxied is the name that a trusted proxy gives, "" without one.
func (s *Server) proxied(r *http.Request) string {
	from := peer(r)
	if s.opt.ProxyHeader == "" || !slices.ContainsFunc(s.opt.ProxyFrom, func(p netip.Prefix) bool { return p.Contains(from) }) {
		return ""
	}
	name := r.Header.Get(s.opt.ProxyHeader)
	if checkName(name) != nil {
		return ""
	}
	return name
}

// roleOf is the role of the account with that name, or otherwise.
func (s *Server) roleOf(name string, otherwise Role) Role {
	for _, a := range s.accounts() {
		if a.Name == name {
			return a.Role
		}
	}
	return otherwise
}

// password checks a try to sign in, against its limits.
func (s *Server) password(r *http.Request, name, password string) (Account, bool) {
	keys := []string{"address " + peer(r).String(), "name " + name}
	if !s.doorman.admits(keys...) {
		s.opt.Log.Warn("too many tries to sign in", "address", peer(r), "name", name)
		return Account{}, false
	}
	a, ok := check(s.accounts(), name, password)
	if ok {
		s.doorman.forgive(keys...)
	} else {
		s.opt.Log.Warn("sign-in failed", "address", peer(r), "name", name)
	}
	return a, ok
}

// browser names the browser by a cookie, which it sets if need be.
func (s *Server) browser(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(sessionCookie); err == nil && len(c.Value) == len(secret()) {
		return c.Value
	}
	v := secret()
	s.setCookie(w, r, v)
	return v
}

func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, value string) {
	c := &http.Cookie{Name: sessionCookie, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil || s.proxied(r) != "" && r.Header.Get("X-Forwarded-Proto") == "https"}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// has tells whether each key has a try left.
func (d *doorman) has(keys ...string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, k := range keys {
		if l := d.left[k]; l != nil && l.TokensAt(d.now()) < 1 {
			return false
		}
	}
	return true
}
