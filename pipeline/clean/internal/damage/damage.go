// Package damage hurts clean text in ways that reading machines, typists and
// converters of files do, and says what it did: what cleaning is tried on beside
// texts whose damage it was written looking at. Its kinds of damage and their
// shares are its own; the same seed gives the same damage.
package damage

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// Edit takes one damage back: the runes Start to End of the damaged text, which
// are Before, are to be After.
type Edit struct {
	Start, End    int
	Before, After string
	Kind          string
	RealWord      bool // what stands there now is a word, or nothing tells it from one
}

// Span is a stretch of the clean text in runes.
type Span struct{ Start, End int }

// Settings say how much damage is done.
type Settings struct {
	Seed uint64
	Rate float64 // share of words that are damaged, 0-1
	Wrap bool    // set paragraphs in lines, with hyphens
	Only string  // one kind alone; "": all
	// IsWord tells whether a lower case word is in use.
	IsWord func(string) bool
}

// Text damages a text, except in the stretches that are to stay, which are
// ordered. The edits are ordered and disjoint.
func Text(clean string, stay []Span, s Settings) (string, []Edit) {
	d := &damager{
		Settings: s, in: []rune(clean), rng: rand.New(rand.NewPCG(s.Seed, 0x9E3779B97F4A7C15)), width: 0,
	}
	d.kinds = slices.DeleteFunc(slices.Clone(kinds), func(k kind) bool { return s.Only != "" && k.name != s.Only })
	for _, k := range d.kinds {
		d.total += k.share
	}
	if s.Wrap {
		d.width = 58 + d.rng.IntN(20)
	}
	for d.at < len(d.in) {
		if len(stay) > 0 && d.at >= stay[0].Start {
			if d.at < stay[0].End {
				d.copy(min(stay[0].End, len(d.in)) - d.at)
			}
			stay = stay[1:]
			continue
		}
		d.stop = len(d.in)
		if len(stay) > 0 {
			d.stop = stay[0].Start
		}
		d.step()
	}
	return string(d.out), d.edits
}

type damager struct {
	Settings
	in, out  []rune
	at, stop int // in in
	edits    []Edit
	rng      *rand.Rand
	kinds    []kind
	total    float64
	width    int // of lines; 0: paragraphs stay whole
}

// kind is a kind of damage: do tries to damage the word of in from lo to hi,
// which is next, and gives how many runes it took, what they became, and what
// they are; false when it cannot.
type kind struct {
	name  string
	share float64
	do    func(d *damager, lo, hi int) (took int, made string, ok bool)
}

func (d *damager) copy(n int) {
	d.out = append(d.out, d.in[d.at:d.at+n]...)
	d.at += n
}

// put writes made for the next n runes. Only what differs is in the edit.
func (d *damager) put(n int, made, kind string) {
	was, is := d.in[d.at:d.at+n], []rune(made)
	head := 0
	for head < len(was) && head < len(is) && was[head] == is[head] {
		head++
	}
	tail := 0
	for tail < len(was)-head && tail < len(is)-head && was[len(was)-1-tail] == is[len(is)-1-tail] {
		tail++
	}
	e := Edit{Start: len(d.out) + head, Before: string(is[head : len(is)-tail]), After: string(was[head : len(was)-tail]), Kind: kind}
	e.End = e.Start + len(is) - head - tail
	d.out = append(d.out, is...)
	e.RealWord = kind == "confusion" && d.IsWord != nil && real(is, d.IsWord)
	if e.Before != e.After {
		d.edits = append(d.edits, e)
	}
	d.at += n
}

// real tells whether the words of a damaged stretch are all words.
func real(made []rune, isWord func(string) bool) bool {
	for w := range strings.FieldsFuncSeq(strings.ToLower(string(made)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !isWord(w) && !digitsOnly(w) {
			return false
		}
	}
	return !slices.ContainsFunc(made, func(r rune) bool { return strings.ContainsRune("!|/$@+(]", r) })
}

func digitsOnly(w string) bool { return strings.Trim(w, "0123456789") == "" }

// step takes the next rune or word.
func (d *damager) step() {
	if d.in[d.at] == ' ' && d.wrap() {
		return
	}
	if !unicode.IsLetter(d.in[d.at]) || d.at > 0 && (unicode.IsLetter(d.in[d.at-1]) || unicode.IsDigit(d.in[d.at-1])) {
		d.copy(1)
		return
	}
	hi := d.at
	for hi < d.stop && unicode.IsLetter(d.in[hi]) && d.in[hi] != 'ʼ' {
		hi++
	}
	if hi == d.at {
		d.copy(1)
		return
	}
	if d.rng.Float64() < d.Rate {
		for range 6 { // not every kind can be done to every word
			k := d.draw()
			if n, made, ok := k.do(d, d.at, hi); ok && d.at+n <= d.stop {
				d.put(n, made, k.name)
				return
			}
		}
	}
	if d.hyphenate(hi) {
		return
	}
	d.copy(hi - d.at)
}

// draw is a kind, as often as its share says.
func (d *damager) draw() kind {
	x := d.rng.Float64() * d.total
	for _, k := range d.kinds {
		if x -= k.share; x <= 0 {
			return k
		}
	}
	return d.kinds[len(d.kinds)-1]
}

// column is how many runes the line that is being written has.
func (d *damager) column() int {
	n := 0
	for i := len(d.out) - 1; i >= 0 && d.out[i] != '\n'; i-- {
		n++
	}
	return n
}

// long tells whether the line of in around at is a paragraph rather than a
// heading or an entry of a list.
func (d *damager) long() bool {
	lo, hi := d.at, d.at
	for lo > 0 && d.in[lo-1] != '\n' {
		lo--
	}
	for hi < len(d.in) && d.in[hi] != '\n' {
		hi++
	}
	return hi-lo > 160 && d.in[lo] != ' '
}

// wrap ends the line at a blank where the next word would go over its width.
func (d *damager) wrap() bool {
	if d.width == 0 {
		return false
	}
	next := d.at + 1
	for next < len(d.in) && d.in[next] > ' ' {
		next++
	}
	if d.column()+next-d.at <= d.width || next >= d.stop || !d.long() || !unicode.IsLetter(d.in[d.at+1]) {
		return false
	}
	if next-d.at > 9 && d.rng.IntN(2) == 0 {
		return false // hyphenate will part it
	}
	d.put(1, []string{"\n", "\n", "\n", " \n"}[d.rng.IntN(4)], "hard-wrap")
	return true
}

// hyphenate parts a long word that ends at hi over a line's end.
func (d *damager) hyphenate(hi int) bool {
	col := d.column()
	if d.width == 0 || hi-d.at < 8 || col+hi-d.at <= d.width || col > d.width-4 || !d.long() {
		return false
	}
	cut := max(3, min(d.width-col-1, hi-d.at-3))
	mark := []string{"-\n", "-\n", "-\n", "- \n", "‐\n", "¬\n", "\u00ad\n"}[d.rng.IntN(7)]
	d.put(hi-d.at, string(d.in[d.at:d.at+cut])+mark+string(d.in[d.at+cut:hi]), "linebreak-hyphen")
	return true
}
