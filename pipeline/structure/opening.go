package structure

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pageView is what is to be seen on a page for telling whether a document begins
// on it.
type pageView struct {
	*sheet
	number      int      // printed on the page; 0 for none
	lines       []string // of text, from the top down, folded and mended
	raw         []string // as read
	head        int      // how many of them are the page's head
	forms       map[string]float64
	form        string // the form printed in the page's head
	formWeight  float64
	labels      map[label]bool // in the upper half
	salutation  bool
	dateline    bool
	letterhead  bool
	item, items int     // numbers of the first and last numbered paragraph; 0 for none
	ends        bool    // with a closing, a signature, "end of message"
	full        float64 // how far down the text goes, of the page's height
	written     bool    // by hand, for the most part
	words       int
	upper       float64 // share of capitals in its longer words
	prose       int     // letters of these
	catchword   bool    // leads on to the next page
	small       bool    // begins within a sentence
	open        bool    // ends within a sentence
}

// openings is the table of evidence for a document's beginning on a page, in
// logarithms of odds, set by reasoning. prev is the page before it.
var openings = []struct {
	name   string
	weight float64
	seen   func(v, prev *pageView) bool
}{
	{"always", -2.2, func(v, prev *pageView) bool { return true }},
	{"the page before is a form of one page", 4.5, func(v, prev *pageView) bool { return prev.onePage() }},
	{"another form than the page before", 4.5, func(v, prev *pageView) bool { return v.form != "" && !v.same(prev) }},
	{"the same form as the page before", -0.5, func(v, prev *pageView) bool { return v.same(prev) && !prev.onePage() }},
	{"two fields of a memorandum head", 2.5, func(v, prev *pageView) bool {
		return !v.same(prev) && v.fields() >= 2
	}},
	{"three fields of a memorandum head", 2, func(v, prev *pageView) bool { return !v.same(prev) && v.fields() >= 3 }},
	{"a salutation", 2, func(v, prev *pageView) bool { return v.salutation }},
	{"a dateline", 1.5, func(v, prev *pageView) bool { return v.dateline && !v.same(prev) }},
	{"a letterhead", 2.5, func(v, prev *pageView) bool { return v.letterhead }},
	{"numbered as a first page", 3, func(v, prev *pageView) bool { return v.number == 1 }},
	{"numbered as a later page", -4, func(v, prev *pageView) bool { return v.number > 1 && (prev.number != v.number || prev.number == 0) }},
	{"its number is the next one", -2, func(v, prev *pageView) bool { return v.number > 1 && v.number == prev.number+1 }},
	{"begins within a sentence", -2.5, func(v, prev *pageView) bool { return v.small }},
	{"the page before ends within a sentence", -1.5, func(v, prev *pageView) bool { return prev.open && !v.opens() }},
	{"the page before leads on to it", -6, func(v, prev *pageView) bool { return prev.catchword }},
	{"the page before ends as documents do", 3, func(v, prev *pageView) bool { return prev.ends }},
	{"the page before ends early", 2.4, func(v, prev *pageView) bool { return prev.full < 0.45 && prev.words > 8 && !prev.written }},
	{"paragraphs are numbered on", -3, func(v, prev *pageView) bool { return prev.items > 0 && v.item == prev.items+1 }},
	{"paragraphs are numbered anew", 1.2, func(v, prev *pageView) bool { return prev.items > 1 && v.item == 1 }},
	{"handwriting after type", 2.7, func(v, prev *pageView) bool { return v.written && v.words >= 20 && !prev.written && prev.words > 200 }},
	{"handwriting after handwriting", -2, func(v, prev *pageView) bool { return v.written && prev.written && !prev.onePage() }},
	{"type after handwriting", 1.5, func(v, prev *pageView) bool { return !v.written && prev.written && v.words > 60 && v.opens() }},
	{"hardly any text", -1.5, func(v, prev *pageView) bool { return v.words < 12 }},
}

// onePage tells whether the page is a form that never has a second page.
func (v *pageView) onePage() bool {
	return v.form == "cover-sheet" || v.form == "routing-slip" || v.form == "index-card"
}

// same tells whether the page is of the form of the page before it.
func (v *pageView) same(prev *pageView) bool {
	return v.form != "" && (v.form == prev.form || prev.form == "" && prev.forms[v.form] >= 2)
}

// opens tells whether the page has the head of some document.
func (v *pageView) opens() bool {
	return v.form != "" || v.fields() >= 2 || v.salutation || v.letterhead
}

// fields counts the labels of a memorandum head; on a page with hardly a word those of
// some form's corner do not count.
func (v *pageView) fields() int {
	n := 0
	if v.words < 20 {
		return 0
	}
	for _, l := range []label{labelTo, labelFrom, labelSubject, labelDate, labelThrough} {
		if v.labels[l] {
			n++
		}
	}
	return n
}

// view looks at a page.
func (p *parser) view(s *sheet) *pageView {
	v := &pageView{sheet: s, labels: map[label]bool{}}
	var text []*print
	garbled := 0
	for i := range s.prints {
		pr := &s.prints[i]
		t := p.s[pr.start:pr.end]
		switch pr.role {
		case ofPage:
			if n, ok := pageNumber(t); ok && v.number == 0 {
				v.number = n
			}
		case ofCatchword:
			v.catchword = true
		case ofText:
			text = append(text, pr)
			v.words += strings.Count(t, " ") + 1
		}
		if pr.role == ofHand {
			garbled++
		}
	}
	garbled += len(s.noise)
	v.written = len(text) < 2*garbled && v.words < 120 && garbled > 5
	slices.SortStableFunc(text, func(a, b *print) int { return a.box[1] - b.box[1] })
	for i, pr := range text {
		t := p.s[pr.start:pr.end]
		v.raw = append(v.raw, t)
		v.lines = append(v.lines, strings.Join(strings.Fields(formLexicon.Mend(joinLetters(t))), " "))
		if i < 10 || 5*pr.box[1] < 2*s.height {
			v.head = i + 1
		}
		v.full = max(v.full, float64(pr.box[3])/float64(max(1, s.height)))
		v.look(pr, t, i)
	}
	lines, head := p.faint(s, v)
	v.forms = formKinds(lines, head)
	for _, l := range lines[:head] {
		v.letterhead = v.letterhead || letterhead(l)
	}
	v.upper, v.prose = capitals(p.readBadly(s))
	if v.upper > 0.75 && v.prose > 150 {
		v.forms["telegram"] += 4 // cables are all capitals
	} else if v.written && v.upper > 0.45 && v.prose > 150 {
		v.forms["telegram"] += 2.5 // capitals that were read badly
	}
	if k, w, _ := strongest(v.forms); w >= 5 {
		v.form, v.formWeight = k, w
	}
	v.sides(text, p.s)
	return v
}

// faint are a page's lines for telling forms, with those that were read badly or kept
// out of the text: printed words of forms are often under stamps. head counts those of
// its head.
func (p *parser) faint(s *sheet, v *pageView) (lines []string, head int) {
	type row struct {
		y    int
		text string
		read bool
	}
	var all []row
	for i := range s.prints {
		if pr := &s.prints[i]; pr.role == ofText || pr.role == ofHand {
			all = append(all, row{pr.box[1], p.s[pr.start:pr.end], true})
		}
	}
	for i := range s.noise {
		all = append(all, row{y: s.noise[i].Box[1], text: s.noise[i].Text})
	}
	slices.SortStableFunc(all, func(a, b row) int { return a.y - b.y })
	read := 0
	for i, r := range all {
		lines = append(lines, strings.Join(strings.Fields(formLexicon.Mend(joinLetters(r.text))), " "))
		if r.read {
			read++
		}
		if r.read && read <= v.head || 5*r.y < 2*s.height {
			head = i + 1
		}
	}
	return lines, head
}

// readBadly are a page's lines, those that are hard to read among them.
func (p *parser) readBadly(s *sheet) []string {
	var out []string
	for i := range s.prints {
		if pr := &s.prints[i]; pr.role == ofText || pr.role == ofHand {
			out = append(out, p.s[pr.start:pr.end])
		}
	}
	for i := range s.noise {
		out = append(out, s.noise[i].Text)
	}
	return out
}

// look notes what one line says.
func (v *pageView) look(pr *print, t string, i int) {
	upper := 2*pr.box[1] < v.height
	if l, ok := labelOf(t); ok && upper && (l.plain > 0 || l.label == labelFrom || l.label == labelSubject) {
		v.labels[l.label] = true
	}
	v.salutation = v.salutation || upper && salutes(t)
	if upper && i < 12 && len(t) < 60 {
		if d, ok := findDate(t); ok && len(d.iso) >= 10 && 2*(d.end-d.start) >= len(strings.TrimSpace(t))-14 {
			v.dateline = true
		}
	}
	if i < 6 && 4*pr.box[1] < v.height && len(t) < 70 {
		v.letterhead = v.letterhead || letterhead(v.lines[i])
	}
	if n := pageWord(v.lines[i]); n > 0 && v.number == 0 && 20*pr.box[1] < 9*v.height {
		v.number = n
	}
	if n, ok := paragraphNumber(t); ok {
		if v.item == 0 {
			v.item = n
		}
		v.items = n
	}
}

// sides looks at how the text begins and ends.
func (v *pageView) sides(text []*print, s string) {
	if len(text) == 0 {
		return
	}
	a := s[text[0].start:text[0].end]
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(a, " /\\|'\"‘“.,*-"))
	v.small = unicode.IsLower(r) && wordlike(a) > 0.6 && len(a) > 30
	z := text[len(text)-1]
	last := s[z.start:z.end]
	v.open = endsOpen(last) && len(last) > 35 && wordlike(last) > 0.6
	for _, l := range v.lines[max(0, len(v.lines)-8):] {
		v.ends = v.ends || strings.Contains(l, "end of message") || strings.Contains(l, "end of dispatch") || closes(l)
	}
}

// letterhead tells whether a line of a page's head, folded, names an office as
// printed letterheads do.
func letterhead(l string) bool {
	for _, w := range []string{"legation of the", "embassy of the", "united states of america", "foreign service of the", "american consulate", "department of state", "central intelligence agency", "federal bureau of investigation", "the white house", "war department", "navy department", "office of the"} {
		if i := strings.Index(lettersOf(l), lettersOf(w)); i >= 0 && i < 6 && len(l) < len(w)+30 {
			return true
		}
	}
	return false
}

// pageWord is the number in a page's heading "page 2" or "page two".
func pageWord(l string) int {
	i := strings.Index(l, "page ")
	if i < 0 || i > 3 {
		return 0
	}
	w, _, _ := strings.Cut(strings.TrimLeft(l[i+5:], " -.:'‘’“”\""), " ")
	w = strings.Trim(w, ".,:;'‘’“”\"-")
	if n, ok := map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}[w]; ok {
		return n
	}
	n, rest := number(w)
	if rest != "" || n > 99 {
		return 0
	}
	return n
}

// paragraphNumber is the number of a numbered paragraph that a line begins.
func paragraphNumber(t string) (int, bool) {
	t = strings.TrimLeft(t, " '\"‘“.,*:;|-_°")
	n, rest := number(t)
	if n == 0 || n > 60 || len(rest) < 12 || rest[0] != '.' && rest[0] != ',' || rest[1] != ' ' && rest[1] != '"' {
		return 0, false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest[1:], " \"'“‘"))
	return n, unicode.IsUpper(r)
}

// opening is a page on which a document begins, and how sure that is.
type opening struct {
	page       int
	confidence float64
}

// openingsOf are the pages on which documents begin.
func openingsOf(views []*pageView) []opening {
	out := []opening{{0, 1}}
	for i := 1; i < len(views); i++ {
		if views[i].cut {
			continue
		}
		w := 0.0
		for _, o := range openings {
			if o.seen(views[i], views[i-1]) {
				w += o.weight
			}
		}
		if w > 0 {
			out = append(out, opening{i, 1 / (1 + math.Exp(-w))})
		}
	}
	return out
}
