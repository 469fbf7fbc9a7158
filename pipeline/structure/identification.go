package structure

import "strings"

// identified finishes the values of an identification form, whose rows are printed in one
// order and hold one value each: its number is known by its form, sender and addressee
// stand in two rows that follow each other, whether their labels were read or not.
func (v *pageValues) identified() {
	if v.out.Kind != "cover-sheet" {
		return
	}
	s := &v.pages.sheets[0]
	const fewest = 8 // labels of such a form that are read at least
	if v.out.Number == nil && len(s.labelled) >= fewest && (v.out.From != nil || v.out.To != nil) {
		for j := range s.prints {
			if n := recordNumber(v.s[s.prints[j].start:s.prints[j].end]); n != "" {
				v.out.Number = &n
				break
			}
		}
	}
	if v.out.To == nil && v.out.From != nil {
		v.rowUnderSender(s)
	}
}

// recordNumber is the number of a record as such forms have it: agency, file and paper in
// three, five and five figures; "" for none.
func recordNumber(s string) string {
	for w := range strings.FieldsSeq(s) {
		w = strings.Trim(w, cableSigns)
		parts := strings.Split(w, "-")
		if len(parts) == 3 && digitsOnly(parts[0], 3, 3) && digitsOnly(parts[1], 5, 5) && digitsOnly(parts[2], 5, 5) {
			return w
		}
	}
	return ""
}

// rowUnderSender takes the one line in the column of values between the rows of FROM and
// TITLE for the addressee's.
func (v *pageValues) rowUnderSender(s *sheet) {
	var from *field
	for i := range v.pages.fields {
		if f := &v.pages.fields[i]; f.page == 0 && f.label == labelFrom && from == nil {
			from = f
		}
	}
	end := 0
	for _, l := range s.labelled {
		if l.own.label == labelSubject && from != nil && l.box[1] > from.line.box[1] && (end == 0 || l.box[1] < end) {
			end = l.box[1]
		}
	}
	if from == nil || end == 0 {
		return
	}
	at := v.byteAt(v.out.From.Start)
	x := v.leftOf(s, span{at, at + 1})
	for j := range s.prints {
		pr := &s.prints[j]
		if !v.speaks(s, pr) || pr.hasLabel || pr.box[1] < from.line.box[1]+s.line || pr.box[1] > end-s.line/2 || abs(v.beginsAt(pr)-x) > 3*s.pitch {
			continue
		}
		part := v.valueSpan(s, pr, pr.start)
		v.out.To = v.value(part, trimStray(v.clear.part(part.start, part.end)))
		return
	}
}
