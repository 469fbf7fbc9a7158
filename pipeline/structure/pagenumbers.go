package structure

import (
	"strings"

	"nightshift/pipeline/transcript"
)

// numberPlace is where on a page its number stands.
type numberPlace struct {
	sheet int
	print *print
	foot  bool
	x, y  int // its middle, in thousandths of the page
}

// near tells whether numbers stand at the same place of two pages.
func (a numberPlace) near(b numberPlace) bool {
	return a.foot == b.foot && abs(a.x-b.x) <= reachX && abs(a.y-b.y) <= reachY
}

// numbersByPlace finds page numbers whose figures were misread: a few signs that
// stand alone at the page's edge, beyond all text, where another page has its number,
// or has such signs too.
func (p *parser) numbersByPlace(sheets []sheet) {
	if len(sheets) < 2 {
		return
	}
	var known, doubtful []numberPlace
	for i := range sheets {
		s := &sheets[i]
		if len(s.prints) > mostPrints {
			continue
		}
		numbered := false
		for j := range s.prints {
			if pr := &s.prints[j]; pr.role == ofPage {
				known, numbered = append(known, s.placeOf(i, pr)), true
			}
		}
		if numbered || i == 0 {
			continue // a first page has none
		}
		for j := range s.prints {
			if pr := &s.prints[j]; p.likeNumber(s, pr) {
				doubtful = append(doubtful, s.placeOf(i, pr))
			}
		}
	}
	sure, alike := newPlaceIndex(known), newPlaceIndex(doubtful)
	for _, d := range doubtful {
		if sure.near(d, false) || strings.ContainsAny(p.s[d.print.start:d.print.end], "-–—~=0123456789") && alike.near(d, true) {
			d.print.role, d.print.guessed = ofPage, true
		}
	}
}

// placeIndex finds places that are near without looking at all of them: a cell is
// as wide as near reaches, and holds each place of a page once for two sheets.
type placeIndex map[placeCell][]numberPlace

type placeCell struct {
	foot bool
	x, y int
}

// reachX and reachY are how far near reaches, in thousandths of the page.
const reachX, reachY = 60, 50

func newPlaceIndex(places []numberPlace) placeIndex {
	ix := placeIndex{}
	seen := map[placeCell]int{} // one more than the sheet that a place is kept for, or full
	for _, a := range places {
		at := placeCell{a.foot, a.x, a.y}
		if last := seen[at]; last == full || last == a.sheet+1 {
			continue
		} else if last > 0 {
			seen[at] = full
		} else {
			seen[at] = a.sheet + 1
		}
		c := placeCell{a.foot, a.x / (reachX + 1), a.y / (reachY + 1)}
		ix[c] = append(ix[c], a)
	}
	return ix
}

// full says that a place is kept for two sheets.
const full = -1

// near tells whether a place near d is known, of another sheet if that is asked.
func (ix placeIndex) near(d numberPlace, other bool) bool {
	x, y := d.x/(reachX+1), d.y/(reachY+1)
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for _, a := range ix[placeCell{d.foot, x + dx, y + dy}] {
				if d.near(a) && !(other && a.sheet == d.sheet) {
					return true
				}
			}
		}
	}
	return false
}

func (s *sheet) placeOf(i int, pr *print) numberPlace {
	h, w := max(1, s.height), max(1, s.width)
	return numberPlace{sheet: i, print: pr, foot: 2*pr.box[1] > h, x: 500 * (pr.box[0] + pr.box[2]) / w, y: 500 * (pr.box[1] + pr.box[3]) / h}
}

// likeNumber tells whether a line could be a page's number before it was misread: up
// to seven signs that are no word, with nothing but markings beyond them, and apart
// from the text.
func (p *parser) likeNumber(s *sheet, pr *print) bool {
	text := strings.TrimSpace(p.s[pr.start:pr.end])
	if pr.role != ofText && pr.role != ofHand || len([]rune(text)) > 7 || pr.box[2]-pr.box[0] > 10*s.pitch || longWord(text) || len(text) > 3 && !strings.ContainsAny(text, "-–—~=0123456789") {
		return false
	}
	head := 6*pr.box[3] < s.height
	if !head && 6*pr.box[1] < 5*s.height {
		return false
	}
	for j := range s.prints {
		q := &s.prints[j]
		if q == pr || q.role != ofText || classified(strings.Trim(p.s[q.start:q.end], " '\"‘’“”|_~*")) {
			continue
		}
		if head && q.box[1] < pr.box[3]+s.line/4 || !head && q.box[3] > pr.box[1]-s.line/4 {
			return false
		}
	}
	return true
}

// numberBeside tells whether the words of a line from one on, parted before word i, are
// a page's number between dashes and a marking: "-2- CONFIDENTIAL".
func (p *parser) numberBeside(words []transcript.WordSpan, from, i int) bool {
	if len(words)-from > mostMarking {
		return false
	}
	left := p.s[p.byteAt(words[from].Start):p.byteAt(words[i-1].End)]
	right := p.s[p.byteAt(words[i].Start):p.byteAt(words[len(words)-1].End)]
	return dashedNumber(left) && classified(right) || dashedNumber(right) && classified(left)
}

// mostMarking is the most words that a number with a marking beside it has: "- 2 - TOP
// SECRET" and as many again.
const mostMarking = 10
