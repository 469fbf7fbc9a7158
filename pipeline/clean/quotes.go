package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// quote judges quotation marks and apostrophes: those that stand for another
// become what the text writes elsewhere.
func (s *scan) quote() {
	t := s.text[s.at:s.stop]
	r, n := utf8.DecodeRuneInString(t)
	prev := s.runeBefore(s.at)
	switch {
	case strings.HasPrefix(t, "''") || strings.HasPrefix(t, "``") || strings.HasPrefix(t, "´´"):
		s.double(2*n, prev, "two marks for one quotation mark")
	case r == '"' && s.style.curly:
		s.double(n, prev, "the text has curly quotation marks elsewhere")
	case r == '„' && !s.style.german:
		s.double(n, prev, "an opening mark of German print in a text that has none else")
	case r == '\'' || r == '`' || r == '´' || r == '′':
		s.single(r, n, prev)
	default:
		s.keep(n)
	}
}

// double makes a quotation mark of n bytes the one of the text.
func (s *scan) double(n int, prev rune, why string) {
	next := s.runeAfter(s.at + n)
	if unicode.IsSpace(prev) && unicode.IsSpace(next) || unicode.IsDigit(prev) || s.image && !(s.quoted(n, prev, next) && s.amid(n)) {
		s.keep(n)
		return
	}
	after := `"`
	if s.style.curly {
		after = "”"
		if opens(prev) {
			after = "“"
		}
	}
	s.edit(n, after, Quote, "quotation-mark", 0.99, why)
	if s.text[s.at-n] == '"' {
		s.unsure = append(s.unsure, len(s.edits)-1)
	}
}

// quoted tells whether a mark of n bytes, on a page image, is before or after a
// word in use as quotation marks are.
func (s *scan) quoted(n int, prev, next rune) bool {
	if unicode.IsLetter(next) {
		return unicode.IsSpace(prev) && s.inUse(s.nextWord(s.at+n))
	}
	return unicode.IsLetter(prev) && s.inUse(lastWord(s.view))
}

func opens(prev rune) bool {
	return unicode.IsSpace(prev) || strings.ContainsRune("([—–-‘", prev)
}

// single judges a mark that may be an apostrophe.
func (s *scan) single(r rune, n int, prev rune) {
	next := s.runeAfter(s.at + n)
	after := "'"
	if s.style.apostrophe {
		after = "’"
	}
	switch {
	case unicode.IsSpace(prev) && unicode.IsSpace(next) && !s.amid(n):
		s.keep(n)
	case (unicode.IsSpace(prev) && next != '\n' || unicode.IsLetter(prev) && prev != 's' && r == '`') && unicode.IsSpace(next) && r != '′':
		s.stray(n, "alone between two words", 0.96)
	case prev == 's' && next == ' ' && r != '\'' && functional[strings.ToLower(lastWord(s.view))]:
		s.edit(n, "", StrayMark, "mark-after-word", 0.97, "follows a word that has no possessive")
	case s.image && !s.inUse(lastWord(s.view)):
		s.keep(n) // a speck by a word that is noise itself
	case unicode.IsLetter(prev) && (unicode.IsLetter(next) || prev == 's' && next == ' ') && r != '\'':
		s.edit(n, after, Apostrophe, "apostrophe", 0.99, "stands where an apostrophe does")
	case unicode.IsLetter(prev) && (unicode.IsLetter(next) || prev == 's') && s.style.apostrophe:
		s.edit(n, after, Quote, "apostrophe", 0.99, "the text has curly apostrophes elsewhere")
	default:
		s.keep(n)
	}
}
