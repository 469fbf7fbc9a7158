package structure

import (
	"slices"
	"strings"
)

// columnLabels are the lines of a form's or memorandum's head that begin in the
// column of its labels with something that was a label before it was misread:
// "oat» 16 May", "FeOm HARBOUR". Where a label stands is told by the labels that
// were read, and by the order in which heads have them; how it was spelled counts
// less. The result is by the index of the line.
func (p *parser) columnLabels(s *sheet) map[int]labelled {
	var known []int
	taken := map[label]bool{}
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role == ofStamp || 5*pr.box[1] > 3*s.height {
			continue
		}
		if l, ok := p.labelAt(s, pr); ok && l.plain > 0 && columnLabel[l.label] {
			known = append(known, j)
			taken[l.label] = true
		}
	}
	out := map[int]labelled{}
	for j := range s.prints {
		text := strings.TrimSpace(p.s[s.prints[j].start:s.prints[j].end])
		if len(text) <= 6 && misreadBare(text) && p.amongHeads(s, &s.prints[j]) {
			l, _ := misreadLabel(text+":", 0)
			out[j] = labelled{label: l.label, value: s.prints[j].end - s.prints[j].start, plain: 1}
		}
	}
	if len(known) < 2 {
		return p.underTo(s, out)
	}
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText && pr.role != ofHand || slices.Contains(known, j) || !s.inColumn(pr, known) {
			continue
		}
		text := p.s[pr.start:pr.end]
		if _, read := labelOf(text); read {
			continue
		}
		l, ok := nearestLabel(text, taken)
		if !ok {
			l, ok = shortLabel(text, taken)
		}
		if ok && (l.value == len(text) || p.setApart(s, pr, l)) {
			out[j], taken[l.label] = l, true
		}
	}
	if !taken[labelTo] {
		p.betweenDateAndFrom(s, known, out)
	}
	return out
}

// amongHeads tells whether two labels or more stand in the row of a line, as in a form
// with the heads of its boxes side by side.
func (p *parser) amongHeads(s *sheet, pr *print) bool {
	n := 0
	for k := range s.prints {
		q := &s.prints[k]
		if q != pr && 2*abs(q.box[1]-pr.box[1]) < s.line && bareLabel(p.s[q.start:q.end]) {
			n++
		}
	}
	return n >= 2
}

// underTo takes the line right under the addressee's, beginning where it begins with a
// word that FROM was misread as, for the sender's: teletypes have no colons.
func (p *parser) underTo(s *sheet, out map[int]labelled) map[int]labelled {
	for j := range s.prints {
		to := &s.prints[j]
		if l, ok := labelOf(p.s[to.start:to.end]); !ok || l.label != labelTo || 3*to.box[1] > s.height {
			continue
		}
		for k := range s.prints {
			pr := &s.prints[k]
			if down := pr.box[1] - to.box[1]; pr.role == ofStamp || down < s.line/2 || down > 2*max(s.advance, s.line) || abs(pr.box[0]-to.box[0]) > 2*s.pitch {
				continue
			}
			text := p.s[pr.start:pr.end]
			word, rest, _ := strings.Cut(text, " ")
			if word != strings.ToUpper(word) || len(word) != 4 || differ(asLetters(word), "from") != 1 || !capitalWord(rest) {
				continue
			}
			out[k] = labelled{label: labelFrom, value: len(word) + 1, plain: 1}
			return out
		}
	}
	return out
}

// columnLabel are the labels that stand under each other in heads.
var columnLabel = map[label]bool{labelTo: true, labelFrom: true, labelDate: true, labelSubject: true, labelThrough: true, labelCopies: true, labelReference: true, labelAttention: true, labelAction: true, labelOther: true}

// inColumn tells whether a line begins where two of the known labels begin, and not
// far above or below them.
func (s *sheet) inColumn(pr *print, known []int) bool {
	near, rows := 0, false
	for _, k := range known {
		q := &s.prints[k]
		if abs(q.box[0]-pr.box[0]) <= 4*s.pitch {
			near++
			rows = rows || abs(q.box[1]-pr.box[1]) < 8*max(s.advance, s.line)
		}
	}
	return near >= 2 && rows
}

// nearestLabel reads the first word of a line as a label that is not there yet: half
// its letters at most misread, and behind it a stray sign or a wide blank.
func nearestLabel(text string, taken map[label]bool) (labelled, bool) {
	end := strings.IndexAny(text, " :;=+»*")
	if end < 2 || end > 8 {
		return labelled{}, false
	}
	key := asLetters(strings.Trim(text[:end], ".,'\"‘’“”»«°*|-"))
	best, at := len(key), -1
	for i, h := range headLabels {
		if len(h.word) < 4 || taken[h.label] || len(key) < 3 || len(key) > 5 {
			continue
		}
		d := differ(key, h.word) + abs(len(key)-len(h.word))
		if d < best && 2*d <= len(h.word) {
			best, at = d, i
		}
	}
	if at < 0 {
		return labelled{}, false
	}
	if text[:end] == strings.ToLower(text[:end]) && text[end] == ' ' {
		return labelled{}, false
	}
	out := labelled{label: headLabels[at].label, value: end, plain: 1}
	for out.value < len(text) && !isLetterByte(text[out.value]) && (text[out.value] < '0' || text[out.value] > '9') {
		out.value++
	}
	return out, out.value < len(text)
}

// shortLabel reads the first word of a line as TO with one of its letters misread.
func shortLabel(text string, taken map[label]bool) (labelled, bool) {
	word, rest, _ := strings.Cut(text, " ")
	key := asLetters(strings.Trim(word, ".,:;'|"))
	if taken[labelTo] || len(key) != 2 || word != strings.ToUpper(word) || differ(key, "to") != 1 && key != "to" {
		return labelled{}, false
	}
	out := labelled{label: labelTo, value: len(text) - len(strings.TrimLeft(rest, " :.|-_~")), plain: 1}
	return out, true
}

// labelAt is the label that a line begins with; a wide blank behind it is as plain as a
// colon.
func (p *parser) labelAt(s *sheet, pr *print) (labelled, bool) {
	l, ok := labelOf(p.s[pr.start:pr.end])
	if ok && l.plain == 0 && p.setApart(s, pr, l) {
		l.plain = 1
	}
	return l, ok
}

// setApart tells whether a sign, or a blank wider than those between words, stands
// between a label and its value.
func (p *parser) setApart(s *sheet, pr *print, l labelled) bool {
	text := p.s[pr.start:pr.end]
	word := strings.TrimRight(text[:l.value], " ")
	between := text[len(word):l.value]
	if strings.Contains(between, "  ") || strings.ContainsAny(word, ":;=+»*") {
		return true
	}
	for i := 1; i < len(pr.words); i++ {
		if p.byteAt(pr.words[i].End) > pr.start+l.value {
			return 10*(pr.words[i].Box[0]-pr.words[i-1].Box[2]) > 12*min(s.line, pr.box[3]-pr.box[1])
		}
	}
	return false
}

// betweenDateAndFrom takes the one line of the column between the date and the
// sender for the addressee: message forms have them in this order.
func (p *parser) betweenDateAndFrom(s *sheet, known []int, out map[int]labelled) {
	var date, from *print
	look := func(j int, l label) {
		switch l {
		case labelDate:
			date = &s.prints[j]
		case labelFrom:
			from = &s.prints[j]
		}
	}
	for _, j := range known {
		l, _ := labelOf(p.s[s.prints[j].start:s.prints[j].end])
		look(j, l.label)
	}
	for j, l := range out {
		look(j, l.label)
	}
	if date == nil || from == nil || from.box[1]-date.box[1] > 6*max(s.advance, s.line) {
		return
	}
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText && pr.role != ofHand || pr.box[1] < date.box[1]+s.line/2 || pr.box[1] > from.box[1]-s.line/2 || abs(pr.box[0]-from.box[0]) > 5*s.pitch {
			continue
		}
		text := p.s[pr.start:pr.end]
		at := strings.IndexByte(text, ' ')
		for at > 0 && at < len(text) && !isLetterByte(text[at]) {
			at++
		}
		if at > 0 && at <= 8 && longWord(text[at:]) {
			out[j] = labelled{label: labelTo, value: at, plain: 1}
			return
		}
	}
}
