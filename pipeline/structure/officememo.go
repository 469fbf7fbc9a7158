package structure

import "strings"

// printedMemo is the line of the words UNITED STATES GOVERNMENT that are printed over the
// office memorandum (Optional Form 10 and the standard form before it), nil if the page
// has none. Under it stand, on every copy and in this order, TO, FROM, SUBJECT.
func (p *parser) printedMemo(s *sheet) *print {
	for j := range s.prints {
		pr := &s.prints[j]
		if 3*pr.box[1] < s.height && alikeIn(lettersOf(p.s[pr.start:pr.end]), "unitedstatesgovernment") {
			return pr
		}
	}
	return nil
}

// mostHead is the most lines that a printed memorandum's head is deep.
const mostHead = 14

// printedLabels adds to out the labels of a printed memorandum that could not be read:
// SUBJECT where one of its letters in three is misread, and over it the addressee and the
// sender, who stand in the column of its value.
func (p *parser) printedLabels(s *sheet, guesses map[int]guess, taken map[label]bool, out map[int]labelled) {
	form := p.printedMemo(s)
	if form == nil {
		return
	}
	top, foot := form.box[1], form.box[1]+mostHead*max(s.advance, s.line)
	var subject *print
	var value int
	for j := range s.prints {
		g, ok := guesses[j]
		pr := &s.prints[j]
		if !ok || g.label != labelSubject || g.strength < alike || pr.box[1] <= top || pr.box[1] > foot {
			continue
		}
		if !taken[labelSubject] {
			out[j], taken[labelSubject] = g.labelled, true
		}
		subject, value = pr, g.value
		break
	}
	if subject == nil {
		return
	}
	column := -1
	for _, w := range subject.words {
		if p.byteAt(w.Start) >= subject.start+value && longWord(w.Text) {
			column = w.Box[0]
			break
		}
	}
	if column < 0 {
		return
	}
	next := []label{labelTo, labelFrom}
	for j := 0; j < len(s.prints) && len(next) > 0; j++ {
		pr := &s.prints[j]
		if pr.box[1] <= top+s.line/2 || pr.box[1] >= subject.box[1]-s.line/2 {
			continue
		}
		if l := labelOfRow(s, pr, guesses, out); l != noLabel {
			if l == next[0] {
				next = next[1:]
			}
			continue
		}
		at := p.wordAt(pr, column, 2*s.pitch)
		if at < 0 || !capitalWord(strings.TrimRight(p.s[pr.start+at:pr.end], ",;.")) || isStamp(p.s[pr.start+at:pr.end]) {
			continue
		}
		if !taken[next[0]] {
			out[j], taken[next[0]] = labelled{label: next[0], value: at, plain: 1}, true
		}
		next = next[1:]
	}
}

// labelOfRow is the label TO, FROM or SUBJECT that was read or told in the row of a line.
func labelOfRow(s *sheet, pr *print, guesses map[int]guess, out map[int]labelled) label {
	for k := range s.prints {
		if q := &s.prints[k]; 2*abs(q.box[1]-pr.box[1]) >= s.line || q.box[0] > pr.box[0] {
			continue
		}
		l := out[k].label
		if g, ok := guesses[k]; ok && g.strength == asRead {
			l = g.label
		}
		if l == labelTo || l == labelFrom || l == labelSubject {
			return l
		}
	}
	return noLabel
}

// wordAt is where in a line the word begins that stands at x, give or take some pixels;
// -1 if none does.
func (p *parser) wordAt(pr *print, x, room int) int {
	for _, w := range pr.words {
		if abs(w.Box[0]-x) <= room && len(w.Text) > 1 {
			return p.byteAt(w.Start) - pr.start
		}
	}
	return -1
}
