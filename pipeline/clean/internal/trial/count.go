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

// folded makes alike what score.py takes as alike.
func folded(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == 'ʼ' || r == '’' {
			return '\''
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func (o *options) count(name string, text []rune, gold []damage.Edit, cs []clean.Correction, words int) {
	r := o.results
	r.words, r.runes = r.words+words, r.runes+len(text)
	var edits []damage.Edit
	var by []clean.Correction
	for _, c := range cs {
		if c.Decision == clean.Flagged && c.Before != c.After {
			r.flagged(text, c, gold)
		}
		if c.Decision != clean.Applied || folded(c.Before) == folded(c.After) && strings.Contains(c.Before, "ʼ") {
			continue
		}
		edits = append(edits, damage.Edit{Start: c.Start, End: c.End, Before: c.Before, After: c.After})
		by = append(by, c)
	}
	met := make([]bool, len(gold))
	from := 0
	for i, e := range edits {
		for from < len(gold) && gold[from].End+1 < e.Start {
			from++
		}
		hit := false
		for k := from; k < len(gold) && gold[k].Start-1 <= e.End; k++ {
			if e.Start <= gold[k].End+1 && e.End >= gold[k].Start-1 {
				met[k], hit = true, true
			}
		}
		good := repaired(text, e.Start, e.End, 1, edits, gold)
		r.decided(by[i], hit, good)
		if (!hit || !good) && o.listed(by[i].Rule) {
			fmt.Fprintf(o.out, "%s %s %.3f hit %v: %s | %s\n", name, by[i].Rule, by[i].Confidence, hit, around(text, e), by[i].Evidence)
		}
	}
	for k, g := range gold {
		f := r.kind(g)
		f.n++
		if met[k] {
			f.met++
			if repaired(text, g.Start, g.End, 10, edits, gold) {
				f.repaired++
			}
		} else if o.listed(g.Kind) && !g.RealWord {
			fmt.Fprintf(o.out, "%s missed %s: %s\n", name, g.Kind, around(text, g))
		}
	}
	b, a := distances(text, edits, gold)
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
func (r *results) flagged(text []rune, c clean.Correction, gold []damage.Edit) {
	key := fmt.Sprintf("%s flagged %.1f up", c.Rule, math.Floor(c.Confidence*10)/10)
	if r.flags[key] == nil {
		r.flags[key] = &made{}
	}
	k := r.flags[key]
	k.n++
	if !repaired(text, c.Start, c.End, 1, []damage.Edit{{Start: c.Start, End: c.End, Before: c.Before, After: c.After}}, gold) {
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

func around(text []rune, e damage.Edit) string {
	return fmt.Sprintf("%q[%s|%s]%q", string(text[max(0, e.Start-25):e.Start]), e.Before, e.After, string(text[e.End:min(len(text), e.End+25)]))
}

// within are the edits inside lo to hi, and apply the text there with them made.
func within(edits []damage.Edit, lo, hi int) []damage.Edit {
	i, _ := slices.BinarySearchFunc(edits, lo, func(e damage.Edit, lo int) int { return e.Start - lo })
	j := i
	for j < len(edits) && edits[j].Start <= hi {
		j++
	}
	return edits[i:j]
}

func apply(text []rune, edits []damage.Edit, lo, hi int) string {
	var b strings.Builder
	at := lo
	for _, e := range within(edits, lo, hi) {
		if e.Start < at || e.End > hi {
			continue
		}
		b.WriteString(string(text[at:e.Start]))
		b.WriteString(e.After)
		at = e.End
	}
	b.WriteString(string(text[at:hi]))
	return folded(b.String())
}

// repaired tells whether the text from lo to hi, and slack runes around it, is the
// clean one.
func repaired(text []rune, lo, hi, slack int, edits, gold []damage.Edit) bool {
	lo, hi = max(0, lo-slack), min(len(text), hi+slack)
	for _, list := range [][]damage.Edit{edits, gold} {
		i, _ := slices.BinarySearchFunc(list, lo, func(e damage.Edit, lo int) int { return e.Start - lo })
		if i > 0 && list[i-1].End > lo {
			lo = list[i-1].Start
		}
		for _, e := range within(list, lo, hi) {
			hi = max(hi, e.End)
		}
	}
	return apply(text, edits, lo, hi) == apply(text, gold, lo, hi)
}

// distances are those of the text to the clean one before and after cleaning.
func distances(text []rune, edits, gold []damage.Edit) (before, after int) {
	all := slices.Concat(gold, edits)
	slices.SortFunc(all, func(a, b damage.Edit) int { return a.Start - b.Start })
	var windows []damage.Span
	for _, e := range all {
		if n := len(windows); n > 0 && e.Start <= windows[n-1].End+2 {
			windows[n-1].End = max(windows[n-1].End, e.End)
			continue
		}
		windows = append(windows, damage.Span{Start: e.Start, End: e.End})
	}
	for _, w := range windows {
		lo, hi := max(0, w.Start-1), min(len(text), w.End+1)
		want := []rune(apply(text, gold, lo, hi))
		before += distance([]rune(folded(string(text[lo:hi]))), want)
		after += distance([]rune(apply(text, edits, lo, hi)), want)
	}
	return before, after
}

func distance(x, y []rune) int {
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range x {
		last := row[0]
		row[0] = i + 1
		for j, d := range y {
			cost := last
			if c != d {
				cost++
			}
			last, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, cost)
		}
	}
	return row[len(y)]
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
