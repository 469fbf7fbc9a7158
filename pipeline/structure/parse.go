package structure

import (
	"slices"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure/evidence"
	"nightshift/pipeline/transcript"
)

// Input is what Parse works on.
type Input struct {
	Text   string             // as read, valid UTF-8
	Layout *transcript.Layout // nil for text inputs
	Rules  *clean.Rules       // an archive's own; nil: none
}

// RulesVersion names the rules of this package: it changes when the same text
// may be read differently.
func RulesVersion() string { return "24" }

// Parse finds the structure of an item's text. It takes any text; what it
// cannot tell stays empty and is said in Notices. Time and memory are linear in
// the length of the text.
func Parse(in Input) Structure {
	p := newParser(in.Text)
	p.rules = in.Rules
	out := Structure{
		Version: FormatVersion, Text: Text{SHA256: archive.DigestOf([]byte(in.Text)), Length: p.length},
		Rules: in.versions(), Documents: []Document{}, Corrections: []clean.Correction{},
	}
	p.readAll(in.Layout)
	out.Corrections = p.correct(in.Layout)
	p.clear = newClearText(p.text, out.Corrections, p.taken())
	for _, d := range p.docs {
		if d.pages != nil {
			out.Documents = append(out.Documents, p.pagesDocument(d))
		} else {
			out.Documents = append(out.Documents, p.document(d))
		}
	}
	out.Notices = append(p.notices(), doubts(out.Documents)...)
	return out
}

// versions are those of the rules, for the record.
func (in Input) versions() map[string]string {
	out := map[string]string{"structure": RulesVersion(), "clean": clean.Version()}
	if d := in.Rules.Digest(); d != "" {
		out["archive"] = d
	}
	return out
}

// parser holds what is found in a text, in bytes, until it is written out in
// code points.
type parser struct {
	*text
	lines  []line
	marks  []pageMark
	heads  []head
	blocks []block
	docs   []*draft
	clear  *clearText
	rules  *clean.Rules
}

func newParser(s string) *parser {
	t := newText(s)
	p := &parser{text: t, lines: linesOf(t.s), marks: pageMarks(t.s)}
	p.heads = runningHeads(t.s, p.lines, p.marks)
	p.blocks = blocksOf(t.s, p.lines, p.heads, p.marks)
	return p
}

// readAll finds the documents of the text and what is in them: from its pages, or
// from its paragraphs when it has none.
func (p *parser) readAll(layout *transcript.Layout) {
	if sheets := p.sheets(layout); sheets != nil {
		p.readSheets(sheets)
		return
	}
	for _, d := range p.divide() {
		p.read(d)
	}
}

// draft is a document before its text is cleaned.
type draft struct {
	span
	confidence float64
	blocks     []block
	kinds      []evidence.Reading // of each block
	notes      []note
	marks      []mark
	pages      *pages // of a document read from pages; nil otherwise
}

// read finds the sections, notes and note marks of a document.
func (p *parser) read(d *draft) {
	blocks, list := p.shown(d)
	d.kinds = evidence.Default.Decode(blocks)
	d.shortTitles()
	p.findMarks(d, list)
	p.docs = append(p.docs, d)
}

// maxTitle is the longest title, in bytes; the longest of the development
// documents has 221 characters. A text without any line end is one block and would else
// be all title.
const maxTitle = 1500

// shortTitles has titles that are no titles, for their length, be text.
func (d *draft) shortTitles() {
	for i, b := range d.blocks {
		if d.kinds[i].Kind == "title" && b.end-b.start > maxTitle {
			d.kinds[i].Kind = "body"
		}
	}
}

// shown are the document's blocks as the decoder sees them, and which is the
// first of its note list, whose notes it reads.
func (p *parser) shown(d *draft) (blocks []evidence.Block, list int) {
	list = p.noteBlocks(d)
	blocks = make([]evidence.Block, len(d.blocks))
	for i := range d.blocks {
		b := &d.blocks[i]
		e := &blocks[i]
		e.Text = p.s[b.start:b.end]
		switch {
		case b.whole != nil:
			e.Known = "page-mark"
		case i >= list:
			e.Known = "notes"
			d.notes = append(d.notes, noteList(p.s, p.lines, b)...)
		case startsBullet(trimIndent(e.Text)):
			for _, en := range p.entries(b) {
				e.Entries = append(e.Entries, p.s[en.start:en.end])
			}
		}
	}
	return blocks, list
}

// Shown is the first document's blocks as the decoder of sections sees them,
// with their places in code points: what internal/weigh counts weights on.
func Shown(s string) ([]evidence.Block, []Section) {
	p := newParser(s)
	ds := p.divide()
	if len(ds) == 0 {
		return nil, nil
	}
	blocks, _ := p.shown(ds[0])
	places := make([]Section, len(blocks))
	for i, b := range ds[0].blocks {
		places[i] = Section{Kind: blocks[i].Known, Start: p.at(b.start), End: p.at(b.end)}
	}
	return blocks, places
}

// noteBlocks is the first of the blocks at the document's end that are its note
// list; len(d.blocks) when there is none.
func (p *parser) noteBlocks(d *draft) int {
	list := len(d.blocks)
	for i := len(d.blocks) - 1; i >= 0; i-- {
		b := &d.blocks[i]
		if b.whole != nil {
			continue
		}
		if !isNoteList(p.s, p.lines, b) {
			break
		}
		list = i
	}
	return list
}

// entries are the entries of a list, without bullets.
func (p *parser) entries(b *block) []span {
	var out []span
	for _, i := range b.lines {
		l := p.lines[i]
		text := p.s[l.start:l.end]
		indent := len(text) - len(trimIndent(text))
		if n := bulletLen(text[indent:]); n > 0 {
			out = append(out, span{l.start + indent + n, l.end})
		} else if len(out) > 0 && !p.isPageMark(l) {
			out[len(out)-1].end = l.end
		}
	}
	return out
}

// isPageMark tells whether a line is a page mark and nothing else.
func (p *parser) isPageMark(l line) bool {
	i, ok := slices.BinarySearchFunc(p.marks, l.start, func(m pageMark, at int) int { return m.start - at })
	return ok && p.marks[i].end >= l.end-1
}

func trimIndent(s string) string {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	return s
}

// findMarks aligns the document's note list with the marks in its text.
func (p *parser) findMarks(d *draft, list int) {
	if len(d.notes) == 0 || list == 0 {
		return
	}
	var cands []candidate
	for i := range d.blocks[:list] {
		b := &d.blocks[i]
		if b.whole != nil {
			continue
		}
		from := len(cands)
		cands = p.outsideMarks(candidatesIn(p.s, b.start, b.end, p.lineEnds(b), cands), from)
		if d.kinds[i].Kind == "title" {
			for k := from; k < len(cands); k++ {
				if cands[k].end == b.end {
					cands[k].weight += endsTitle
				}
			}
		}
	}
	own := make([]string, len(d.notes))
	for i, n := range d.notes {
		own[i] = n.label
	}
	d.marks = align(cands, len(d.notes), own)
}

// lineEnds are the ends of a block's entries, or of the whole block.
func (p *parser) lineEnds(b *block) []int {
	if !startsBullet(trimIndent(p.s[b.start:b.end])) {
		return []int{b.end}
	}
	var out []int
	for _, e := range p.entries(b) {
		out = append(out, e.end)
	}
	return out
}

// outsideMarks drops candidates, from the given one on, that lie in page marks
// and running heads.
func (p *parser) outsideMarks(cands []candidate, from int) []candidate {
	kept := cands[:from]
	m, h := 0, 0
	if from < len(cands) {
		m, _ = slices.BinarySearchFunc(p.marks, cands[from].start, func(m pageMark, at int) int { return m.end - at })
		h, _ = slices.BinarySearchFunc(p.heads, cands[from].start, func(x head, at int) int { return x.taken.end - at })
	}
	for _, c := range cands[from:] {
		for m < len(p.marks) && p.marks[m].end <= c.start {
			m++
		}
		for h < len(p.heads) && p.heads[h].taken.end <= c.start {
			h++
		}
		if m < len(p.marks) && c.end > p.marks[m].start || h < len(p.heads) && c.end > p.heads[h].taken.start {
			continue
		}
		kept = append(kept, c)
	}
	return kept
}

// taken are the marks that are no part of clean values.
func (p *parser) taken() []span {
	var out []span
	for _, m := range p.marks {
		out = append(out, m.span)
	}
	for _, d := range p.docs {
		for _, m := range d.marks {
			out = append(out, m.span)
		}
	}
	return out
}

// notices say what could not be told.
func (p *parser) notices() []string {
	var out []string
	if len(p.blocks) == 0 {
		out = append(out, "there is no text")
	}
	for i, d := range p.docs {
		if n := len(d.notes) - len(d.marks); n > 0 {
			out = append(out, notice(i, n, "of %d notes the mark in the text was not found"))
		}
	}
	return out
}
