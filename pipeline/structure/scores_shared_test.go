//go:build shared

package structure

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline/clean"
)

// score is a figure of score.py; what a figure lacks is zero.
type score struct {
	P, R, Share float64
	Value       any
	N           int
}

// scores structures the published documents of a kind, checks that each can be
// undone, and has score.py compare them with the truth.
func scores(t *testing.T, kind string) map[string]score {
	t.Helper()
	shared, out := os.Getenv("NIGHTSHIFT_SHARED"), t.TempDir()
	files, err := filepath.Glob(filepath.Join(shared, "frus", kind, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		s := Parse(Input{Text: text})
		if back, err := clean.Undo(clean.Apply(text, s.Corrections), s.Corrections); err != nil || back != text {
			t.Errorf("%s: undoing does not give it back: %v", f, err)
		}
		j, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(out, strings.TrimSuffix(filepath.Base(f), ".txt")+".json"), j, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := exec.Command("python3", filepath.Join(shared, "eval", "score.py"), filepath.Join(shared, "frus", kind), out, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]score
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// Floors a little under what is reached, so that a change that loses something
// is seen. What score.py counts as false on clean documents are lost blanks of
// the edition's own, eight of ten in one document.
func TestCleaningScores(t *testing.T) {
	got := scores(t, "noisy")
	for name, floor := range map[string]float64{
		"soft-hyphen": 0.999, "ligature": 0.999, "invisible-char": 0.999, "odd-space": 0.999, "double-space": 0.999,
		"linebreak-hyphen": 0.98, "linebreak-true-hyphen": 0.98, "hard-wrap": 0.99, "running-head": 0.97, "stray-punct": 0.95,
		"space-before-punct": 0.95, "punct-space-lost": 0.96, "run-together": 0.92, "merged-words": 0.91, "split-word": 0.89,
		"confusion": 0.86, "replacement-char": 0.89,
	} {
		if s := got["correction "+name]; s.R < floor {
			t.Errorf("%s: recall %.4f of %d, floor %.3f", name, s.R, s.N, floor)
		}
	}
	if s := got["modifier apostrophes folded"]; s.Share < 1 {
		t.Errorf("modifier apostrophes folded: %.4f", s.Share)
	}
	if s := got["repaired to the letter, of those found"]; s.Share < 0.975 {
		t.Errorf("repaired to the letter: %.4f", s.Share)
	}
	if s := got["documents made worse"]; s.N > 0 {
		t.Errorf("%d documents made worse", s.N)
	}
	if rate, ok := got["character error rate before, after"].Value.([]any); !ok || len(rate) != 2 || rate[1].(float64) > 0.25*rate[0].(float64) {
		t.Errorf("error rate before and after: %v", rate)
	}
	got = scores(t, "clean")
	if v := got["false corrections per 10,000 words"].Value.(float64); v > 0.45 {
		t.Errorf("false corrections per 10,000 words: %.3f", v)
	}
}
