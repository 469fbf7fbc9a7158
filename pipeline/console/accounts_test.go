package console

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"
)

func TestAccountsGoThroughTheirFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "accounts")
	if list, err := ReadAccounts(file); err != nil || len(list) != 0 {
		t.Fatalf("no file: %v, %v", list, err)
	}
	anna, err := NewAccount("anna", Operator, "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteAccounts(file, []Account{anna}); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(file); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the file can be read by others: %v, %v", st.Mode(), err)
	}
	list, err := ReadAccounts(file)
	if err != nil {
		t.Fatal(err)
	}
	if a, ok := check(list, "anna", "correct horse battery"); !ok || a.Role != Operator {
		t.Errorf("the right password: %v, %v", a, ok)
	}
	for _, wrong := range []string{"", "correct horse batterz", "correct horse battery" + strings.Repeat("x", maxPassword)} {
		if _, ok := check(list, "anna", wrong); ok {
			t.Errorf("%q lets in", wrong)
		}
	}
	if _, ok := check(list, "berta", "correct horse battery"); ok {
		t.Error("an unknown name lets in")
	}
}

func TestAccountsThatAreRefused(t *testing.T) {
	hash := "$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"
	for _, raw := range []string{"anna", "anna:chief:" + hash, "an na:viewer:" + hash, "anna:viewer:plain", "a:viewer:" + hash + "\na:operator:" + hash} {
		if list, err := ParseAccounts([]byte(raw)); err == nil {
			t.Errorf("%q gives %v", raw, list)
		}
	}
	if list, err := ParseAccounts([]byte("# people\n\nanna:viewer:" + hash + "\n")); err != nil || len(list) != 1 {
		t.Errorf("comment and empty line: %v, %v", list, err)
	}
	for _, x := range []struct{ name, password string }{{"", "long enough it is"}, {"a:b", "long enough it is"}, {"anna", "short"}, {"anna", strings.Repeat("x", 73)}} {
		if _, err := NewAccount(x.name, Viewer, x.password); err == nil {
			t.Errorf("%q with a password of %d bytes is taken", x.name, len(x.password))
		}
	}
}

func FuzzParseAccounts(f *testing.F) {
	f.Add([]byte("anna:viewer:$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW\n# x\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := ParseAccounts(raw)
		for _, a := range list {
			if err == nil && (checkName(a.Name) != nil || a.Role < Viewer || a.Role > Operator) {
				t.Fatalf("%q gives %v", raw, a)
			}
		}
	})
}

func TestTriesToSignInAreLimited(t *testing.T) {
	now := time.Unix(1e9, 0)
	d := &doorman{now: func() time.Time { return now }, left: map[string]*rate.Limiter{}}
	for i := range triesAtOnce {
		if !d.admits("address a", "name n") {
			t.Fatalf("try %d refused", i+1)
		}
	}
	if d.admits("address a", "name other") {
		t.Error("one address has more tries with another name")
	}
	if d.admits("address b", "name n") {
		t.Error("one name has more tries from another address")
	}
	if d.has("address a") {
		t.Error("has a try left after the last one")
	}
	now = now.Add(triesEvery + time.Second)
	if !d.admits("address a", "name third") {
		t.Error("no new try after the wait")
	}
	d.forgive("address a")
	if !d.has("address a") {
		t.Error("a right password does not give the tries back")
	}
}

func TestSessionsEnd(t *testing.T) {
	now := time.Unix(1e9, 0)
	s := &sessions{idle: time.Hour, longest: 3 * time.Hour, now: func() time.Time { return now }, all: map[[32]byte]session{}}
	one := s.start("anna")
	now = now.Add(50 * time.Minute)
	if s.of(one) != "anna" {
		t.Fatal("ended early")
	}
	now = now.Add(61 * time.Minute)
	if s.of(one) != "" {
		t.Error("lives on after an idle hour")
	}
	two := s.start("anna")
	for range 4 {
		now = now.Add(50 * time.Minute)
		s.of(two)
	}
	if s.of(two) != "" {
		t.Error("lives longer than the longest")
	}
	three := s.start("anna")
	s.end(three)
	if s.of(three) != "" || s.of("") != "" || s.of("made up") != "" {
		t.Error("an ended or made-up session is somebody")
	}
}

func TestTokensAreBoundToTheSession(t *testing.T) {
	a, b := newTokens(), newTokens()
	if !a.fits("s", a.of("s")) || a.fits("s", a.of("t")) || a.fits("s", b.of("s")) || a.fits("", a.of("")) || a.fits("s", "") {
		t.Error("a token fits where it must not, or not where it must")
	}
}

func TestReturnsOnlyToThisConsole(t *testing.T) {
	for to, want := range map[string]string{"/failures?reason=x": "/failures?reason=x", "": "/", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "/a\r\nSet-Cookie: x": "/"} {
		if got := local(to); got != want {
			t.Errorf("%q leads to %q, not %q", to, got, want)
		}
	}
}
