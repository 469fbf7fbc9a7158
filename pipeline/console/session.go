package console

import (
	"crypto/sha256"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// sessionCookie holds a session's secret, or, where there is no sign-in, only a
// random name for the browser that form tokens are bound to.
const sessionCookie = "nightshift"

// sessionsEach is how many sessions a person may have; the oldest ends for one more.
const sessionsEach = 20

// visit is who asks, and what for.
type visit struct {
	Who     string // account name, or user@host without sign-in
	Role    Role
	Session string // what form tokens are bound to
	SignOut bool   // there is a session to end

	still func() bool     // whether Who still has Role by the same right; nil: always
	ended <-chan struct{} // closed when the session ends; nil: there is none
}

// key names a visit for limits: its session, or who it is without one.
func (v visit) key() string {
	if v.Session != "" {
		return "session " + v.Session
	}
	return "name " + v.Who
}

// sessions are the people signed in. They end with the process: a page that
// was open asks to sign in again.
type sessions struct {
	idle, longest time.Duration
	now           func() time.Time
	mu            sync.Mutex
	all           map[[32]byte]session
}

// session is of the account as it was when its owner signed in: with another
// password or role, or made anew, it is another account.
type session struct {
	account     [32]byte
	name        string
	begun, last time.Time
	ended       chan struct{}
}

// digest names an account as it is now.
func (a Account) digest() [32]byte {
	return sha256.Sum256([]byte(a.Name + "\x00" + a.Role.String() + "\x00" + string(a.Hash)))
}

func (s *sessions) start(a Account) (secretValue string) {
	secretValue = secret()
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	var oldest [32]byte
	own := 0
	for k, x := range s.all {
		if s.over(x, now) {
			s.remove(k)
		} else if x.name == a.Name {
			if own++; own == 1 || x.begun.Before(s.all[oldest].begun) {
				oldest = k
			}
		}
	}
	if own >= sessionsEach {
		s.remove(oldest)
	}
	s.all[sha256.Sum256([]byte(secretValue))] = session{a.digest(), a.Name, now, now, make(chan struct{})}
	return secretValue
}

func (s *sessions) over(x session, now time.Time) bool {
	return now.Sub(x.last) > s.idle || now.Sub(x.begun) > s.longest
}

// remove ends a session; s.mu is held.
func (s *sessions) remove(key [32]byte) {
	close(s.all[key].ended)
	delete(s.all, key)
}

// of is the account signed in with the secret, nil when there is none any more,
// or not as it was. A glance does not count as a request.
func (s *sessions) of(secretValue string, accounts []Account, glance bool) (*Account, <-chan struct{}) {
	key := sha256.Sum256([]byte(secretValue))
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.all[key]
	if !ok {
		return nil, nil
	}
	i := slices.IndexFunc(accounts, func(a Account) bool { return a.Name == x.name })
	if i < 0 || accounts[i].digest() != x.account || s.over(x, now) {
		s.remove(key)
		return nil, nil
	}
	if !glance {
		x.last = now
		s.all[key] = x
	}
	return &accounts[i], x.ended
}

func (s *sessions) end(secretValue string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key := sha256.Sum256([]byte(secretValue)); s.all[key].ended != nil {
		s.remove(key)
	}
}

// endAll ends all sessions of a name and reports how many there were.
func (s *sessions) endAll(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for k, x := range s.all {
		if x.name == name {
			s.remove(k)
			n++
		}
	}
	return n
}

// who tells who asks. Role Nobody: sign in first.
func (s *Server) who(w http.ResponseWriter, r *http.Request) visit {
	if s.open {
		return visit{Who: s.opt.Person, Role: Operator, Session: s.browser(w, r)}
	}
	if name := s.proxied(r); name != "" {
		role := s.roleOf(name)
		return visit{Who: name, Role: role, Session: s.browser(w, r), still: func() bool { return s.roleOf(name) == role }}
	}
	if name, password, ok := r.BasicAuth(); ok {
		if a, got := s.password(r, name, password); got == right {
			return visit{Who: a.Name, Role: a.Role, still: func() bool { return s.has(a) }}
		}
		return visit{}
	}
	c, err := r.Cookie(sessionCookie)
	if err != nil || len(c.Value) != secretLength {
		return visit{}
	}
	a, ended := s.sessions.of(c.Value, s.accounts(), false)
	if a == nil {
		return visit{Session: c.Value}
	}
	return visit{
		Who: a.Name, Role: a.Role, Session: c.Value, SignOut: true, ended: ended,
		still: func() bool { a, _ := s.sessions.of(c.Value, s.accounts(), true); return a != nil },
	}
}

// has reports whether there is the account as it was.
func (s *Server) has(a Account) bool {
	return slices.ContainsFunc(s.accounts(), func(x Account) bool { return x.digest() == a.digest() })
}

// roleOf is the role of somebody whom a proxy names: that of their account, or
// else of those who have none. Accounts that cannot be read let nobody in.
func (s *Server) roleOf(name string) Role {
	list, err := s.readAccounts()
	if err != nil {
		return Nobody
	}
	for _, a := range list {
		if a.Name == name {
			return a.Role
		}
	}
	return s.opt.ProxyRole
}

// answer is what becomes of a name and a password.
type answer int

const (
	not answer = iota // the name or the password is wrong
	right
	later // not looked at, or not told: too many tries
)

// password checks a try to sign in, against its limits. What cannot be a name is
// neither counted by itself nor logged.
func (s *Server) password(r *http.Request, name, password string) (Account, answer) {
	from := s.client(r)
	list := s.accounts()
	i := slices.IndexFunc(list, func(a Account) bool { return a.Name == name })
	got := s.doorman.admits(from, name, i >= 0)
	done, ok := func() {}, false
	if got != refused {
		done, ok = s.doorman.lanes.take(r.Context(), i >= 0 && s.doorman.knows(from, name))
	}
	if !ok {
		s.doorman.pretend(r.Context(), i < 0)
		s.refusedOnce(from, name)
		return Account{}, later
	}
	begun := time.Now()
	a, ok := check(list, name, password)
	s.doorman.took(time.Since(begun))
	done()
	switch {
	case ok:
		s.doorman.passed(from, name)
		return a, right
	case got == doubted:
		s.refusedOnce(from, name)
		return Account{}, later
	}
	s.opt.Log.Warn("sign-in failed", "address", from, "name", logged(name))
	return Account{}, not
}

// refusedOnce logs that tries are refused, once a minute.
func (s *Server) refusedOnce(from netip.Addr, name string) {
	if n := s.doorman.tell(); n > 0 {
		s.opt.Log.Warn("too many tries to sign in; this is said once a minute", "refused", n, "last", from, "name", logged(name))
	}
}

// logged is a name as it may stand in a log.
func logged(name string) string {
	if checkName(name) != nil {
		return "(none that an account could have)"
	}
	return name
}

// browser names the browser by a cookie, which it sets if need be.
func (s *Server) browser(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(sessionCookie); err == nil && len(c.Value) == secretLength {
		return c.Value
	}
	v := secret()
	s.setCookie(w, r, v)
	return v
}

func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, value string) {
	c := &http.Cookie{Name: sessionCookie, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure(r)} // #nosec G124 -- Secure wherever the browser speaks TLS: s.secure
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
