package structure

import (
	"strings"
	"unicode/utf8"
)

// footNote is a note at the foot of a page: its label, its lines, and whether its mark
// is set with a stroke, "1/".
type footNote struct {
	note
	slash bool
}

// footNotes finds the notes at the feet of the pages, below a rule or a wide blank, and
// sets their lines apart from the text.
func (p *parser) footNotes(sheets []sheet) {
	for i := range sheets {
		s := &sheets[i]
		if len(s.prints) > mostPrints {
			continue
		}
		foot := p.foot(s)
		var notes []footNote
		for _, pr := range foot {
			text := p.s[pr.start:pr.end]
			label, at, slash, ok := footLabel(text)
			switch {
			case ok && (len(notes) == 0 || label != notes[len(notes)-1].label):
				notes = append(notes, footNote{note{span: pr.span, label: label, text: pr.start + at}, slash})
			case len(notes) > 0:
				notes[len(notes)-1].end = pr.end
			}
		}
		if len(notes) == 0 {
			continue
		}
		s.notes = notes
		for _, pr := range foot {
			pr.role = ofNote
		}
	}
}

// foot are the lines of the page's notes, in the order of the text: those below a rule
// in its lower part, or the last ones behind a wide blank, when they begin with a
// label. Below a blank alone a label must be one that no paragraph has.
func (p *parser) foot(s *sheet) []*print {
	rule := 0
	for j := range s.prints {
		pr := &s.prints[j]
		if t := strings.TrimSpace(p.s[pr.start:pr.end]); 5*pr.box[1] > 2*s.height && len(t) >= 5 && strings.Trim(t, "_-—–=.~ ") == "" && strings.ContainsAny(t, "_-—–") {
			rule = max(rule, pr.box[1])
		}
	}
	var text []*print
	for j := range s.prints {
		if pr := &s.prints[j]; pr.role == ofText && (rule == 0 || pr.box[1] > rule) {
			text = append(text, pr)
		}
	}
	if rule > 0 {
		return p.labelledFrom(text, func(string, bool) bool { return true })
	}
	for k := len(text) - 1; k > 0; k-- {
		if down := text[k].box[1] - text[k-1].box[3]; down > 0 && 10*down > 12*s.line && 2*text[k].box[1] > s.height {
			return p.labelledFrom(text[k:], func(label string, slash bool) bool { return slash || symbolLen(label) > 0 })
		}
	}
	return nil
}

// labelledFrom are the lines when the first begins with a label that is fit.
func (p *parser) labelledFrom(lines []*print, fit func(label string, slash bool) bool) []*print {
	if len(lines) == 0 || len(lines) > 40 {
		return nil
	}
	if label, _, slash, ok := footLabel(p.s[lines[0].start:lines[0].end]); !ok || !fit(label, slash) {
		return nil
	}
	return lines
}

// footLabel reads the label that a note at a page's foot begins with, "1/ Not printed",
// "2. Above", "* See", "3 Ibid."; text is where its words begin.
func footLabel(s string) (label string, text int, slash, ok bool) {
	lead := len(s) - len(strings.TrimLeft(s, " '‘“|"))
	i := lead
	for i < len(s) && i < lead+3 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == lead {
		i += symbolLen(s[i:])
	}
	if i == lead {
		return "", 0, false, false
	}
	label = s[lead:i]
	if i < len(s) && s[i] == '/' {
		slash = true
		i++
	} else if i < len(s) && (s[i] == '.' || s[i] == ')') {
		i++
	}
	for i < len(s) && s[i] == ' ' {
		i++
	}
	if i >= len(s) || !isLetterByte(s[i]) && s[i] < utf8.RuneSelf && s[i] != '"' && s[i] != '(' && s[i] != '[' {
		return "", 0, false, false
	}
	return label, i, slash, true
}

// footMarks joins the notes at the feet of the document's pages to their marks in the
// text of the same page, in order, and appends both to the document's.
func (p *parser) footMarks(d *draft) {
	for i := range d.pages.sheets {
		s := &d.pages.sheets[i]
		at := 0 // behind the mark before
		for _, n := range s.notes {
			d.notes = append(d.notes, n.note)
			if m, ok := p.footMark(s, n, at); ok {
				at = m.end
				m.note = len(d.notes)
				d.marks = append(d.marks, m)
			}
		}
	}
}

// footMark is the mark of a note among the page's lines of text, behind byte from.
func (p *parser) footMark(s *sheet, n footNote, from int) (mark, bool) {
	want := n.label
	if n.slash {
		want += "/"
	}
	best := mark{share: 0}
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText || pr.end <= from {
			continue
		}
		text := p.s[pr.start:pr.end]
		for at := 0; at < len(text); {
			k := strings.Index(text[at:], want)
			if k < 0 {
				break
			}
			k += at
			at = k + len(want)
			if pr.start+k < from {
				continue
			}
			if share := markShare(text, k, at, n.slash); share > best.share {
				best = mark{candidate: candidate{span: span{pr.start + k, pr.start + at}, label: want}, share: share}
			}
		}
		if best.share > 0.8 {
			break
		}
	}
	return best, best.share > 0
}

// markShare is how sure a label at text[k:end] is a note's mark: it is glued to a word
// or a stop, and nothing is glued to it.
func markShare(text string, k, end int, slash bool) float64 {
	if end < len(text) && strings.IndexByte(" .,;:)\"", text[end]) < 0 {
		return 0
	}
	if k == 0 {
		return 0
	}
	switch c := text[k-1]; {
	case c == ' ' && slash:
		return 0.7
	case c == ' ', c >= '0' && c <= '9', strings.IndexByte("$£#/-(+=", c) >= 0:
		return 0
	case strings.IndexByte(".,;:)\"?!", c) >= 0:
		if k > 1 && text[k-2] >= '0' && text[k-2] <= '9' && !slash {
			return 0.4 // 7.1 is a number, and a mark behind a year's stop
		}
		return 0.95
	case isLetterByte(c), c >= utf8.RuneSelf:
		return 0.9
	}
	return 0
}
