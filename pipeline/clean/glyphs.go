package clean

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"nightshift/pipeline/transcript"
)

// glyphs is what the page images show: where the characters of each word
// stand. The evidence is how far apart two are, in characters.
type glyphs struct {
	words []glyphWord // in text order
}

// glyphWord is a word on a page, in bytes of the text.
type glyphWord struct {
	lo, hi int
	line   int
	*transcript.Word
	step float64 // from one character to the next: the line's pitch, see steps
	even bool    // the line is set on a pitch, as typewriters do
}

func newGlyphs(text string, l *transcript.Layout) *glyphs {
	if l == nil {
		return nil
	}
	g := &glyphs{}
	w := walk{s: text}
	for n, line := range l.Lines {
		from := len(g.words)
		for _, s := range line.Words {
			if s.Start < w.point || s.Word == nil {
				continue
			}
			lo, ok := w.to(s.Start)
			if !ok {
				break
			}
			hi, _ := w.to(s.End)
			g.words = append(g.words, glyphWord{lo: lo, hi: hi, line: n, Word: s.Word})
		}
		measure(g.words[from:])
	}
	return g
}

// placed tells whether each character of the word has its place.
func (w *glyphWord) placed() bool {
	n := utf8.RuneCountInString(w.Text)
	return n > 0 && len(w.X0) == n && len(w.X1) == n
}

// middle is twice the middle of a word's k-th character.
func (w *glyphWord) middle(k int) float64 { return float64(w.X0[k] + w.X1[k]) }

// measure finds the step of a line: the median distance of characters that
// follow each other within words. The line is even when most distances are
// within a sixth of it.
func measure(line []glyphWord) {
	var steps []float64
	for i := range line {
		w := &line[i]
		if !w.placed() {
			continue
		}
		for k := 1; k < len(w.X0); k++ {
			if d := (w.middle(k) - w.middle(k-1)) / 2; d > 0 {
				steps = append(steps, d)
			}
		}
	}
	if len(steps) < 6 {
		return
	}
	slices.Sort(steps)
	step := steps[len(steps)/2]
	near := 0
	for _, d := range steps {
		if d > step*5/6 && d < step*7/6 {
			near++
		}
	}
	for i := range line {
		line[i].step, line[i].even = step, near*10 >= len(steps)*7
	}
}

// find is the index of the word that holds byte at, or of the next.
func (g *glyphs) find(at int) int {
	i, _ := slices.BinarySearchFunc(g.words, at, func(w glyphWord, at int) int {
		if w.hi <= at {
			return -1
		}
		return 1
	})
	return i
}

// distance is how far the character at byte at of the text stands from the one
// before it, in steps of its line; false when the image does not tell. Between
// words the byte is the second word's first.
func (g *glyphs) distance(text string, at int) (steps float64, even, ok bool) {
	if g == nil {
		return 0, false, false
	}
	i := g.find(at)
	if i == len(g.words) {
		return 0, false, false
	}
	w := &g.words[i]
	if w.step == 0 || !w.placed() || at < w.lo {
		return 0, false, false
	}
	if at == w.lo {
		if i == 0 {
			return 0, false, false
		}
		p := &g.words[i-1]
		if p.line != w.line || !p.placed() {
			return 0, false, false
		}
		return (w.middle(0) - p.middle(len(p.X0)-1)) / 2 / w.step, w.even, true
	}
	k := utf8.RuneCountInString(text[w.lo:at])
	if k < 1 || k >= len(w.X0) {
		return 0, false, false
	}
	return (w.middle(k) - w.middle(k-1)) / 2 / w.step, w.even, true
}

// blankShown weighs, in bits, whether a blank stands on the page before the
// character at the view's byte at, and says so. On a pitch a blank is a step of
// its own, and its absence is as plain; in other print widths vary.
func (c *cleaner) blankShown(at int) (bits float64, why string) {
	from, _ := c.place(at, first)
	d, even, ok := c.glyphs.distance(c.text, from)
	if !ok {
		return 0, ""
	}
	why = fmt.Sprintf("on the page the characters stand %.1f steps apart", d)
	switch {
	case even && d > 1.7:
		return 10, why
	case even && d < 1.35:
		return -8, why
	case !even && d > 1.8:
		return 5, why
	case !even && d < 1.2:
		return -4, why
	}
	return 0, ""
}

// doubtful is how sure the engine was of the characters in the view from lo to
// hi: the lowest confidence, 0 to 100; false when it does not say.
func (c *cleaner) doubtful(lo, hi int) (float64, bool) {
	if c.glyphs == nil {
		return 0, false
	}
	from, _ := c.place(lo, first)
	to, _ := c.place(hi, last)
	i := c.glyphs.find(from)
	if i == len(c.glyphs.words) {
		return 0, false
	}
	w := &c.glyphs.words[i]
	if from < w.lo || to > w.hi || len(w.CharConf) != utf8.RuneCountInString(w.Text) {
		return 0, false
	}
	a := utf8.RuneCountInString(c.text[w.lo:from])
	b := a + utf8.RuneCountInString(c.text[from:to])
	if a >= b || b > len(w.CharConf) {
		return 0, false
	}
	return float64(slices.Min(w.CharConf[a:b])), true
}
