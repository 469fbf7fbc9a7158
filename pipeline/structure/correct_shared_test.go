//go:build shared

package structure

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"nightshift/pipeline/clean"
)

// The document the project was asked for with: each lost blank and each
// apostrophe is found, nothing else is touched, and undoing gives it back.
func TestMemo(t *testing.T) {
	dir := filepath.Join(os.Getenv("NIGHTSHIFT_SHARED"), "seed")
	raw, err := os.ReadFile(filepath.Join(dir, "memo.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var gold struct {
		Corrections []struct {
			Start, End    int
			Before, After string
		}
	}
	g, err := os.ReadFile(filepath.Join(dir, "memo.gold.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(g, &gold); err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	cs := Parse(Input{Text: text}).Corrections
	folded := 0
	var rest []clean.Correction
	for _, c := range cs {
		if c.Decision != clean.Applied {
			t.Errorf("a flag at %d: %s", c.Start, c.Rule)
		}
		if c.Kind == clean.Apostrophe {
			folded++
		} else {
			rest = append(rest, c)
		}
	}
	if want := strings.Count(text, "ʼ"); folded != want {
		t.Errorf("%d apostrophes folded of %d", folded, want)
	}
	if len(rest) != len(gold.Corrections) {
		t.Fatalf("%d corrections, want %d: %+v", len(rest), len(gold.Corrections), rest)
	}
	for i, c := range rest {
		w := gold.Corrections[i]
		if c.Start != w.Start || c.End != w.End || c.Before != w.Before || c.After != w.After || c.Kind != clean.RunTogether {
			t.Errorf("correction %d is %+v, want %+v", i, c, w)
		}
	}
	if back, err := clean.Undo(clean.Apply(text, cs), cs); err != nil || back != text {
		t.Errorf("undoing does not give the memo back: %v", err)
	}
}

// BenchmarkPublished is structuring and cleaning of the published documents,
// with and without damage, together and each alone; cpuMB/s is by the processor
// time of the process, and so the figure on a machine that others use too.
func BenchmarkPublished(b *testing.B) {
	for _, kind := range []string{"clean", "noisy"} {
		files, err := filepath.Glob(filepath.Join(os.Getenv("NIGHTSHIFT_SHARED"), "frus", kind, "*.txt"))
		if err != nil || len(files) == 0 {
			b.Fatal("no documents", err)
		}
		var texts []string
		var prepared []clean.Input
		size := 0
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				b.Fatal(err)
			}
			texts, size = append(texts, string(raw)), size+len(raw)
			prepared = append(prepared, Cleaning(Input{Text: string(raw)}))
		}
		for name, do := range map[string]func(i int){
			"both":      func(i int) { Parse(Input{Text: texts[i]}) },
			"structure": func(i int) { Cleaning(Input{Text: texts[i]}) }, // but for values, which are read from clean text
			"cleaning":  func(i int) { clean.Correct(prepared[i]) },
		} {
			b.Run(kind+" "+name, func(b *testing.B) {
				do(0) // unpacks the lexicon
				b.SetBytes(int64(size))
				var before, after syscall.Rusage
				_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
				for b.Loop() {
					for i := range texts {
						do(i)
					}
				}
				_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
				spent := time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano())
				b.ReportMetric(float64(size)*float64(b.N)/1e6/spent.Seconds(), "cpuMB/s")
			})
		}
	}
}
