package structure

import (
	"slices"
	"strings"

	"nightshift/pipeline/structure/evidence"
)

// listPlace is where a line stands in a list of participants that has two columns:
// people on both sides, or people and what they are. The label is of column 0.
type listPlace struct {
	list   int  // numbered from 1 in the item; 0 for none
	column int  // 1, 2
	roles  bool // the second column says what the people of the first are
	whole  bool // nothing else stands between its lines: it is one block
	seen   bool // a label whose list was looked at
}

// listRow is a row of such a list before its columns are known.
type listRow struct {
	y      int
	prints []*print // from the left
}

// listColumns finds the lists of participants of a page that stand in two columns, by
// the boxes of their lines, and brings their lines into reading order: down the left
// column, then down the right, or a person and what he is. Engines read such lists
// across, or one column after other text.
func (p *parser) listColumns(s *sheet, lists *int) {
	if len(s.prints) > mostPrints {
		return
	}
	const most = 20 // labels of a page that are looked at: time stays linear
	looked := 0
	for j := 0; j < len(s.prints) && looked < most; j++ {
		pr := &s.prints[j]
		if pr.role != ofText || pr.list.list > 0 {
			continue
		}
		l, ok := labelOf(p.s[pr.start:pr.end])
		if !ok || l.plain == 0 || l.label != labelParticipants || pr.list.seen {
			continue
		}
		pr.list.seen = true
		looked++
		whole := s.prints
		if pr.words == nil {
			s.prints = p.parted(s, j)
			pr = &s.prints[j]
		}
		rows := p.listRows(s, pr, l)
		if left, right, roles := p.twoColumns(s, rows); left != nil {
			*lists++
			p.placeList(s, pr, left, right, listPlace{list: *lists, roles: roles})
			j = -1 // the lines have moved; a label is looked at once
		} else {
			s.prints = whole
		}
	}
}

// parted are the lines of a page of a text without boxes, those of the list under line
// j parted at blanks of four signs or more: there columns part.
func (p *parser) parted(s *sheet, j int) []print {
	const blank = "    "
	out := slices.Clone(s.prints[:j+1])
	below := false // the list
	for k, pr := range s.prints[j+1:] {
		f, ok := labelOf(p.s[pr.start:pr.end])
		below = below || ok && f.plain > 0 || 10*(pr.box[1]-s.prints[j+k].box[3]) > 25*s.advance
		for rest := pr; ; {
			text := p.s[rest.start:rest.end]
			i := strings.Index(text, blank)
			if i < 0 || rest.role != ofText || below {
				out = append(out, rest)
				break
			}
			left := rest
			left.end, left.box[2] = rest.start+i, rest.box[0]+i*cell
			left.x = wordlike(text[:i])
			out = append(out, left)
			skip := len(text) - len(strings.TrimLeft(text[i:], " "))
			rest.start += skip
			rest.box[0] += skip * cell
			rest.x = wordlike(p.s[rest.start:rest.end])
		}
	}
	return out
}

// listRows are the rows of a list under its label, down to what is no part of one:
// another label, a salutation, a marking, a blank.
func (p *parser) listRows(s *sheet, label *print, l labelled) []listRow {
	var below []*print
	for j := range s.prints {
		pr := &s.prints[j]
		if pr != label && pr.role == ofText && pr.list.list == 0 && pr.box[3] > label.box[1]+s.line/2 && 2*abs(pr.box[1]-label.box[1]) < s.height {
			below = append(below, pr)
		}
	}
	if strings.TrimSpace(p.s[label.start+l.value:label.end]) != "" {
		below = append(below, label)
	}
	slices.SortStableFunc(below, func(a, b *print) int { return a.box[1] + a.box[3] - b.box[1] - b.box[3] })
	var rows []listRow
	bottom := label.box[3]
	for _, pr := range below {
		text := p.s[pr.start:pr.end]
		if f, ok := labelOf(text); pr != label && (ok && f.plain > 0 || salutes(text) || classified(text)) {
			break
		}
		y := (pr.box[1] + pr.box[3]) / 2
		if n := len(rows); n > 0 && y-rows[n-1].y < s.line*2/3 {
			rows[n-1].prints = append(rows[n-1].prints, pr)
		} else {
			if 10*(pr.box[1]-bottom) > 25*s.advance {
				break
			}
			rows = append(rows, listRow{y, []*print{pr}})
		}
		bottom = max(bottom, pr.box[3])
	}
	for i := range rows {
		slices.SortStableFunc(rows[i].prints, func(a, b *print) int { return a.box[0] - b.box[0] })
	}
	return rows
}

// twoColumns parts rows into two columns where a blank runs down between them: nil
// where it does not, or where those in the left are no people.
func (p *parser) twoColumns(s *sheet, rows []listRow) (left, right []*print, roles bool) {
	var starts []int
	for _, r := range rows {
		if len(r.prints) == 2 {
			starts = append(starts, r.prints[1].box[0])
		}
	}
	if len(starts) < 2 {
		return nil, nil, false
	}
	x := at(starts, 0.5, 0)
	for _, r := range rows {
		if len(r.prints) > 2 {
			break
		}
		var l, rt []*print
		for _, pr := range r.prints {
			switch {
			case pr.box[0] >= x-3*s.pitch:
				rt = append(rt, pr)
			case pr.box[2] < x-s.pitch:
				l = append(l, pr)
			}
		}
		if len(l)+len(rt) < len(r.prints) || len(l) > 1 || len(rt) > 1 {
			break // across the blank: what stands under the list
		}
		left, right = append(left, l...), append(right, rt...)
	}
	if len(left) < 2 || len(right) < 2 || 2*p.peopleOf(left) <= len(left) {
		return nil, nil, false
	}
	if 2*p.peopleOf(right) > len(right) {
		return left, right, false
	}
	return left, right, true
}

// peopleOf counts the lines that name a person or a side, and those set in under
// one.
func (p *parser) peopleOf(column []*print) int {
	n := 0
	x := column[0].box[0]
	for _, pr := range column {
		x = min(x, pr.box[0])
	}
	for k, pr := range column {
		text := p.s[pr.start:pr.end]
		if l, ok := labelOf(text); ok && l.label == labelParticipants && l.plain > 0 {
			text = text[l.value:]
		}
		if evidence.NamesPerson(text) || sideOf(text, "") || k > 0 && pr.box[0]-x > pr.box[3]-pr.box[1] {
			n++
		}
	}
	return n
}

// placeList marks the lines of a list, and brings them together in reading order
// where no other text stands between them in the text as read.
func (p *parser) placeList(s *sheet, label *print, left, right []*print, place listPlace) {
	in := map[int]int{} // by where a line begins in the text: its place in the order
	order := append([]*print{label}, left...)
	if place.roles {
		order = append(order, right...)
		slices.SortStableFunc(order[1:], func(a, b *print) int {
			if 3*abs(a.box[1]-b.box[1]) < 2*s.line {
				return a.box[0] - b.box[0]
			}
			return a.box[1] - b.box[1]
		})
	} else {
		order = append(order, right...)
	}
	for k, pr := range order {
		if _, again := in[pr.start]; !again {
			in[pr.start] = k
		}
	}
	lo, hi := len(s.prints), 0
	for j := range s.prints {
		if _, ok := in[s.prints[j].start]; ok {
			lo, hi = min(lo, j), max(hi, j+1)
		}
	}
	place.whole = true
	for j := lo; j < hi; j++ {
		if _, ok := in[s.prints[j].start]; !ok && s.prints[j].role == ofText {
			place.whole = false
		}
	}
	if place.roles && !place.whole {
		return // their pairs are not to be had
	}
	mark := func(pr *print, column int) {
		pr.list = place
		pr.list.column, pr.list.seen = column, true
	}
	mark(label, 0)
	for _, pr := range left {
		mark(pr, 1)
	}
	for _, pr := range right {
		mark(pr, 2)
	}
	if !place.whole {
		return
	}
	rank := func(pr *print) int {
		if k, ok := in[pr.start]; ok {
			return k
		}
		return len(in)
	}
	slices.SortStableFunc(s.prints[lo:hi], func(a, b print) int { return rank(&a) - rank(&b) })
}

// together tells whether two lines that follow each other are of one block of a list in
// two columns.
func (a listPlace) together(b listPlace) bool {
	return a.list > 0 && a.list == b.list && (a.whole && b.whole || a.column == b.column || a.column == 0)
}
