//go:build shared

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"nightshift/pipeline/clean/internal/damage"
	"nightshift/pipeline/clean/lexicon"
)

// Damage that the rules were not written looking at, at several rates and in
// lines or not: most of what can be told is found, what is mended was damaged,
// and no document is made worse. Floors a little under what is reached.
func TestOtherDamage(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(os.Getenv("NIGHTSHIFT_SHARED"), "frus", "clean", "*.gold.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	floors := map[string]float64{
		"confusion": 0.70, "homoglyph": 0.95, "inner-capital": 0.75, "merged-words": 0.88, "split-word": 0.87, "split-hyphen": 0.85, "replacement-char": 0.9,
		"question-mark": 0.78, "invisible": 0.99, "soft-hyphen": 0.99, "ligature": 0.99, "space": 0.99, "punct-space-lost": 0.95, "linebreak-hyphen": 0.99, "hard-wrap": 0.99,
		"stray": 0.78, "stray-at-word": 0.84, "symbol": 0.4,
	}
	for _, s := range []damage.Settings{{Seed: 11, Rate: 0.02}, {Seed: 12, Rate: 0.04, Wrap: true}, {Seed: 13, Rate: 0.10}} {
		t.Run(fmt.Sprintf("rate %.2f", s.Rate), func(t *testing.T) {
			o := options{Settings: s, out: io.Discard, results: newResults()}
			o.IsWord = func(w string) bool { return lexicon.Default().Find([]byte(w)) != lexicon.None }
			for i, f := range files {
				o.Seed = s.Seed<<20 + uint64(i)
				if err := o.one(f); err != nil {
					t.Fatal(f, err)
				}
			}
			r := o.results
			for k, floor := range floors {
				if f := r.kinds[k]; f != nil && share(f.met, f.n) < floor {
					t.Errorf("%s: %.3f of %d found, floor %.2f", k, share(f.met, f.n), f.n, floor)
				}
			}
			if right := 1 - share(r.outright+r.wrong, r.all); right < 0.975 {
				t.Errorf("%.4f of %d corrections right", right, r.all)
			}
			if r.after*3 > r.before {
				t.Errorf("error rate from %d to %d in %d", r.before, r.after, r.runes)
			}
			if len(r.worse) > 1 {
				t.Errorf("made worse: %v", r.worse)
			}
		})
	}
}
