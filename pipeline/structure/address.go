package structure

import (
	"strings"
	"unicode/utf8"

	"nightshift/pipeline/structure/evidence"
	"nightshift/pipeline/structure/wording"
)

// honours begin the address of a paper to a person of rank.
var honours = []string{"the honorable", "the honourable", "the right honorable", "the right honourable", "his excellency", "her excellency", "his majesty", "the secretary of"}

var honourLexicon = wording.NewLexicon(honours)

// addressLines are the lines of the address on the document's first page that begins
// with an honour: "The Honorable / The Secretary of Ports, / Washington." They stand
// on the left, each under the other; what stamps and pens left beside and between
// them is none of it. nil when there is no such address.
func (p *parser) addressLines(d *draft) []*print {
	s := &d.pages.sheets[0]
	if len(s.prints) > mostPrints {
		return nil
	}
	var top *print
	for j := range s.prints {
		pr := &s.prints[j]
		if !p.addressable(s, pr) || top != nil && pr.box[1] >= top.box[1] {
			continue
		}
		at := p.valueSpan(s, pr, pr.start)
		t := honourLexicon.Mend(plainLetters(p.s[at.start:at.end]))
		for _, h := range honours {
			// the first letter of a line is lost soonest
			if i := strings.Index(t, h[1:]); i >= 0 && i < 6 && len(t) < len(h)+28 {
				top = pr
			}
			// and the whole of “The” under a stamp
			if bare, ok := strings.CutPrefix(h, "the hono"); ok && strings.HasSuffix(t, " hono"+bare) && len(t) < len(h)+2 {
				top = pr
			}
		}
	}
	if top == nil {
		return nil
	}
	out := []*print{top}
	for last := top; len(out) < 6; last = out[len(out)-1] {
		var next *print
		for j := range s.prints {
			pr := &s.prints[j]
			if down := pr.box[1] - last.box[1]; down > s.line/2 && 10*down < 22*max(s.advance, s.line) && p.addressable(s, pr) && (next == nil || pr.box[1] < next.box[1]) {
				next = pr
			}
		}
		if next == nil || salutes(p.s[next.start:next.end]) || next.box[0] < top.box[0]-6*s.pitch {
			break
		}
		out = append(out, next)
		if t := strings.TrimSpace(p.s[next.start:next.end]); strings.HasSuffix(t, ".") && len(t) > 4 {
			break // an address ends in a stop
		}
	}
	return out
}

// plainLetters leaves out what engines take specks over and beside letters for.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return -1
		}
		return r
	}, s)
}

// addressable tells whether a line can be one of an address: words, with capitals, on
// the left, and not as wide as prose.
func (p *parser) addressable(s *sheet, pr *print) bool {
	if pr.role != ofText && (pr.role != ofHand || !p.plainWords(pr)) || 2*pr.box[0] > s.left+s.right {
		return false
	}
	at := p.valueSpan(s, pr, pr.start)
	if 10*(p.rightOf(pr, at.end)-pr.box[0]) > 7*(s.right-s.left) {
		return false
	}
	t := strings.Trim(p.s[at.start:at.end], " .,'\"‘’“”|")
	if len(t) < 4 || wordlike(plainLetters(t)) < 0.6 || evidence.Closes(t) {
		return false
	}
	_, label := labelOf(t)
	return !label && !dateLine(t)
}

// rightOf is where the part of a line that ends at a byte ends on the page.
func (p *parser) rightOf(pr *print, end int) int {
	x := pr.box[0]
	for i := range pr.words {
		if w := &pr.words[i]; p.byteAt(w.End) <= end {
			x = w.Box[2]
		}
	}
	if pr.words == nil {
		return pr.box[2]
	}
	return x
}
