package record

import (
	"slices"
	"unicode"

	"nightshift/pipeline/clean"
)

// seam makes the edit that takes the parts out and leaves one white space in
// their stead where there was any: glued marks simply go; otherwise the weaker
// white space of both sides goes with them, and at a page break a blank joins a
// running paragraph and an empty line parts two.
func seam(text []rune, parts []Part, corrections []edit, flows []clean.Span) edit {
	start, end := parts[0].Read.Start, parts[len(parts)-1].Read.End
	e := edit{start: start, end: end, parts: parts}
	low, high := bounds(corrections, start, end, len(text))
	before, after := spaceBefore(text, start, low), spaceAfter(text, end, high)
	if before == start && cutsWord(corrections, start) { // a word goes on behind the parts
		e.end = after
		return e
	}
	breaks := slices.ContainsFunc(parts, func(p Part) bool { return p.Kind == partPageBreak })
	switch {
	case before == 0:
		e.start, e.end = 0, keepIndent(text, end, after)
	case after == len(text):
		e.start, e.end = before, after
	case breaks:
		e.start, e.end, e.after = before, keepIndent(text, end, after), "\n\n"
		if runsOn(flows, start, end) {
			e.end, e.after = after, " "
		}
	case before == start || after == end:
	case weight(text[end:after]) > weight(text[before:start]):
		e.start = before
	case keepIndent(text, end, after) != after:
		e.start = before
	default:
		e.end = after
	}
	return e
}

// cutsWord reports whether a correction that ends at place at takes a hyphen out
// of a word that goes on behind what is taken out there.
func cutsWord(corrections []edit, at int) bool {
	i, found := slices.BinarySearchFunc(corrections, at, func(e edit, at int) int { return e.end - at })
	return found && corrections[i].after == "" && corrections[i].joins
}

// bounds are how far white space may be taken: to the next correction.
func bounds(corrections []edit, start, end, n int) (low, high int) {
	i, _ := slices.BinarySearchFunc(corrections, start, func(e edit, at int) int {
		if e.end <= at {
			return -1
		}
		return 1
	})
	if i > 0 {
		low = corrections[i-1].end
	}
	high = n
	for ; i < len(corrections); i++ {
		if corrections[i].start >= end {
			return low, corrections[i].start
		}
	}
	return low, high
}

func spaceBefore(text []rune, at, low int) int {
	for at > low && unicode.IsSpace(text[at-1]) {
		at--
	}
	return at
}

func spaceAfter(text []rune, at, high int) int {
	for at < high && unicode.IsSpace(text[at]) {
		at++
	}
	return at
}

// keepIndent is the end of the white space from..to without the blanks that
// indent the line after it.
func keepIndent(text []rune, from, to int) int {
	at := to
	for at > from && text[at-1] != '\n' {
		at--
	}
	if at == from {
		return to // no line ends here: it is no indent
	}
	return at
}

// weight ranks white space: an empty line over a line end over blanks.
func weight(rs []rune) int {
	n := 0
	for _, r := range rs {
		if r == '\n' {
			n++
		}
	}
	return min(n, 2)
}

// runsOn tells whether one section holds start..end and text on both sides.
func runsOn(flows []clean.Span, start, end int) bool {
	i, _ := slices.BinarySearchFunc(flows, start, func(s clean.Span, at int) int { return s.Start - at })
	return i > 0 && flows[i-1].End > end
}
