package structure

import (
	"slices"
	"strings"

	"nightshift/pipeline/structure/evidence"
)

// slipColumns are heads of the columns of a routing slip, in letters alone: on a slip
// that has them "TO" is the head of a column too, and addressees stand in its rows.
var slipColumns = []string{"officerdesignation", "officersinitials", "forwarded", "alladdressees", "recordsheet"}

// slipAddressees takes the addressees of a routing slip that has a column for them: what
// stands in the rows under TO. What the form prints there is none.
func (v *pageValues) slipAddressees() {
	s := &v.pages.sheets[0]
	if v.out.Kind != "routing-slip" || len(s.prints) > mostPrints {
		return
	}
	columns, head := 0, (*print)(nil)
	for j := range s.prints {
		pr := &s.prints[j]
		text := v.s[pr.start:pr.end]
		n := lettersOf(text)
		if slices.ContainsFunc(slipColumns, func(c string) bool { return alikeIn(n, c) }) {
			columns++
		}
		if alikeIn(n, "toofficerdesignation") || n == "to" && strings.TrimSpace(text)[0] == 'T' {
			head = pr
		}
	}
	if columns == 0 {
		return
	}
	v.out.To = nil
	if head == nil {
		return
	}
	var rows []*print
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role == ofText && pr.confidence > 70 && pr.box[1] > head.box[1]+s.line && abs(pr.box[0]-head.box[0]) < s.width/6 && v.addressesSlip(pr) {
			rows = append(rows, pr)
		}
	}
	slices.SortStableFunc(rows, func(a, b *print) int { return a.box[1] - b.box[1] })
	for _, pr := range rows {
		at := v.valueSpan(s, pr, pr.start)
		name := withoutRow(trimStray(v.clear.part(at.start, at.end)))
		if v.out.To == nil {
			v.out.To = v.value(at, name)
			continue
		}
		v.out.To.Value += "; " + name
		v.out.To.End = max(v.out.To.End, v.at(at.end))
	}
}

// addressesSlip tells whether a line of a slip names an office or a person, and is
// nothing that the form prints.
func (v *pageValues) addressesSlip(pr *print) bool {
	t := withoutRow(trimStray(v.s[pr.start:pr.end]))
	if _, label := labelOf(t); label || printedCaption(t) || isStamp(t) || len(t) > 45 || markingNear(t) != "" {
		return false
	}
	w, _, _ := strings.Cut(t, " ")
	if _, dated := findDate(t); dated || strings.Contains(t, ". ") && !evidence.PersonName(t) {
		return false
	}
	return officeSymbol(w) || evidence.PersonName(t) || longWord(t) && wordlike(t) >= 0.9 && t[0] >= 'A' && t[0] <= 'Z' && strings.Count(t, " ") < 3
}

// withoutRow takes the number of its row from an entry of a slip.
func withoutRow(t string) string {
	n, rest := number(t)
	if n > 0 && n < 20 && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, " ")) {
		return strings.TrimLeft(rest, ". ")
	}
	return t
}
