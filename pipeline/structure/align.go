package structure

import (
	"maps"
	"math"
	"slices"
)

// mark is a note mark that was found: its candidate and the note's index from 1.
type mark struct {
	candidate
	note  int
	share float64 // confidence
}

// chosen is what it speaks for a candidate, in logarithms of odds, that the whole
// document's alignment chose it: set so that the confidences given are those
// found over published documents (docs/structure.md).
const chosen = 5.0

// Marks that repeat a number: how convincing each must be by itself, and what a
// repetition costs.
const (
	repeatable = 2.0
	repeated   = 1.0
	recalling  = 3.0 // of one that goes back to a lower number
	recalled   = 2.5
)

// Limits of the alignment, so that its time stays linear in the text.
const (
	maxSymbols  = 64 // candidates that are symbols, beyond which symbols are no marks
	maxSymbolic = 6  // marks that are symbols
	maxRepeats  = 2  // marks that repeat the number before them
)

// align chooses the marks of a list of n notes: the order-preserving choice of
// candidates with the greatest weight, where the number printed is the note's
// place plus one shift for the whole document (lists are renumbered), less the
// symbols before it.
func align(cands []candidate, n int, own []string) []mark {
	if n == 0 || len(cands) == 0 {
		return nil
	}
	symbolic := 0
	for _, c := range cands {
		if c.number < 0 {
			symbolic++
		}
	}
	if symbolic > maxSymbols || symbolic*n > 1<<16 {
		symbolic = 0
	}
	more := min(symbolic, maxSymbolic) + min(repeats(cands), maxRepeats)
	var best []mark
	top := math.Inf(-1)
	for _, shift := range shifts(cands, n, own) {
		for _, layers := range []int{1, more + 1} {
			if found, w := alignShifted(cands, n, shift, layers); w > top+1e-9 {
				best, top = found, w
			}
			if more == 0 {
				break
			}
		}
	}
	return best
}

// repeats counts convincing candidates with the number of the convincing one
// before them, or a lower one: a list may go on where its marks repeat one.
func repeats(cands []candidate) int {
	n, last := 0, 0
	for _, c := range cands {
		if c.number < 1 || c.weight < repeatable {
			continue
		}
		if c.number < last && c.weight >= recalling {
			n++
			continue
		}
		if c.number == last {
			n++
		}
		last = c.number
	}
	return n
}

// shifts are the differences between the numbers printed and the notes' places
// that are worth trying: none, one less, as the list's own labels say, and what
// the first convincing candidates would mean.
func shifts(cands []candidate, n int, own []string) []int {
	out := []int{0, -1}
	add := func(s int) {
		for _, o := range out {
			if o == s {
				return
			}
		}
		out = append(out, s)
	}
	if len(own) > 0 {
		if v, _ := number(own[0]); v > 1 {
			add(v - 1)
		}
	}
	runs := map[int]int{} // how many convincing candidates go on from the one before
	last, first := -2, 0
	for _, c := range cands {
		if c.number < 1 || c.weight < 2 {
			continue
		}
		if c.number == last+1 {
			runs[first]++
		} else {
			first = c.number
		}
		last = c.number
	}
	for _, f := range slices.Sorted(maps.Keys(runs)) {
		if 2*runs[f] >= n && f > 1 && len(out) < 8 {
			add(f - 1)
		}
	}
	return out
}

// step is the best alignment that ends with a candidate at a note.
type step struct {
	cand, note, layer int
	back              int // step before, -1 for none
}

// alignShifted is the best alignment with one shift. layers-1 is how many
// symbols it may use. For each layer a tree of prefix maxima holds, by note,
// the best weight of an alignment that ends there, so that the whole takes
// len(cands)·log n.
func alignShifted(cands []candidate, n, shift, layers int) ([]mark, float64) {
	trees := make([]maxima, layers)
	for i := range trees {
		trees[i] = newMaxima(n + 1)
	}
	trees[0].raise(0, 0, -1)
	var steps []step
	for ci, c := range cands {
		if c.number < 0 {
			for layer := layers - 1; layer > 0; layer-- {
				for note := n; note >= 1; note-- {
					if w, from := trees[layer-1].upTo(note - 1); !math.IsInf(w, -1) {
						steps = append(steps, step{ci, note, layer, from})
						trees[layer].raise(note, w+c.weight-noteMissed, len(steps)-1)
					}
				}
			}
			continue
		}
		for layer := layers - 1; layer > 0 && c.weight >= recalling; layer-- {
			if w, from := trees[layer-1].upTo(n); from >= 0 && steps[from].note < n && c.number < cands[steps[from].cand].number {
				note := steps[from].note + 1
				steps = append(steps, step{ci, note, layer, from})
				trees[layer].raise(note, w+c.weight-noteMissed-recalled, len(steps)-1)
			}
		}
		for layer := layers - 1; layer >= 0; layer-- { // so that none follows itself
			note := c.number - shift + layer
			if len(c.label) > 1 && c.label[len(c.label)-1] >= 'a' {
				note++ // 60a follows 60
			}
			if note < 1 || note > n {
				continue
			}
			w, from := trees[layer].upTo(note - 1)
			if layer > 0 && c.weight >= repeatable {
				if r, f := trees[layer-1].upTo(note - 1); f >= 0 && steps[f].note == note-1 && cands[steps[f].cand].number == c.number && r-repeated > w {
					w, from = r-repeated, f
				}
			}
			if !math.IsInf(w, -1) {
				steps = append(steps, step{ci, note, layer, from})
				trees[layer].raise(note, w+c.weight-noteMissed, len(steps)-1)
			}
		}
	}
	top, end := math.Inf(-1), -1
	for l := range trees {
		if w, from := trees[l].upTo(n); w-0.01*float64(l) > top {
			top, end = w-0.01*float64(l), from
		}
	}
	var out []mark
	for ; end >= 0; end = steps[end].back {
		c := cands[steps[end].cand]
		out = append(out, mark{candidate: c, note: steps[end].note, share: 1 / (1 + math.Exp(-c.weight-chosen))})
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out, top
}

// maxima is a Fenwick tree of prefix maxima with the step that reached them.
type maxima struct {
	w    []float64
	from []int
}

func newMaxima(n int) maxima {
	m := maxima{make([]float64, n+1), make([]int, n+1)}
	for i := range m.w {
		m.w[i], m.from[i] = math.Inf(-1), -1
	}
	return m
}

func (m maxima) raise(i int, w float64, from int) {
	for i++; i < len(m.w); i += i & -i {
		if w > m.w[i] {
			m.w[i], m.from[i] = w, from
		}
	}
}

func (m maxima) upTo(i int) (float64, int) {
	w, from := math.Inf(-1), -1
	for i++; i > 0; i -= i & -i {
		if m.w[i] > w {
			w, from = m.w[i], m.from[i]
		}
	}
	return w, from
}
