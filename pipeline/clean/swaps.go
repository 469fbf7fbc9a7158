package clean

import (
	"bytes"
	"fmt"
)

// swaps are the readings of token i with one character or two changed that
// engines confuse.
func (c *cleaner) swaps(found []candidate, i int) []candidate {
	t := &c.toks[i]
	w := c.word(t)
	if len(w) < 3 && !(len(w) == 2 && c.hurt && t.shape == 0) || !asciiOnly(w) || t.shape&capitals != 0 && len(w) < 6 || t.shape&mixed != 0 && bytes.IndexByte(w[1:], 'I') < 0 {
		return found
	}
	low := lower(w)
	best, second := reading{likely: -999}, -999.0
	keep := func(r reading, cost float64) {
		r.likely -= cost
		if r.likely > best.likely {
			if r.word != best.word {
				second = best.likely
			}
			best = r
		} else if r.word != best.word && r.likely > second {
			second = r.likely
		}
	}
	var buf [2*maxWord + 8]byte
	hyphened := 0.0
	if t.lo > 0 && c.view[t.lo-1] == '-' {
		hyphened = 6 // part of a compound or of a foreign name
	}
	undamaged(low, buf[:0], func(cand []byte, _ int, k *confusion) {
		if r, ok := c.likelihood(cand, i, i, t.shape); ok {
			r.why = fmt.Sprintf("“%s” is read for “%s”; ", k.read, k.meant) + r.why
			keep(r, k.cost+hyphened)
		}
	})
	if best.likely == -999 && c.hurt && len(w) > 6 {
		var outer [2*maxWord + 8]byte
		undamaged(low, outer[:0], func(once []byte, from int, a *confusion) {
			if a.cost > 5 {
				return
			}
			undamaged(once, buf[:0], func(cand []byte, at int, b *confusion) {
				if b.cost > 5 || at <= from {
					return
				}
				if r, ok := c.likelihood(cand, i, i, t.shape); ok {
					r.why = fmt.Sprintf("“%s” is read for “%s”, “%s” for “%s”; ", a.read, a.meant, b.read, b.meant) + r.why
					keep(r, a.cost+b.cost+4+hyphened)
				}
			})
		})
	}
	if best.likely == -999 || len(w) < 4 && !(functional[best.word] && c.paired(i, best.word)) || !c.ordinary(best.word) {
		return found
	}
	second = max(second, c.otherwise(low, best.word, i, t.shape))
	best.likely += c.variant(low, best.word, t.shape)
	return append(found, c.replaced(i, best, second, Confusion, "confused-characters", low, t.shape))
}

// ordinary tells whether a word is in ordinary use, or the document's own.
func (c *cleaner) ordinary(w string) bool {
	id := c.lookup([]byte(w))
	return id < 0 || c.lex.Class(id) >= plain || c.used[id] > 1
}

// The costs in bits of damage that is none of the usual confusions: a letter for
// any other, one lost, one too many.
const anyLetter, anyLoss = 10, 11

// longestOpen is the longest word that may easily be near two words at once.
const longestOpen = 10

// otherwise is the likelihood of the best reading of w, other than the one that
// was found, if anything may have happened to one of its letters.
func (c *cleaner) otherwise(w []byte, found string, i int, shape uint8) float64 {
	best := -999.0
	var buf [maxWord + 8]byte
	try := func(cand []byte, cost float64) {
		if string(cand) == found || string(cand) == string(w) {
			return
		}
		if r, ok := c.likelihood(cand, i, i, shape); ok {
			best = max(best, r.likely-cost)
		}
	}
	for k := range w {
		try(append(append(buf[:0], w[:k]...), w[k+1:]...), anyLoss)
	}
	if len(w) > longestOpen {
		return best
	}
	for k := 0; k <= len(w); k++ {
		for b := byte('a'); b <= 'z'; b++ {
			try(append(append(append(buf[:0], w[:k]...), b), w[k:]...), anyLoss)
			if k < len(w) {
				try(append(append(append(buf[:0], w[:k]...), b), w[k+1:]...), anyLetter)
			}
		}
	}
	return best
}

// variant makes up for the weight that a word which stands several times has as
// the document's own, when the word it may be damaged from stands there far more
// often.
func (c *cleaner) variant(low []byte, meant string, shape uint8) float64 {
	n := c.own[string(low)]
	if n < 2 {
		return 0
	}
	often := c.own[meant]
	if id := c.lookup([]byte(meant)); id >= 0 {
		often = int(c.used[id])
	}
	if often < 8*n {
		return 0
	}
	own := c.unknown(low, shape)
	c.own[string(low)] = 1
	once := c.unknown(low, shape)
	c.own[string(low)] = n
	return own - once
}
