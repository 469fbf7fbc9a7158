package clean

import (
	"bytes"

	"nightshift/pipeline/clean/lexicon"
)

// swaps are the readings of token i with one character or two changed that
// engines confuse.
func (c *cleaner) swaps(found []candidate, i int) []candidate {
	t := &c.toks[i]
	w := c.word(t)
	if len(w) < 3 && !(len(w) == 2 && c.hurt && !c.image && t.shape == 0) || !asciiOnly(w) || t.shape&capitals != 0 && len(w) < 6 || t.shape&mixed != 0 && bytes.IndexByte(w[1:], 'I') < 0 {
		return found
	}
	if c.image && (c.lonely(i) || len(w) < 4 && !(c.held(i, -1) && c.held(i, 1) && (c.toks[i-1].shape|c.toks[i+1].shape)&capitals == t.shape&capitals)) {
		return found // a speck or a stamp rather than prose
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
	may := c.mayBe(low)
	hyphened := 0.0
	if t.lo > 0 && c.view[t.lo-1] == '-' {
		hyphened = 6 // part of a compound or of a foreign name
	}
	undamaged(low, buf[:0], may, func(cand []byte, _ int, k *confusion) {
		if r, ok := c.likelihood(cand, i, i, t.shape); ok {
			r.a = k
			keep(r, k.cost+hyphened)
		}
	})
	if best.likely == -999 && c.hurt && len(w) > 6 && (t.shape&capital == 0 || c.begins(i)) { // a name is seldom damaged twice and still known
		var outer [2*maxWord + 8]byte
		undamaged(low, outer[:0], nil, func(once []byte, from int, a *confusion) {
			if a.cost > 5 {
				return
			}
			undamaged(once, buf[:0], may, func(cand []byte, at int, b *confusion) {
				if b.cost > 5 || at <= from {
					return
				}
				if r, ok := c.likelihood(cand, i, i, t.shape); ok {
					r.a, r.b = a, b
					keep(r, a.cost+b.cost+4+hyphened)
				}
			})
		})
	}
	if best.likely == -999 || len(w) < 4 && !(functional[best.word] && c.paired(i, best.word)) || !c.ordinary(best.word) {
		return found
	}
	second = max(second, c.otherwise(low, best.word, i, t.shape))
	if id := c.lookup([]byte(best.word)); id >= 0 && c.lex.Kind(id) == lexicon.Capital && c.used[id] == 0 {
		best.likely -= otherName
	}
	best.likely += c.variant(low, best.word, t.shape)
	return append(found, c.replaced(i, best, second, Confusion, "confused-characters", low, t.shape))
}

// mayBe gives a quick test of the hashes of words that w may be changed to: false
// for those that neither the lexicon nor the document has.
func (c *cleaner) mayBe(w []byte) func(lexicon.Hash) bool {
	if bytes.HasSuffix(w, []byte("'s")) {
		return func(lexicon.Hash) bool { return true } // lookup takes the word it is of, too
	}
	return func(h lexicon.Hash) bool { return c.lex.May(h) || c.mine.has(h) }
}

// sieve holds words by their hashes: what it lacks is not among them.
type sieve []uint64

func newSieve(n int) sieve {
	size := 16
	for size*8 < n {
		size *= 2
	}
	return make(sieve, size)
}

func (s sieve) add(h lexicon.Hash) { s[h>>32&lexicon.Hash(len(s)-1)] |= 1 << (h >> 26 & 63) }

func (s sieve) has(h lexicon.Hash) bool {
	return s[h>>32&lexicon.Hash(len(s)-1)]&(1<<(h>>26&63)) != 0
}

// ordinary tells whether a word is in ordinary use, or the document's own.
func (c *cleaner) ordinary(w string) bool {
	id := c.lookup([]byte(w))
	return id < 0 || c.lex.Class(id) >= plain || c.used[id] > 1
}

// The costs in bits of damage that is none of the usual confusions: a letter for
// any other, one lost, one too many.
const anyLetter, anyLoss = 10, 11

// otherName is the price in bits of a name that the document does not have for
// one that the lexicon does not have: Juanito is no Juanita.
const otherName = 8

const letters = "abcdefghijklmnopqrstuvwxyz"

// longestOpen is the longest word that may easily be near two words at once.
const longestOpen = 10

// otherwise is the likelihood of the best reading of w, other than the one that
// was found, if anything may have happened to one of its letters.
func (c *cleaner) otherwise(w []byte, found string, i int, shape uint8) float64 {
	best := -999.0
	var buf [maxWord + 8]byte
	may := c.mayBe(w)
	var parts lexicon.Parts
	parts.Set(w)
	try := func(k, j int, put string, cost float64) {
		if !may(parts.With(k, j, put)) {
			return
		}
		cand := append(append(append(buf[:0], w[:k]...), put...), w[j:]...)
		if string(cand) == found || string(cand) == string(w) {
			return
		}
		if r, ok := c.likelihood(cand, i, i, shape); ok {
			best = max(best, r.likely-cost)
		}
	}
	for k := range w {
		try(k, k+1, "", anyLoss)
	}
	if len(w) > longestOpen {
		return best
	}
	for k := 0; k <= len(w); k++ {
		for b := range letters {
			try(k, k, letters[b:b+1], anyLoss)
			if k < len(w) {
				try(k, k+1, letters[b:b+1], anyLetter)
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
