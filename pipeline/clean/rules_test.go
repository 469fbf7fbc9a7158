package clean

import (
	"strings"
	"testing"
)

func TestRules(t *testing.T) {
	r, err := ParseRules([]byte(`# the mission's own
word Zaporoshko thirtyfold
keep  Lot  66
mend Scty => Secretary
mend Sovs. => Soviets
test Scty said that theUSSR agreed => Secretary said that the USSR agreed
test The Scty. of State  was here. => The Secretary. of State was here.
test this one is wrong => on purpose
`))
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Test(); len(f) != 1 || f[0].Line != 8 || f[0].Got != "this one is wrong" {
		t.Errorf("failures: %+v", f)
	}
	for read, want := range map[string]string{
		"see  Lot  66 of it":             "see Lot  66 of it", // kept
		"he saw Zaporoshko, a Sctyship":  "he saw Zaporoshko, a Sctyship",
		"both Sovs. agreed":              "both Soviets agreed",
		"the interSovs. is not the word": "the interSovs. is not the word",
	} {
		if got := Apply(read, Correct(Input{Text: read, Rules: r})); got != want {
			t.Errorf("%q: %q, want %q", read, got, want)
		}
	}
	if r.Digest() == "" || (*Rules)(nil).Digest() != "" {
		t.Error("digest of rules, or of none")
	}
}

func TestRulesErrors(t *testing.T) {
	for _, bad := range []string{"words a b", "mend a", "mend a => a", "test x", "word", "\xff", "word " + strings.Repeat("x", 500)} {
		if _, err := ParseRules([]byte("# one\n" + bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// Any bytes are rules or an error, and rules leave every text undoable.
func FuzzParseRules(f *testing.F) {
	f.Add([]byte("word a\nkeep b c\nmend a => b\ntest a => b"), "a b c  a")
	f.Add([]byte("mend é => e\nkeep \u00ad"), "é\u00ad é")
	f.Fuzz(func(t *testing.T, raw []byte, text string) {
		r, err := ParseRules(raw)
		if err != nil {
			return
		}
		text = strings.ToValidUTF8(text, "")
		cs := Correct(Input{Text: text, Rules: r})
		if back, err := Undo(Apply(text, cs), cs); err != nil || back != text {
			t.Fatalf("undo: %v %q %q", err, back, text)
		}
	})
}
