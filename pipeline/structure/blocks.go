package structure

import "strings"

// block is a paragraph or list: lines without an empty line between them, and
// across a running head that interrupts it.
type block struct {
	span             // bytes; a list begins with its indentation, all else with a letter
	lines []int      // that are not blank and no running head
	whole []pageMark // page marks, when there is nothing else in the block

	// of a block made of lines of print
	prints []*print
	page   int // where it begins
}

// blocksOf splits lines at empty lines. The empty lines around a running head
// go with the head: text that goes on behind it is the same block.
func blocksOf(s string, lines []line, heads []head, marks []pageMark) []block {
	var out []block
	isHead := make(map[int]bool, len(heads))
	for _, h := range heads {
		isHead[h.at.start] = true
	}
	gap := 2 // line ends since the last line of text, less those that heads brought
	for i, l := range lines {
		switch {
		case isHead[l.start]:
			gap -= 4 // of the five line ends counted around it, one is between the text before and after
		case l.blank:
		case gap < 2 && len(out) > 0 && !l.page:
			b := &out[len(out)-1]
			b.lines = append(b.lines, i)
			gap = 0
		default:
			out = append(out, block{lines: []int{i}})
			gap = 0
		}
		gap++
	}
	m := 0
	for i := range out {
		b := &out[i]
		b.start, b.end = lines[b.lines[0]].start, lines[b.lines[len(b.lines)-1]].end
		body := strings.TrimRight(s[b.start:b.end], " \t\u00a0")
		b.end = b.start + len(body)
		if t := strings.TrimLeft(body, " \t"); !startsBullet(t) && !startsNote(body) {
			b.start = b.end - len(t)
		}
		for m < len(marks) && marks[m].start < b.start {
			m++
		}
		at, k := b.start, m
		for k < len(marks) && strings.TrimSpace(s[at:marks[k].start]) == "" && marks[k].end <= b.end {
			at = marks[k].end
			k++
		}
		if k > m && strings.TrimSpace(s[at:b.end]) == "" {
			b.whole = marks[m:k]
		}
	}
	return out
}

// bullets are the signs that begin an entry of a list.
var bullets = []string{"•", "●", "▪", "·"}

// startsBullet tells whether s, without indentation, begins an entry of a list.
func startsBullet(s string) bool { return bulletLen(s) > 0 }

// bulletLen is the length of the bullet and the blanks after it, 0 for none.
func bulletLen(s string) int {
	for _, b := range bullets {
		if rest, ok := strings.CutPrefix(s, b); ok {
			trimmed := strings.TrimLeft(rest, " \t\u00a0")
			if len(trimmed) < len(rest) {
				return len(s) - len(trimmed)
			}
		}
	}
	return 0
}

// startsNote tells whether a line, with its indentation, begins an entry of a
// note list: indented, a number, a full stop.
func startsNote(s string) bool {
	_, _, ok := noteLabel(s)
	return ok
}

// noteLabel is the label of an entry of a note list and where its text begins.
func noteLabel(s string) (label string, at int, ok bool) {
	i := 0
	for i < len(s) && s[i] == ' ' {
		i++
	}
	if i == 0 || i > 8 {
		return "", 0, false
	}
	j := i
	for j < len(s) && s[j] >= '0' && s[j] <= '9' && j < i+5 {
		j++
	}
	if j == i {
		j = i + symbolLen(s[i:])
	} else if j < len(s) && s[j] >= 'a' && s[j] <= 'z' {
		j++
	}
	if j == i || j >= len(s) || s[j] != '.' {
		return "", 0, false
	}
	k := j + 1
	if k < len(s) && s[k] != ' ' {
		return "", 0, false
	}
	for k < len(s) && s[k] == ' ' {
		k++
	}
	return s[i:j], k, true
}

// symbols are the signs that mark notes beside numbers.
var symbols = []string{"***", "**", "*", "††", "†", "‡‡", "‡", "§", "¶"}

// symbolLen is the length of a note symbol at the beginning of s, 0 for none.
func symbolLen(s string) int {
	for _, y := range symbols {
		if strings.HasPrefix(s, y) {
			return len(y)
		}
	}
	return 0
}
