package structure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// paperTitle has the title be what is printed over the paper: the name of the form that
// the kind was told by, as read. Where no form is named, the title that was found is
// kept if it reads as one.
func (v *pageValues) paperTitle() {
	if at, ok := v.formTitle(); ok {
		t := trimStray(v.clear.part(at.start, at.end))
		v.out.Title = &t
		return
	}
	if v.out.Title != nil && (!v.wellRead(v.titleAt) || !v.readsAsTitle(*v.out.Title)) {
		v.out.Title = nil
	}
}

// formName is the least weight of a phrase that is the name of a form by itself.
const formName = 5

// formTitle is where the name of the document's form stands in the head of its first
// page, with the words that belong to it.
func (v *pageValues) formTitle() (at span, ok bool) {
	s := &v.pages.sheets[0]
	best, longest := 0.0, 0
	for j := range s.prints {
		pr := &s.prints[j]
		if 5*pr.box[1] > 2*s.height || pr.role != ofText && pr.role != ofHand && pr.role != ofStamp {
			continue
		}
		for i, f := range formWords {
			name := formLetters[i]
			if f.kind != v.out.Kind || f.where == anywhere || f.weight < formName || strings.HasSuffix(f.words, " by") || f.weight < best || f.weight == best && len(name) <= longest {
				continue
			}
			from, to, found := v.wordsAlike(pr, name)
			if !found {
				continue
			}
			if a, titled := v.titleRound(s, pr, from, to); titled {
				at, ok, best, longest = a, true, f.weight, len(name)
			}
		}
	}
	return at, ok
}

// wordsAlike are the words of a line, from and to, that spell a name with one of its
// letters in eight misread; one of under eight letters to the letter.
func (v *pageValues) wordsAlike(pr *print, name string) (from, to int, ok bool) {
	room := len(name) / 8
	best := room + 1
	for i := range pr.words {
		key := ""
		for j := i; j < len(pr.words) && len(key) <= len(name)+room; j++ {
			key += lettersOf(pr.words[j].Text)
			if abs(len(key)-len(name)) > room || lettersOf(pr.words[i].Text) == "" || lettersOf(pr.words[j].Text) == "" {
				continue
			}
			if d := editDistance(key, name); d < best {
				from, to, best, ok = i, j, d, true
			}
		}
	}
	return from, to, ok
}

// titleRound widens the words of a form's name by those beside them that are well read
// and no marking: "ROUTING AND RECORD SHEET". It is none if words of a sentence stand
// beside them.
func (v *pageValues) titleRound(s *sheet, pr *print, from, to int) (span, bool) {
	gap := 17 * min(pr.box[3]-pr.box[1], 3*s.line/2)
	joins := func(i, j int) bool { return 10*(pr.words[j].Box[0]-pr.words[i].Box[2]) <= gap }
	for from > 0 && joins(from-1, from) && ofTitle(pr.words[from-1].Text, pr.words[from-1].Confidence) {
		from--
	}
	for end := to + 1; end < len(pr.words) && joins(end-1, end) && ofTitle(pr.words[end].Text, pr.words[end].Confidence); end++ {
		to = end
	}
	for _, beside := range []int{from - 1, to + 1} {
		if beside >= 0 && beside < len(pr.words) && pr.words[beside].Confidence >= doubtful && longEnough(pr.words[beside].Text) && !startsCapital(pr.words[beside].Text) &&
			(beside < from && joins(beside, from) || beside > to && joins(to, beside)) {
			return span{}, false
		}
	}
	for to > from && joining[lettersOf(pr.words[to].Text)] {
		to-- // MEMORANDUM FOR whom stands elsewhere
	}
	at := span{v.byteAt(pr.words[from].Start), v.byteAt(pr.words[to].End)}
	if over := v.titleOver(s, pr, pr.words[from].Box[0], pr.words[to].Box[2]); over != nil {
		at.start = over.start
	}
	return at, startsCapital(pr.words[from].Text) && !strings.Contains(v.s[at.start:at.end], ":")
}

// joining are words that titles do not end with.
var joining = map[string]bool{"and": true, "by": true, "for": true, "in": true, "of": true, "on": true, "the": true, "to": true, "with": true}

// titleOver is the line right over a form's name, if all of it belongs to the title: it
// stands over its middle, and right before it in the text.
func (v *pageValues) titleOver(s *sheet, pr *print, left, right int) *print {
	for j := range s.prints {
		q := &s.prints[j]
		up := pr.box[1] - q.box[1]
		if q.start >= pr.start || pr.start-q.end > 2 || 2*up < s.line || up > 2*max(s.advance, s.line) || len(q.words) == 0 || abs(q.box[0]+q.box[2]-left-right) > q.box[2]-q.box[0] || isStamp(v.s[q.start:q.end]) || strings.Contains(v.s[q.start:q.end], "(") {
			continue
		}
		for i := range q.words {
			if !ofTitle(q.words[i].Text, q.words[i].Confidence) {
				return nil
			}
		}
		return q
	}
	return nil
}

// ofTitle tells whether a word that stands beside a form's name belongs to it.
func ofTitle(w string, confidence float64) bool {
	return confidence >= doubtful+10 && len(lettersOf(w)) >= 2 && (startsCapital(w) || len(w) <= 3) && markingNear(w) == "" && !strings.ContainsAny(w, ":;,|/")
}

// startsCapital tells whether the first letter of a word is a capital.
func startsCapital(w string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, " '\"‘“.,*|-_("))
	return unicode.IsUpper(r)
}

// readsAsTitle tells titles from what else stands alone at the head of a page: numbers,
// scraps, stamps, what a form says of its boxes, and values of the head.
func (v *pageValues) readsAsTitle(t string) bool {
	letters := lettersOf(t)
	if !longWord(t) || !startsCapital(t) || 10*len(letters) < 6*len(strings.ReplaceAll(t, " ", "")) || printedCaption(t) || isStamp(t) || markingNear(t) != "" {
		return false
	}
	for _, other := range []*Value{v.out.To, v.out.From} {
		if other != nil && strings.HasPrefix(letters, lettersOf(other.Value)) {
			return false
		}
	}
	words, long := 0, 0
	for w := range strings.FieldsSeq(t) {
		words++
		if len(lettersOf(w)) >= 3 {
			long++
		}
	}
	return 2*long >= words
}
