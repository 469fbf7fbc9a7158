package record

import (
	"fmt"
	"slices"
	"unicode"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
)

// The kinds of Part.
const (
	partPageBreak = "page-break"
	partNote      = "note"
	partNoteMark  = "note-mark"
	partPageMark  = "page-mark"
)

// takenOut are the kinds of section that are no part of the reading text.
var takenOut = map[string]bool{"page-mark": true, "notes": true, "running-head": true, "catchword": true}

// edit is one change from the document's text as read to its reading text.
// Start and End are code points in the document (not in the item).
type edit struct {
	start, end int
	after      string
	parts      []Part // of a removal; nil for a correction
	joins      bool   // a hyphen of a word that goes on behind it
	at         int    // start of after in the reading text, once woven
}

// weave decides on the edits that make doc's reading text: applied corrections
// as they are, and removals with the white space around them put right. Both
// come back ordered and disjoint. text is the document's own part.
func weave(text []rune, doc structure.Document, applied []clean.Correction) ([]edit, error) {
	var edits []edit
	members := removable(text, doc, applied)
	last := 0
	for _, c := range applied {
		if c.Start < last || c.End < c.Start || c.End > len(text) {
			return nil, fmt.Errorf("correction at %d-%d overlaps another or lies outside the document", c.Start, c.End)
		}
		if string(text[c.Start:c.End]) != c.Before {
			return nil, fmt.Errorf("correction at %d-%d: the text there is %q, not %q", c.Start, c.End, string(text[c.Start:c.End]), c.Before)
		}
		last = c.End
		if within(members, c) < 0 {
			edits = append(edits, edit{start: c.Start, end: c.End, after: c.After, joins: c.Kind == clean.LineBreakHyphen || c.Kind == clean.SoftHyphen})
		}
	}
	flows, corrections := flowing(doc), edits[:len(edits):len(edits)]
	for _, g := range group(text, members, corrections) {
		edits = append(edits, seam(text, g, corrections, flows))
	}
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return a.end - b.end
	})
	return edits, nil
}

// removable lists what is to be taken out, ordered and disjoint. A correction
// that straddles a boundary wins: the removal gives way to it.
func removable(text []rune, doc structure.Document, applied []clean.Correction) []Part {
	var all []Part
	add := func(kind string, start, end int) {
		start, end = max(start-doc.Start, 0), min(end-doc.Start, len(text))
		if start < end {
			all = append(all, Part{kind, clean.Span{Start: start, End: end}})
		}
	}
	for _, m := range doc.PageMarks {
		add(partPageMark, m.Start, m.End)
	}
	for _, m := range doc.NoteMarks {
		add(partNoteMark, m.Start, m.End)
	}
	for _, n := range doc.Notes {
		add(partNote, n.Start, n.End)
	}
	for _, s := range doc.Sections {
		if takenOut[s.Kind] && (s.Kind != "notes" || len(doc.Notes) > 0) {
			add(s.Kind, s.Start, s.End)
		}
	}
	for _, c := range applied {
		if c.After == "" && (c.Kind == clean.RunningHead || c.Kind == clean.Catchword) {
			add(string(c.Kind), c.Start+doc.Start, c.End+doc.Start)
		}
	}
	for i, r := range text {
		if r == '\f' {
			all = append(all, Part{partPageBreak, clean.Span{Start: i, End: i + 1}})
		}
	}
	slices.SortStableFunc(all, func(a, b Part) int {
		if a.Read.Start != b.Read.Start {
			return a.Read.Start - b.Read.Start
		}
		return b.Read.End - a.Read.End
	})
	return yield(disjoint(all), applied)
}

// disjoint drops parts inside an earlier one and cuts those that overlap it.
func disjoint(all []Part) []Part {
	var out []Part
	end := 0
	for _, p := range all {
		p.Read.Start = max(p.Read.Start, end)
		if p.Read.Start < p.Read.End {
			out = append(out, p)
			end = p.Read.End
		}
	}
	return out
}

// yield takes the stretches of straddling corrections out of parts.
func yield(parts []Part, applied []clean.Correction) []Part {
	var out []Part
	i := 0
	for _, p := range parts {
		for i < len(applied) && applied[i].End <= p.Read.Start {
			i++
		}
		for j := i; j < len(applied) && applied[j].Start < p.Read.End; j++ {
			c := applied[j]
			if c.Start >= p.Read.Start && c.End <= p.Read.End || c.End <= p.Read.Start {
				continue // inside, or before
			}
			if c.Start > p.Read.Start {
				out = append(out, Part{p.Kind, clean.Span{Start: p.Read.Start, End: c.Start}})
			}
			p.Read.Start = min(c.End, p.Read.End)
		}
		if p.Read.Start < p.Read.End {
			out = append(out, p)
		}
	}
	return out
}

// within is the index of the part that c lies in, -1 if none. An insertion at
// a part's edge lies outside it.
func within(parts []Part, c clean.Correction) int {
	i, _ := slices.BinarySearchFunc(parts, c.Start, func(p Part, at int) int {
		if p.Read.End <= at {
			return -1
		}
		return 1
	})
	if i == len(parts) {
		return -1
	}
	p := parts[i].Read
	if c.Start < p.Start || c.End > p.End || c.Start == c.End && c.Start == p.Start {
		return -1
	}
	return i
}

// group joins parts with only white space, and no correction, between them.
func group(text []rune, parts []Part, corrections []edit) [][]Part {
	var out [][]Part
	for _, p := range parts {
		if n := len(out); n > 0 {
			g := out[n-1]
			from := g[len(g)-1].Read.End
			if allSpace(text[from:p.Read.Start]) && !touched(corrections, from, p.Read.Start) {
				out[n-1] = append(g, p)
				continue
			}
		}
		out = append(out, []Part{p})
	}
	return out
}

// touched tells whether a correction lies in or at the edges of [from,to].
func touched(corrections []edit, from, to int) bool {
	i, _ := slices.BinarySearchFunc(corrections, from, func(e edit, at int) int {
		if e.end < at {
			return -1
		}
		return 1
	})
	return i < len(corrections) && corrections[i].start <= to
}

func allSpace(rs []rune) bool {
	return !slices.ContainsFunc(rs, func(r rune) bool { return !unicode.IsSpace(r) })
}

// flowing lists the sections that text runs on in, in the document's offsets.
func flowing(doc structure.Document) []clean.Span {
	var out []clean.Span
	for _, s := range doc.Sections {
		if !takenOut[s.Kind] {
			out = append(out, clean.Span{Start: s.Start - doc.Start, End: s.End - doc.Start})
		}
	}
	return out
}
