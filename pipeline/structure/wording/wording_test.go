package wording

import "testing"

func TestNear(t *testing.T) {
	for _, c := range []struct {
		a, b string
		near bool
	}{
		{"te1egram", "telegram", true},
		{"memorandun", "memorandum", true},
		{"rnemorandum", "memorandum", true},
		{"subj3ct", "subject", true},
		{"date", "data", false}, // too short to be forgiven
		{"from", "form", false},
		{"secretary", "secret", false},
		{"", "", true},
	} {
		if got := Near(c.a, c.b); got != c.near {
			t.Errorf("Near(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

// TestForeign holds the quick look against counting edits in full: it may not turn
// down what counting would take.
func TestForeign(t *testing.T) {
	words := []string{"subject", "subjoct", "participants", "partlcipants", "parlicipant", "memorandum", "rnemorandurn", "classification", "ciassificatior", "aaaaaaaaaa", "abababababab"}
	for _, a := range words {
		for _, b := range words {
			d := distance(a, b, maxWord)
			if f := max(Foreign(a, b), Foreign(b, a)); f > d {
				t.Errorf("Foreign says %q and %q are %d apart, they are %d", a, b, f, d)
			}
		}
	}
}

func TestMend(t *testing.T) {
	l := NewLexicon([]string{"intelligence estimate", "backchannel message", "office memorandum"})
	for in, want := range map[string]string{
		"Special Intelhgence Estimate":     "special intelligence estimate",
		"Backc\u200bhannel Messaqe":        "backchannel message",
		"OFFICE MEMORANDUM":                "office memorandum",
		"O\ufb03ce Memo\u00adrandum, 1953": "office memorandum, 1953",
	} {
		if got := l.Mend(in); got != want {
			t.Errorf("Mend(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSeen(t *testing.T) {
	for in, want := range map[string]string{
		"Harbour, Janu\u2060ary 17":     "Harbour, January 17",
		"Port\u00a0Files":               "Port Files",
		"O\ufb03ce of\u2009A\ufb00airs": "Office of Affairs",
		"co\u00adoperate\nBirch":        "cooperate\nBirch",
		"plain":                         "plain",
	} {
		if got := Seen(in); got != want {
			t.Errorf("Seen(%q) = %q, want %q", in, got, want)
		}
	}
}
