package structure

import (
	"strings"

	"nightshift/pipeline/structure/wording"
)

// alikeIn tells whether a phrase stands in a text with one of its letters in eight
// misread, lost or added; both in letters alone. Phrases of under ten letters must stand
// there to the letter.
func alikeIn(text, phrase string) bool {
	if strings.Contains(text, phrase) {
		return true
	}
	room := len(phrase) / 8
	return len(phrase) >= 10 && wording.Foreign(phrase, text) <= room && leastDistance(text, phrase) <= room
}

// leastDistance is the least edit distance of a phrase to any part of a text, in bytes.
func leastDistance(text, phrase string) int {
	row := make([]int, len(phrase)+1)
	for j := range row {
		row[j] = j
	}
	best := len(phrase)
	for i := range len(text) {
		last := row[0] // always nought: a part may begin anywhere
		for j := range len(phrase) {
			d := last
			if text[i] != phrase[j] {
				d++
			}
			last = row[j+1]
			row[j+1] = min(d, row[j+1]+1, row[j]+1)
		}
		best = min(best, row[len(phrase)])
	}
	return best
}

// editDistance is the number of letters to change, add or take away.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0]++
		for j := range len(b) {
			d := last
			if a[i] != b[j] {
				d++
			}
			last = row[j+1]
			row[j+1] = min(d, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
