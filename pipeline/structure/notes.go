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

// noteHeads stand over a list of notes on typed pages.
var noteHeads = map[string]bool{"notes": true, "note": true, "footnotes": true, "foot notes": true, "footnote": true, "end notes": true, "endnotes": true}

func noteHead(s string) bool { return noteHeads[strings.ToLower(strings.Trim(s, " .:-_~*"))] }

// printedNotes reads the list of notes at the end of a document on pages, under a
// heading, or from its source note on, and joins its lines in one block; it gives
// that block's index, or the number of blocks when there is no list.
func (p *parser) printedNotes(d *draft) int {
	for i := len(d.blocks) - 1; i > 0; i-- {
		b := &d.blocks[i]
		first := p.s[b.prints[0].start:b.prints[0].end]
		list := i
		if len(b.prints) == 1 && noteHead(first) {
			list++
		} else if label, at, ok := printedLabel(first); !ok || label != "1" || sourceWord(first[at:]) != 0 {
			continue
		}
		if list < len(d.blocks) && p.joinNotes(d, list) {
			return list
		}
		return len(d.blocks)
	}
	return len(d.blocks)
}

// joinNotes makes the blocks from list on, but markings of pages, one list of
// notes, when each entry's number follows the one before.
func (p *parser) joinNotes(d *draft, list int) bool {
	all := block{page: d.blocks[list].page}
	var notes []note
	var rest []block
	for _, b := range d.blocks[list:] {
		if classified(p.blockText(&b)) {
			rest = append(rest, b)
			continue
		}
		for _, pr := range b.prints {
			text := p.s[pr.start:pr.end]
			label, at, ok := printedLabel(text)
			n, more := number(label)
			switch {
			case ok && more == "" && n == len(notes)+1:
				notes = append(notes, note{span: pr.span, label: label, text: pr.start + at})
			case len(notes) == 0:
				return false
			}
			notes[len(notes)-1].end = pr.start + len(strings.TrimRight(text, " °|_~•«»^"))
			all.add(pr)
		}
	}
	if len(notes) == 0 {
		return false
	}
	all.start, all.end = all.prints[0].start, all.prints[0].end
	for _, pr := range all.prints {
		all.start, all.end = min(all.start, pr.start), max(all.end, pr.end)
	}
	for i := range notes {
		notes[i].end = max(notes[i].end, notes[i].text)
	}
	d.blocks = append(append(d.blocks[:list:list], all), rest...)
	d.notes = notes
	return true
}

// printedLabel is the label of a note on a typed page, at a line's beginning, and
// where its text begins; signs that nobody typed may stand before it.
func printedLabel(s string) (label string, at int, ok bool) {
	lead := len(s) - len(strings.TrimLeft(s, " _.|~'‘“"))
	label, at, ok = noteLabel(" " + s[lead:])
	return label, lead + max(0, at-1), ok
}
