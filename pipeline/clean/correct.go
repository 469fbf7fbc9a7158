package clean

import (
	"slices"
	"strings"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// Correct finds what to mend in a text. The corrections come ordered and
// disjoint, each within the text; Undo takes them back to the letter. It takes
// any valid UTF-8 and is linear in its length.
//
// The rules work in two steps, so that none feeds on another's output: first
// what can be told character by character, which gives a view of the text with
// those edits made; then words, on the view. All offsets are mapped back to the
// text as read.
func Correct(in Input) []Correction {
	c := newCleaner(in)
	c.characters()
	c.settle()
	c.tokenize()
	if c.noise() {
		return nil
	}
	c.words()
	return c.corrections()
}

// cleaner holds the work on one text. Offsets are bytes.
type cleaner struct {
	text    string
	lex     *lexicon.Lexicon
	blocks  []block
	marks   []stretch
	names   []string
	rules   *Rules
	style   style
	glyphs  *glyphs
	without Evidence
	all     bool // keep what is not worth a flag, for Weigh
	image   bool // the text was read from page images
	hurt    bool // the text shows damage, see settle

	view   []byte
	joints []joint // where view and text part
	edits  []edit  // of characters: ordered, disjoint
	unsure []int   // edits that stand only in a damaged text
	mends  []edit  // of words, in text bytes

	toks          []token
	own           map[string]int       // how often the document has words that the lexicon lacks
	mine          sieve                // the words of own that stand twice or more
	capped        map[lexicon.Word]int // how often words have a capital; made when asked for
	used          []uint16             // how often the document has each word of the lexicon
	seen, hyphens map[string]int       // words of the text as read, see unparted, hyphened
}

// edit is a correction in bytes.
type edit struct {
	start, end int
	after      string
	kind       Kind
	rule       string
	evidence   []string
	confidence float64
	flag       bool
	margin     float64 // bits, of weighed words
}

type stretch struct{ start, end int }

type block struct {
	stretch
	kind string
}

// joint is where the view and the text part: the characters from..to of the
// text stand in the view as at..next.
type joint struct{ from, to, at, next int }

func newCleaner(in Input) *cleaner {
	c := &cleaner{text: in.Text, lex: lexicon.Default(), names: in.Names, own: map[string]int{}}
	w := walk{s: in.Text}
	for _, b := range in.Blocks {
		if b.Start < w.point || b.End < b.Start {
			continue
		}
		lo, ok := w.to(b.Start)
		if !ok {
			break
		}
		hi, _ := w.to(b.End)
		c.blocks = append(c.blocks, block{stretch{lo, hi}, b.Kind})
	}
	w = walk{s: in.Text}
	for _, m := range in.Marks {
		if m.Start < w.point || m.End < m.Start {
			continue
		}
		lo, ok := w.to(m.Start)
		if !ok {
			break
		}
		hi, _ := w.to(m.End)
		c.marks = append(c.marks, stretch{lo, hi})
	}
	c.rules = in.Rules
	c.without = in.Without
	if c.without&PageImage == 0 {
		c.glyphs = newGlyphs(in.Text, in.Layout)
	}
	c.style, c.image = styleOf(in.Text), in.Layout != nil
	return c
}

// put makes an edit of characters: the text from start to end stands as after
// in the view.
func (c *cleaner) put(e edit) {
	c.edits = append(c.edits, e)
	c.show(e.start, e.end, e.after)
}

// show lets the text from start to end stand as after in the view.
func (c *cleaner) show(start, end int, after string) {
	at := len(c.view)
	c.view = append(c.view, after...)
	c.joints = append(c.joints, joint{start, end, at, len(c.view)})
}

// damage are the edits that show that a text was damaged in reading or typing
// over, not set so by its printer.
var damage = map[Kind]bool{SoftHyphen: true, Invisible: true, Space: true, LineBreakHyphen: true, HardWrap: true, StrayMark: true, Ligature: true}

// settle tells from the edits so far whether the text is damaged. In one that is
// not, a blank before punctuation or a straight quotation mark may be meant:
// those are flagged only.
func (c *cleaner) settle() {
	n := 0
	for _, e := range c.edits {
		if damage[e.kind] && e.rule != "blank-before-punctuation" && e.rule != "loose-punctuation" {
			n++
		}
	}
	c.hurt = c.image || n > 0
	for _, i := range c.unsure {
		if !c.hurt {
			c.edits[i].flag, c.edits[i].confidence = true, 0.6
		}
	}
}

// edge says which edge of a mend a place is.
type edge bool

const first, last edge = false, true

// place is the place in the text of a place in the view where a mend has an edge,
// and where that is in the view: inside what an edit put there, the edit's own
// edge.
func (c *cleaner) place(at int, e edge) (text, view int) {
	i, _ := slices.BinarySearchFunc(c.joints, at, func(j joint, at int) int {
		if j.at < at || e == first && j.at == at && j.next == at {
			return -1
		}
		return 1
	})
	if i == 0 {
		return at, at
	}
	j := c.joints[i-1]
	switch {
	case at >= j.next:
		return j.to + at - j.next, at
	case e == last:
		return j.to, j.next
	}
	return j.from, j.at
}

// mend makes an edit of the view's bytes lo to hi.
func (c *cleaner) mend(lo, hi int, e edit) {
	end, after := c.place(hi, last)
	e.start, e.end = end, end
	if lo < hi {
		start, before := c.place(lo, first)
		e.start = start
		e.after = string(c.view[before:lo]) + e.after + string(c.view[hi:after])
	} else if after > hi {
		return // inside a character
	}
	c.mends = append(c.mends, e)
}

// corrections writes all edits out in code points; a mend of a word takes the
// place of the edits of characters inside it.
func (c *cleaner) corrections() []Correction {
	slices.SortStableFunc(c.mends, func(a, b edit) int { return a.start - b.start })
	all := make([]edit, 0, len(c.edits)+len(c.mends))
	i := 0
	for _, m := range c.mends {
		for i < len(c.edits) && before(c.edits[i], m) {
			all = append(all, c.edits[i])
			i++
		}
		if n := len(all); n > 0 && all[n-1].end > m.start {
			continue
		}
		for i < len(c.edits) && c.edits[i].start < m.end {
			i++ // inside the mended word
		}
		all = append(all, m)
	}
	all = without(append(all, c.edits[i:]...), c.kept())
	out := make([]Correction, 0, len(all))
	w := walk{s: c.text}
	for _, e := range all {
		was := c.text[e.start:e.end]
		if !e.flag && was == e.after {
			continue
		}
		lo, _ := w.to2(e.start)
		k := Correction{
			Start: lo, End: lo + utf8.RuneCountInString(was), Before: was, After: e.after,
			Kind: e.kind, Rule: e.rule, Evidence: e.evidence, Confidence: e.confidence, Decision: Applied,
		}
		if e.flag {
			k.Decision = Flagged
		}
		out = append(out, k)
	}
	return out
}

// without leaves out the edits that touch a kept stretch.
func without(all []edit, kept []stretch) []edit {
	if len(kept) == 0 {
		return all
	}
	slices.SortFunc(kept, func(a, b stretch) int { return a.start - b.start })
	out, k, last := all[:0], 0, 0
	for _, e := range all {
		for k < len(kept) && kept[k].start < max(e.end, e.start+1) {
			last = max(last, kept[k].end)
			k++
		}
		if e.start >= last {
			out = append(out, e)
		}
	}
	return out
}

func before(a, b edit) bool {
	return a.end <= b.start && (a.start < b.start || a.end < b.end || a.start < a.end)
}

// to2 goes on to a byte and gives its code point.
func (w *walk) to2(at int) (int, bool) {
	if at > w.at {
		w.point += utf8.RuneCountInString(w.s[w.at:at])
		w.at = at
	}
	return w.point, w.at == at
}

// style is how a text writes what can be written in several ways.
type style struct {
	curly      bool // quotation marks “ ”, not "
	apostrophe bool // ’ or ʼ, not '
	guillemets bool // « » quote
	german     bool // „ “ quote
	starNotes  bool // * marks notes
}

func styleOf(s string) style {
	curly := strings.Count(s, "“") + strings.Count(s, "”")
	apo := strings.Count(s, "’") + strings.Count(s, "ʼ")
	low, high := strings.Count(s, "„"), strings.Count(s, "“")
	return style{
		curly:      curly > strings.Count(s, `"`),
		apostrophe: apo > strings.Count(s, "'"),
		guillemets: strings.Contains(s, "»") && strings.Contains(s, "«"),
		german:     low > 2 && high >= low && strings.Count(s, "”") < low,
		starNotes:  strings.Contains(s, "\n*") || strings.Contains(s, "\n  *") || strings.Contains(s, " * *"),
	}
}
