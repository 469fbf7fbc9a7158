package clean

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Apply gives the clean text: text with the applied corrections of cs made.
// Flags change nothing. Offsets that do not fit the text are passed over, as
// Undo then says; so is a correction that overlaps the one before.
func Apply(text string, cs []Correction) string {
	if len(cs) == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	w := walk{s: text}
	for _, c := range cs {
		if c.Decision != Applied || c.Start < w.point || c.End < c.Start {
			continue
		}
		from := w.at
		lo, ok := w.to(c.Start)
		if !ok {
			break
		}
		hi, ok := w.to(c.End)
		b.WriteString(text[from:lo])
		if !ok || text[lo:hi] != c.Before {
			b.WriteString(text[lo:hi])
			continue
		}
		b.WriteString(c.After)
	}
	b.WriteString(text[w.at:])
	return b.String()
}

// Undo gives back the text as read from the clean text that Apply made of it
// with the same corrections. It fails when the clean text does not hold what a
// correction says it put there.
func Undo(clean string, cs []Correction) (string, error) {
	if len(cs) == 0 {
		return clean, nil
	}
	var b strings.Builder
	b.Grow(len(clean))
	w := walk{s: clean}
	shift, last := 0, 0 // code points that the clean text is longer by, up to here
	for i, c := range cs {
		if c.Decision != Applied {
			continue
		}
		if c.Start < last || c.End-c.Start != utf8.RuneCountInString(c.Before) {
			return "", fmt.Errorf("correction %d (%d-%d): out of order, or not as long as what stood there", i, c.Start, c.End)
		}
		last = c.End
		from := w.at
		lo, ok := w.to(c.Start + shift)
		if !ok || !strings.HasPrefix(clean[lo:], c.After) {
			return "", fmt.Errorf("correction %d (%d-%d): the clean text does not hold %q there", i, c.Start, c.End, c.After)
		}
		b.WriteString(clean[from:lo])
		b.WriteString(c.Before)
		after := utf8.RuneCountInString(c.After)
		w.at, w.point = lo+len(c.After), w.point+after
		shift += after - (c.End - c.Start)
	}
	b.WriteString(clean[w.at:])
	return b.String(), nil
}

// walk goes through a string by code points, forward only.
type walk struct {
	s         string
	at, point int // byte and code point reached
}

// to goes on to a code point and gives its byte; false when s ends before it.
func (w *walk) to(point int) (int, bool) {
	for w.point < point && w.at < len(w.s) {
		_, n := utf8.DecodeRuneInString(w.s[w.at:])
		w.at += n
		w.point++
	}
	return w.at, w.point == point
}
