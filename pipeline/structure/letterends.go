package structure

import (
	"strings"

	"nightshift/pipeline/structure/evidence"
)

// letterEnds tells the body of a letter or despatch from what stands before its
// salutation and after its signature: scraps of stamps and remarks of typists in a
// line or two are no paragraphs.
func (p *parser) letterEnds(d *draft) {
	const likely = 0.6
	salutation, signature := -1, -1
	for i := range d.blocks {
		switch d.kinds[i].Kind {
		case "salutation":
			if salutation < 0 && d.blocks[i].page == 0 {
				salutation = i
			}
		case "signature":
			signature = i
		}
	}
	for i := range d.blocks {
		b := &d.blocks[i]
		if d.kinds[i].Kind != "body" {
			continue
		}
		s := &d.pages.sheets[b.page]
		text := strings.TrimSpace(p.blockText(b))
		switch {
		case i < salutation && p.scrap(s, b, 60):
			d.kinds[i] = evidence.Reading{Kind: "other", Confidence: likely}
		case salutation >= 0 && p.scrap(s, b, 80) && signature > salutation && i > signature && b.page == d.blocks[signature].page && !strings.HasPrefix(strings.ToUpper(strings.ReplaceAll(text, " ", "")), "P.S"):
			d.kinds[i] = evidence.Reading{Kind: "distribution", Confidence: likely}
		}
	}
}

// scrap tells whether a block is up to two lines, neither wider than a share of the text, in hundredths.
func (p *parser) scrap(s *sheet, b *block, share int) bool {
	if len(b.prints) > 2 {
		return false
	}
	for _, pr := range b.prints {
		if 100*(pr.box[2]-pr.box[0]) > share*(s.right-s.left) {
			return false
		}
	}
	return true
}
