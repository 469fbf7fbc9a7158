package evaluate

import (
	"strings"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
)

// corrections counts applied corrections against the gold's. A gold edit that an
// applied one touches (one code point of slack) is found, and repaired when the
// text around it becomes the gold's. An applied correction that meets none is a
// false one, counted per 10,000 words. Modifier apostrophes made straight or
// curly are neither.
func (r *Report) corrections(item string, g Gold, text string, s structure.Structure) {
	runes := []rune(text)
	edits := applied(runes, s)
	gold := make([]Edit, len(g.Corrections))
	for i, e := range g.Corrections {
		gold[i] = Edit{e.Start, e.End, e.After}
	}
	all := r.score("correction, all")
	used := make([]bool, len(gold))
	false0 := 0
	for _, e := range edits {
		hit, fresh := -1, 0
		for i, q := range gold {
			if e.Start <= q.End+1 && e.End >= q.Start-1 {
				if !used[i] {
					fresh++
				}
				hit, used[i] = i, true
			}
		}
		if hit < 0 {
			false0++
			all.Extra++
			r.Misses = append(r.Misses, Miss{Score: "false correction", Item: item, Found: Around(runes, e)})
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
			r.Misses = append(r.Misses, Miss{Score: k.Name, Item: item, Truth: Around(runes, gold[i])})
			continue
		}
		k.Right++
		if Repaired(runes, gold, edits, gold[i], 10) {
			fixed.Right++
		} else {
			fixed.Missed++
		}
	}
	r.addRate("false corrections per 10,000 words", 1e4*float64(false0), g.Words)
	before, after := Distances(runes, gold, edits)
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
func applied(runes []rune, s structure.Structure) []Edit {
	var out []Edit
	for _, c := range s.Corrections {
		if c.Decision != clean.Applied || c.Start < 0 || c.End > len(runes) || c.End < c.Start {
			continue
		}
		was := string(runes[c.Start:c.End])
		if strings.ContainsRune(was, '\u02bc') && Fold(was) == Fold(c.After) {
			continue
		}
		out = append(out, Edit{c.Start, c.End, c.After})
	}
	if len(s.Documents) > 0 {
		for _, h := range s.Documents[0].Sections {
			if h.Kind != "running-head" || h.Start < 0 || h.End < h.Start || h.End > len(runes) {
				continue
			}
			covered := false
			for _, e := range out {
				covered = covered || e.Start <= h.Start && e.End >= h.End
			}
			if !covered {
				out = append(out, Edit{h.Start, h.End, ""})
			}
		}
	}
	return out
}
