package transcript

import (
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// clearlyBetter is by how much of its characters another encoding than Windows-1252
// must make more sense to be taken.
const clearlyBetter = 1.0

// mostHigh is the share of characters beyond ASCII that a text in a Western language
// has at most, by its letters of ASCII.
const mostHigh = 3

// guessEncoding is the encoding of old Macintoshes or of DOS where the words of raw
// make sense in it and less in Windows-1252, in which they are valid or not; nil:
// neither.
func guessEncoding(raw []byte, valid1252 bool) (encoding.Encoding, string) {
	high, letters := 0, 0
	for _, c := range raw {
		switch {
		case c >= 0x80:
			high++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		}
	}
	if high == 0 || letters < mostHigh*high {
		return nil, ""
	}
	sense := func(m *charmap.Charmap) float64 { return senseOf(raw, m) / float64(high) }
	best := 0.0
	if valid1252 {
		best = max(sense(charmap.Windows1252)+clearlyBetter, 0)
	}
	var found encoding.Encoding
	name := ""
	for _, c := range []struct {
		m    *charmap.Charmap
		name string
	}{{charmap.Macintosh, "Mac Roman"}, {charmap.CodePage437, "CP437"}, {charmap.CodePage850, "CP850"}} {
		if s := sense(c.m); s > best {
			found, name, best = c.m, c.name, s
		}
	}
	return found, name
}

// senseOf adds up what speaks for and against each byte beyond ASCII in its place.
func senseOf(raw []byte, m *charmap.Charmap) (sum float64) {
	at := func(i int) rune {
		if i < 0 || i >= len(raw) {
			return ' '
		}
		return m.DecodeByte(raw[i])
	}
	for i, c := range raw {
		if c >= 0x80 {
			sum += senseAt(at(i-1), at(i), at(i+1))
		}
	}
	return sum
}

func senseAt(before, r, after rune) float64 {
	in := plainLetter(before) || plainLetter(after)
	switch {
	case unicode.IsUpper(r) && (unicode.IsLower(before) || unicode.IsUpper(after) && unicode.IsSpace(before) && !common[unicode.ToLower(r)]):
		return -2
	case common[unicode.ToLower(r)] && in:
		return 2
	case r == '’' && unicode.IsLetter(before):
		return 2
	case (r == '“' || r == '‘') && !unicode.IsLetter(before), (r == '”' || r == '’') && !unicode.IsLetter(after), r == '–', r == '—', r == '…', r == '•':
		return 1.5
	case boxes(r):
		if boxes(before) || boxes(after) {
			return 1
		}
		return -1
	case r == '£' || r == '½' || r == '¼' || r == '°' || r == '§' || r == '\u00A0' || r == '«' || r == '»':
		return 0.5
	case unicode.IsLetter(r) && in:
		return -1
	}
	return -1.5
}

func plainLetter(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }

func boxes(r rune) bool { return r >= 0x2500 && r <= 0x259F }

// common are the letters beyond ASCII of the languages that these encodings were
// used for.
var common = func() map[rune]bool {
	out := map[rune]bool{}
	for _, r := range "àáâãäåæçèéêëìíîïñòóôõöøœùúûüÿß" {
		out[r] = true
	}
	return out
}()
