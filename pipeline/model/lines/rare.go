package lines

import "regexp"

// sameOften is how often a text may come, by whatever digits: letterheads and the
// words of forms would come on each page else.
const sameOften = 4

var digits = regexp.MustCompile(`\d+`)

// Rare leaves out lines whose text has come often enough.
func Rare(all []Line) (out []Line) {
	seen := map[string]int{}
	for _, l := range all {
		key := digits.ReplaceAllString(l.Text, "0")
		if seen[key]++; seen[key] <= sameOften {
			out = append(out, l)
		}
	}
	return out
}
