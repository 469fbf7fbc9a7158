package clean

import (
	"bytes"
	"strings"
	"unicode"
)

// unlikely are block kinds in which odd marks and odd words are not judged.
var unlikely = words("table stamp handwriting other running-head catchword page-mark form")

// odd judges a mark that English prose has no use for.
func (s *scan) odd(n int) {
	t := s.text[s.at : s.at+n]
	prev, next := s.runeBefore(s.at), s.runeAfter(s.at+n)
	if prev == ' ' && s.indented() {
		prev = '\n'
	}
	switch {
	case unlikely[s.kind()] || !s.amid(n):
		s.keep(n)
	case (unicode.IsLetter(prev) || unicode.IsLetter(next)) && s.letter(n):
	case strings.Contains("!+$@", t),
		s.image && (t == "=" || unicode.IsLetter(next) && strings.Contains("{}[]|", t) || unicode.IsLetter(prev) && next == '\n' && t == "~"):
		s.keep(n) // on a page a dash, an I, a hyphen
	case unicode.IsSpace(prev) && next == ' ' && s.stroke(n):
	case t == "¬" && !(unicode.IsSpace(prev) && next == ' '):
		s.brokenWord(n)
	case strings.Contains("<>°#§¤¨", t) && !(unicode.IsSpace(prev) && unicode.IsSpace(next)):
		s.keep(n)
	case t == "•" && s.kind() != "body", t == "=" && !unicode.IsLetter(prev) && s.kind() != "body", t == "°" && s.at > 0 && unicode.IsDigit(s.runeBefore(s.at-1)), prev == '\n', next == '\n' && t == "*":
		s.keep(n)
	case t == "*" && (s.style.starNotes || prev == '*' || next == '*'),
		(t == "«" || t == "»") && s.style.guillemets,
		t == "_" && (prev == '_' || next == '_'),
		(t == "*" || t == "_") && s.paired(n, t):
		s.keep(n)
	case unicode.IsSpace(prev) && unicode.IsSpace(next):
		if strings.Contains("~<>*=#§", t) && unicode.IsDigit(s.runeAfter(s.at+n+1)) {
			s.keep(n)
			return
		}
		s.stray(n, "alone between two words", 0.98)
	case (unicode.IsLetter(prev) || strings.ContainsRune(".,;:!?”’)", prev)) && (unicode.IsSpace(next) || next == '“'):
		s.edit(n, "", StrayMark, "mark-after-word", 0.97, "follows a word; English prose has no such mark")
	case unicode.IsSpace(prev) && unicode.IsLetter(next) && t != "*":
		s.edit(n, "", StrayMark, "mark-before-word", 0.95, "precedes a word; English prose has no such mark")
	default:
		s.keep(n)
	}
}

// doubledMark takes out the second of two commas, colons or semicolons between
// token i and the next.
func (c *cleaner) doubledMark(i int) {
	if i+1 >= len(c.toks) {
		return
	}
	a, b := &c.toks[i], &c.toks[i+1]
	if gap := string(c.view[a.hi:b.lo]); gap != ",, " && gap != ";; " && gap != ":: " || !c.hurt || a.hi-a.lo < 2 || b.hi-b.lo < 2 {
		return
	}
	c.mend(int(a.hi)+1, int(a.hi)+2, edit{kind: StrayMark, rule: "doubled-mark", confidence: 0.97, evidence: []string{"the mark stands twice"}})
}

// indented tells whether only blanks are before the scan in its line.
func (s *scan) indented() bool {
	const deepest = 12
	line := strings.TrimRight(s.text[max(0, s.at-deepest):s.at], " ")
	return line == "" && s.at < deepest || strings.HasSuffix(line, "\n") || strings.HasSuffix(line, "\f")
}

// amid tells whether the next n bytes stand between words in use: on page images
// marks elsewhere are of forms, stamps and dirt, and no one can say what was
// meant.
func (s *scan) amid(n int) bool {
	if !s.image {
		return true
	}
	before := bytes.TrimRight(s.view[max(0, len(s.view)-2*maxWord):], " \n.,;:'’”)")
	i := s.at + n
	for i < len(s.text) && i < s.at+n+8 && (s.text[i] == ' ' || s.text[i] == '\n') {
		i++
	}
	return s.inUse(lastWord(before)) && s.inUse(s.nextWord(i))
}

// inUse tells whether a word is one in ordinary use; of two letters, one that
// holds sentences together.
func (c *cleaner) inUse(w string) bool {
	low := strings.ToLower(w)
	return len(w) > 2 && c.classOf(low) >= plain || len(w) == 2 && functional[low]
}

// paired tells whether the same mark comes again in the line, as around a word
// set off by it.
func (s *scan) paired(n int, t string) bool {
	line := s.text[s.at+n : min(s.at+n+120, len(s.text))]
	line, _, _ = strings.Cut(line, "\n")
	back := s.text[max(0, s.at-120):s.at]
	back = back[strings.LastIndexByte(back, '\n')+1:]
	return strings.Contains(line, t) || strings.Contains(back, t)
}

// stray takes out a mark of n bytes that stands alone, with the blank before.
func (s *scan) stray(n int, why string, confidence float64) {
	if k := len(s.view); k > 0 && s.view[k-1] == ' ' && s.at+n < s.stop && s.text[s.at+n] == ' ' {
		n++ // the blank after goes, the one before stays
	}
	s.edit(n, "", StrayMark, "mark-alone", confidence, why)
}
