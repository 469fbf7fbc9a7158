package lines

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Unreadable stands in a truth for what nobody could read.
const Unreadable = "[?]"

var straight = strings.NewReplacer("\u2018", "'", "\u2019", "'", "\u02bc", "'", "\u00b4", "'", "`", "'",
	"\u201c", `"`, "\u201d", `"`, "\u201e", `"`,
	"\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2015", "-")

// Fold is s in NFC, with the quotes and dashes that a typewriter has and single
// blanks: what texts are compared by.
func Fold(s string) string { return straight.Replace(plain(s)) }

// plain is s in NFC with single blanks.
func plain(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// truthLine is a line of the truth in words: as they stand, and folded.
type truthLine struct{ words, folded []string }

// truthLines are the lines of a truth that have words.
func truthLines(text []string) (out []truthLine) {
	for _, s := range text {
		var l truthLine
		for _, w := range strings.Fields(plain(s)) {
			if f := Fold(w); f != "" {
				l.words, l.folded = append(l.words, w), append(l.folded, f)
			}
		}
		if len(l.words) > 0 {
			out = append(out, l)
		}
	}
	return out
}

func (l truthLine) unreadable() bool { return strings.Contains(strings.Join(l.words, " "), Unreadable) }
