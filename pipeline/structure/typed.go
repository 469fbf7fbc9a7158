package structure

import (
	"math"
	"slices"
	"strings"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure/evidence"
)

// pages is what a document that is read from pages has beside its blocks.
type pages struct {
	sheets []sheet
	views  []*pageView
	fields []field
}

// readSheets finds documents, and their blocks and kinds, on pages.
func (p *parser) readSheets(sheets []sheet) {
	p.roles(sheets)
	p.letterheads(sheets)
	p.footNotes(sheets)
	p.heads = nil
	for i := range sheets {
		for j := range sheets[i].prints {
			if pr := &sheets[i].prints[j]; pr.role == ofPage || pr.role == ofHead || pr.role == ofCatchword {
				p.heads = append(p.heads, p.printedHead(pr))
			}
		}
	}
	slices.SortFunc(p.heads, func(a, b head) int { return a.taken.start - b.taken.start })
	for i := 1; i < len(p.heads); i++ {
		p.heads[i].taken.start = max(p.heads[i].taken.start, p.heads[i-1].taken.end)
	}
	views := make([]*pageView, len(sheets))
	for i := range sheets {
		views[i] = p.view(&sheets[i])
	}
	ops := openingsOf(views)
	for i, o := range ops {
		to := len(sheets)
		if i+1 < len(ops) {
			to = ops[i+1].page
		}
		d := &draft{confidence: o.confidence, pages: &pages{sheets: sheets[o.page:to], views: views[o.page:to]}}
		d.start, d.end = sheets[o.page].start, len(p.s)
		if to < len(sheets) {
			d.end = sheets[to].start
		}
		if i == 0 {
			d.start = 0
		}
		d.blocks = p.paragraphs(d.pages.sheets)
		d.pages.fields = p.fields(d.pages)
		list := p.printedNotes(d)
		d.kinds = evidence.Typed.Decode(p.shownTyped(d, list))
		d.shortTitles()
		p.labelledKinds(d)
		p.listedKinds(d)
		p.letterEnds(d)
		p.findMarks(d, list)
		p.footMarks(d)
		p.docs = append(p.docs, d)
	}
}

// printedHead takes a page number, running head or catchword with the line ends
// that set it off.
func (p *parser) printedHead(pr *print) head {
	l := pr.span
	if all := p.lines[pr.line]; strings.TrimSpace(p.s[all.start:l.start]) == "" && strings.TrimSpace(p.s[l.end:all.end]) == "" {
		l = span{all.start, all.end} // alone in its line
	}
	h := head{at: l, taken: l, kind: clean.RunningHead, section: "running-head", rule: "page-head", sure: 0.98}
	switch {
	case pr.role == ofPage && pr.guessed:
		h.why, h.rule, h.sure = []string{"alone at the page's edge, where other pages have their number"}, "page-number", 0.8
	case pr.role == ofPage:
		h.why, h.rule = []string{"a number alone at the page's edge"}, "page-number"
	case pr.role == ofHead:
		h.why = []string{"the same words stand at the edge of other pages"}
	default:
		h.kind, h.section, h.rule, h.why = clean.Catchword, "catchword", "catchword", []string{"alone at the foot, and the next page begins with it"}
	}
	for h.taken.end < len(p.s) && p.s[h.taken.end] == '\n' && h.taken.end < l.end+2 {
		h.taken.end++
	}
	if h.taken.end == len(p.s) || p.s[h.taken.end] == '\f' {
		for h.taken.start > 0 && p.s[h.taken.start-1] == '\n' && h.taken.start > l.start-2 {
			h.taken.start--
		}
	}
	return h
}

// labelledKinds has the blocks that begin with the plain label of a field be what
// the label says, in the first page's head; a marking alone in its line is
// a marking.
func (p *parser) labelledKinds(d *draft) {
	const certain = 0.98
	for i := range d.blocks {
		b := &d.blocks[i]
		first := b.prints[0]
		if first.list.list > 0 {
			d.kinds[i] = evidence.Reading{Kind: "participants", Confidence: certain}
			continue
		}
		if t := joinLetters(p.s[first.start:first.end]); len(b.prints) == 1 && classSentence(t) && secrecy(t) {
			d.kinds[i].Kind = "classification"
			continue
		}
		l, ok := labelOf(p.s[first.start:first.end])
		if !ok || l.plain == 0 || b.page > 0 || 5*first.box[1] > 3*d.pages.sheets[0].height {
			continue
		}
		kind, read := fieldKinds[l.label], d.kinds[i].Kind
		switch {
		case l.label == labelParticipants:
		case l.plain < 2 && len(b.prints) == 1 || len(b.prints) > 1+mostLines, kind == "", kind == read:
			continue
		case (kind == "other" || kind == "enclosure" || kind == "dateline") && read != "title" && read != "heading" && read != "caption":
			continue
		case l.plain < 2 && !bareLabel(p.s[first.start:first.end]):
			continue
		}
		d.kinds[i] = evidence.Reading{Kind: kind, Confidence: max(certain, d.kinds[i].Confidence)}
	}
}

// listedKinds has the blocks under the heading of a list of enclosures that begin
// with their numbers be enclosures, with those that they go on in; and the blocks of
// an address be the recipients.
func (p *parser) listedKinds(d *draft) {
	const likely = 0.9
	told := func(i int, kind string) {
		if d.kinds[i].Kind != kind {
			d.kinds[i] = evidence.Reading{Kind: kind, Confidence: likely}
		}
	}
	under, left := -1, 0 // the page of the list, and where its numbers stand
	for i := range d.blocks {
		b := &d.blocks[i]
		first := b.prints[0]
		text := p.s[first.start:first.end]
		if l, ok := labelOf(text); ok && l.label == labelEnclosures && l.plain > 0 && i > 0 {
			under, left = b.page, first.box[0]
			continue
		}
		switch kind := d.kinds[i].Kind; {
		case b.page != under || kind == "running-head":
			under = -1
		case enclosureNumber(text):
			told(i, "enclosure")
			left = first.box[0]
		case first.box[0] > left+2*d.pages.sheets[b.page].pitch && kind == "body":
			told(i, "enclosure")
		default:
			under = -1
		}
	}
	lines := p.addressLines(d)
	for i := range d.blocks {
		b := &d.blocks[i]
		if k := d.kinds[i].Kind; len(lines) > 1 && b.page == 0 && (k == "body" || k == "heading" || k == "title" || k == "other") && !slices.ContainsFunc(b.prints, func(pr *print) bool { return !slices.Contains(lines, pr) }) {
			told(i, "recipients")
		}
	}
}

// shownTyped are the document's blocks as the decoder sees them; block list is
// the list of notes.
func (p *parser) shownTyped(d *draft, list int) []evidence.Block {
	out := make([]evidence.Block, len(d.blocks))
	for i := range d.blocks {
		b := &d.blocks[i]
		out[i].Text = p.blockText(b)
		out[i].Print = p.stands(d, b)
		switch {
		case i == list:
			out[i].Known = "notes"
		case i == list-1 && list < len(d.blocks) && noteHead(out[i].Text):
			out[i].Known = "heading"
		}
	}
	return out
}

// blockText is the text of a block's own lines.
func (p *parser) blockText(b *block) string {
	if len(b.prints) == 1 {
		return p.s[b.prints[0].start:b.prints[0].end]
	}
	var s strings.Builder
	for i, pr := range b.prints {
		if i > 0 {
			s.WriteByte('\n')
		}
		s.WriteString(p.s[pr.start:pr.end])
	}
	return s.String()
}

// stands says how a block stands on its page.
func (p *parser) stands(d *draft, b *block) *evidence.Print {
	first, last := b.prints[0], b.prints[len(b.prints)-1]
	s := &d.pages.sheets[b.page]
	width := max(1, s.right-s.left)
	x0, x1 := first.box[0], first.box[2]
	confidence, wide := 0.0, false
	for _, pr := range b.prints {
		x0, x1 = min(x0, pr.box[0]), max(x1, pr.box[2])
		confidence += pr.confidence
		wide = wide || 10*(pr.box[2]-pr.box[0]) > 7*width
	}
	gapLeft, gapRight := x0-s.left, s.right-x1
	out := &evidence.Print{
		Lines: len(b.prints), Wide: wide, First: b.page == 0,
		Right:   100*(first.box[0]-s.left) > 42*width,
		Centred: 10*gapLeft > width && 10*gapRight > width && 8*abs(gapLeft-gapRight) < width,
		Set:     first.box[0] >= s.left+3*s.pitch,
		Top:     b.page == 0 && 5*first.box[1] < 2*s.height,
		Foot:    8*last.box[1] > 7*s.height,
		Unsure:  confidence < 60*float64(len(b.prints)),
	}
	if l, ok := labelOf(p.s[first.start:first.end]); ok && (l.plain > 0 || l.label == labelSubject || l.label == labelFrom) {
		out.Field = fieldKinds[l.label]
	}
	return out
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// kindOfPages weighs what speaks for a document's kind on its pages.
func (p *parser) kindOfPages(d *draft) (string, float64) {
	w := map[string]float64{kindOther: 1}
	written, words := 0, 0
	for i, v := range d.pages.views {
		for k, x := range v.forms {
			if i > 0 {
				x *= 0.4
			}
			w[k] += x
		}
		if v.written {
			written++
		}
		words += v.words
	}
	first := d.pages.views[0]
	for i := range min(first.head, 10) {
		k, weight := titleKind(first.lines[i])
		w[k] += weight / 2
	}
	if n := first.fields(); n >= 2 {
		x := 1.5
		if k, named, _ := strongest(first.forms); named >= 7 && k != "memorandum" {
			x = 0.5 // they are the fields of the form that the page names
		}
		w["memorandum"] += x * float64(n)
	}
	if first.salutation {
		w["letter"] += 4
	}
	if p.posts(first) >= 2 {
		w["memorandum"] += 2.5
		w["despatch"] += 1.5
	}
	if first.letterhead && !first.salutation {
		w["memorandum"] += 2.5
	}
	if p.seriesMark(first) {
		w["testimony"] += 4
	}
	if 2*written > len(d.pages.views) && first.upper < 0.35 {
		w["handwritten"] += 4
	}
	if first.upper < 0.4 && first.prose > 400 && first.titled() {
		w["report"] += 2
	}
	k, _, share := strongest(w)
	return k, share
}

// posts counts the lines of a page's head that name an office and nothing else.
func (p *parser) posts(v *pageView) int {
	n := 0
	for i := range v.prints {
		if pr := &v.prints[i]; pr.role == ofText && 20*pr.box[1] < 9*v.height && namesPost(p.s[pr.start:pr.end]) {
			n++
		}
	}
	return n
}

// capitals is the share of capitals among the letters of lines' longer words, and
// how many letters those are.
func capitals(lines []string) (float64, int) {
	upper, all := 0, 0
	for _, l := range lines {
		for w := range strings.FieldsSeq(l) {
			if len(w) < 4 {
				continue
			}
			for k := 0; k < len(w); k++ {
				if w[k] >= 'A' && w[k] <= 'Z' {
					upper++
					all++
				} else if w[k] >= 'a' && w[k] <= 'z' {
					all++
				}
			}
		}
	}
	return float64(upper) / math.Max(1, float64(all)), all
}

// titled tells whether the page's text begins with a line that is no prose.
func (v *pageView) titled() bool {
	for _, l := range v.raw {
		if wordlike(l) < 0.4 || !longWord(l) {
			continue
		}
		return len(l) < 55 && !endsOpen(l)
	}
	return false
}

// seriesMark tells whether the head bears the mark of a series of collected
// testimonies: "P.III.e. No. 44."
func (p *parser) seriesMark(v *pageView) bool {
	for _, l := range v.raw[:min(len(v.raw), 5)] {
		t := strings.ReplaceAll(strings.TrimSpace(l), " ", "")
		if len(t) >= 5 && len(t) < 24 && (t[0] == 'P' || t[0] == 'p') && t[1] == '.' && strings.ContainsAny(t[2:4], "IViv1l") && strings.Count(t, ".") >= 2 {
			return true
		}
	}
	return false
}

func salutes(s string) bool { return evidence.Salutes(strings.TrimLeft(s, " '\"‘“.,*|-_")) }

func closes(s string) bool { return evidence.Closes(s) }
