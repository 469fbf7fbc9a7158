package structure

import (
	"slices"
	"strings"
)

// recordSubject takes the lines between the title of a memorandum for the record and its
// text for the subject, where no label tells it: they stand under the title, are no
// numbered paragraph and no date, and fewer than paragraphs have.
func (v *pageValues) recordSubject() {
	if v.out.Kind != "memorandum-for-the-record" || len(v.out.Subjects) > 0 {
		return
	}
	title := -1
	for i := range v.draft.blocks {
		b := &v.draft.blocks[i]
		if b.page > 0 {
			return
		}
		text := v.own(b)
		switch k, _ := titleKind(kindLexicon.Mend(text)); {
		case title < 0 && k == v.out.Kind:
			title = i
		case title < 0:
		case i > title+2 || paragraphBegins(text) || salutes(text):
			return
		case dateLine(text) || markingNear(text) != "":
		case len(b.prints) <= 3 && wordlike(text) > 0.7 && strings.Count(text, " ") >= 2 && !strings.HasSuffix(text, ".") && !strings.Contains(text, ". "):
			v.out.Subjects = append(v.out.Subjects, Subject{Text: text, Start: v.at(b.start), End: v.at(b.end)})
			return
		}
	}
}

// aboutPerson takes the name alone in a line of a report's head for its subject: reports
// about a person have it there, with the family name in capitals and often a file's
// number behind it, "Rosa Lind QUILL (201-123456)".
func (v *pageValues) aboutPerson() {
	if v.out.Kind != "report" && v.out.Kind != kindOther || len(v.out.Subjects) > 0 || v.out.To != nil {
		return
	}
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText || 5*pr.box[1] > 2*s.height || pr.confidence < doubtful {
			continue
		}
		at := v.valueSpan(s, pr, pr.start)
		if i := strings.IndexByte(v.s[pr.start:pr.end], '('); i > 0 && fileNumber(v.s[pr.start+i:pr.end]) {
			at = pr.span
		}
		text := trimStray(v.clear.part(at.start, at.end))
		name, _, _ := strings.Cut(text, "(")
		if personTitle(name) {
			v.out.Subjects = append(v.out.Subjects, Subject{Text: text, Start: v.at(at.start), End: v.at(at.end)})
			return
		}
	}
}

// personTitle tells whether a line is given names and a family name in capitals; stray
// letters between them are none.
func personTitle(s string) bool {
	given, family := 0, 0
	for w := range strings.FieldsSeq(s) {
		letters := strings.Trim(w, ".,")
		switch {
		case len(letters) <= 1:
		case capitalsOnly(letters, 4, 16) && given > 0:
			family++
		case family == 0 && len(letters) > 2 && letters[0] >= 'A' && letters[0] <= 'Z' && strings.Trim(letters[1:], "abcdefghijklmnopqrstuvwxyz") == "":
			given++
		default:
			return false
		}
	}
	return given >= 1 && given <= 3 && family == 1
}

func paragraphBegins(t string) bool {
	_, ok := paragraphNumber(t)
	return ok
}

// postWords are words by which a telegram names a post of the Department of State.
var postWords = []string{"amembassy", "embassy", "amconsul", "amcongen", "amlegation", "consulate", "legation", "usmission", "usun", "usro", "usinfo"}

// actionPost takes the post that is to act for the addressee of an outgoing telegram.
func (v *pageValues) actionPost() {
	if v.out.Kind != "telegram" && v.out.Kind != "circular-telegram" && v.out.Kind != "airgram" || v.out.To != nil {
		return
	}
	for _, f := range v.pages.fields {
		w, _, _ := strings.Cut(strings.ToLower(v.text(f)), " ")
		if f.label == labelAction && f.page == 0 && f.y < 0.5 && slices.Contains(postWords, strings.Trim(w, ".,:")) {
			v.out.To = v.of(f)
			return
		}
	}
}

// placeOverDate takes the town over a letter's date, beginning where it begins, for the
// place: "Rowan, Florida / October 12, 1963".
func (v *pageValues) placeOverDate() {
	if v.out.Place != nil || v.out.Date == nil {
		return
	}
	s := &v.pages.sheets[0]
	date := slices.IndexFunc(s.prints, func(pr print) bool {
		return pr.start <= v.byteAt(v.out.Date.Start) && v.byteAt(v.out.Date.Start) < pr.end
	})
	if date < 0 || 3*s.prints[date].box[1] > s.height {
		return
	}
	d := &s.prints[date]
	for j := range s.prints {
		pr := &s.prints[j]
		up := d.box[1] - pr.box[1]
		if pr.role != ofText || up < s.line/2 || up > 2*max(s.advance, s.line) || abs(pr.box[0]-d.box[0]) > 3*s.pitch || pr.confidence < 70 {
			continue
		}
		at := v.valueSpan(s, pr, pr.start)
		t := trimStray(v.clear.part(at.start, at.end))
		town, state, ok := strings.Cut(t, ", ")
		if ok && len(t) < 40 && len(town) > 2 && len(state) > 1 && wordlike(t) > 0.8 && !strings.ContainsAny(t, "0123456789:/()") && capitalised(t) && !namesPost(t) {
			v.out.Place = v.value(at, strings.TrimRight(t, ".,"))
			return
		}
	}
}

// capitalised tells whether each word begins with a capital.
func capitalised(s string) bool {
	for w := range strings.FieldsSeq(s) {
		if w[0] < 'A' || w[0] > 'Z' {
			return false
		}
	}
	return true
}

// withoutTail takes from the name of an addressee or sender what stands behind it in its
// row and is none of it: a date, or how many pages a teletype has ("3P").
func withoutTail(s string) string {
	if f, ok := findDate(s); ok && f.start > 3 && len(f.iso) >= 10 && strings.Trim(s[f.end:], " .,") == "" {
		s = strings.TrimRight(s[:f.start], " ,.;:-")
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 && len(s)-i <= 4 && strings.HasSuffix(s, "P") && digitsOnly(s[i+1:len(s)-1], 1, 2) {
		s = s[:i]
	}
	return s
}
