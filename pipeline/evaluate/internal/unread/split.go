package main

import (
	"slices"
	"strings"
	"unicode/utf8"

	"nightshift/pipeline/evaluate"
)

// fate is what became of the words of a truth.
type fate struct {
	Words  int
	Exact  int // read to the letter
	Near   int // with a letter or two wrong
	Glued  int // to others, or spaced out
	Lost   int // misread, in a line that was found
	NoLine int // where no line was found: the layout's fault
}

func (f *fate) add(g fate) {
	f.Words, f.Exact, f.Near = f.Words+g.Words, f.Exact+g.Exact, f.Near+g.Near
	f.Glued, f.Lost, f.NoLine = f.Glued+g.Glued, f.Lost+g.Lost, f.NoLine+g.NoLine
}

// unreadable stands in a truth for what nobody could read.
const unreadable = "[?]"

// lineFound is how far, as a share of its letters, a line of the truth may be from the
// likest stretch of a line that was read and still count as found.
const lineFound = 0.55

// split tells what became of each word of the truth, by text alone.
func split(truth, read string) (f fate) {
	lines := lined(read)
	left := map[string]int{}
	for _, l := range lines {
		for _, w := range strings.Fields(l) {
			left[w]++
		}
	}
	type missing struct{ word, line string }
	var rest []missing
	for _, l := range lined(truth) {
		for _, w := range strings.Fields(l) {
			if strings.Contains(w, unreadable) {
				continue
			}
			f.Words++
			if left[w] > 0 {
				left[w]--
				f.Exact++
			} else {
				rest = append(rest, missing{w, l})
			}
		}
	}
	slices.SortStableFunc(rest, func(a, b missing) int { return len(b.word) - len(a.word) })
	found := map[string]bool{}
	for _, m := range rest {
		if w, ok := near(m.word, left); ok {
			left[w]--
			f.Near++
			continue
		}
		if _, ok := found[m.line]; !ok {
			found[m.line] = hasLine(m.line, lines)
		}
		switch {
		case len(m.word) > 3 && slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(squeezed(l), m.word) }):
			f.Glued++
		case found[m.line]:
			f.Lost++
		default:
			f.NoLine++
		}
	}
	return f
}

func lined(text string) (lines []string) {
	for l := range strings.Lines(text) {
		if l = evaluate.Fold(l); l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

func squeezed(s string) string { return strings.ReplaceAll(s, " ", "") }

// near is the word left that differs from w least, by at most one letter in four, two
// of five and more; words of one and two letters have none.
func near(w string, left map[string]int) (best string, ok bool) {
	n := utf8.RuneCountInString(w)
	if n < 3 {
		return "", false
	}
	least := 2
	if n > 4 {
		least = 3
	}
	for x, k := range left {
		if k <= 0 || max(len(x)-len(w), len(w)-len(x)) > 4 {
			continue
		}
		if d := evaluate.Distance(x, w); d < least || ok && d == least && x < best {
			best, least, ok = x, d, true
		}
	}
	return best, ok
}

// hasLine reports whether a line of the truth was found, if only in part of one read.
func hasLine(truth string, read []string) bool {
	t := []rune(squeezed(strings.ReplaceAll(truth, unreadable, "")))
	if len(t) < 3 {
		return false
	}
	for _, l := range read {
		if s := []rune(squeezed(l)); len(s) > 1 && float64(within(t, s)) <= lineFound*float64(len(t)) {
			return true
		}
	}
	return false
}

// within is the least edit distance of t from any stretch of s.
func within(t, s []rune) int {
	row := make([]int, len(s)+1)
	for i, c := range t {
		corner := row[0]
		row[0] = i + 1
		for j, d := range s {
			change := corner
			if c != d {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return slices.Min(row)
}
