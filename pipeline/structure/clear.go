package structure

import (
	"slices"
	"sort"
	"strings"

	"nightshift/pipeline/clean"
)

// edit is a correction, or a mark taken out, in bytes.
type edit struct {
	span
	after string
}

// clearText renders parts of the text as read as clean text.
type clearText struct {
	s     string
	edits []edit // ordered, disjoint
}

// newClearText takes the applied corrections, and marks that are no text.
func newClearText(t *text, cs []clean.Correction, marks []span) *clearText {
	c := &clearText{s: t.s, edits: make([]edit, 0, len(cs)+len(marks))}
	for _, k := range cs {
		if k.Decision == clean.Applied {
			c.edits = append(c.edits, edit{span{t.byteAt(k.Start), t.byteAt(k.End)}, k.After})
		}
	}
	for _, m := range marks {
		c.edits = append(c.edits, edit{span: m})
	}
	slices.SortStableFunc(c.edits, func(a, b edit) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return a.end - b.end
	})
	kept := c.edits[:0]
	at := 0
	for _, e := range c.edits {
		if e.start >= at {
			kept = append(kept, e)
			at = e.end
		}
	}
	c.edits = kept
	return c
}

// part is the clean text of bytes lo to hi, white space made single blanks.
func (c *clearText) part(lo, hi int) string { return strings.Join(strings.Fields(c.raw(lo, hi)), " ") }

// whole joins neighbouring lines that a correction makes one, as where a hyphen parts
// a word, so that part gives what the correction made of their ends.
func (c *clearText) whole(lines []span) []span {
	var out []span
	for _, l := range lines {
		if n := len(out); n > 0 && l.start >= out[n-1].end && c.joins(out[n-1].end, l.start) {
			out[n-1].end = l.end
			continue
		}
		out = append(out, l)
	}
	return out
}

// joins reports whether an edit takes away both what stands before end and all up to start.
func (c *clearText) joins(end, start int) bool {
	i := sort.Search(len(c.edits), func(i int) bool { return c.edits[i].end > end })
	return i < len(c.edits) && c.edits[i].start < end && c.edits[i].end >= start && c.edits[i].after == ""
}

// raw is part with its line ends.
func (c *clearText) raw(lo, hi int) string {
	var b strings.Builder
	at := lo
	i := sort.Search(len(c.edits), func(i int) bool { return c.edits[i].start >= lo })
	for ; i < len(c.edits) && c.edits[i].end <= hi; i++ {
		e := c.edits[i]
		if e.start < at {
			continue
		}
		b.WriteString(c.s[at:e.start])
		b.WriteString(e.after)
		at = e.end
	}
	if at == lo {
		return c.s[lo:hi]
	}
	b.WriteString(c.s[at:hi])
	return b.String()
}
