package record

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
)

// reversal is one edit as the record states it.
type reversal struct {
	read          clean.Span
	at            int
	before, after string
}

// AsRead gives back the document's text as read from the record alone, by
// undoing its corrections and removals. An error says that the record does not
// hold together: its text or edits were changed after it was made.
func (r *Record) AsRead() (string, error) {
	text := []rune(r.Text)
	var out []rune
	cur := 0
	for _, e := range r.reversals() {
		end := e.at + utf8.RuneCountInString(e.after)
		if e.at < cur || end > len(text) || string(text[e.at:end]) != e.after {
			return "", fmt.Errorf("undo at %d: the text there is not %q", e.at, e.after)
		}
		out = append(append(out, text[cur:e.at]...), []rune(e.before)...)
		if got := len(out); got != e.read.End-r.Read.Start {
			return "", fmt.Errorf("undo at %d: ends at %d as read, not %d", e.at, got+r.Read.Start, e.read.End)
		}
		cur = end
	}
	s := string(append(out, text[cur:]...))
	if got := archive.DigestOf([]byte(s)); got != r.Read.SHA256 {
		return "", fmt.Errorf("undo: the text as read has digest %s, not %s", got.Short(), r.Read.SHA256.Short())
	}
	return s, nil
}

// reversals are the edits that made Text, in order: removals, and corrections
// that are applied and not part of a removal.
func (r *Record) reversals() []reversal {
	var out []reversal
	for _, x := range r.Removed {
		out = append(out, reversal{x.Read, x.At, x.Before, x.After})
	}
	for _, c := range r.Corrections {
		if c.Decision == clean.Applied && c.InText != nil {
			out = append(out, reversal{c.Read, c.InText.Start, c.Before, c.After})
		}
	}
	slices.SortStableFunc(out, func(a, b reversal) int {
		if a.read.Start != b.read.Start {
			return a.read.Start - b.read.Start
		}
		return a.read.End - b.read.End
	})
	return out
}
