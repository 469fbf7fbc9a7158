package structure

import "strings"

// note is an entry of a note list, in bytes.
type note struct {
	span
	label string
	text  int // where its text begins
}

// noteList reads a block as a note list: entries that begin with an indented
// label; lines without one go on with the entry before.
func noteList(s string, lines []line, b *block) []note {
	var out []note
	for _, i := range b.lines {
		l := lines[i]
		if label, at, ok := noteLabel(s[l.start:l.end]); ok {
			out = append(out, note{span: span{l.start, l.end}, label: label, text: l.start + at})
		} else if len(out) > 0 {
			out[len(out)-1].end = l.end
		}
	}
	for i := range out {
		n := &out[i]
		n.end = n.start + len(strings.TrimRight(s[n.start:n.end], " \t"))
		n.text = min(n.text, n.end)
	}
	return out
}

// isNoteList tells whether a block is a note list: its first line begins an
// entry, and its labels do not fall.
func isNoteList(s string, lines []line, b *block) bool {
	if b.whole != nil || !startsNote(s[lines[b.lines[0]].start:lines[b.lines[0]].end]) {
		return false
	}
	last := -1
	for _, n := range noteList(s, lines, b) {
		v, _ := number(n.label)
		if v == 0 {
			continue
		}
		if v < last {
			return false
		}
		last = v
	}
	return true
}

// number is the number a label begins with, and what follows it; 0 for none.
func number(label string) (n int, rest string) {
	i := 0
	for i < len(label) && i < 6 && label[i] >= '0' && label[i] <= '9' {
		n = n*10 + int(label[i]-'0')
		i++
	}
	return n, label[i:]
}
