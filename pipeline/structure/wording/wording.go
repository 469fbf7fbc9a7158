// Package wording compares words as an engine read them with words as they are
// known: case, ligatures and signs that cannot be seen do not count, and in a
// long word a letter or two may be misread. It owns no word lists.
package wording

import (
	"math/bits"
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
func Near(a, b string) bool { return a == b || near(a, kinds(a), phrase{b, kinds(b)}) }

// near is Near for a phrase whose kinds of bytes, and those of a, are counted.
func near(a string, as uint64, b phrase) bool {
	room := 0
	switch n := len(b.text); {
	case n >= 10:
		room = 2
	case n >= 5:
		room = 1
	}
	if apart := len(a) - len(b.text); room == 0 || apart > room || -apart > room {
		return false
	}
	return bits.OnesCount64(as&^b.kinds) <= room && bits.OnesCount64(b.kinds&^as) <= room && distance(a, b.text, room) <= room
}

type phrase struct {
	text  string
	kinds uint64
}

// Phrases are folded phrases that are looked for among misread ones.
type Phrases []phrase

// NewPhrases takes the phrases in the order in which they are tried.
func NewPhrases(texts []string) Phrases {
	ps := make(Phrases, len(texts))
	for i, t := range texts {
		ps[i] = phrase{t, kinds(t)}
	}
	return ps
}

// Near is the first phrase that s is near to and that also satisfies ok.
func (ps Phrases) Near(s string, ok func(phrase string) bool) (string, bool) {
	k := kinds(s)
	for _, p := range ps {
		if (s == p.text || near(s, k, p)) && ok(p.text) {
			return p.text, true
		}
	}
	return "", false
}

// distance is the Levenshtein distance in bytes, or more than room.
func distance(a, b string, room int) int {
	if len(a) > maxWord || len(b) > maxWord || len(a)-len(b) > room || len(b)-len(a) > room {
		return room + 1
	}
	var rows [2][maxWord + 1]uint8
	prev, cur := &rows[0], &rows[1]
	for j := 0; j <= len(b); j++ {
		prev[j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = uint8(i)
		best := cur[0]
		for j := 1; j <= len(b); j++ {
			d := prev[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			cur[j] = min(d, prev[j]+1, cur[j-1]+1)
			best = min(best, cur[j])
		}
		if int(best) > room {
			return room + 1
		}
		prev, cur = cur, prev
	}
	return int(prev[len(b)])
}

// Foreign is how many edits at least lie between a and any part of b: the number of
// kinds of bytes that a has and b lacks. It is found fast, and tells most words apart.
func Foreign(a, b string) int { return bits.OnesCount64(kinds(a) &^ kinds(b)) }

// kinds are the bytes of s as a set; bytes that are 64 apart count as one.
func kinds(s string) (set uint64) {
	for i := range len(s) {
		set |= 1 << (s[i] & 63)
	}
	return set
}

// Lexicon is a set of known words, folded.
type Lexicon struct {
	known  map[string]bool
	byName [maxWord + 1]Phrases // of five letters or more, by length
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
				l.byName[len(w)] = append(l.byName[len(w)], phrase{w, kinds(w)})
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

func anyPhrase(string) bool { return true }

func (l *Lexicon) mended(w string) string {
	if len(w) < 5 || l.known[w] {
		return w
	}
	for n := max(5, len(w)-2); n <= min(maxWord, len(w)+2); n++ {
		if k, ok := l.byName[n].Near(w, anyPhrase); ok {
			return k
		}
	}
	return w
}
