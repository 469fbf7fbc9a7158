package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSessionsEnd(t *testing.T) {
	now := time.Unix(1e9, 0)
	s := &sessions{idle: time.Hour, longest: 3 * time.Hour, now: func() time.Time { return now }, all: map[[32]byte]session{}}
	anna := Account{"anna", Viewer, []byte("hash")}
	list := []Account{{"berta", Viewer, []byte("hash")}, anna}
	of := func(secret string) string {
		if a, _ := s.of(secret, list, false); a != nil {
			return a.Name
		}
		return ""
	}
	one := s.start(anna)
	now = now.Add(50 * time.Minute)
	if of(one) != "anna" {
		t.Fatal("ended early")
	}
	now = now.Add(61 * time.Minute)
	if of(one) != "" {
		t.Error("lives on after an idle hour")
	}
	two := s.start(anna)
	for range 4 {
		now = now.Add(50 * time.Minute)
		of(two)
	}
	if of(two) != "" {
		t.Error("lives longer than the longest")
	}
	three := s.start(anna)
	s.end(three)
	if of(three) != "" || of("") != "" || of("made up") != "" {
		t.Error("an ended or made-up session is somebody")
	}
	four, five, other := s.start(anna), s.start(anna), s.start(list[0])
	if s.endAll("anna") != 2 || of(four) != "" || of(five) != "" || of(other) != "berta" {
		t.Error("not all of one person's sessions ended, or another's did")
	}
	first := s.start(anna)
	for range sessionsEach {
		now = now.Add(time.Second)
		s.start(anna)
	}
	if of(first) != "" || len(s.all) != sessionsEach+1 {
		t.Errorf("%d sessions are kept", len(s.all))
	}
}

func TestASessionIsOfTheAccountAsItWas(t *testing.T) {
	anna := Account{"anna", Viewer, []byte("hash")}
	for what, list := range map[string][]Account{
		"removed":        nil,
		"a new password": {{"anna", Viewer, []byte("another")}},
		"another role":   {{"anna", Operator, []byte("hash")}},
	} {
		s := &sessions{idle: time.Hour, longest: time.Hour, now: time.Now, all: map[[32]byte]session{}}
		secret := s.start(anna)
		_, ended := s.of(secret, []Account{anna}, false)
		if a, _ := s.of(secret, list, true); a != nil {
			t.Errorf("%s: the session lives on as %v", what, a)
		}
		select {
		case <-ended:
		default:
			t.Errorf("%s: nobody who listens was told", what)
		}
		if a, _ := s.of(secret, []Account{anna}, false); a != nil {
			t.Errorf("%s, and back: the session is back", what)
		}
	}
}

// staff is an accounts file that a test changes.
type staff struct {
	mu   sync.Mutex
	list []Account
	err  error
}

func (s *staff) now() ([]Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list), s.err
}

func (s *staff) set(list []Account, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list, s.err = list, err
}

func signedIn(t *testing.T, s *Server, name, password string) *http.Client {
	t.Helper()
	c := client(t)
	resp, _ := ask(t, c, "POST", s.URL()+"sign-in", form, strings.NewReader(url.Values{"name": {name}, "password": {password}}.Encode()), nil)
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s signs in: %s", name, resp.Status)
	}
	return c
}

func TestAnAccountThatChangesEndsItsSessionsAndStreams(t *testing.T) {
	list, err := people(t)()
	if err != nil {
		t.Fatal(err)
	}
	renewed, err := NewAccount("viewer", Viewer, "quite another password")
	if err != nil {
		t.Fatal(err)
	}
	raised := list[0]
	raised.Role = Operator
	for what, change := range map[string]func(*staff){
		"a new password":       func(s *staff) { s.set([]Account{renewed, list[1]}, nil) },
		"removed":              func(s *staff) { s.set(list[1:], nil) },
		"another role":         func(s *staff) { s.set([]Account{raised, list[1]}, nil) },
		"an unreadable file":   func(s *staff) { s.set(nil, errors.New("no disk")) },
		"a file with no lines": func(s *staff) { s.set(nil, nil) },
	} {
		file := &staff{list: list}
		s := open(t, func(o *Options) { o.Accounts = file.now })
		c := signedIn(t, s, "viewer", "viewer has a long one")
		stream := listening(t, c, s)
		change(file)
		waitFor(t, "the stream's end after "+what, stream.ended)
		if resp, _ := look4(t, c, s.URL()); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: the session lives on: %s", what, resp.Status)
		}
	}
}

func TestSignOutEndsStreamsAndEverywhereEndsAll(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	one := signedIn(t, s, "viewer", "viewer has a long one")
	two := signedIn(t, s, "viewer", "viewer has a long one")
	other := signedIn(t, s, "operator", "operator has a long one")
	of1, of2 := listening(t, one, s), listening(t, two, s)
	out := func(c *http.Client, more url.Values) {
		t.Helper()
		_, page := look4(t, c, s.URL())
		more.Set("token", tokenOf(t, page))
		if resp, _ := ask(t, c, "POST", s.URL()+"sign-out", form, strings.NewReader(more.Encode()), nil); resp.StatusCode != http.StatusSeeOther {
			t.Fatal(resp.Status)
		}
	}
	out(one, url.Values{})
	waitFor(t, "the stream's end", of1.ended)
	if of2.ended() {
		t.Error("another session's stream ended")
	}
	three := signedIn(t, s, "viewer", "viewer has a long one")
	out(three, url.Values{"everywhere": {"1"}})
	waitFor(t, "the other stream's end", of2.ended)
	if resp, _ := look4(t, two, s.URL()); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("the other session lives on: %s", resp.Status)
	}
	if resp, _ := look4(t, other, s.URL()); resp.StatusCode != http.StatusOK {
		t.Errorf("another person's session ended: %s", resp.Status)
	}
}
