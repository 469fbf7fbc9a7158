package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/clean/internal/damage"
	"nightshift/pipeline/evaluate"
)

// results are counted over all texts. Found, false and worse are as
// ../shared/eval/score.py counts them.
type results struct {
	kinds                map[string]*found
	rules                map[string]*made
	words, runes         int
	before, after        int // edit distance to the clean text
	worse                []string
	outright, wrong, all int // corrections that meet no edit; that meet one and do not repair it; in all
	levels, flags        map[string]*made
}

// found is how many of a kind there are, were met, and were repaired.
type found struct{ n, met, repaired int }

// made is how many corrections a rule made, that met no damage, and that met
// some and did not repair it.
type made struct{ n, outright, wrong int }

func newResults() *results {
	return &results{kinds: map[string]*found{}, rules: map[string]*made{}, levels: map[string]*made{}, flags: map[string]*made{}}
}

func (o *options) count(name string, text []rune, damaged []damage.Edit, cs []clean.Correction, words int) {
	r := o.results
	gold := edits(damaged)
	r.words, r.runes = r.words+words, r.runes+len(text)
	var made []evaluate.Edit
	var by []clean.Correction
	for _, c := range cs {
		if c.Decision == clean.Flagged && c.Before != c.After {
			r.flagged(text, c, gold)
		}
		if c.Decision != clean.Applied || evaluate.Fold(c.Before) == evaluate.Fold(c.After) && strings.Contains(c.Before, "ʼ") {
			continue
		}
		made = append(made, edit(c.Start, c.End, c.After))
		by = append(by, c)
	}
	met := make([]bool, len(gold))
	from := 0
	for i, e := range made {
		for from < len(gold) && gold[from].End+1 < e.Start {
			from++
		}
		hit := false
		for k := from; k < len(gold) && gold[k].Start-1 <= e.End; k++ {
			if e.Start <= gold[k].End+1 && e.End >= gold[k].Start-1 {
				met[k], hit = true, true
			}
		}
		good := evaluate.Repaired(text, gold, made, e, 1)
		r.decided(by[i], hit, good)
		if (!hit || !good) && o.listed(by[i].Rule) {
			fmt.Fprintf(o.out, "%s %s %.3f hit %v: %s | %s\n", name, by[i].Rule, by[i].Confidence, hit, evaluate.Around(text, e), by[i].Evidence)
		}
	}
	for k, g := range damaged {
		f := r.kind(g)
		f.n++
		if met[k] {
			f.met++
			if evaluate.Repaired(text, gold, made, gold[k], 10) {
				f.repaired++
			}
		} else if o.listed(g.Kind) && !g.RealWord {
			fmt.Fprintf(o.out, "%s missed %s: %s\n", name, g.Kind, evaluate.Around(text, gold[k]))
		}
	}
	b, a := evaluate.Distances(text, gold, made)
	r.before, r.after = r.before+b, r.after+a
	if a > b {
		r.worse = append(r.worse, name)
	}
}

func (o *options) listed(what string) bool { return slices.Contains(strings.Split(o.list, ","), what) }

func (r *results) kind(g damage.Edit) *found {
	name := g.Kind
	if g.RealWord {
		name += " (nothing tells)"
	}
	if r.kinds[name] == nil {
		r.kinds[name] = &found{}
	}
	return r.kinds[name]
}

// flagged counts a flag: right when the text would be the clean one there.
func (r *results) flagged(text []rune, c clean.Correction, gold []evaluate.Edit) {
	key := fmt.Sprintf("%s flagged %.1f up", c.Rule, math.Floor(c.Confidence*10)/10)
	if r.flags[key] == nil {
		r.flags[key] = &made{}
	}
	k := r.flags[key]
	k.n++
	if e := edit(c.Start, c.End, c.After); !evaluate.Repaired(text, gold, []evaluate.Edit{e}, e, 1) {
		k.wrong++
	}
}

func (r *results) decided(c clean.Correction, hit, good bool) {
	level := "below 0.95"
	for _, lo := range []string{"0.95", "0.98", "0.99", "0.995"} {
		var f float64
		_, _ = fmt.Sscan(lo, &f)
		if c.Confidence >= f {
			level = lo + " up"
		}
	}
	for m, key := range map[*map[string]*made]string{&r.rules: c.Rule, &r.levels: level} {
		if (*m)[key] == nil {
			(*m)[key] = &made{}
		}
		k := (*m)[key]
		k.n++
		switch {
		case !hit:
			k.outright++
		case !good:
			k.wrong++
		}
	}
	r.all++
	switch {
	case !hit:
		r.outright++
	case !good:
		r.wrong++
	}
}

// edits are the damage's edits as package evaluate takes them.
func edits(of []damage.Edit) []evaluate.Edit {
	out := make([]evaluate.Edit, len(of))
	for i, e := range of {
		out[i] = edit(e.Start, e.End, e.After)
	}
	return out
}

func edit(start, end int, after string) evaluate.Edit {
	return evaluate.Edit{Start: start, End: end, After: after}
}

func (r *results) print(out io.Writer) {
	for _, k := range slices.Sorted(maps.Keys(r.kinds)) {
		f := r.kinds[k]
		fmt.Fprintf(out, "%-40s n %5d  found %.3f  repaired %.3f\n", k, f.n, share(f.met, f.n), share(f.repaired, f.n))
	}
	for _, m := range []map[string]*made{r.rules, r.levels, r.flags} {
		fmt.Fprintln(out)
		for _, k := range slices.Sorted(maps.Keys(m)) {
			x := m[k]
			fmt.Fprintf(out, "%-26s made %5d  right %.4f  (no damage there %d, damage there and not repaired %d)\n", k, x.n, 1-share(x.outright+x.wrong, x.n), x.outright, x.wrong)
		}
	}
	fmt.Fprintf(out, "\ncorrections %d, right %.4f; false per 10,000 words %.2f; error rate %.4f%% -> %.4f%%; documents made worse %d %v\n",
		r.all, 1-share(r.outright+r.wrong, r.all), 1e4*share(r.outright, r.words), 100*share(r.before, r.runes), 100*share(r.after, r.runes), len(r.worse), r.worse)
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
