package structure

import (
	"slices"
	"strings"

	"nightshift/pipeline/structure/evidence"
	"nightshift/pipeline/structure/wording"
)

// cableRow is a row of the head of a cable or telegram: what stands side by side.
type cableRow struct {
	y      int
	words  []string
	prints []*print // its lines of text; noise has none
}

// cableRows are the rows of a telegram's head, from the top down: what stands above
// the first numbered paragraph, in the upper three fifths of the page.
func (v *pageValues) cableRows(s *sheet) []cableRow {
	type piece struct {
		x, y int // y of its middle
		text string
		pr   *print
	}
	var all []piece
	for j := range s.prints {
		if pr := &s.prints[j]; pr.role == ofText || pr.role == ofHand {
			all = append(all, piece{pr.box[0], (pr.box[1] + pr.box[3]) / 2, v.s[pr.start:pr.end], pr})
		}
	}
	for i := range s.noise {
		n := &s.noise[i]
		all = append(all, piece{n.Box[0], (n.Box[1] + n.Box[3]) / 2, n.Text, nil})
	}
	slices.SortStableFunc(all, func(a, b piece) int { return a.y - b.y })
	var out []cableRow
	from := 0
	row := func(to int) {
		r := cableRow{y: all[from].y}
		slices.SortStableFunc(all[from:to], func(a, b piece) int { return a.x - b.x })
		for _, c := range all[from:to] {
			r.words = append(r.words, strings.Fields(c.text)...)
			if c.pr != nil {
				r.prints = append(r.prints, c.pr)
			}
		}
		out, from = append(out, r), to
	}
	for i := range all {
		if n, ok := paragraphNumber(all[i].text); ok && n == 1 && 6*all[i].y > s.height || 5*all[i].y > 3*s.height {
			if i > from {
				row(i)
			}
			return out
		}
		if i > from && all[i].y-all[from].y > s.line/2 {
			row(i)
		}
	}
	if len(all) > from {
		row(len(all))
	}
	return out
}

// citation is what a cable is cited by, with its place in the row: the sender's code
// and a number at the row's end, "DIR INFO OSLO CITE ROWN 2833".
func (r *cableRow) citation() (code, digits string, at int) {
	for i := 0; i+2 < len(r.words); i++ {
		if w := strings.Trim(r.words[i], cableSigns); len(w) != 4 || w != strings.ToUpper(w) || differ(asLetters(w), "cite") > 1 {
			continue
		}
		code, digits = strings.Trim(r.words[i+1], cableSigns), strings.Trim(r.words[i+2], cableSigns)
		if capitalsOnly(code, 3, 6) && digitsOnly(digits, 3, 6) {
			return code, digits, i + 1
		}
	}
	n := len(r.words)
	for n > 2 && !longEnough(r.words[n-1]) {
		n-- // stray marks behind
	}
	if n < 2 {
		return "", "", 0
	}
	code, digits = strings.Trim(r.words[n-2], cableSigns), strings.Trim(r.words[n-1], cableSigns)
	if !capitalsOnly(code, 3, 5) || !digitsOnly(digits, 3, 6) || code == "REF" || code == "INFO" {
		return "", "", 0
	}
	return code, digits, n - 2
}

const cableSigns = ".,;:()[]'\"%“”‘’*|"

// addressed tells whether a row is that of a cable's addressees: it has INFO or CITE
// among its words, and no reference.
func (r *cableRow) addressed() bool {
	found := false
	for _, w := range r.words {
		switch strings.Trim(w, cableSigns) {
		case "INFO", "CITE":
			found = true
		case "REF", "REFS", "REP":
			return false
		}
	}
	return found
}

// cableHead tells addressee and sender of a telegram whose labels could not be read:
// from the column of a form's head, in which one is the director and the other a
// station, the addressee first; else from the row of addressees before the citation.
func (v *pageValues) cableHead() {
	if v.out.Kind != "telegram" || len(v.pages.sheets[0].prints) > mostPrints {
		return
	}
	s := &v.pages.sheets[0]
	if v.out.To == nil || v.out.From == nil {
		v.directorsLine(s)
	}
	rows := v.cableRows(s)
	for i := range rows {
		r := &rows[i]
		code, _, _ := r.citation()
		if !r.addressed() || len(r.prints) == 0 {
			continue
		}
		if v.out.To == nil {
			v.out.To = v.addressees(r)
		}
		if v.out.From == nil && code != "" {
			v.out.From = v.wordIn(r.prints, code)
		}
	}
	if v.out.To == nil {
		v.everyone(s)
	}
}

// directorsLine finds the line of a telegram's head that says DIRECTOR and hardly
// anything else, and the station over or under it.
func (v *pageValues) directorsLine(s *sheet) {
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText && pr.role != ofHand || 5*pr.box[1] > 2*s.height || v.inField(pr) {
			continue
		}
		at, ok := v.onlyWord(pr, "director")
		if !ok {
			continue
		}
		director := v.value(at, trimStray(v.clear.part(at.start, at.end)))
		switch under, over := v.station(s, pr, 1), v.station(s, pr, -1); {
		case v.out.From != nil && v.out.To == nil:
			v.out.To = director
		case v.out.To != nil:
			setOnce(&v.out.From, director)
		case under != nil:
			v.out.To, v.out.From = director, under
		case over != nil:
			v.out.To, v.out.From = over, director
		case v.received(s):
			v.out.To = director // what came in went to him
		default:
			continue
		}
		return
	}
}

// received tells whether a cable's page bears the number under which it came in: "IN
// 38553".
func (v *pageValues) received(s *sheet) bool {
	for _, t := range v.readBadly(s) {
		words := strings.Fields(t)
		for i := 0; i+1 < len(words); i++ {
			if words[i] == "IN" && digitsOnly(strings.Trim(words[i+1], cableSigns), 5, 6) {
				return true
			}
		}
	}
	return false
}

// onlyWord tells whether a line has a word, with a letter misread, and no other long
// one that was read, and where the word stands.
func (v *pageValues) onlyWord(pr *print, word string) (span, bool) {
	text, out, found, others := v.s[pr.start:pr.end], span{}, false, 0
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && text[end] != ' ' {
			end++
		}
		w := strings.Trim(text[at:end], cableSigns)
		switch {
		case wording.Near(wording.Fold(w), word):
			i := at + strings.Index(text[at:end], w)
			out, found = span{pr.start + i, pr.start + i + len(w)}, true
		case len(w) > 3 && (pr.words == nil || v.readAt(pr.start+at, pr.start+end) > 0.6):
			others++
		}
		at = end + 1
	}
	return out, found && others == 0
}

// station is the name in capitals that stands right under (down 1) or over (-1) a line
// of a telegram's head and begins where it begins; nil for none.
func (v *pageValues) station(s *sheet, pr *print, down int) *Value {
	for j := range s.prints {
		q := &s.prints[j]
		d := down * (q.box[1] - pr.box[1])
		if q.role != ofText || q.confidence < doubtful || d < s.line || d > 3*max(s.advance, s.line) || abs(q.box[0]-pr.box[0]) > 2*s.pitch {
			continue
		}
		end := q.start
		for w := range strings.FieldsSeq(v.s[q.start:q.end]) {
			if t := strings.Trim(w, cableSigns); !capitalsOnly(t, 2, 14) || !longEnough(t) && end == q.start {
				break
			}
			end += strings.Index(v.s[end:q.end], w) + len(w)
		}
		name := trimStray(v.s[q.start:end])
		if len(name) < 4 || wordlike(name) < 0.9 || evidence.Closes(name) || classified(name) {
			continue
		}
		return v.value(span{q.start, end}, name)
	}
	return nil
}

// addressees is what stands before the citation of a row: all to whom the cable goes.
func (v *pageValues) addressees(r *cableRow) *Value {
	pr := r.prints[0]
	text := v.s[pr.start:pr.end]
	if i := strings.Index(text, "CITE"); i >= 0 {
		text = text[:i]
	}
	if l, ok := labelOf(text); ok && l.label == labelCopies {
		return nil // a row of its own for those who are informed
	}
	if f, ok := findDate(text); ok && f.group {
		return nil // marking and date-time group: the addressees stand under it
	}
	lead := len(text) - len(strings.TrimLeft(text, " '\"‘’“”.,:;|*-"))
	name := trimStray(text[lead:])
	if rest, ok := strings.CutPrefix(name, "TO "); ok {
		lead, name = lead+3, rest
	}
	if !longEnough(name) || name != strings.ToUpper(name) || wordlike(name) < 0.5 {
		return nil
	}
	return v.value(span{pr.start + lead, pr.start + lead + len(strings.TrimRight(text[lead:], " "))}, name)
}

// everyone takes the line by which a circular telegram names its addressees: "BOOK
// CABLE", "ALL DIPLOMATIC POSTS".
func (v *pageValues) everyone(s *sheet) {
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText && (pr.role != ofHand || pr.confidence < 40) || 2*pr.box[1] > s.height || v.inField(pr) {
			continue
		}
		at := v.valueSpan(s, pr, pr.start)
		t := trimStray(v.s[at.start:at.end])
		if !strings.HasPrefix(t, "BOOK CABLE") && !strings.HasPrefix(t, "ALL ") && !strings.HasPrefix(t, "CIRCULAR TO ") || len(t) > 60 || t != strings.ToUpper(t) {
			continue
		}
		if v.out.To == nil {
			v.out.To = v.value(at, t)
		} else {
			v.out.To.Value += "; " + t
			v.out.To.End = max(v.out.To.End, v.at(at.end))
		}
	}
}

// wordIn is the value of a word in lines.
func (v *pageValues) wordIn(prints []*print, word string) *Value {
	for _, pr := range prints {
		if i := strings.LastIndex(v.s[pr.start:pr.end], word); i >= 0 {
			return v.value(span{pr.start + i, pr.start + i + len(word)}, word)
		}
	}
	return nil
}
