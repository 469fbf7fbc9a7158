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
	_, least := edits(text, phrase, 0)
	return least
}

// editDistance is the number of letters to change, add or take away.
func editDistance(a, b string) int {
	whole, _ := edits(a, b, 1)
	return whole
}

// edits is how far b is from the whole of a, and from the beginning of a that is nearest to
// it. A letter of a before the part that is compared costs skip: with nought it may begin
// anywhere.
func edits(a, b string, skip int) (whole, least int) {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	least = len(b)
	for i := range len(a) {
		last := row[0]
		row[0] += skip
		for j := range len(b) {
			d := last
			if a[i] != b[j] {
				d++
			}
			last = row[j+1]
			row[j+1] = min(d, row[j+1]+1, row[j]+1)
		}
		least = min(least, row[len(b)])
	}
	return row[len(b)], least
}
