package lines

import "nightshift/pipeline/transcript"

// counts is how often each letter occurs in a text, letters of the same rest
// taken together.
type counts [64]int16

func (c *counts) add(rs []rune, by int16) {
	for _, r := range rs {
		c[r&63] += by
	}
}

// fewestEdits is how many edits at least make the one text of the other.
func fewestEdits(a, b *counts) int {
	more, less := 0, 0
	for i := range a {
		if d := int(a[i] - b[i]); d > 0 {
			more += d
		} else {
			less -= d
		}
	}
	return max(more, less)
}

// alike is 1 for equal texts and 0 for such as have nothing in common: one less
// the edits between them per letter of the longer.
func alike(a, b []rune) float64 {
	n := max(len(a), len(b), 1)
	return 1 - float64(transcript.Distance(a, b))/float64(n)
}

// endsMeet reports whether the first and the last letters of two texts are much the
// same: a cut that takes in a word too many, or leaves one out, shows there.
func endsMeet(a, b []rune) bool {
	const letters, least = 4, 0.34
	n := min(letters, len(a), len(b))
	return alike(a[:n], b[:n]) >= least && alike(a[len(a)-n:], b[len(b)-n:]) >= least
}
