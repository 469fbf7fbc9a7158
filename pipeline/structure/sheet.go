package structure

import (
	"slices"
	"strings"

	"nightshift/pipeline/transcript"
)

// role is what a line of print is for, when it is no part of the document's own
// text.
type role uint8

const (
	ofText      role = iota
	ofPage           // a page's number
	ofHead           // stands on several pages, or names the file
	ofCatchword      // the next page's first word
	ofStamp
	ofHand // handwriting, or marks that no engine reads
	ofNote // a note at the page's foot
)

// print is a line of print with where it stands on its page. Of text without
// boxes a column is cell wide and a line leading high.
type print struct {
	span
	line       int // index into parser.lines
	page       int
	box        transcript.Box
	confidence float64 // mean of its words, 0-100
	role       role
	guessed    bool // its role is told by where it stands alone
	list       listPlace
	words      []transcript.WordSpan // nil for a text without boxes
	x          float64               // share of letters in words that could be words
	told       *labelled             // the label that it begins with, told by where it stands
	own        labelled              // the label that it begins with, read or told
	hasLabel   bool
}

// mostRows is the most lines that a text without form feeds has on a page, and
// mostPrints the most of which a page is searched for fields: no paper has more,
// and time stays linear in the text.
const (
	mostRows   = 400
	mostPrints = 600
)

// Units of a text without boxes.
const (
	cell    = 10
	leading = 20
)

// sheet is a page of a typed item.
type sheet struct {
	start         int     // its first byte in the text
	prints        []print // in the order of the text
	width, height int
	cut           bool // begins where a long text without pages was cut
	top, bottom   int  // of its highest and lowest line of words
	left, right   int  // margins of its text column
	line          int  // height of a line, median
	pitch         int  // width of a sign, median
	advance       int  // from a line to the next, median
	noise         []transcript.NoiseLine
	labelled      []*print // the lines that begin with a label; see parser.labelLines
	notes         []footNote
}

// typed tells whether a text without boxes has the lines of typed pages: more
// than a few, and none longer than a page is wide. Texts of published volumes
// have a line a paragraph.
func typed(lines []line) bool {
	n := 0
	for _, l := range lines {
		if l.end-l.start > 110 {
			return false
		}
		if !l.blank {
			n++
		}
	}
	return n >= 4
}

// sheets are the pages of a typed item; nil for a text that has no lines of
// print.
func (p *parser) sheets(layout *transcript.Layout) []sheet {
	var out []sheet
	switch {
	case layout != nil:
		out = p.boxed(layout)
	case typed(p.lines) && !p.volume():
		out = p.columns()
	}
	for i := range out {
		out[i].measure()
	}
	return out
}

// volume tells whether the text carries the marks of a published volume: pages'
// numbers in brackets, bullets.
func (p *parser) volume() bool { return len(p.marks) > 0 || strings.Contains(p.s, bullets[0]) }

// boxed takes lines from the layout.
func (p *parser) boxed(layout *transcript.Layout) []sheet {
	out := make([]sheet, len(layout.Pages))
	for i, pg := range layout.Pages {
		out[i].start, out[i].width, out[i].height = p.byteAt(pg.Start), pg.Width, pg.Height
	}
	for _, n := range layout.Noise {
		if n.Page >= 0 && n.Page < len(out) {
			out[n.Page].noise = append(out[n.Page].noise, n)
		}
	}
	at := 0
	for _, l := range layout.Lines {
		if l.Page < 0 || l.Page >= len(out) {
			continue
		}
		start := p.byteAt(l.Start)
		for at < len(p.lines) && p.lines[at].start < start {
			at++
		}
		if at == len(p.lines) || p.lines[at].start != start || p.lines[at].blank {
			continue // a layout of another text
		}
		pr := print{span: span{start, p.lines[at].end}, line: at, page: l.Page, box: l.Box}
		out[l.Page].prints = append(out[l.Page].prints, p.pieces(pr, l)...)
	}
	return out
}

// wideGap is how far words of one line stand apart, in heights of the line, when
// they belong to different columns: some four signs of a typewriter.
const (
	wideGap   = 2.5 // beside a field's label
	columnGap = 4.0 // anywhere
)

// pieces parts a line at gaps between columns, and before or behind the label of a
// field, and weighs its words.
func (p *parser) pieces(pr print, l transcript.LineSpan) []print {
	var out []print
	from := 0
	cut := func(to int) {
		piece := pr
		piece.start, piece.end = p.byteAt(l.Words[from].Start), p.byteAt(l.Words[to-1].End)
		piece.box[0], piece.box[2] = l.Words[from].Box[0], l.Words[to-1].Box[2]
		piece.confidence = 0
		for _, w := range l.Words[from:to] {
			piece.confidence += w.Confidence
		}
		piece.confidence /= float64(to - from)
		piece.words = l.Words[from:to]
		piece.x = wordlike(p.s[piece.start:piece.end])
		out = append(out, piece)
		from = to
	}
	if len(l.Words) == 0 || l.Words[len(l.Words)-1].End != l.End || l.Words[0].Start != l.Start {
		return nil
	}
	height := float64(l.Box[3] - l.Box[1])
	if pr.box[0] >= l.Words[0].Box[0]-1 && height <= 0 {
		height = 1
	}
	for i := 1; i < len(l.Words) && !isStamp(p.s[pr.start:pr.end]); i++ {
		gap := float64(l.Words[i].Box[0] - l.Words[i-1].Box[2])
		if before := p.s[p.byteAt(l.Words[from].Start):p.byteAt(l.Words[i-1].End)]; strings.HasPrefix(l.Words[i].Text, ":") && (bareLabel(before) || misreadBare(before)) {
			continue // the colon of a form stands in a column of its own
		}
		if innerLabel(l.Words[i].Text) && !bareLabel(p.s[p.byteAt(l.Words[from].Start):p.byteAt(l.Words[i].End)]) {
			cut(i)
			continue
		}
		if p.numberBeside(l.Words, from, i) {
			cut(i)
			continue
		}
		if gap < wideGap*height {
			continue
		}
		if gap > columnGap*height {
			cut(i)
			continue
		}
		left, lok := labelOf(p.s[p.byteAt(l.Words[from].Start):p.byteAt(l.Words[i-1].End)])
		right, rok := labelOf(p.s[p.byteAt(l.Words[i].Start):p.byteAt(l.Words[len(l.Words)-1].End)])
		if lok && left.plain > 0 || rok && right.plain > 0 {
			cut(i)
		}
	}
	cut(len(l.Words))
	return out
}

// columns takes lines from the shape of a text.
func (p *parser) columns() []sheet {
	out := []sheet{{}}
	row := 0
	for i, l := range p.lines {
		if l.page {
			out = append(out, sheet{start: l.start})
			row = 0
		} else if row >= mostRows {
			out = append(out, sheet{start: l.start, cut: true})
			row = 0
		}
		s := &out[len(out)-1]
		if !l.blank {
			text := p.s[l.start:l.end]
			indent := len(text) - len(strings.TrimLeft(text, " \t"))
			end := len(strings.TrimRight(text, " \t"))
			pr := print{span: span{l.start + indent, l.start + end}, line: i, page: len(out) - 1, confidence: 90, x: wordlike(text),
				box: transcript.Box{indent * cell, row * leading, end * cell, row*leading + leading*4/5}}
			s.prints = append(s.prints, pr)
			s.width = max(s.width, 80*cell, end*cell)
		}
		row++
		s.height = max(s.height, row*leading)
	}
	for i := range out {
		out[i].height = max(out[i].height, 30*leading) // a text says nothing of the paper below it
	}
	return out
}

// innerLabel tells whether a word within a line is the label of another field, in
// capitals and with its colon: "TO: Mr. Alder DATE: 3 May".
func innerLabel(w string) bool {
	i := strings.IndexByte(w, ':')
	if i < 2 || w[:i] != strings.ToUpper(w[:i]) {
		return false
	}
	l, ok := labelWords[strings.ToLower(w[:i])]
	return ok && l != labelNumber
}

// measure finds the margins, line height and advance of the page.
func (s *sheet) measure() {
	var heights, lefts, rights, steps, widths []int
	s.top, s.bottom = 0, 0
	last := -1 // the wide line before
	for i, p := range s.prints {
		if p.x < 0.5 || p.role != ofText || 10*(p.box[3]-p.box[1]) > s.height {
			continue
		}
		if len(heights) == 0 {
			s.top, s.bottom = p.box[1], p.box[1]
		}
		s.top, s.bottom = min(s.top, p.box[1]), max(s.bottom, p.box[1])
		heights = append(heights, p.box[3]-p.box[1])
		if n := p.end - p.start; n > 15 {
			widths = append(widths, (p.box[2]-p.box[0])/n)
		}
		if p.box[2]-p.box[0] > s.width*2/5 {
			lefts, rights = append(lefts, p.box[0]), append(rights, p.box[2])
		}
		if p.box[2]-p.box[0] > s.width*2/5 && p.confidence > 55 {
			if last >= 0 {
				if d := p.box[1] - s.prints[last].box[1]; d > 0 && d < s.height/12 {
					steps = append(steps, d)
				}
			}
			last = i
		}
	}
	s.line, s.advance = max(1, at(heights, 0.5, s.height/66)), max(1, at(steps, 0.4, s.height/40))
	s.pitch = max(1, at(widths, 0.5, s.line*6/10))
	s.left, s.right = at(lefts, 0.3, s.width/8), at(rights, 0.8, s.width*7/8)
}

// at is the value that a share of the values lie under; otherwise when there are
// none.
func at(v []int, share float64, otherwise int) int {
	if len(v) == 0 {
		return otherwise
	}
	slices.Sort(v)
	return v[min(len(v)-1, int(share*float64(len(v))))]
}

// wordlike is the share of a line's signs that stand in words: letters with a
// vowel among them, numbers, initials.
func wordlike(s string) float64 {
	good, all := 0, 0
	for w := range strings.FieldsSeq(s) {
		all += len(w)
		w = strings.Trim(w, ".,;:()[]'\"-!?“”‘’*")
		letters, vowels, digits := 0, 0, 0
		for i := 0; i < len(w); i++ {
			switch c := w[i] | 0x20; {
			case c >= 'a' && c <= 'z':
				letters++
				if strings.IndexByte("aeiouy", c) >= 0 {
					vowels++
				}
			case w[i] >= '0' && w[i] <= '9':
				digits++
			}
		}
		switch n := len(w); {
		case n == 0:
		case letters >= n-1 && n > 3 && vowels > 0 && 6*vowels >= letters, letters == n && n > 1 && n <= 3 && vowels > 0, n > 1 && digits >= n-2, letters == n && n == 1 && (w == "I" || w == "a" || w == "A"):
			good += len(w) + 1
		case letters == n && n <= 4 && w == strings.ToUpper(w):
			good += n
		}
	}
	if all == 0 {
		return 0
	}
	return min(1, float64(good)/float64(all))
}
