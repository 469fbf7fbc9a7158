package evaluate

import (
	"sort"
	"strings"

	"nightshift/pipeline/transcript"
)

// Edit is a change of a text, one that is known or one that was made: the code
// points Start to End are to become After.
type Edit struct {
	Start, End int
	After      string
}

// Repaired tells whether the text at q, with so many code points around it, is what
// gold makes of it once edits are made.
func Repaired(runes []rune, gold, edits []Edit, q Edit, slack int) bool {
	lo, hi := max(0, q.Start-slack), min(len(runes), q.End+slack)
	for {
		near, truth := touching(edits, lo, hi), touching(gold, lo, hi)
		from, to := lo, hi
		for _, e := range append(near[:len(near):len(near)], truth...) {
			from, to = min(from, e.Start), max(to, e.End)
		}
		if from == lo && to == hi {
			return Fold(changed(runes, near, lo, hi)) == Fold(changed(runes, truth, lo, hi))
		}
		lo, hi = from, to // others may touch what these add
	}
}

func touching(es []Edit, lo, hi int) (out []Edit) {
	for _, e := range es {
		if e.End >= lo && e.Start <= hi {
			out = append(out, e)
		}
	}
	return out
}

func within(es []Edit, lo, hi int) (out []Edit) {
	for _, e := range es {
		if lo <= e.Start && e.End <= hi {
			out = append(out, e)
		}
	}
	return out
}

// changed is the text from lo to hi with the edits made that lie in it.
func changed(runes []rune, es []Edit, lo, hi int) string {
	sorted := append([]Edit(nil), es...)
	sort.SliceStable(sorted, func(i, j int) bool {
		if sorted[i].Start != sorted[j].Start {
			return sorted[i].Start < sorted[j].Start
		}
		return sorted[i].End < sorted[j].End
	})
	var b strings.Builder
	at := lo
	for _, e := range sorted {
		if e.Start < at || e.End > hi {
			continue
		}
		b.WriteString(string(runes[at:e.Start]))
		b.WriteString(e.After)
		at = e.End
	}
	b.WriteString(string(runes[at:hi]))
	return b.String()
}

// Distances are the edit distance from the gold's clean text, of the text as read
// and of the cleaned text, over the stretches where either changes something.
func Distances(runes []rune, gold, edits []Edit) (before, after int) {
	all := append(append([]Edit(nil), gold...), edits...)
	sort.Slice(all, func(i, j int) bool { return all[i].Start < all[j].Start })
	var spans [][2]int
	for _, e := range all {
		if n := len(spans); n > 0 && e.Start <= spans[n-1][1]+2 {
			spans[n-1][1] = max(spans[n-1][1], e.End)
			continue
		}
		spans = append(spans, [2]int{e.Start, e.End})
	}
	for _, w := range spans {
		lo, hi := max(0, w[0]-1), min(len(runes), w[1]+1)
		want := Fold(changed(runes, within(gold, lo, hi), lo, hi))
		before += Distance(Fold(string(runes[lo:hi])), want)
		after += Distance(Fold(changed(runes, within(edits, lo, hi), lo, hi)), want)
	}
	return before, after
}

// Around shows an edit with what stands on both sides.
func Around(runes []rune, e Edit) string {
	lo, hi := max(0, min(e.Start, len(runes))-25), min(len(runes), e.End+25)
	return string(runes[lo:e.Start]) + "⟦" + string(runes[e.Start:e.End]) + "→" + e.After + "⟧" + string(runes[e.End:hi])
}

// Distance is the Levenshtein distance of two strings in code points.
func Distance(x, y string) int { return transcript.Distance([]rune(x), []rune(y)) }
