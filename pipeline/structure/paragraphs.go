package structure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// paragraphs joins the lines of sheets into blocks: paragraphs across lines and
// pages, fields of heads, addresses, headings. Lines that are no text become
// asides, in their own sections.
func (p *parser) paragraphs(sheets []sheet) []block {
	var out []block
	lists := 0
	for i := range sheets {
		s := &sheets[i]
		p.listColumns(s, &lists)
		var last *print // of the block being built, on this page
		for j := range s.prints {
			pr := &s.prints[j]
			if pr.role != ofText {
				continue
			}
			switch n := len(out); {
			case last == nil && n > 0 && p.runsOn(&out[n-1], s, pr):
				out[n-1].add(pr)
			case last != nil && last.list.list+pr.list.list > 0:
				if !last.list.together(pr.list) {
					out = append(out, block{page: i})
					n++
				}
				out[n-1].add(pr)
			case last != nil && !p.parts(s, last, pr, &out[n-1]):
				out[n-1].add(pr)
			default:
				out = append(out, block{page: i})
				out[n].add(pr)
			}
			last = pr
		}
	}
	for i := range out {
		b := &out[i]
		b.start, b.end = b.prints[0].start, b.prints[len(b.prints)-1].end
		for _, pr := range b.prints {
			b.start, b.end = min(b.start, pr.start), max(b.end, pr.end)
		}
	}
	return out
}

func (b *block) add(p *print) {
	b.prints = append(b.prints, p)
	b.lines = append(b.lines, p.line)
}

// parts tells whether line b begins a new block after line a of the same page.
func (p *parser) parts(s *sheet, a, b *print, in *block) bool {
	text, before := p.s[b.start:b.end], p.s[a.start:a.end]
	down := b.box[1] - a.box[1]
	apart := min(down, b.box[3]-a.box[3]) // a box may be too tall on one side
	overlap := min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
	l, field := labelOf(text)
	first := in.prints[0]
	if len(in.prints) == 1 && !field && 2*abs(down) < s.line && b.box[0] > a.box[2] && bareLabel(before) {
		return false // the value of a field beside its label
	}
	if f, ok := labelOf(p.s[first.start:first.end]); ok && f.label == labelParticipants && f.plain > 0 {
		return !p.listGoesOn(s, in, b, f)
	}
	switch {
	case max(down, b.box[3]-a.box[3]) < s.line/3 || overlap < -4*s.line: // beside, or above: another column
		return true
	case 100*apart > 155*s.advance: // a gap
		return true
	case field && (l.plain == 2 || l.plain == 1 && !endsOpen(before)):
		return true
	}
	if f, ok := labelOf(p.s[in.prints[0].start:in.prints[0].end]); ok && f.label == labelEnclosures {
		return false
	} else if ok && f.plain > 0 && f.label != labelOther && f.label != labelAction && f.label != labelNumber {
		// a field's value goes on under itself
		if 10*apart > 28*s.line || len(in.prints) > mostLines || itemNumber(text) && b.box[0] < p.valueX(in.prints[0], f)-2*s.pitch {
			return true
		}
		return b.box[0] < in.prints[0].box[0]+3*s.pitch && len(in.prints) == 1 && in.prints[0].box[2] < s.right-12*s.pitch || salutes(text) || salutes(before)
	}
	indent := b.box[0] - s.left
	switch {
	case salutes(text) || salutes(before), closes(text), classified(before) || classified(text):
		return true
	case dateLine(text) || dateLine(before):
		return true
	case strings.HasPrefix(text, "(") && endsSentence(before) && len(in.prints) < 4:
		return true
	case 2*(a.box[2]-s.left) < s.right-s.left && strings.HasSuffix(strings.TrimSpace(before), ","):
		return false // an address, each line set in further
	case indent >= 3*s.pitch && a.box[0] < s.left+3*s.pitch && a.box[0] > s.left-6*s.pitch: // a first line set in
		return true
	case itemNumber(text) && (!endsOpen(before) || b.box[0] <= in.prints[0].box[0]+s.pitch):
		return true
	case heading(before) && len(in.prints) == 1 && indent < 4*s.pitch && !heading(text):
		return true
	case endsSentence(before) && a.box[2] < s.right-(s.right-s.left)/4 && indent > s.pitch && b.box[0] >= a.box[0]+s.pitch:
		return true
	}
	return false
}

// runsOn tells whether the first line of a page goes on with the last block of
// the page before.
func (p *parser) runsOn(b *block, s *sheet, pr *print) bool {
	last := b.prints[len(b.prints)-1]
	before, text := p.s[last.start:last.end], p.s[pr.start:pr.end]
	if last.page != pr.page-1 || len(b.prints) == 1 && len(before) < 25 {
		return false
	}
	if _, ok := labelOf(text); ok {
		return false
	}
	begins, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " /\\|'\"‘“.,*"))
	switch {
	case unicode.IsLower(begins):
		return !endsSentence(before) || strings.HasSuffix(strings.TrimSpace(before), ",")
	case endsSentence(before), pr.box[0] >= s.left+3*s.pitch, itemNumber(text):
		return false
	}
	return wordlike(before) > 0.5 && len(before) > 35
}

// endsSentence tells whether a line ends with a stop.
func endsSentence(s string) bool {
	t := strings.TrimRight(s, " '\"”’)")
	return t != "" && strings.IndexByte(".?!:", t[len(t)-1]) >= 0
}

// endsOpen tells whether a line ends within a sentence.
func endsOpen(s string) bool {
	t := strings.TrimRight(s, " ")
	if t == "" {
		return false
	}
	c := t[len(t)-1]
	return c >= 'a' && c <= 'z' || c == ',' || c == '-'
}

// itemNumber tells whether a line begins a numbered paragraph: "3. ", "(2) ",
// "a. ".
func itemNumber(s string) bool {
	t := strings.TrimLeft(s, " ,.'\"‘“*|")
	i := 0
	paren := t != "" && t[0] == '('
	if paren {
		t = t[1:]
	}
	for i < len(t) && i < 2 && t[i] >= '0' && t[i] <= '9' {
		i++
	}
	if i == 0 && t != "" && t[0]|0x20 >= 'a' && t[0]|0x20 <= 'h' {
		i = 1
	}
	if i == 0 || i+1 >= len(t) {
		return false
	}
	if paren {
		return t[i] == ')'
	}
	rest := strings.TrimLeft(t[i+1:], " \"'“‘")
	if rest == "" || !isLetterByte(rest[0]) && rest[0] < utf8.RuneSelf {
		return false
	}
	return (t[i] == '.' || t[i] == ')' || t[i] == ',' && t[0] <= '9') && t[i+1] == ' '
}

// dateLine tells whether a line is a dateline: a full date, and beside it a place
// and no sentence.
func dateLine(s string) bool {
	if len(s) > 60 {
		return false
	}
	f, ok := findDate(s)
	if !ok || len(f.iso) < 10 || len(strings.TrimSpace(s))-(f.end-f.start) >= 32 {
		return false
	}
	small := 0
	for w := range strings.FieldsSeq(s[:f.start] + " " + s[min(f.end, len(s)):]) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) && len(w) > 1 {
			small++
		}
	}
	return small < 2 && !strings.HasSuffix(strings.TrimSpace(s[:f.start]), " of")
}

// heading tells whether a line looks like a heading: short, no sentence, capital
// words or a colon at its end.
func heading(s string) bool {
	t := strings.TrimRight(strings.TrimSpace(s), " -–.~_")
	if len(t) < 4 || len(t) > 60 || strings.Count(t, " ") > 6 {
		return false
	}
	small, capital := 0, 0
	for w := range strings.FieldsSeq(t) {
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.IsUpper(r):
			capital++
		case unicode.IsLower(r) && len(w) > 3:
			small++
		case unicode.IsDigit(r):
			return false
		}
	}
	return capital > 0 && small == 0 && (t[len(t)-1] == ':' || t == strings.ToUpper(t))
}
