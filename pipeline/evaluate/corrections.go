package evaluate

import (
	"sort"
	"strings"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
)

// edit is a change of the text, gold or found, in code points.
type edit struct {
	start, end int
	after      string
}

// corrections counts applied corrections against the gold's. A gold edit that an
// applied one touches (one code point of slack) is found, and repaired when the
// text around it becomes the gold's. An applied correction that meets none is a
// false one, counted per 10,000 words. Modifier apostrophes made straight or
// curly are neither.
func (r *Report) corrections(item string, g Gold, text string, s structure.Structure) {
	runes := []rune(text)
	edits := applied(runes, s)
	gold := make([]edit, len(g.Corrections))
	for i, e := range g.Corrections {
		gold[i] = edit{e.Start, e.End, e.After}
	}
	all := r.score("correction, all")
	used := make([]bool, len(gold))
	false0 := 0
	for _, e := range edits {
		hit, fresh := -1, 0
		for i, q := range gold {
			if e.start <= q.end+1 && e.end >= q.start-1 {
				if !used[i] {
					fresh++
				}
				hit, used[i] = i, true
			}
		}
		if hit < 0 {
			false0++
			all.Extra++
			r.Misses = append(r.Misses, Miss{Score: "false correction", Item: item, Found: around(runes, e)})
			continue
		}
		all.Right += fresh
	}
	fixed := r.score("correction repaired to the letter")
	fixed.Exact = true
	for i, q := range g.Corrections {
		k := r.score("correction " + q.name())
		if !used[i] {
			k.Missed++
			all.Missed++
			r.Misses = append(r.Misses, Miss{Score: k.Name, Item: item, Truth: around(runes, gold[i])})
			continue
		}
		k.Right++
		if repaired(runes, gold, edits, gold[i]) {
			fixed.Right++
		} else {
			fixed.Missed++
		}
	}
	r.addRate("false corrections per 10,000 words", 1e4*float64(false0), g.Words)
	before, after := damage(runes, gold, edits)
	r.addRate("character error rate before cleaning", float64(before), len(runes))
	r.addRate("character error rate after cleaning", float64(after), len(runes))
	worse := 0.0
	if after > before {
		worse = 1
		r.Misses = append(r.Misses, Miss{Score: "documents made worse", Item: item})
	}
	r.addRate("share of documents made worse", worse, 1)
}

// addRate adds to a rate that is a sum over a count.
func (r *Report) addRate(name string, sum float64, n int) {
	old := r.rates[name]
	total := old.N + n
	if total == 0 {
		return
	}
	r.rates[name] = Rate{(old.Value*float64(old.N) + sum) / float64(total), total}
}

func (e GoldEdit) name() string {
	switch {
	case e.RealWord:
		return e.Kind + " (real word)"
	case !e.Recoverable:
		return e.Kind + " (not recoverable)"
	}
	return e.Kind
}

// applied are the corrections made, and the running heads that were marked but
// not taken out.
func applied(runes []rune, s structure.Structure) []edit {
	var out []edit
	for _, c := range s.Corrections {
		if c.Decision != clean.Applied || c.Start < 0 || c.End > len(runes) || c.End < c.Start {
			continue
		}
		was := string(runes[c.Start:c.End])
		if strings.ContainsRune(was, '\u02bc') && Fold(was) == Fold(c.After) {
			continue
		}
		out = append(out, edit{c.Start, c.End, c.After})
	}
	if len(s.Documents) > 0 {
		for _, h := range s.Documents[0].Sections {
			if h.Kind != "running-head" || h.Start < 0 || h.End < h.Start || h.End > len(runes) {
				continue
			}
			covered := false
			for _, e := range out {
				covered = covered || e.start <= h.Start && e.end >= h.End
			}
			if !covered {
				out = append(out, edit{h.Start, h.End, ""})
			}
		}
	}
	return out
}

// repaired tells whether the text around a gold edit becomes the gold's.
func repaired(runes []rune, gold, edits []edit, q edit) bool {
	lo, hi := max(0, q.start-10), min(len(runes), q.end+10)
	near, truth := touching(edits, lo, hi), touching(gold, lo, hi)
	for _, e := range append(near[:len(near):len(near)], truth...) {
		lo, hi = min(lo, e.start), max(hi, e.end)
	}
	return Fold(changed(runes, near, lo, hi)) == Fold(changed(runes, truth, lo, hi))
}

func touching(es []edit, lo, hi int) (out []edit) {
	for _, e := range es {
		if e.end >= lo && e.start <= hi {
			out = append(out, e)
		}
	}
	return out
}

func within(es []edit, lo, hi int) (out []edit) {
	for _, e := range es {
		if lo <= e.start && e.end <= hi {
			out = append(out, e)
		}
	}
	return out
}

// changed is the text from lo to hi with the edits made that lie in it.
func changed(runes []rune, es []edit, lo, hi int) string {
	sorted := append([]edit(nil), es...)
	sort.SliceStable(sorted, func(i, j int) bool {
		if sorted[i].start != sorted[j].start {
			return sorted[i].start < sorted[j].start
		}
		return sorted[i].end < sorted[j].end
	})
	var b strings.Builder
	at := lo
	for _, e := range sorted {
		if e.start < at || e.end > hi {
			continue
		}
		b.WriteString(string(runes[at:e.start]))
		b.WriteString(e.after)
		at = e.end
	}
	b.WriteString(string(runes[at:hi]))
	return b.String()
}

// damage is the edit distance from the gold's clean text, of the text as read
// and of the cleaned text, over the stretches where either changes something.
func damage(runes []rune, gold, edits []edit) (before, after int) {
	all := append(append([]edit(nil), gold...), edits...)
	sort.Slice(all, func(i, j int) bool { return all[i].start < all[j].start })
	var spans [][2]int
	for _, e := range all {
		if n := len(spans); n > 0 && e.start <= spans[n-1][1]+2 {
			spans[n-1][1] = max(spans[n-1][1], e.end)
			continue
		}
		spans = append(spans, [2]int{e.start, e.end})
	}
	for _, w := range spans {
		lo, hi := max(0, w[0]-1), min(len(runes), w[1]+1)
		want := Fold(changed(runes, within(gold, lo, hi), lo, hi))
		before += Distance(Fold(string(runes[lo:hi])), want)
		after += Distance(Fold(changed(runes, within(edits, lo, hi), lo, hi)), want)
	}
	return before, after
}

// around shows an edit with what stands on both sides.
func around(runes []rune, e edit) string {
	lo, hi := max(0, min(e.start, len(runes))-25), min(len(runes), e.end+25)
	return string(runes[lo:e.start]) + "⟦" + string(runes[e.start:e.end]) + "→" + e.after + "⟧" + string(runes[e.end:hi])
}

// Distance is the Levenshtein distance of two strings in code points.
func Distance(x, y string) int {
	if x == y {
		return 0
	}
	a, b := []rune(x), []rune(y)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range a {
		last := row[0]
		row[0] = i + 1
		for j, d := range b {
			cost := last
			if c != d {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(last+1, row[j]+1, cost)
		}
	}
	return row[len(b)]
}
