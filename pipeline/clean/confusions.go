package clean

import "nightshift/pipeline/clean/lexicon"

// confusion is what an engine reads for what stands on the page, with its cost
// in bits: how much rarer it is than damage as such.
type confusion struct {
	read, meant string
	cost        float64
}

// confusions are the pairs that studies of OCR errors in Latin print list again
// and again. Pairs with capitals or digits hold for those characters only.
var confusions = func() (table [256][]confusion) {
	const often, now, seldom = 3, 5, 7
	add := func(cost float64, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			c := confusion{pairs[i], pairs[i+1], cost}
			table[c.read[0]] = append(table[c.read[0]], c)
		}
	}
	both := func(cost float64, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			add(cost, pairs[i], pairs[i+1], pairs[i+1], pairs[i])
		}
	}
	both(often, "c", "e", "u", "n", "o", "a", "f", "t", "h", "b", "rn", "m")
	add(often, "1", "l", "0", "o", "I", "l", "vv", "w")
	both(now, "i", "l", "o", "e", "cl", "d", "li", "h", "ri", "n", "c", "o", "i", "t", "l", "t", "a", "e", "s", "a", "d", "a")
	add(now, "1", "i", "5", "s", "l", "i", "ii", "u", "ni", "m", "in", "m", "iu", "m", "nn", "m", "lc", "k", "8", "b", "6", "b", "9", "g")
	both(seldom, "i", "j", "g", "q", "y", "v", "g", "y", "i", "r", "r", "t", "h", "n", "k", "h", "f", "l", "u", "v", "v", "r", "e", "s", "w", "v", "ll", "u", "tl", "d", "m", "w", "a", "u")
	add(seldom, "!", "l", "w", "vv", "m", "nn", "u", "ii", "fi", "h", "m", "in", "m", "ni", "p", "n", "x", "z")
	return
}()

// undamaged calls try with every word that w, in lower case but for capitals of
// the table, may have been before one confusion; from is where in w the
// confusion is, and buf is overwritten by the next call. Words of which may, when
// there is one, tells by their hash that they are none are passed over.
func undamaged(w []byte, buf []byte, may func(lexicon.Hash) bool, try func(cand []byte, from int, c *confusion)) {
	var parts lexicon.Parts
	if may != nil {
		parts.Set(w)
	}
	for i := range w {
		list := confusions[w[i]]
		for k := range list {
			c := &list[k]
			if len(c.read) > 1 && (i+len(c.read) > len(w) || string(w[i:i+len(c.read)]) != c.read) {
				continue
			}
			if may != nil && !may(parts.With(i, i+len(c.read), c.meant)) {
				continue
			}
			buf = append(append(append(buf[:0], w[:i]...), c.meant...), w[i+len(c.read):]...)
			try(buf, i, c)
		}
	}
}
