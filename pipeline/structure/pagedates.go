package structure

import (
	"fmt"
	"strings"
)

// date takes the best date of the document's head, or foot.
func (v *pageValues) date() {
	type candidate struct {
		f      found
		at     span
		text   string
		weight float64
	}
	var best candidate
	described, identifies := v.describedBelow()
	add := func(at span, weight float64) {
		if identifies && v.topOf(at.start) > described {
			return
		}
		raw := v.clear.raw(at.start, at.end)
		f, ok := findDate(raw)
		if !ok {
			f, ok = numericDate(raw)
		}
		if !ok || len(f.iso) < 10 {
			return
		}
		if weight > best.weight {
			best = candidate{f, at, strings.TrimSpace(raw[f.start:f.end]), weight}
		}
	}
	for _, f := range v.pages.fields {
		if f.label == labelDate && f.page == 0 {
			for k, s := range f.parts[:min(2, len(f.parts))] {
				add(s, 4-2*f.y-0.2*float64(k))
			}
		}
	}
	v.datelines(add)
	if best.weight == 0 {
		return
	}
	iso := best.f.iso[:min(len(best.f.iso), 10)]
	v.out.Date = &Date{Value: iso, Text: best.text, Basis: best.f.basis(), Start: v.at(best.at.start), End: v.at(best.at.end), Confidence: round(min(0.98, 0.5+best.weight/8))}
	if v.out.Place == nil {
		raw := v.clear.raw(best.at.start, best.at.end)
		_, _, place := dateline(raw)
		if announced(raw) {
			place = "" // a label stands before the date
		}
		if n, after, ok := strings.Cut(place, ". "); ok && (len(n) < 6 || strings.ContainsAny(n, "0123456789")) {
			place = after // “No. 227. Sofia”
		}
		if markingNear(place) == "" && len(place) > 3 && len(place) < 50 && strings.Count(place, " ") < 6 && (place != strings.ToUpper(place) || strings.Count(place, " ") < 3) && wordlike(place) > 0.6 && !strings.ContainsAny(place, "0123456789") && !strings.HasPrefix(place, "Report") && namesPlace(place) && place[0] >= 'A' && place[0] <= 'Z' && strings.Trim(plainLetters(place), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .,'\"-") == "" && !strings.Contains(place, ". ") && v.wellRead(best.at) {
			v.out.Place = v.parser.value(best.at, place)
		}
	}
}

// describedBelow is how far down an identification form goes over from saying what it
// is itself to the paper that it describes, whose date is not its own: at its number;
// ok is false for other papers.
func (v *pageValues) describedBelow() (y int, ok bool) {
	if v.out.Kind != "cover-sheet" {
		return 0, false
	}
	for _, f := range v.pages.fields {
		if f.page == 0 && f.label == labelNumber && f.plain > 0 {
			return f.line.box[1], true
		}
	}
	return 0, false
}

// topOf is how far down the first page a line stands that holds a byte.
func (v *pageValues) topOf(at int) int {
	s := &v.pages.sheets[0]
	for j := range s.prints {
		if pr := &s.prints[j]; pr.start <= at && at < pr.end {
			return pr.box[1]
		}
	}
	return 0
}

// ofBirth tells whether the row of a date says that somebody was born on it.
func (v *pageValues) ofBirth(s *sheet, date *print) bool {
	for j := range s.prints {
		pr := &s.prints[j]
		if 2*abs(pr.box[1]+pr.box[3]-date.box[1]-date.box[3]) > 3*s.line {
			continue
		}
		for w := range strings.FieldsSeq(strings.ToLower(v.s[pr.start:pr.end])) {
			switch strings.Trim(w, ".,:;()") {
			case "born", "birth", "dob", "dpob", "yrs", "years":
				return true
			}
		}
	}
	return false
}

// namesPlace tells whether words before a date can be a place: at most one of them,
// and not the last, begins with a small letter.
func namesPlace(s string) bool {
	words := strings.Fields(s)
	small := 0
	for i, w := range words {
		if w[0] >= 'a' && w[0] <= 'z' {
			if small++; i == len(words)-1 {
				return false
			}
		}
	}
	return small <= 1
}

// wellRead tells whether the words of the first page's line at a place were read
// with some confidence.
func (v *pageValues) wellRead(at span) bool {
	s := &v.pages.sheets[0]
	for j := range s.prints {
		if pr := &s.prints[j]; pr.start <= at.start && at.start < pr.end {
			return pr.confidence >= doubtful
		}
	}
	return true
}

// announced tells whether a label stands before the date of a line: "Rec'd: June
// 3, 1957", "DATE: March 4, 1955".
func announced(line string) bool {
	if l, ok := labelOf(line); ok && l.plain > 0 {
		return true
	}
	f, ok := findDate(line)
	return ok && strings.HasSuffix(strings.TrimSpace(line[:f.start]), ":")
}

// datelines offers the lines of the first page, and those at the document's end,
// that have a date and little else.
func (v *pageValues) datelines(add func(span, float64)) {
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText && pr.role != ofHand {
			continue
		}
		text := v.s[pr.start:pr.end]
		y := float64(pr.box[1]) / float64(max(1, s.height))
		f, ok := findDate(text)
		if !ok && y < 0.35 {
			f, ok = numericDate(text) // "815 PM URGENT 12-3-63", or behind a label that was not read
			ok = ok && (v.out.Kind == "telegram" || f.start < 10 && len(strings.TrimSpace(text)) < f.end+3)
			f.group = ok
		}
		if !ok {
			continue
		}
		if lead := text[:f.start]; !f.group && strings.ContainsAny(lead, "0123456789") && !strings.HasPrefix(strings.TrimSpace(lead), "No") {
			continue // of a paper that is cited
		}
		if j > 0 && y > 0.15 && s.prints[j-1].role == ofText && endsOpen(v.s[s.prints[j-1].start:s.prints[j-1].end]) {
			before := s.prints[j-1].box
			if len(strings.TrimSpace(text)) > f.end-f.start+1 || 2*(before[2]-before[0]) > s.right-s.left {
				continue // within a sentence, and not under an address
			}
		}
		if y > 0.1 && v.ofBirth(s, pr) {
			continue
		}
		extra := float64(len(strings.TrimSpace(text))-(f.end-f.start)) / 40
		if f.yearFirst {
			extra += 2 // when it was received
		}
		w := 3.2 - 2*y - extra
		if y > 0.45 {
			w = 1.6 - extra // at the foot, under the signature
		}
		if pr.role == ofHand {
			w -= 0.5
		}
		if strings.Contains(strings.ToLower(text), "report") && strings.HasPrefix(strings.TrimSpace(text), "(") {
			w += 1
		}
		if w > 0.3 {
			add(pr.span, w)
		}
	}
}

// numericDate reads a date in figures, month first as American offices write
// it: 05/08/96, 4/9/2015, 10/15/63.
func numericDate(s string) (found, bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || i > 0 && s[i-1] >= '0' && s[i-1] <= '9' {
			continue
		}
		m, d, y, n := 0, 0, 0, 0
		j := i
		for k, to := range []*int{&m, &d, &y} {
			n = 0
			for j < len(s) && n < 4 {
				d, size := figure(s[j:], n > 0)
				if size == 0 {
					break
				}
				*to = *to*10 + d
				j += size
				n++
			}
			if k < 2 {
				if n == 0 || n > 2 || j >= len(s) || s[j] != '/' && s[j] != '-' {
					n = 0
					break
				}
				j++
			}
		}
		if n != 2 && n != 4 || m < 1 || m > 12 || d < 1 || d > 31 {
			continue
		}
		if n == 2 {
			y += 1900
		}
		if y < 1850 || y > 2100 {
			continue
		}
		return found{span: span{i, j}, iso: fmt.Sprintf("%04d-%02d-%02d", y, m, d)}, true
	}
	return found{}, false
}

// figure reads a digit, or behind another digit what engines take one for; size is
// nought for none.
func figure(s string, behind bool) (digit, size int) {
	if s[0] >= '0' && s[0] <= '9' {
		return int(s[0] - '0'), 1
	}
	if !behind {
		return 0, 0
	}
	for _, m := range misreadFigures {
		if strings.HasPrefix(s, m.sign) {
			return m.digit, len(m.sign)
		}
	}
	return 0, 0
}

var misreadFigures = []struct {
	sign  string
	digit int
}{{"O", 0}, {"o", 0}, {"l", 1}, {"I", 1}, {"|", 1}, {"Z", 2}, {"S", 5}, {"€", 6}, {"¢", 6}, {"G", 6}, {"B", 8}, {"g", 9}, {"q", 9}}
