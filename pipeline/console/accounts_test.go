package console

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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

func TestTokensAreBoundToTheSession(t *testing.T) {
	a, b := newTokens(), newTokens()
	if !a.fits("s", a.of("s")) || a.fits("s", a.of("t")) || a.fits("s", b.of("s")) || a.fits("", a.of("")) || a.fits("s", "") {
		t.Error("a token fits where it must not, or not where it must")
	}
}
