package structure

import (
	"strings"

	"nightshift/pipeline/structure/wording"
)

// stampWords are the words of stamps and release marks, folded; a line that has
// one of these phrases is a stamp.
var stampWords = []string{
	"release under the president", "assassination records act", "received department of state", "department of state received", "return to cia",
	"background use only", "do not reproduce", "reproduction by other than", "issuing office is prohibited", "excluded from automatic", "downgrading and declassification",
	"automatic downgrading", "document number", "for foia review", "declassified by", "declassify on", "classified by", "authority of", "approved for release",
	"cia historical review program", "has no objection to", "declassification and/or", "release of cia information", "record copy", "information contained",
	"herein is unclassified", "except where shown otherwise", "where shown otherwise", "division of communications", "communications and records", "adviser on political relations", "assistant secretary of state department",
	"division of european affairs", "division of near eastern", "document microfilm service", "reproduction is best obtainable", "aperture card submitted",
	"reviewed by fbi", "release in full", "release in part", "total denial", "the national archives", "recording desk", "legal adviser", "docid", "doc id",
	"postal telegraph received", "received and filed", "sanitized", "fbi/jfk task force", "in this document except",
}

var stampLexicon = wording.NewLexicon(stampWords)

// roles tells lines that are no part of the documents' text: page numbers, heads
// and feet, catchwords, stamps, handwriting.
func (p *parser) roles(sheets []sheet) {
	seen := map[string]int{} // pages on which a line stands at the edge
	for i := range sheets {
		s := &sheets[i]
		once := map[string]bool{}
		for j := range s.prints {
			pr := &s.prints[j]
			text := p.s[pr.start:pr.end]
			pr.role = s.roleOf(pr, text)
			if k := headKey(text); k != "" && s.edge(pr) && !once[k] {
				once[k] = true
				seen[k]++
			}
		}
	}
	for i := range sheets {
		sheets[i].measure() // by its text alone
	}
	for i := range sheets {
		s := &sheets[i]
		for j := range s.prints {
			pr := &s.prints[j]
			if pr.role != ofText && pr.role != ofHand {
				continue
			}
			text := p.s[pr.start:pr.end]
			if k := headKey(text); k != "" && s.edge(pr) && seen[k] > 1 && (2*seen[k] > len(sheets) || seen[k] > 2) && !classified(text) && !plainLabel(text) && !namesForm(text) {
				pr.role = ofHead
			}
		}
		s.besideText()
		p.dashedNumbers(s)
		first, last := s.ends()
		for _, j := range []int{first, last} {
			if j >= 0 && s.edge(&s.prints[j]) {
				if _, ok := pageNumber(p.s[s.prints[j].start:s.prints[j].end]); ok {
					s.prints[j].role = ofPage
				}
			}
		}
	}
	p.numbersByPlace(sheets)
	for i := range sheets {
		p.catchword(sheets, i)
	}
}

// besideText takes the up to three signs that stand alone outside the text's column for
// marks of a pen: file clerks' ticks, specks at the paper's edge.
func (s *sheet) besideText() {
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role == ofText && pr.end-pr.start <= 3 && !s.edge(pr) && (pr.box[2] < s.left-3*s.pitch || pr.box[0] > s.right+3*s.pitch) {
			pr.role = ofHand
		}
	}
}

// edge tells whether a line stands in the page's head or foot.
func (s *sheet) edge(p *print) bool {
	return 8*p.box[3] < s.height || 8*p.box[1] > 7*s.height || s.outermost(p)
}

// outermost tells whether no line stands above, or none below.
func (s *sheet) outermost(p *print) bool {
	return p.box[1] <= s.top+s.line/2 || p.box[1] >= s.bottom-s.line/2
}

// roleOf looks at one line alone.
func (s *sheet) roleOf(p *print, text string) role {
	n := len(strings.TrimSpace(text))
	wide := p.box[2]-p.box[0] > 2*s.line*max(3, n) // fewer signs than the stretch has room for
	tall := p.box[3]-p.box[1] > 3*s.line && p.box[2]-p.box[0] < p.box[3]-p.box[1]
	switch {
	case isStamp(text), p.box[3]-p.box[1] > p.box[2]-p.box[0] && decimalFile(text) != "":
		return ofStamp
	case plainLabel(text) && p.confidence >= 20:
		return ofText
	case p.confidence >= 40 && (salutes(strings.TrimSpace(text)) || closes(text) || dateLine(text) || classified(text)):
		return ofText
	case tall, p.confidence < 30, wide && p.confidence < 70, p.confidence < 60 && n <= 12 && !longWord(text), p.confidence < 45 && !longWord(text), p.confidence < 55 && p.x < 0.6, p.x < 0.3 && n > 3 && p.confidence < 75:
		return ofHand
	case n <= 3 && p.confidence < 75 || n <= 2 && strings.Trim(text, " .,;:'\"|-_~*()[]°‘’“”—") == "":
		return ofHand
	}
	return ofText
}

// namesForm tells whether a line has the printed name of a form: the pages of several
// forms of one kind have it all, and each tells by it what it is.
func namesForm(text string) bool {
	lines := []string{strings.Join(strings.Fields(formLexicon.Mend(joinLetters(text))), " ")}
	_, weight, _ := strongest(formKinds(lines, 1))
	return weight >= 6
}

// plainLabel tells whether a line begins with a label and its colon.
func plainLabel(text string) bool {
	l, ok := labelOf(text)
	return ok && l.plain == 2
}

// longWord tells whether a word of five letters or more stands in a line.
func longWord(s string) bool {
	run := 0
	for i := 0; i < len(s); i++ {
		if isLetterByte(s[i]) {
			if run++; run >= 5 {
				return true
			}
			continue
		}
		run = 0
	}
	return false
}

func isStamp(text string) bool {
	if len(text) < 8 || len(text) > 160 {
		return false
	}
	low := stampLexicon.Mend(text)
	for _, w := range stampWords {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// headKey is what a line that stands on every page has in common: its letters.
func headKey(text string) string {
	k := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(text))
	if len(k) < 6 || len(text) > maxHead {
		return ""
	}
	return k
}

// ends are the first and last line of the page that are text; -1 for none.
func (s *sheet) ends() (first, last int) {
	first, last = -1, -1
	for i, p := range s.prints {
		if p.role != ofText && p.role != ofPage {
			continue
		}
		if first < 0 || p.box[1] < s.prints[first].box[1] {
			first = i
		}
		if last < 0 || p.box[1] > s.prints[last].box[1] {
			last = i
		}
	}
	return first, last
}

// numberSigns stand about a page's number: dashes, and what they are misread as.
const numberSigns = " -–—~_.()[]=«»:*?'‘’"

// dashedNumbers finds the numbers between dashes, "-2-", "~3-", that stand alone
// at the page's head or foot, with nothing beyond them but markings: also those
// that were read with doubt.
func (p *parser) dashedNumbers(s *sheet) {
	top, bottom := s.height, 0 // of the page's text, less its markings and numbers
	var found []*print
	for j := range s.prints {
		pr := &s.prints[j]
		text := p.s[pr.start:pr.end]
		switch {
		case pr.role != ofText && pr.role != ofHand:
		case dashedNumber(text):
			found = append(found, pr)
		case pr.role == ofText && !classified(strings.Trim(text, " '\"‘’“”|_~*")):
			top, bottom = min(top, pr.box[1]), max(bottom, pr.box[3])
		}
	}
	for _, pr := range found {
		if pr.box[3] <= top+s.line/2 && 4*pr.box[3] < s.height || pr.box[1] >= bottom-s.line/2 && 4*pr.box[1] > 3*s.height {
			pr.role = ofPage
		}
	}
}

// dashedNumber tells whether a line is a page's number with a dash, or what one is
// misread as.
func dashedNumber(text string) bool {
	t := strings.Trim(text, numberSigns)
	if t == "" || strings.Trim(t, "0123456789") != "" || !strings.ContainsAny(text, "-–—~_=«»") {
		return false
	}
	_, ok := pageNumber(text)
	return ok
}

// pageNumber reads a page's number: "-2-", "- 2 -", "2", "Page 2 of 3", "2.".
func pageNumber(text string) (int, bool) {
	t := strings.ToLower(strings.TrimSpace(text))
	page := strings.HasPrefix(t, "page ")
	t = strings.TrimPrefix(t, "page ")
	t, _, _ = strings.Cut(t, " of ")
	t = strings.Trim(t, numberSigns)
	if len(t) == 0 || len(t) > 3 {
		return 0, false
	}
	n, rest := number(t)
	if rest != "" {
		if n, ok := map[string]int{"two": 2, "i": 1, "ii": 2, "iii": 3}[t]; ok && (page || t == "ii" || t == "iii") {
			return n, true
		}
		return 0, false
	}
	return n, n > 0 && n < 400
}

// catchword finds the next page's first word, alone at the foot of page i.
func (p *parser) catchword(sheets []sheet, i int) {
	s := &sheets[i]
	_, last := s.ends()
	if i+1 >= len(sheets) || last < 0 || s.prints[last].role == ofPage {
		return
	}
	next := ""
	if first := sheets[i+1].topText(); first != nil {
		next = p.s[first.start:first.end]
	}
	foot := &s.prints[last]
	c := foot
	for j := range s.prints { // dots behind it are read badly
		pr := &s.prints[j]
		if pr.role != ofHand || pr.box[1] <= foot.box[1] || pr.box[0] < (s.left+s.right)/2 {
			continue
		}
		if text := p.s[pr.start:pr.end]; strings.Count(text, ".") > 3 || strings.Contains(text, "..") && leadsOn(text, next) {
			c = pr
		}
	}
	text := strings.TrimSpace(p.s[c.start:c.end])
	if len(text) > 30 || c.box[0] < (s.left+s.right)/2 || len(catchwords(text)) == 0 {
		return
	}
	if leadsOn(text, next) || strings.Contains(text, "...") || strings.Count(text, ".") > 3 {
		c.role = ofCatchword
	}
}

// catchwords are the one to three words of a catchword, without the dots behind them;
// nil for more.
func catchwords(text string) []string {
	words := strings.Fields(strings.Trim(text, " ./-+:,"))
	if len(words) > 3 {
		return nil
	}
	return words
}

// leadsOn tells whether the words of a line are those that the next page begins with.
func leadsOn(text, next string) bool {
	begins := strings.Fields(wording.Fold(next))
	words := catchwords(text)
	for k, w := range words {
		w = strings.TrimFunc(wording.Fold(w), func(r rune) bool { return r < 'a' && (r < '0' || r > '9') })
		found := false
		for j := k; j < min(len(begins), k+2); j++ { // a stray mark may stand before
			b := strings.Trim(begins[j], ".,;:/\\|'\"‘’“”")
			found = found || b == w || wording.Near(b, w) || len(w) > 4 && strings.HasPrefix(b, w[:4])
		}
		if !found {
			return false
		}
	}
	return len(words) > 0 && len(begins) > 0
}

// topText is the highest line of text on the page, page numbers aside.
func (s *sheet) topText() *print {
	var top *print
	for i := range s.prints {
		if p := &s.prints[i]; p.role == ofText && p.box[2]-p.box[0] > s.width/8 && (top == nil || p.box[1] < top.box[1]) {
			top = p
		}
	}
	return top
}

// classified tells whether a line is a classification, letters set apart or not.
func classified(text string) bool { return classSentence(joinLetters(text)) }

// joinLetters takes hyphens and blanks out of a word set in single letters:
// S-E-C-R-E-T, S E C R E T.
func joinLetters(s string) string {
	t := strings.TrimSpace(s)
	parts := strings.FieldsFunc(t, func(r rune) bool { return r == '-' || r == ' ' || r == '.' || r == '–' })
	single := 0
	for _, p := range parts {
		if len(p) == 1 {
			single++
		}
	}
	if len(parts) >= 5 && single >= len(parts)-1 {
		return strings.Join(parts, "")
	}
	return t
}
