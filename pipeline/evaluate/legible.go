package evaluate

import (
	"slices"
	"strings"

	"nightshift/pipeline/structure"
)

// Legible tells whether a value that a person read on the page images stands in
// the text as read too, wherever and under whatever label: what is not there no
// rule can find. Each part of the value (parted by semicolons) must occur with at
// most one letter or digit in four misread, or seven of its words in ten; one of up to
// ten letters must stand alone, and one of up to four be a word to the letter.
func Legible(truth, text string) bool {
	for part := range strings.SplitSeq(withoutRemarks(truth), ";") {
		if want := letters(part); want != "" && !occurs(want, part, text) {
			return false
		}
	}
	return letters(withoutRemarks(truth)) != ""
}

func occurs(want, part, text string) bool {
	words := strings.Fields(spaced(text))
	if len([]rune(want)) <= 4 {
		return slices.Contains(words, want)
	}
	if len([]rune(want)) <= 10 {
		return standsAlone(want, words)
	}
	if w := []rune(want); 4*nearest(w, []rune(strings.Join(words, ""))) <= len(w) {
		return true
	}
	found, all := 0, 0
	for _, w := range strings.Fields(spaced(part)) {
		all++
		if slices.ContainsFunc(words, func(v string) bool { return 4*Distance(w, v) <= max(len(w), len(v)) }) {
			found++
		}
	}
	return all > 3 && 10*found >= 7*all
}

// standsAlone tells whether a short value is one word of the text or several that
// follow each other, and no part of a longer one: "secret" is not in "secretary".
func standsAlone(want string, words []string) bool {
	for i := range words {
		joined := ""
		for j := i; j < len(words) && len(joined) <= len(want); j++ {
			joined += words[j]
			if 4*Distance(want, joined) <= len([]rune(want)) {
				return true
			}
		}
	}
	return false
}

// nearest is the least edit distance of want to any part of text.
func nearest(want, text []rune) int {
	prev, cur := make([]int, len(want)+1), make([]int, len(want)+1)
	for i := range prev {
		prev[i] = i
	}
	best := len(want)
	for _, r := range text {
		cur[0] = 0
		for i, w := range want {
			d := prev[i]
			if w != r {
				d++
			}
			cur[i+1] = min(d, prev[i+1]+1, cur[i]+1)
		}
		best = min(best, cur[len(want)])
		prev, cur = cur, prev
	}
	return best
}

// legibleDate tells whether a date stands in the text: as the person wrote it down
// with at most one sign misread, or in other words in some line.
func legibleDate(d FieldDate, text string) bool {
	if w := []rune(letters(d.Text)); len(w) > 4 && nearest(w, []rune(letters(text))) <= 1 {
		return true
	}
	for l := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\f' }) {
		if slices.Contains(structure.Dates(l), d.Value) {
			return true
		}
	}
	return false
}
