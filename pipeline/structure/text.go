package structure

import (
	"strings"
	"unicode/utf8"
)

// chunk is the distance in bytes between the counted places of a text.
const chunk = 256

// text is the text as read, with the way from byte offsets, which all of this
// package works on, to the code points of structure.json.
type text struct {
	s      string
	counts []int32 // code points before each chunk; nil when all is ASCII
	length int     // in code points
}

// newText takes any string: each byte that is no UTF-8 counts as one code
// point, as it does in a conversion to []rune.
func newText(s string) *text {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	t := &text{s: s, length: len(s)}
	if ascii(s) {
		return t
	}
	t.counts = make([]int32, 0, len(s)/chunk+1)
	n := 0
	for i := 0; i < len(s); i += chunk {
		t.counts = append(t.counts, int32(n))
		n += starts(s[i:min(i+chunk, len(s))])
	}
	t.length = n
	return t
}

// at is the code point offset of byte b.
func (t *text) at(b int) int {
	if t.counts == nil {
		return b
	}
	if b >= len(t.s) {
		return t.length
	}
	return int(t.counts[b/chunk]) + starts(t.s[b/chunk*chunk:b])
}

// byteAt is the byte offset of code point r: the inverse of at.
func (t *text) byteAt(r int) int {
	if t.counts == nil {
		return min(r, len(t.s))
	}
	if r >= t.length {
		return len(t.s)
	}
	lo, hi := 0, len(t.counts)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; int(t.counts[mid]) <= r {
			lo = mid
		} else {
			hi = mid
		}
	}
	b, n := lo*chunk, int(t.counts[lo])
	for b < len(t.s) {
		if utf8.RuneStart(t.s[b]) {
			if n == r {
				return b
			}
			n++
		}
		b++
	}
	return b
}

// starts counts the code points that begin in s.
func starts(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// line is a line of the text in bytes, without its line end. A form feed ends
// a line as a newline does, and begins a page.
type line struct {
	start, end int
	blank      bool
	page       bool // first of a page after a form feed
}

func linesOf(s string) []line {
	lines := make([]line, 0, strings.Count(s, "\n")+strings.Count(s, "\f")+1)
	page := false
	for at := 0; at <= len(s); {
		end := at
		for end < len(s) && s[end] != '\n' && s[end] != '\f' {
			end++
		}
		lines = append(lines, line{start: at, end: end, blank: strings.TrimSpace(s[at:end]) == "", page: page})
		page = end < len(s) && s[end] == '\f'
		at = end + 1
	}
	return lines
}
