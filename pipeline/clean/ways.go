package clean

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// reading is a word that may have stood in a token's place.
type reading struct {
	word   string
	likely float64
	why    string
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
		return reading{string(w), c.unknown(w, shape), fmt.Sprintf("“%s” stands in the document %d times", w, n)}, true
	}
	r := reading{string(w), c.inContext(prev, id, next), fmt.Sprintf("“%s” is a word", w)}
	switch kind := c.lex.Kind(id); {
	case shape&capital == 0 && kind&lexicon.Lower == 0:
		r.likely -= 6
	case shape&capital != 0 && kind&lexicon.Capital == 0 && !c.begins(i):
		r.likely -= 3
	}
	if n := c.used[id]; n > 1 {
		r.why = fmt.Sprintf("“%s” stands in the document %d times", w, n)
	}
	if _, ok := c.lex.After(prev, id); ok {
		r.why += ", and often after the word before"
	}
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

// swaps are the readings of token i with one character or two changed that
// engines confuse.
func (c *cleaner) swaps(found []candidate, i int) []candidate {
	t := &c.toks[i]
	w := c.word(t)
	if len(w) < 3 || !asciiOnly(w) || t.shape&capitals != 0 && len(w) < 6 || t.shape&mixed != 0 && bytes.IndexByte(w[1:], 'I') < 0 {
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

// paired tells whether w is often beside a neighbour of token i.
func (c *cleaner) paired(i int, w string) bool {
	prev, next := c.beside(i, i)
	id := c.lookup([]byte(w))
	if _, ok := c.lex.After(prev, id); ok {
		return true
	}
	_, ok := c.lex.After(id, next)
	return ok
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
const longestOpen = 8

// otherwise is the likelihood of the best reading of w, other than the one that
// was found, if anything may have happened to one of its letters.
func (c *cleaner) otherwise(w []byte, found string, i int, shape uint8) float64 {
	best := -999.0
	if len(w) > longestOpen {
		return best
	}
	var buf [maxWord + 8]byte
	try := func(cand []byte, cost float64) {
		if string(cand) == found || string(cand) == string(w) {
			return
		}
		if r, ok := c.likelihood(cand, i, i, shape); ok {
			best = max(best, r.likely-cost)
		}
	}
	for k := 0; k <= len(w); k++ {
		for b := byte('a'); b <= 'z'; b++ {
			try(append(append(append(buf[:0], w[:k]...), b), w[k:]...), anyLoss)
			if k < len(w) {
				try(append(append(append(buf[:0], w[:k]...), b), w[k+1:]...), anyLetter)
			}
		}
		if k < len(w) {
			try(append(append(buf[:0], w[:k]...), w[k+1:]...), anyLoss)
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

// replaced is the candidate that puts a reading in the place of token i: only
// what differs is edited.
func (c *cleaner) replaced(i int, r reading, second float64, kind Kind, rule string, low []byte, shape uint8) candidate {
	t := &c.toks[i]
	w := c.word(t)
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
		evidence: []string{fmt.Sprintf("“%s” is no word", w), r.why},
	}
}

// initial is capital when the first character of token i is a digit, or a small
// l, that has the form of the capital the word r begins with.
func (c *cleaner) initial(i int, low []byte, r string) uint8 {
	if low[0] == r[0] || c.toks[i].shape&capital != 0 {
		return 0
	}
	switch string([]byte{low[0], r[0]}) {
	case "5s", "8b", "1i", "li":
		return capital
	case "0o":
		if !functional[r] || c.begins(i) {
			return capital
		}
	}
	return 0
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

// bound are beginnings and endings of words that also stand alone: a word that
// has one is whole.
var boundBefore = words("a an non anti counter re pre post over under sub inter intra multi semi pro un in out mid self co ex micro macro mini extra ultra super trans tele radio hydro electro socio geo bio neo de dis mis be up down off on fore by auto mono bi tri poly para quasi pseudo vice cross well ill half all any every some no news land sea air war work man home house back free high low new old")
var boundAfter = words("being made about under through between within ship like wide wise less able man men hood ward wards ing ed er ers ly s es ism ist ists ness ment ments ion tion al ic ous ful fully some thing body one where how what ever self selves land lands line lines time day days work works way ways out up off down in on over house room side by pose port most fold proof worthy hand scale mark book paper board ground water field head point power craft guard keeper light service stone wood bound minded based free maker makers making holder holders ity an ian ia ese or age ate and end ant ent the to he so it as at is")

// functional are the words that hold sentences together; where two words ran
// together one of them is mostly such a word.
var functional = words(`a an the this that these those some any all no each every both either neither such other another
	of in to for with on at by from as into about after before between against among through during without within under over
	upon toward towards since until till per via than like near behind beyond despite except
	and or but nor so if because although though while when where whether which who whom whose what how why
	i you he she it we they me him her us them my your his its our their
	is are was were be been being has have had having do does did will would shall should can could may might must
	not only also very more most much now then there here again already still even yet too just said one two three
	up out off down made make mr mrs`)

// splits are the ways to take token i for two words that lost the blank between
// them.
func (c *cleaner) splits(found []candidate, i int) []candidate {
	t := &c.toks[i]
	w := c.word(t)
	if len(w) < 3 || !asciiOnly(w) || c.own[string(lower(w))] > 1 || t.lo > 0 && c.view[t.lo-1] == '-' {
		return found
	}
	low := lower(w)
	best := candidate{likely: -999, second: -999}
	for at := 1; at < len(low); at++ {
		f, ok := c.cut(i, low, at)
		switch {
		case ok && f.likely > best.likely:
			f.second = best.likely
			best = f
		case ok && f.likely > best.second:
			best.second = f.likely
		}
	}
	if best.likely == -999 {
		return found
	}
	return append(found, best)
}

// cut is the candidate that cuts token i, low in lower case, at byte at.
func (c *cleaner) cut(i int, low []byte, at int) (candidate, bool) {
	t := &c.toks[i]
	left, right := string(low[:at]), string(low[at:])
	l, r := c.lex.Find(low[:at]), c.lex.Find(low[at:])
	prev, next := c.beside(i, i)
	named := l < 0 && t.shape&capital != 0 && at > 3 && c.own[left] > 0 // a name that stands elsewhere
	if l < 0 && !named || r < 0 || at == 1 && left != "a" || len(right) == 1 && right != "a" {
		return candidate{}, false
	}
	if t.shape&capital == 0 && c.lex.Kind(l)&lexicon.Lower == 0 || c.lex.Kind(r)&lexicon.Lower == 0 || c.lex.Class(r) < plain {
		return candidate{}, false
	}
	pair, counted := c.lex.After(l, r)
	held := functional[left] || functional[right]
	begins := boundBefore[left] && !(functional[right] && len(right) > 2 && !boundAfter[right])
	if begins && !functional[left] || boundAfter[right] && !functional[right] || !counted && (begins || boundAfter[right] && !c.hurt) {
		return candidate{}, false
	}
	f := candidate{
		tok: i, last: i, lo: int(t.lo) + at, hi: int(t.lo) + at, after: " ", group: joined, kind: RunTogether, rule: "two-words", second: -999,
		evidence: []string{fmt.Sprintf("“%s” is no word", c.word(t)), fmt.Sprintf("“%s” and “%s” are words", left, right)},
	}
	switch {
	case named && (functional[right] || c.own[left] > 1 && c.lex.Class(r) >= 150):
		f.rule, f.likely = "name-and-word", -9+c.follows(lexicon.None, r)
		f.evidence[1] = fmt.Sprintf("the name “%s” stands elsewhere, “%s” is a word", c.word(t)[:at], right)
	case named || c.lex.Class(l) < plain && !(functional[right] && len(left) > 4 && len(right) > 1):
		return candidate{}, false
	default:
		f.likely = c.follows(prev, l) + c.follows(l, r)
		if !held {
			f.rule = "two-content-words"
			if !c.hurt {
				f.likely -= 25 // a compound, in a text without other damage
			}
		}
		if t.shape&capital != 0 && !c.begins(i) && c.used[l] < 2 {
			f.likely -= 4
		}
		if !counted && boundAfter[right] {
			f.likely -= 4
		}
	}
	if next >= 0 {
		f.likely += c.pull(r, next)
	}
	if counted {
		f.evidence = append(f.evidence, fmt.Sprintf("the second follows the first once in %.0f times", 1/math.Exp2(pair)))
	}
	return f, true
}

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
		if _, counted := c.lex.After(a.id, b.id); counted {
			return found
		}
		rule = "one-word-of-two"
	}
	return append(found, candidate{
		tok: i, last: i + 1, lo: int(a.hi), hi: int(b.lo), group: torn, kind: SplitWord, rule: rule,
		likely: r.likely - 3, second: -999,
		evidence: []string{c.standing(a), c.standing(b), "joined: " + r.why},
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

// noteMissed is, in bits, how rarely a word has a note mark that was not found.
const noteMissed = -5

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
	if !inner && low[len(low)-1] != '1' || c.coded(t) {
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
			r.why = fmt.Sprintf("“%s” is read for “%s”; ", k.read, k.meant) + r.why
			if r.likely > best.likely {
				best, second = r, best.likely
			} else {
				second = max(second, r.likely)
			}
		}
	}
	undamaged(low, buf[:0], func(once []byte, from int, a *confusion) {
		if a.read[0] > '9' {
			return
		}
		try(once, a, a.cost)
		undamaged(once, outer[:0], func(cand []byte, at int, b *confusion) {
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
	holes := bytes.Count(w, []byte("\uFFFD"))
	low := lower(w)
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
	if best.likely <= second {
		return found
	}
	f := c.replaced(i, best, second, ReplacementChar, "lost-character", low, t.shape)
	f.group, f.margin = lost, min(20, f.likely-second)
	return append(found, f)
}
