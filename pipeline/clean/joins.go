package clean

import (
	"bytes"

	"nightshift/pipeline/clean/lexicon"
)

// latin are second words of phrases that are written apart: "pro forma".
var latin = words("forma rata facto jure hoc hominem capita diem annum versa vivendi quo alia bono parte officio tempore memoria mortem facie se cetera grata absentia")

// joins are the ways to take tokens i and i+1 for one word with a blank in it.
func (c *cleaner) joins(found []candidate, i int) []candidate {
	if i+1 >= len(c.toks) || !c.adjacent(i) {
		return found
	}
	a, b := &c.toks[i], &c.toks[i+1]
	short, long := min(a.hi-a.lo, b.hi-b.lo), a.hi-a.lo+b.hi-b.lo
	switch {
	case long > maxWord || long < 4 || (a.shape|b.shape)&(digits|unread|foreign|mixed) != 0:
		return found
	case b.shape&capital != 0 && a.shape&capitals == 0, a.shape&capitals != 0 && b.shape&capitals == 0 && b.hi-b.lo > 1:
		return found
	case c.strong(a) && c.strong(b) && (short > 4 && c.class(a) > 130 && c.class(b) > 130 || max(c.class(a), c.class(b)) >= common && min(c.class(a), c.class(b)) >= 130):
		return found
	case !asciiOnly(c.word(a)) || !asciiOnly(c.word(b)) || latin[string(c.word(b))]:
		return found
	}
	if c.image && !(i > 0 && c.adjacent(i-1) && c.solid(i-1) || i+2 < len(c.toks) && c.adjacent(i+1) && c.solid(i+2)) {
		return found // a speck or a stamp rather than prose
	}
	var buf [maxWord]byte
	low := appendLower(appendLower(buf[:0], c.word(a)), c.word(b))
	if c.lookup(low) == lexicon.None && c.own[string(low)] < 2 {
		return found
	}
	r, ok := c.likelihood(low, i, i+1, a.shape)
	if !ok {
		return found
	}
	rule := "one-word"
	if c.strong(a) && c.strong(b) {
		if _, counted := c.pair(a.id, b.id); counted {
			return found
		}
		rule = "one-word-of-two"
	}
	return append(found, candidate{
		tok: i, last: i + 1, lo: int(a.hi), hi: int(b.lo), group: torn, kind: SplitWord, rule: rule,
		likely: r.likely - 3, second: -999,
		evidence: []string{c.standing(a), c.standing(b), "joined: " + r.why()},
	})
}

// strong tells whether a token is a word on its own, not an abbreviation or a
// name without its capital.
func (c *cleaner) strong(t *token) bool {
	if t.shape&known == 0 || t.id < 0 {
		return t.hi-t.lo == 1 && bytes.IndexByte([]byte("aAIO"), c.view[t.lo]) >= 0
	}
	return c.lex.Kind(t.id)&lexicon.Lower != 0 || t.shape&capital != 0
}
