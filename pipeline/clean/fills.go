package clean

import (
	"bytes"
	"strings"

	"nightshift/pipeline/clean/lexicon"
)

// lostTwice is, in bits, how rarely a question mark has lost the blank and the
// capital after it.
const lostTwice = 8

// noteMissed is, in bits, how rarely a word has a note mark that was not found.
const noteMissed = -5

// ordinals are the letters that follow a number: "1st", "1920s", "5ème".
var ordinals = words("st nd rd th ds er ers ème eme os mm cm km kg kc mc lb lbs ft pm am bn bis ter")

// numerals are the readings of a word with a digit inside that is a letter.
func (c *cleaner) numerals(found []candidate, i int) []candidate {
	t := &c.toks[i]
	w := c.word(t)
	low := lower(w)
	letters, inner := 0, false
	for k, b := range low {
		switch {
		case b >= 'a' && b <= 'z':
			letters++
		case b == '0' || b == '1' || b == '5' || b == '8' || b == '6' || b == '9':
			inner = inner || k+1 < len(low) && (low[k+1] >= 'a' && low[k+1] <= 'z' || low[k+1] == '\'')
		}
	}
	if letters < 2 || !asciiOnly(w) || letters < len(low)-2 || t.shape&mixed != 0 {
		return found
	}
	if !inner && low[len(low)-1] != '1' || c.coded(t) || ordinals[strings.TrimLeft(string(low), "0123456789")] {
		return found
	}
	best, second := reading{likely: -999}, -999.0
	var buf, outer [2*maxWord + 8]byte
	try := func(cand []byte, k *confusion, cost float64) {
		if bytes.ContainsAny(cand, "0123456789") {
			return
		}
		if r, ok := c.likelihood(cand, i, i, t.shape); ok {
			r.likely -= cost
			r.a = k
			if r.likely > best.likely {
				best, second = r, best.likely
			} else {
				second = max(second, r.likely)
			}
		}
	}
	undamaged(low, buf[:0], nil, func(once []byte, from int, a *confusion) {
		if a.read[0] > '9' {
			return
		}
		try(once, a, a.cost)
		undamaged(once, outer[:0], nil, func(cand []byte, at int, b *confusion) {
			if at > from {
				try(cand, b, a.cost+b.cost+4)
			}
		})
	})
	if best.likely == -999 {
		return found
	}
	f := c.replaced(i, best, second, Confusion, "digit-for-letter", low, t.shape)
	if short := c.lookup(low[:len(low)-1]); !inner && short != lexicon.None { // the digit may mark a note
		prev, next := c.beside(i, i)
		f.second = max(f.second, noteMissed+c.inContext(prev, short, next))
	}
	return append(found, f)
}

// fill are the readings of a word with a character that could not be decoded.
func (c *cleaner) fill(found []candidate, i int) []candidate {
	t := &c.toks[i]
	w := c.word(t)
	low := bytes.ReplaceAll(lower(w), []byte("?"), []byte("\uFFFD"))
	holes := bytes.Count(low, []byte("\uFFFD"))
	at := bytes.Index(low, []byte("\uFFFD"))
	if holes > 1 || at < 0 || t.shape&(digits|mixed) != 0 {
		return found
	}
	rest := low[at+3:]
	best, second := reading{likely: -999}, -999.0
	try := func(fill string) {
		cand := append(append(append([]byte(nil), low[:at]...), fill...), rest...)
		r, ok := c.likelihood(cand, i, i, t.shape)
		if !ok {
			return
		}
		if r.likely > best.likely {
			best, second = r, best.likely
		} else {
			second = max(second, r.likely)
		}
	}
	if len(low) > 4 {
		for b := byte('a'); b <= 'z'; b++ {
			try(string(b))
		}
		for _, s := range []string{"'", "é", "è", "ü", "ö", "ä", "ç", "ñ", "fi", "fl"} {
			try(s)
		}
	}
	if at == 0 || len(rest) == 0 { // it may have been a quotation mark
		if r, ok := c.likelihood(append(append([]byte(nil), low[:at]...), rest...), i, i, t.shape); ok {
			second = max(second, r.likely-2)
		}
	}
	if l, r := c.lookup(low[:at]), c.lookup(rest); l >= 0 && r >= 0 && bytes.IndexByte(w, '?') >= 0 {
		second = max(second, c.bits(l)+c.bits(r)-lostTwice) // a question mark, its blank lost
	}
	if best.likely <= second {
		return found
	}
	f := c.replaced(i, best, second, ReplacementChar, "lost-character", low, t.shape)
	f.group, f.margin = lost, min(20, f.likely-second)
	return append(found, f)
}
