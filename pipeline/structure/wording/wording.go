// Package wording compares words as an engine read them with words as they are
// known: case, ligatures and signs that cannot be seen do not count, and in a
// long word a letter or two may be misread. It owns no word lists.
package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold is s in lower case with ligatures as letters, without soft hyphens and
// signs of no width, curly apostrophes straight.
func Fold(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] < utf8.RuneSelf
	}
	if plain {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\u00ad' || r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\ufeff':
		case r >= '\ufb00' && r <= '\ufb06':
			b.WriteString(ligatures[r-'\ufb00'])
		case r == '\u2019' || r == '\u02bc' || r == '\u2018':
			b.WriteByte('\'')
		case r == '\u00a0':
			b.WriteByte(' ')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// Seen is s as a reader sees it: signs of no width left out, ligatures as letters,
// every kind of blank a blank. Line ends stay.
func Seen(s string) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for _, r := range s[i:] {
		switch {
		case r == '\u00ad' || r != '\n' && unicode.In(r, unicode.Cf, unicode.Cc):
		case r >= '\ufb00' && r <= '\ufb06':
			b.WriteString(ligatures[r-'\ufb00'])
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

var ligatures = [...]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}

// maxWord is the longest word that is compared with misread letters, in bytes.
const maxWord = 48

// Near tells whether two folded words or phrases are the same with misread
// letters: none in up to four letters, one in five to nine, two in more.
func Near(a, b string) bool {
	if a == b {
		return true
	}
	room := 0
	switch n := len(b); {
	case n >= 10:
		room = 2
	case n >= 5:
		room = 1
	}
	return room > 0 && distance(a, b, room) <= room
}

// distance is the Levenshtein distance in bytes, or more than room.
func distance(a, b string, room int) int {
	if len(a) > maxWord || len(b) > maxWord || len(a)-len(b) > room || len(b)-len(a) > room {
		return room + 1
	}
	var rows [2][maxWord + 1]int
	prev, cur := &rows[0], &rows[1]
	for j := 0; j <= len(b); j++ {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			d := prev[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			cur[j] = min(d, prev[j]+1, cur[j-1]+1)
			best = min(best, cur[j])
		}
		if best > room {
			return room + 1
		}
		prev, cur = cur, prev
	}
	return prev[len(b)]
}

// Lexicon is a set of known words, folded.
type Lexicon struct {
	known  map[string]bool
	byName [maxWord + 1][]string // of five letters or more, by length
}

// NewLexicon takes the words of phrases.
func NewLexicon(phrases []string) *Lexicon {
	l := &Lexicon{known: map[string]bool{}}
	for _, p := range phrases {
		for w := range strings.FieldsFuncSeq(Fold(p), notLetter) {
			if l.known[w] {
				continue
			}
			l.known[w] = true
			if len(w) >= 5 && len(w) <= maxWord {
				l.byName[len(w)] = append(l.byName[len(w)], w)
			}
		}
	}
	return l
}

func notLetter(r rune) bool {
	return r != '\'' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// Mend is s folded, with its misread words replaced by the known words they are
// near to. Words that are known, or near none, stay.
func (l *Lexicon) Mend(s string) string {
	s = Fold(s)
	var b strings.Builder
	at := 0
	for at < len(s) {
		end := at
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if notLetter(r) {
				break
			}
			end += n
		}
		if end == at {
			_, n := utf8.DecodeRuneInString(s[at:])
			b.WriteString(s[at : at+n])
			at += n
			continue
		}
		b.WriteString(l.mended(s[at:end]))
		at = end
	}
	return b.String()
}

func (l *Lexicon) mended(w string) string {
	if len(w) < 5 || l.known[w] {
		return w
	}
	for n := max(5, len(w)-2); n <= min(maxWord, len(w)+2); n++ {
		for _, k := range l.byName[n] {
			if Near(w, k) {
				return k
			}
		}
	}
	return w
}
