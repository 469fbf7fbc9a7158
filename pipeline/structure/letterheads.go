package structure

import "strings"

// letterheads gives lines that were taken for running heads back to the text where
// like documents in one file begin or end with them, as letters of one sender do. A
// line stays a head where it stands on another page of its document, or at the same
// place of a page beside it on which no document begins; and where only documents'
// first pages have it, if nothing of a letter stands with it.
func (p *parser) letterheads(sheets []sheet) {
	on := map[string][]*print{} // heads by what they have in common, in order of pages
	for i := range sheets {
		for j := range sheets[i].prints {
			if pr := &sheets[i].prints[j]; pr.role == ofHead {
				k := headKey(p.s[pr.start:pr.end])
				on[k] = append(on[k], pr)
			}
		}
	}
	if len(on) == 0 {
		return
	}
	views := make([]*pageView, len(sheets))
	for i := range sheets {
		views[i] = p.view(&sheets[i])
	}
	first := make([]int, len(sheets)) // of each page, the page on which its document begins
	for _, o := range openingsOf(views) {
		for i := o.page; i < len(sheets); i++ {
			first[i] = o.page
		}
	}
	back := map[int]bool{}
	for _, heads := range on {
		for i, pr := range heads {
			if !p.repeated(sheets, heads, i, first) {
				pr.role = ofText
				back[pr.page] = true
			}
		}
	}
	for i := range back {
		sheets[i].measure()
	}
}

// repeated reports whether the line heads[i], of those alike in order of pages, is a
// running head of its page. first is the page on which each page's document begins.
func (p *parser) repeated(sheets []sheet, heads []*print, i int, first []int) bool {
	pr := heads[i]
	beside := false
	for j, other := range heads {
		switch d := other.page - pr.page; {
		case j == i || d == 0:
		case first[other.page] == first[pr.page]:
			return true
		case abs(d) == 1 && sameBox(pr, other, sheets[pr.page].advance):
			if first[other.page] != other.page {
				return true
			}
			beside = true
		}
	}
	return beside && !p.ofLetter(&sheets[pr.page], pr, first[pr.page] == pr.page)
}

// sameBox reports whether two lines stand at the same place of their pages, within a
// line's height.
func sameBox(a, b *print, room int) bool {
	return abs(a.box[1]-b.box[1]) <= room && abs(a.box[0]-b.box[0]) <= 2*room
}

// ofLetter reports whether a line stands over a document's salutation, date or first
// fields, on the page where it begins, or under its closing.
func (p *parser) ofLetter(s *sheet, pr *print, begins bool) bool {
	for i := range s.prints {
		q := &s.prints[i]
		if q.role != ofText {
			continue
		}
		text := strings.TrimSpace(p.s[q.start:q.end])
		switch {
		case begins && q.box[1] > pr.box[1] && 2*pr.box[1] < s.height && (salutes(text) || dateLine(text) || plainLabel(text)),
			q.box[1] < pr.box[1] && closes(text):
			return true
		}
	}
	return false
}
