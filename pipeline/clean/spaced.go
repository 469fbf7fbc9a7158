package clean

import (
	"fmt"
	"slices"
	"strings"
)

// spaced judges a run of single letters with a blank between each from token i
// on, as typists set headings: "S E C R E T". It gives how many tokens the run
// has, 0 when there is none; words are not made of a part of it.
func (c *cleaner) spaced(i int) int {
	const fewest, most = 4, 60
	j := i
	for j < len(c.toks) && j-i < most && c.toks[j].hi-c.toks[j].lo == 1 && c.toks[j].shape&digits == 0 && (j == i || c.adjacent(j-1)) &&
		(j < i+2 || isUpper(c.view[c.toks[j].lo]) == isUpper(c.view[c.toks[i+1].lo])) {
		j++
	}
	if j-i < fewest {
		return 0
	}
	var all strings.Builder
	for _, t := range c.toks[i:j] {
		all.WriteByte(c.view[t.lo])
	}
	parts := c.inWords(strings.ToLower(all.String()))
	if parts == nil {
		return j - i
	}
	var after strings.Builder
	for k, p := range parts {
		if k > 0 {
			after.WriteByte(' ')
		}
		at := after.Len() - k
		after.WriteString(all.String()[at : at+len(p)])
	}
	c.mend(int(c.toks[i].lo), int(c.toks[j-1].hi), edit{
		after: after.String(), kind: SpacedLetters, rule: "spaced-letters", confidence: 0.98,
		evidence: []string{fmt.Sprintf("%d letters with a blank between each", j-i), fmt.Sprintf("together they are “%s”", strings.Join(parts, "”, “"))},
	})
	return j - i
}

// inWords cuts letters into the fewest words in ordinary use, of at least two
// letters, one of them of four; nil when that cannot be.
func (c *cleaner) inWords(s string) []string {
	const longest = 20
	count := make([]int, len(s)+1) // words up to here; 0: cannot be, but at 0
	from := make([]int, len(s)+1)
	for end := 2; end <= len(s); end++ {
		for start := max(0, end-longest); start <= end-2; start++ {
			if start > 0 && count[start] == 0 || c.classOf(s[start:end]) < plain || end-start < 3 && !functional[s[start:end]] {
				continue
			}
			if n := count[start] + 1; count[end] == 0 || n < count[end] {
				count[end], from[end] = n, start
			}
		}
	}
	if c.own[s] > 0 {
		return []string{s}
	}
	if count[len(s)] == 0 {
		return nil
	}
	var out []string
	long := false
	for end := len(s); end > 0; end = from[end] {
		out = append([]string{s[from[end]:end]}, out...)
		long = long || end-from[end] >= 4
	}
	if !long || len(out) > 1 && slices.ContainsFunc(out, func(w string) bool { return c.classOf(w) < 150 }) {
		return nil
	}
	return out
}
