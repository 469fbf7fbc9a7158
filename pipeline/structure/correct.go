package structure

import (
	"slices"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/transcript"
)

// correct has package clean mend the text, and adds the running heads found
// here. The corrections come back ordered and disjoint.
func (p *parser) correct(layout *transcript.Layout) []clean.Correction {
	in := p.cleaning(layout)
	heads := make([]clean.Correction, len(p.heads))
	for i, h := range p.heads {
		heads[i] = h.correction(p.text)
	}
	return merge(merge(heads, clean.Correct(in)), otherwise(layout))
}

// cleaning is what package clean works on.
func (p *parser) cleaning(layout *transcript.Layout) clean.Input {
	return clean.Input{Text: p.s, Blocks: p.cleanBlocks(), Marks: p.cleanMarks(), Names: p.names(), Layout: layout, Rules: p.rules}
}

// Cleaning is what package clean is given of a text: what its calibration is
// counted on.
func Cleaning(in Input) clean.Input {
	p := newParser(in.Text)
	p.rules = in.Rules
	p.readAll(in.Layout)
	return p.cleaning(in.Layout)
}

// merge orders two lists of corrections, each ordered; of two that overlap
// those of first stay.
func merge(first, second []clean.Correction) []clean.Correction {
	out := make([]clean.Correction, 0, len(first)+len(second))
	i := 0
	for _, c := range second {
		for i < len(first) && first[i].End <= c.Start && first[i].Start < c.Start {
			out = append(out, first[i])
			i++
		}
		if i < len(first) && c.End > first[i].Start || i < len(first) && c.End == first[i].Start && c.Start == c.End ||
			len(out) > 0 && c.Start < out[len(out)-1].End {
			continue
		}
		out = append(out, c)
	}
	return append(out, first[i:]...)
}

// cleanBlocks are the sections, with running heads cut out of those they
// interrupt.
func (p *parser) cleanBlocks() []clean.Block {
	var out []clean.Block
	h := 0
	add := func(lo, hi int, kind string) {
		if lo < hi {
			out = append(out, clean.Block{Span: clean.Span{Start: p.at(lo), End: p.at(hi)}, Kind: kind})
		}
	}
	for _, d := range p.docs {
		for i, b := range d.blocks {
			at := b.start
			for _, cut := range p.entryStarts(d, i) { // lines of different entries are not joined
				if h < len(p.heads) && p.heads[h].taken.start < cut {
					break
				}
				add(at, cut, d.kinds[i].Kind)
				at = cut
			}
			for h < len(p.heads) && p.heads[h].taken.end <= b.end {
				x := p.heads[h].taken
				add(at, max(at, x.start), d.kinds[i].Kind)
				add(max(at, x.start), x.end, "running-head")
				at = max(at, x.end)
				h++
			}
			add(at, b.end, d.kinds[i].Kind)
		}
	}
	for ; h < len(p.heads); h++ {
		add(p.heads[h].taken.start, p.heads[h].taken.end, "running-head")
	}
	return out
}

func (p *parser) cleanMarks() []clean.Span {
	var out []clean.Span
	for _, s := range p.taken() {
		out = append(out, clean.Span{Start: p.at(s.start), End: p.at(s.end)})
	}
	slices.SortFunc(out, func(a, b clean.Span) int { return a.Start - b.Start })
	return out
}

// names are the people that the documents name as present.
func (p *parser) names() []string {
	var out []string
	for _, d := range p.docs {
		for i := range d.blocks {
			if d.kinds[i].Kind != "participants" {
				continue
			}
			for _, e := range p.people(d, i) {
				if name, _ := nameAndRole(p.s[e.parts[0].start:e.parts[0].end]); name != "" {
					out = append(out, name)
				}
			}
		}
	}
	return out
}
