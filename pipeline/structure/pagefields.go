package structure

import (
	"slices"
	"strings"
)

// field is a field of a form or memorandum head with its value.
type field struct {
	labelled
	page  int     // of the document, from 0
	line  *print  // the label's
	parts []span  // the value's pieces, in reading order
	y     float64 // how far down its page, 0-1
}

var fieldKinds = map[label]string{
	labelTo: "recipients", labelFrom: "recipients", labelThrough: "recipients", labelCopies: "recipients", labelSubject: "subjects", labelDate: "dateline",
	labelReference: "references", labelClass: "classification", labelEnclosures: "enclosure", labelParticipants: "participants", labelOther: "other",
	labelPlace: "dateline", labelNumber: "other", labelFile: "other",
}

// fields are the fields of the document's pages, in reading order.
func (p *parser) fields(pg *pages) []field {
	var out []field
	for i := range pg.sheets {
		s := &pg.sheets[i]
		if len(s.prints) > mostPrints {
			continue
		}
		p.labelLines(s)
		for j := range s.prints {
			pr := &s.prints[j]
			if pr.role != ofText && pr.role != ofHand {
				continue
			}
			l, ok := pr.own, pr.hasLabel
			if !ok {
				continue
			}
			if l.plain == 0 && p.setApart(s, pr, l) && s.amongLabels(pr) {
				l.plain = 1 // a wide blank is as plain as a colon
			}
			if v := p.s[pr.start+l.value : pr.end]; printedCaption(v) {
				l.value = pr.end - pr.start // what the form says of its box
			}
			if l.label == labelName && strings.HasPrefix(p.s[pr.start+l.value:pr.end], "(") {
				l.value, l.plain = pr.end-pr.start, 1 // the form says in which order
			}
			f := field{labelled: l, page: i, line: pr, y: float64(pr.box[1]) / float64(max(1, s.height))}
			f.parts = p.valueOf(s, j, l)
			if len(f.parts) > 0 {
				out = append(out, f)
			}
		}
	}
	return out
}

// labelLines notes of each line of a page the label that it begins with.
func (p *parser) labelLines(s *sheet) {
	for j, l := range p.columnLabels(s) {
		s.prints[j].told = &l
	}
	s.labelled = nil
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.told != nil {
			pr.own, pr.hasLabel = *pr.told, true
		} else {
			pr.own, pr.hasLabel = labelOf(p.s[pr.start:pr.end])
		}
		if pr.hasLabel {
			s.labelled = append(s.labelled, pr)
		}
	}
}

// amongLabels tells whether another label begins where a line begins, not far over or
// under it.
func (s *sheet) amongLabels(pr *print) bool {
	for _, q := range s.labelled {
		if q != pr && abs(q.box[0]-pr.box[0]) <= 3*s.pitch && abs(q.box[1]-pr.box[1]) < 8*max(s.advance, s.line) && labels(q) {
			return true
		}
	}
	return false
}

// mostLines is the greatest number of lines of a field's value.
const mostLines = 4

// valueOf reads a field's value: what follows the label in its line, what stands
// to the right of it, or under it; and the lines it goes on in.
func (p *parser) valueOf(s *sheet, j int, l labelled) []span {
	pr := &s.prints[j]
	var out []span
	x, y := pr.box[0], pr.box[1]
	if v := strings.TrimSpace(p.s[pr.start+l.value : pr.end]); v != "" {
		out = append(out, p.valueSpan(s, pr, pr.start+l.value))
		x = pr.box[0] + (pr.box[2]-pr.box[0])*l.value/max(1, pr.end-pr.start)
	}
	var beside *print
	for k := range s.prints {
		if l.label == labelSigner || l.label == labelName {
			break // over a box of the form
		}
		q := &s.prints[k]
		if q.role != ofText && (q.role != ofHand || l.plain == 0 || !p.plainWords(q)) || k == j || 2*abs(q.box[1]+q.box[3]-pr.box[1]-pr.box[3]) > 2*s.line || q.box[0] < pr.box[2]-s.line {
			continue
		}
		if q.hasLabel || printedCaption(p.s[q.start:q.end]) {
			continue
		}
		if beside == nil || q.box[0] < beside.box[0] {
			beside = q
		}
	}
	if beside != nil && (len(out) == 0 || beside.box[0]-pr.box[2] < 3*s.line) {
		if len(out) == 0 {
			x = beside.box[0]
		}
		out = append(out, p.valueSpan(s, beside, beside.start))
	}
	switch {
	case len(out) > 0 && l.plain == 0 && l.label == labelOther:
		return out
	case len(out) == 0 && l.plain > 0 && l.label != labelSigner && l.label != labelName:
		return p.inBox(s, pr)
	case l.label == labelSigner && len(out) == 0: // anywhere in the box, in one line
		below := p.under(s, j, x-4*s.line, y, nil)
		return below[:min(1, len(below))]
	}
	return p.under(s, j, x, y, out)
}

// inBox reads the box of a form whose label is pr: what stands right of the label or
// under it, before the next label of its column, and under no other label; then the
// lines that it goes on in.
func (p *parser) inBox(s *sheet, pr *print) []span {
	end := pr.box[1] + 6*s.line
	for _, q := range s.labelled {
		if q != pr && q.box[1] > pr.box[1]+s.line/2 && q.box[1] < end && abs(q.box[0]-pr.box[0]) <= 6*s.pitch && labels(q) {
			end = q.box[1]
		}
	}
	var in []*print
	for k := range s.prints {
		q := &s.prints[k]
		if q == pr || !p.speaks(s, q) || q.box[1] < pr.box[1]-s.line/2 || q.box[1] > end-s.line/2 || p.beginsAt(q) < pr.box[0]-2*s.line || q.box[0] > pr.box[2]+20*s.pitch {
			continue
		}
		if t := p.s[q.start:q.end]; !labels(q) && !s.underOther(pr, q) && !s.besideOther(pr, q) && !printedCaption(t) && !salutes(t) && !itemNumber(t) {
			in = append(in, q)
		}
	}
	slices.SortStableFunc(in, func(a, b *print) int { return a.box[1] - b.box[1] })
	var out []span
	for i, q := range in {
		if len(out) == mostLines || i > 0 && (p.beginsAt(q) < p.beginsAt(in[0])-2*s.line || q.box[0] > p.beginsAt(in[0])+6*s.line || q.box[1]-in[i-1].box[1] > max(2*s.line, 16*s.advance/10)) {
			break
		}
		out = append(out, p.valueSpan(s, q, q.start))
	}
	return out
}

// beginsAt is where the first word of a line stands that is none of the specks before it.
func (p *parser) beginsAt(q *print) int {
	for i := range q.words {
		w := &q.words[i]
		if w.Confidence >= doubtful+10 || longEnough(w.Text) || i+1 == len(q.words) {
			return w.Box[0]
		}
	}
	return q.box[0]
}

// speaks tells whether a line can be a value's: text, or a line of which a part was read
// well although stamps or pens beside it were not.
func (p *parser) speaks(s *sheet, q *print) bool {
	if q.role == ofText {
		return true
	}
	if q.role != ofHand {
		return false
	}
	at := p.valueSpan(s, q, q.start)
	sum, n := 0.0, 0
	for i := range q.words {
		if w := &q.words[i]; p.byteAt(w.Start) >= at.start && p.byteAt(w.End) <= at.end {
			sum, n = sum+w.Confidence, n+1
		}
	}
	return n > 0 && sum/float64(n) >= 80 && longEnough(p.s[at.start:at.end]) && wordlike(p.s[at.start:at.end]) > 0.6
}

// labels tells whether a line begins with a label.
func labels(q *print) bool {
	return q.hasLabel && (q.own.plain > 0 || q.own.label != labelOther)
}

// underOther tells whether another label than own stands over or beside a line, nearer
// to it.
func (s *sheet) underOther(own, q *print) bool {
	for _, l := range s.labelled {
		if l == own || l == q || l.box[0] > q.box[0]+s.line || l.box[0] <= own.box[0]+2*s.line || l.box[1] < own.box[1]-s.line || l.box[1] > q.box[1]+s.line/2 {
			continue
		}
		if labels(l) {
			return true
		}
	}
	return false
}

// doubtful is the confidence under which a word may be no word of the line: a stamp,
// a pen's stroke, the rule of a form.
const doubtful = 50

// valueSpan is the part of a line, from byte from on, that is a value: without
// stray signs before it, and up to a gap of some three signs, or to where words
// begin that were read badly. One such word alone, at the usual distance, is a word
// of the value.
func (p *parser) valueSpan(s *sheet, pr *print, from int) span {
	out := span{from, from}
	gap := 1.7 * min(float64(pr.box[3]-pr.box[1]), 1.5*float64(s.line))
	last := -1 // the word before
	for i := range pr.words {
		w := &pr.words[i]
		start, end := p.byteAt(w.Start), p.byteAt(w.End)
		if start < from-1 {
			continue
		}
		text := p.s[start:end]
		switch {
		case last < 0 && w.Confidence < doubtful+10 && i+1 < len(pr.words) && !longEnough(text):
			continue
		case last < 0:
			out.start = start
		case float64(w.Box[0]-pr.words[last].Box[2]) > gap:
			return out
		case w.Confidence < doubtful && (!longEnough(text) || i+1 < len(pr.words) && pr.words[i+1].Confidence < doubtful && float64(pr.words[i+1].Box[0]-w.Box[2]) <= gap):
			return out
		}
		out.end, last = end, i
	}
	if last < 0 {
		return span{from, pr.end}
	}
	out.start = max(out.start, from)
	return out
}

// longEnough tells whether a word has three letters or digits or more.
func longEnough(w string) bool {
	n := 0
	for i := 0; i < len(w); i++ {
		if isLetterByte(w[i]) || w[i] >= '0' && w[i] <= '9' {
			n++
		}
	}
	return n >= 3
}

// plainWords tells whether a line that was read with hardly any confidence has words
// all the same, and nothing else: beside a plain label they are its value.
func (p *parser) plainWords(q *print) bool {
	long := false
	for w := range strings.FieldsSeq(plainLetters(p.s[q.start:q.end])) {
		w = strings.Trim(w, ".,:;()'\"")
		if strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/") != "" {
			return false
		}
		long = long || len(w) >= 4
	}
	return long && wordlike(plainLetters(p.s[q.start:q.end])) > 0.6
}

// under adds the lines that a value goes on in, under it.
func (p *parser) under(s *sheet, j, x, y int, out []span) []span {
	pr := &s.prints[j]
	for len(out) < mostLines {
		var next *print
		for k := range s.prints {
			q := &s.prints[k]
			if !p.speaks(s, q) && (q.role != ofHand || len(out) == 0 || !numberOf(p.s[q.start:q.end])) || k == j || q.box[1] <= y+s.line/2 || 10*(q.box[1]-y) > 16*s.advance && len(out) > 0 || q.box[1]-y > 5*s.advance/2 ||
				p.beginsAt(q) < x-2*s.line || q.box[0] > x+6*s.line && len(out) > 0 {
				continue
			}
			if len(out) == 0 && q.box[0] > pr.box[2]+5*s.line {
				continue
			}
			if next == nil || q.box[1] < next.box[1] {
				next = q
			}
		}
		if next == nil || s.besideLabel(next) || s.pastLabel(pr, y, next) {
			return out
		}
		t := p.s[next.start:next.end]
		if len(out) == 0 && printedCaption(t) && next.box[1]-pr.box[1] < 2*s.advance {
			y = next.box[1] // the box is under what the form says of it
			continue
		}
		if next.hasLabel || printedCaption(t) || salutes(t) || itemNumber(t) || len(out) > 0 && 10*(next.box[2]-next.box[0]) > 8*(s.right-s.left) {
			return out
		}
		if len(out) == 0 {
			x = next.box[0]
		}
		out = append(out, p.valueSpan(s, next, next.start))
		x, y = min(x, next.box[0]), next.box[1]
	}
	return out
}

// numberOf tells whether a line begins with a number of what the line above names:
// "#41207", "(105-1598)".
func numberOf(s string) bool {
	w, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return len(w) > 4 && (w[0] == '#' || w[0] == '(' && w[len(w)-1] == ')') && strings.Trim(w, "#()-0123456789") == ""
}

// besideLabel tells whether a label stands to the left of a line, in its row.
func (s *sheet) besideLabel(q *print) bool { return s.besideOther(nil, q) }

// besideOther tells whether a label other than own stands to the left of a line, in its
// row.
func (s *sheet) besideOther(own, q *print) bool {
	for _, l := range s.labelled {
		if l == q || l == own || l.box[2] > q.box[0]+s.line || 2*abs(l.box[1]+l.box[3]-q.box[1]-q.box[3]) > 3*s.line {
			continue
		}
		return true
	}
	return false
}

// pastLabel tells whether the label of another field stands in a row between a value's
// last line, at y, and the line next: in the column of the value's own label.
func (s *sheet) pastLabel(own *print, y int, next *print) bool {
	for _, l := range s.labelled {
		if l == own || l == next || l.box[1] <= y+s.line/2 || l.box[1] >= next.box[1]-s.line/2 || l.box[0] > own.box[0]+8*s.pitch || l.box[0] > next.box[0] {
			continue
		}
		if l.own.plain > 0 {
			return true
		}
	}
	return false
}
