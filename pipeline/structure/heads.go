package structure

import (
	"strings"

	"nightshift/pipeline/clean"
)

// maxHead is the longest running head or foot in bytes.
const maxHead = 90

// head is a running head: where it stands, and the stretch that goes with it, the
// empty lines that set it off.
type head struct {
	at    span
	taken span
	why   []string
	sure  float64

	kind          clean.Kind
	section, rule string
}

// runningHeads finds lines that stand alone between paragraphs, or inside one,
// and repeat a page's number: the number is that of the page mark just before
// or after, or the same words stand elsewhere with another number.
func runningHeads(s string, lines []line, marks []pageMark) []head {
	var out []head
	var loose []int // candidates without a page mark beside them
	count := map[string]int{}
	numbers := map[string]map[string]bool{} // by the words that they stand with
	m := 0
	for i, l := range lines {
		if l.blank || l.end-l.start > maxHead || !alone(lines, i) {
			continue
		}
		words, number := headParts(s[l.start:l.end])
		if number == "" || words == "" {
			continue
		}
		for m < len(marks) && marks[m].end <= l.start {
			m++
		}
		switch {
		case m > 0 && marks[m-1].label == number && strings.TrimSpace(s[marks[m-1].end:l.start]) == "",
			m < len(marks) && marks[m].label == number && marks[m].start >= l.end && strings.TrimSpace(s[l.end:marks[m].start]) == "":
			out = append(out, newHead(s, lines, i, "the number is that of the page mark beside it"))
		default:
			loose = append(loose, i)
			count[words]++
			if numbers[words] == nil {
				numbers[words] = map[string]bool{}
			}
			numbers[words][number] = true
		}
	}
	for _, i := range loose {
		words, _ := headParts(s[lines[i].start:lines[i].end])
		if count[words] > 2 && len(numbers[words]) > 1 && len(marks) == 0 && strings.ContainsAny(words, "abcdefghijklmnopqrstuvwxyz") && lines[i].page {
			out = append(out, newHead(s, lines, i, "the same words stand with other page numbers"))
		}
	}
	return out
}

// alone tells whether line i has an empty line, a form feed or the text's edge
// on both sides.
func alone(lines []line, i int) bool {
	return (i == 0 || lines[i].page || lines[i-1].blank) && (i+1 == len(lines) || lines[i+1].blank || lines[i+1].page)
}

// headParts splits a line with a number at its beginning or end into the words,
// lower case without digits, and the number; "" when there is none.
func headParts(l string) (words, number string) {
	l = strings.TrimSpace(l)
	i := 0
	for i < len(l) && l[i] >= '0' && l[i] <= '9' {
		i++
	}
	j := len(l)
	for j > i && l[j-1] >= '0' && l[j-1] <= '9' {
		j--
	}
	switch {
	case i > 0 && i < len(l) && l[i] == ' ':
		number, l = l[:i], l[i:]
	case j < len(l) && j > 0 && l[j-1] == ' ':
		number, l = l[j:], l[:j]
	default:
		return "", ""
	}
	var b strings.Builder
	for k := 0; k < len(l); k++ {
		if c := l[k]; c < '0' || c > '9' {
			b.WriteByte(c)
		}
	}
	return strings.ToLower(strings.TrimSpace(b.String())), number
}

// newHead takes with the line up to two line ends on either side: those that
// set the head off from the text it interrupts.
func newHead(s string, lines []line, i int, why string) head {
	at := span{lines[i].start, lines[i].end}
	h := head{at: at, taken: at, why: []string{why}, sure: 0.98, kind: clean.RunningHead, section: "running-head", rule: "page-number"}
	for n := 0; n < 2 && h.taken.start > 0 && s[h.taken.start-1] == '\n'; n++ {
		h.taken.start--
	}
	for n := 0; n < 2 && h.taken.end < len(s) && s[h.taken.end] == '\n'; n++ {
		h.taken.end++
	}
	return h
}

// correction removes the head.
func (h head) correction(t *text) clean.Correction {
	return clean.Correction{
		Start: t.at(h.taken.start), End: t.at(h.taken.end), Before: t.s[h.taken.start:h.taken.end],
		Kind: h.kind, Rule: h.rule, Evidence: h.why, Confidence: h.sure, Decision: clean.Applied,
	}
}
