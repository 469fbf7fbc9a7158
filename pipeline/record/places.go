package record

import (
	"slices"
	"strings"
	"unicode/utf8"

	"nightshift/pipeline/clean"
)

// places leads from the document's text as read to its reading text.
type places struct {
	edits  []edit
	shifts []int // what to add to a place after edits[i]
}

// compose makes the reading text, sets where each edit stands in it, and
// returns the way there.
func compose(text []rune, edits []edit) (string, places) {
	out := make([]rune, 0, len(text))
	p := places{edits: edits, shifts: make([]int, len(edits))}
	from := 0
	for i := range edits {
		e := &edits[i]
		out = append(out, text[from:e.start]...)
		e.at = len(out)
		out = append(out, []rune(e.after)...)
		from = e.end
		p.shifts[i] = len(out) - from
	}
	return string(append(out, text[from:]...)), p
}

// beginning is where something that begins at read place at begins in the
// reading text: behind white space put in there, and behind a removal.
func (p places) beginning(at int) int {
	i := p.before(at)
	if i < 0 {
		return at
	}
	e := p.edits[i]
	switch {
	case at > e.end:
		return at + p.shifts[i]
	case e.parts != nil, e.start == e.end && strings.TrimSpace(e.after) == "":
		return e.at + utf8.RuneCountInString(e.after)
	case at == e.end && e.start < e.end:
		return at + p.shifts[i]
	}
	return e.at
}

// ending is where something that ends at read place at ends in the reading
// text: before white space put in there, and before a removal.
func (p places) ending(at int) int {
	i := p.before(at)
	if i < 0 {
		return at
	}
	e := p.edits[i]
	switch {
	case at > e.end:
		return at + p.shifts[i]
	case e.parts != nil, at == e.start:
		return e.at
	}
	return e.at + utf8.RuneCountInString(e.after)
}

// before is the last edit that begins at or before at, -1 if none.
func (p places) before(at int) int {
	i, _ := slices.BinarySearchFunc(p.edits, at, func(e edit, at int) int {
		if e.start <= at {
			return -1
		}
		return 1
	})
	return i - 1
}

// span is where s stands in the reading text; nil when nothing of it is left.
func (p places) span(s clean.Span) *clean.Span {
	out := clean.Span{Start: p.beginning(s.Start), End: p.ending(s.End)}
	if out.End <= out.Start {
		return nil
	}
	return &out
}
