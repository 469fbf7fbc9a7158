package record

import (
	"unicode/utf8"

	"nightshift/pipeline/clean"
)

// corrections lists all corrections shown, each with its places.
func (b *builder) corrections(ds decisions, m mapper) []Correction {
	out := []Correction{}
	own := ownEdits(m.edits)
	for _, d := range ds {
		c := Correction{
			Read: clean.Span{Start: d.Start + m.doc.Start, End: d.End + m.doc.Start},
			Page: d.Page, Box: d.Box, Before: d.Before, After: d.After, Kind: d.Kind, Rule: d.Rule,
			Evidence: d.Evidence, Confidence: d.Confidence, Decision: d.Decision, DecidedBy: d.by, Reviewed: d.review, Proposed: d.proposed,
		}
		if c.Evidence == nil {
			c.Evidence = []string{}
		}
		if d.Decision == clean.Applied {
			if e, ok := own[[2]int{d.Start, d.End}]; ok {
				c.InText = &clean.Span{Start: e.at, End: e.at + utf8.RuneCountInString(e.after)}
			}
		} else {
			c.InText = m.flagged(d.Start, d.End)
		}
		b.onImage(&c)
		out = append(out, c)
	}
	return out
}

// ownEdits are the edits that are corrections, by their place.
func ownEdits(edits []edit) map[[2]int]edit {
	out := map[[2]int]edit{}
	for _, e := range edits {
		if e.parts == nil {
			out[[2]int{e.start, e.end}] = e
		}
	}
	return out
}

// flagged is where what a flag is about stands in the reading text; nil inside
// a removal.
func (m mapper) flagged(start, end int) *clean.Span {
	if i := m.before(start); i >= 0 {
		if e := m.edits[i]; e.parts != nil && start >= e.start && end <= e.end && (start < e.end || end > start) {
			return nil
		}
	}
	at := clean.Span{Start: m.beginning(start), End: m.ending(end)}
	at.End = max(at.End, at.Start)
	return &at
}

// onImage fills in page and box from the words that c touches, where the
// structurer left them out.
func (b *builder) onImage(c *Correction) {
	p := b.placeOf(c.Read, c.Page)
	if c.Page == nil && p.page > 0 {
		c.Page = &p.page
	}
	if box, ok := b.told.boxes[p]; ok && c.Box == nil {
		c.Box = &box
	}
}
