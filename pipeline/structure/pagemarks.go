package structure

import "strings"

// span is a stretch of the text in bytes, half-open.
type span struct{ start, end int }

type pageMark struct {
	span
	label string
}

// maxLabel is the longest label of a page mark in bytes; roman numerals and
// plate numbers fit.
const maxLabel = 12

// pageMarks are the marks "[Page 55]" that a digitised volume carries. In a
// mark within a mark only the inner one counts.
func pageMarks(s string) []pageMark {
	const head = "[Page "
	var out []pageMark
	for at := 0; ; {
		i := strings.Index(s[at:], head)
		if i < 0 {
			return out
		}
		i += at
		at = i + len(head)
		rest := s[at:min(len(s), at+maxLabel+1)]
		j := strings.IndexAny(rest, "[]\n")
		if j < 1 || rest[j] != ']' {
			continue
		}
		at += j + 1
		out = append(out, pageMark{span: span{i, at}, label: rest[:j]})
	}
}
