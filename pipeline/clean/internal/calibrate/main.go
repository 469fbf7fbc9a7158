// Command calibrate counts, over texts with known corrections, how often the
// rules that weigh words are right at each margin, fits the curves of
// clean.calibration, and shows what they are worth on volumes they were not
// fitted on.
//
//	go run ./pipeline/clean/internal/calibrate ../shared/frus/noisy ../shared/frus/clean
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

// gold is what is known of a text.
type gold struct {
	Volume      string
	Corrections []struct {
		Start, End    int
		Before, After string
		RealWord      bool
	}
}

// seen is a candidate and whether it is right.
type seen struct {
	volume, rule string
	margin       float64
	right        bool
}

func run(dirs []string, out io.Writer) error {
	if len(dirs) == 0 {
		return errors.New("usage: calibrate DIR…")
	}
	var all []seen
	for _, d := range dirs {
		files, err := filepath.Glob(filepath.Join(d, "*.gold.json"))
		if err != nil {
			return err
		}
		for _, f := range files {
			if all, err = one(f, all); err != nil {
				return err
			}
		}
	}
	byRule := map[string][]seen{}
	for _, s := range all {
		byRule[s.rule] = append(byRule[s.rule], s)
	}
	for _, rule := range slices.Sorted(maps.Keys(byRule)) {
		table(out, rule, byRule[rule])
	}
	return nil
}

// shown is the margin above which wrong candidates are listed on standard error.
const shown = 6

func one(file string, all []seen) ([]seen, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var g gold
	if err := json.Unmarshal(raw, &g); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(strings.TrimSuffix(file, ".gold.json") + ".txt")
	if err != nil {
		return nil, err
	}
	runes := []rune(string(text))
	for _, w := range clean.Weigh(structure.Cleaning(structure.Input{Text: string(text)})) {
		right := g.right(runes, w.Correction)
		if !right && w.Margin > shown {
			fmt.Fprintf(os.Stderr, "%s %s %.1f: %q[%s|%s]%q\n", filepath.Base(file), w.Rule, w.Margin,
				string(runes[max(0, w.Start-20):w.Start]), w.Before, w.After, string(runes[w.End:min(len(runes), w.End+15)]))
		}
		all = append(all, seen{g.Volume, w.Rule, w.Margin, right})
	}
	return all, nil
}

// right tells whether a correction gives what the gold says stood there, over
// the word it is in.
func (g *gold) right(text []rune, c clean.Correction) bool {
	lo, hi := c.Start, c.End
	for lo > 0 && text[lo-1] > ' ' {
		lo--
	}
	for hi < len(text) && text[hi] > ' ' {
		hi++
	}
	mine := string(text[lo:c.Start]) + c.After + string(text[c.End:hi])
	var b strings.Builder
	at := lo
	touched := false
	for _, k := range g.Corrections {
		if k.End < lo || k.Start > hi || k.Start < at {
			continue
		}
		if k.End > hi {
			hi = k.End
			mine += string(text[min(len(text), c.End+len([]rune(mine))):min(len(text), c.End+len([]rune(mine)))])
		}
		touched = touched || k.Start <= c.End && k.End >= c.Start
		b.WriteString(string(text[at:k.Start]))
		b.WriteString(k.After)
		at = k.End
	}
	if !touched {
		return false
	}
	b.WriteString(string(text[at:max(at, hi)]))
	want := letters(b.String())
	return strings.Contains(want, letters(mine)) || strings.Contains(letters(mine), want) || similar(want, letters(mine))
}

// letters folds what other rules mend.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'ʼ' || r == '’':
			return '\''
		case r == '\n':
			return ' '
		case r == 0xAD || r >= 0x200B && r <= 0x200D || r == 0x2060 || r == 0xFEFF:
			return -1
		}
		return r
	}, strings.NewReplacer("ﬁ", "fi", "ﬂ", "fl", "ﬀ", "ff", "ﬃ", "ffi", "ﬄ", "ffl").Replace(s))
}

// similar allows for one other damage in the same word.
func similar(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	for _, w := range y {
		if len(w) > 2 && slices.Contains(x, w) {
			return true
		}
	}
	return false
}

// table prints one rule: counts by margin, the curve, and what the curves
// fitted without each volume say of it.
func table(out io.Writer, rule string, all []seen) {
	fmt.Fprintf(out, "%s: %d candidates\n", rule, len(all))
	for lo := 0.0; lo < 24; lo += 2 {
		n, right := 0, 0
		for _, s := range all {
			if s.margin >= lo && (s.margin < lo+2 || lo == 22) {
				n++
				if s.right {
					right++
				}
			}
		}
		if n > 0 {
			fmt.Fprintf(out, "  %4.0f bits %5d  right %.3f\n", lo, n, float64(right)/float64(n))
		}
	}
	a, b := fit(all)
	fmt.Fprintf(out, "  curve{%.2f, %.2f}\n", a, b)
	volumes := map[string]bool{}
	for _, s := range all {
		volumes[s.volume] = true
	}
	bins := map[string][2]int{}
	for v := range volumes {
		var rest []seen
		for _, s := range all {
			if s.volume != v {
				rest = append(rest, s)
			}
		}
		a, b := fit(rest)
		for _, s := range all {
			if s.volume == v {
				bin := binOf(1 / (1 + math.Exp(-(a + b*s.margin))))
				c := bins[bin]
				c[0]++
				if s.right {
					c[1]++
				}
				bins[bin] = c
			}
		}
	}
	for _, bin := range slices.Sorted(maps.Keys(bins)) {
		fmt.Fprintf(out, "  held out, said %s: %5d, right %.3f\n", bin, bins[bin][0], float64(bins[bin][1])/float64(bins[bin][0]))
	}
}

func binOf(p float64) string {
	for _, lo := range []float64{0.99, 0.98, 0.95, 0.9, 0.8, 0.6} {
		if p >= lo {
			return fmt.Sprintf("%.2f up", lo)
		}
	}
	return "0.00 up"
}

// fit finds the logistic curve by Newton's method with shortened steps, and a
// weak pull towards 1/(1+exp(-0.3*margin)).
func fit(all []seen) (a, b float64) {
	a, b = 0, 0.3
	for range 60 {
		ga, gb, haa, hab, hbb := -0.1*a, -0.1*(b-0.3), 0.1, 0.0, 0.1
		for _, s := range all {
			p := 1 / (1 + math.Exp(-(a + b*s.margin)))
			d, w := -p, p*(1-p)
			if s.right {
				d = 1 - p
			}
			ga, gb = ga+d, gb+d*s.margin
			haa, hab, hbb = haa+w, hab+w*s.margin, hbb+w*s.margin*s.margin
		}
		det := haa*hbb - hab*hab
		da, db := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		step := 1.0
		for now := fitness(all, a, b); step > 1e-6 && fitness(all, a+step*da, b+step*db) < now; step /= 2 {
		}
		a, b = a+step*da, b+step*db
	}
	return a, b
}

// fitness is the logarithm of how likely the curve makes what was seen.
func fitness(all []seen, a, b float64) float64 {
	sum := -0.05*a*a - 0.05*(b-0.3)*(b-0.3)
	for _, s := range all {
		z := a + b*s.margin
		if !s.right {
			z = -z
		}
		sum -= math.Log1p(math.Exp(-z))
	}
	return sum
}
