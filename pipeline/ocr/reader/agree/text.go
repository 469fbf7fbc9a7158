package agree

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// thought is what some models say to themselves before they answer.
var thought = regexp.MustCompile(`(?s)\A\s*<think>.*?</think>`)

// Words are the words of a reader's answer: marks of code blocks and what is not
// to be seen (controls, directions, joiners) are taken out.
func Words(answer string) []string {
	answer = thought.ReplaceAllString(answer, "")
	answer = norm.NFC.String(strings.ToValidUTF8(answer, ""))
	answer = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ReplaceAll(answer, "```", "\n"))
	return strings.Fields(answer)
}

// letter is one character that is not white space, and the word it is of.
type letter struct {
	r    rune
	word int
}

func spell(words []string) []letter {
	var out []letter
	for i, w := range words {
		for _, r := range w {
			out = append(out, letter{r, i})
		}
	}
	return out
}

// Costs of an alignment: of a letter that only one side has, of two that differ,
// of two that differ in case.
const (
	gapCost   = 2
	otherCost = 2
	caseCost  = 1
)

func cost(a, b rune) int {
	if a == b {
		return 0
	}
	a, b = plain(a), plain(b)
	switch {
	case a == b:
		return 0
	case unicode.ToLower(a) == unicode.ToLower(b):
		return caseCost
	}
	return otherCost
}

// plain is the typewriter's form of a quote or dash.
func plain(r rune) rune {
	switch r {
	case '‘', '’', '`', '´':
		return '\''
	case '“', '”', '„':
		return '"'
	case '‐', '‑', '–', '—', '−':
		return '-'
	}
	return r
}

// alike is how like n letters and m letters are that cost so much to align, 0-1.
func alike(costs, n, m int) float64 {
	return max(0, 1-float64(costs)/float64(gapCost*max(n, m, 1)))
}
