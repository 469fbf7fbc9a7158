package clean

import (
	"bytes"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// reading is a word that may have stood in a token's place.
type reading struct {
	word      string
	likely    float64
	own, used int        // how often the text has it, as a word of its own or of the lexicon
	paired    bool       // it often follows the word before
	a, b      *confusion // what was confused, if that
}

// why is the evidence for a reading.
func (r *reading) why() string {
	s := ""
	if r.a != nil {
		s = "“" + r.a.read + "” is read for “" + r.a.meant + "”"
	}
	if r.b != nil {
		s += ", “" + r.b.read + "” for “" + r.b.meant + "”"
	}
	if s != "" {
		s += "; "
	}
	if n := max(r.own, r.used); n > 1 {
		s += fmt.Sprintf("“%s” stands in the document %d times", r.word, n)
	} else {
		s += "“" + r.word + "” is a word"
	}
	if r.paired {
		s += ", and often after the word before"
	}
	return s
}

// likelihood is that of the lower case word w in the place of tokens i to j;
// false when it is no word.
func (c *cleaner) likelihood(w []byte, i, j int, shape uint8) (reading, bool) {
	prev, next := c.beside(i, j)
	id := c.lookup(w)
	if id == lexicon.None {
		n := c.own[string(w)]
		if n < 2 || len(w) < 4 {
			return reading{}, false
		}
		return reading{word: string(w), likely: c.unknown(w, shape), own: n}, true
	}
	r := reading{word: string(w), likely: c.inContext(prev, id, next), used: int(c.used[id])}
	switch kind := c.lex.Kind(id); {
	case shape&capital == 0 && kind&lexicon.Lower == 0:
		r.likely -= 6
	case shape&capital != 0 && kind&lexicon.Capital == 0 && !c.begins(i):
		r.likely -= 3
	}
	_, r.paired = c.pair(prev, id)
	return r, true
}

// begins tells whether token i begins a sentence or line.
func (c *cleaner) begins(i int) bool {
	lo := int(c.toks[i].lo)
	for at := lo - 1; at >= max(0, lo-maxWord); at-- {
		switch b := c.view[at]; b {
		case ' ', '"', '(', '[', mark[0]:
		case '.', '?', '!', ':', '\n', '\f':
			return true
		default:
			if b >= utf8.RuneSelf {
				continue // a quotation mark or bullet
			}
			return false
		}
	}
	return lo < maxWord
}

// paired tells whether w is often beside a neighbour of token i.
func (c *cleaner) paired(i int, w string) bool {
	prev, next := c.beside(i, i)
	id := c.lookup([]byte(w))
	if _, ok := c.pair(prev, id); ok {
		return true
	}
	_, ok := c.pair(id, next)
	return ok
}

// replaced is the candidate that puts a reading in the place of token i: only
// what differs is edited.
func (c *cleaner) replaced(i int, r reading, second float64, kind Kind, rule string, low []byte, shape uint8) candidate {
	t := &c.toks[i]
	w := c.word(t)
	if n := bytes.IndexFunc(w, unicode.IsUpper); n == 0 && shape&mixed != 0 && mostlyUpper(w) {
		shape |= capitals // "PARTIClPANTS"
	}
	made := inCase([]byte(r.word), shape|c.initial(i, low, r.word))
	if bytes.Contains(w, []byte("’")) {
		made = bytes.ReplaceAll(made, []byte("'"), []byte("’"))
	}
	head := 0
	for head < len(w) && head < len(made) && w[head] == made[head] {
		head++
	}
	tail := 0
	for tail < len(w)-head && tail < len(made)-head && w[len(w)-1-tail] == made[len(made)-1-tail] {
		tail++
	}
	for head > 0 && head < len(w) && !utf8.RuneStart(w[head]) {
		head--
	}
	for tail > 0 && !utf8.RuneStart(w[len(w)-tail]) {
		tail--
	}
	return candidate{
		tok: i, last: i, lo: int(t.lo) + head, hi: int(t.hi) - tail, after: string(made[head : len(made)-tail]),
		group: swapped, kind: kind, rule: rule, likely: r.likely, second: second,
		evidence: []string{fmt.Sprintf("“%s” is no word", w), r.why()},
	}
}

// mostlyUpper tells whether a word is of capitals, but for a letter or two.
func mostlyUpper(w []byte) bool {
	small := 0
	for _, b := range w {
		if isLower(b) {
			small++
		}
	}
	return small < 3 && len(w)-small > 3*small
}

// initial is capital when the first character of token i is a digit, or a small
// l, that has the form of the capital the word r begins with, and r has one
// here.
func (c *cleaner) initial(i int, low []byte, r string) uint8 {
	if low[0] == r[0] || c.toks[i].shape&capital != 0 {
		return 0
	}
	switch string([]byte{low[0], r[0]}) {
	case "5s", "8b", "1i", "li", "0o", "lh":
		if c.begins(i) || c.mostlyCapital(i, r) {
			return capital
		}
	case "ft": // a T whose bar is short; at a line's beginning alone it may be a t
		if c.afterStop(i) {
			return capital
		}
	}
	return 0
}

// afterStop tells whether the mark that ends a sentence stands before token i.
func (c *cleaner) afterStop(i int) bool {
	before := bytes.TrimRight(c.view[:c.toks[i].lo], " \n")
	return len(before) > 0 && len(before) < int(c.toks[i].lo) && bytes.IndexByte([]byte(".?!"), before[len(before)-1]) >= 0
}

// mostlyCapital tells whether the lower case word w is mostly written with a
// capital: by the text, where it has it, else by the lexicon and by the words
// beside token i, whose place it may take.
func (c *cleaner) mostlyCapital(i int, w string) bool {
	id := c.lookup([]byte(w))
	if id == lexicon.None {
		return true // the document's own, a name
	}
	if n := int(c.used[id]); n > 0 {
		return 2*c.cappedCount(id) > n
	}
	title := func(k int) bool { return k >= 0 && k < len(c.toks) && c.toks[k].shape&capital != 0 && !c.begins(k) }
	return c.lex.Kind(id)&lexicon.Lower == 0 || title(i-1) && c.adjacent(i-1) || title(i+1) && c.adjacent(i) || title(i+2) && c.adjacent(i)
}

// cappedCount is how often the text has a word of the lexicon with a capital.
func (c *cleaner) cappedCount(id lexicon.Word) int {
	if c.capped == nil {
		c.capped = map[lexicon.Word]int{}
		for i := range c.toks {
			if t := &c.toks[i]; t.id >= 0 && t.shape&capital != 0 {
				c.capped[t.id]++
			}
		}
	}
	return c.capped[id]
}

// inCase writes a lower case word with the capitals of a shape.
func inCase(w []byte, shape uint8) []byte {
	switch {
	case shape&capitals != 0:
		return bytes.ToUpper(w)
	case shape&capital != 0:
		r, n := utf8.DecodeRune(w)
		return append(utf8.AppendRune(nil, unicode.ToUpper(r)), w[n:]...)
	}
	return w
}

func asciiOnly(w []byte) bool {
	return !slices.ContainsFunc(w, func(b byte) bool { return b >= utf8.RuneSelf && b != 0xE2 && b != 0x80 && b != 0x99 })
}
