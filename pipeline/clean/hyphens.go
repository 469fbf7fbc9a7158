package clean

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// maxWord is the longest word in bytes that is looked up.
const maxWord = 48

// hyphen judges a hyphen or dash of n bytes: at a line end it may only part a
// word.
func (s *scan) hyphen(n int) {
	skip := 0
	if rest := s.text[s.at+n:]; rest != "" && (rest[0] == '\n' || rest[0] == ' ') {
		skip = lineBreak(rest)
	}
	if next := s.overPage(n); next > 0 {
		s.partedByPage(n, next)
		return
	}
	if skip == 0 || s.at+n+skip > s.stop || s.kind() == "table" {
		s.keep(n)
		return
	}
	prev := s.runeBefore(s.at)
	next, _ := utf8.DecodeRuneInString(s.text[s.at+n+skip:])
	switch {
	case (n == 1 || s.text[s.at:s.at+n] == "‐") && unicode.IsLetter(prev) && unicode.IsLetter(next):
		s.parted(n, skip)
	case unicode.IsSpace(prev) || s.wraps(s.at+n) == 0:
		s.keep(n)
	default: // a dash, or between numbers: it stays, the line end goes
		s.keep(n)
		s.edit(skip, "", HardWrap, "line-end-after-dash", 0.98, "the paragraph goes on in the next line")
	}
}

// overPage is how far behind a hyphen of n bytes the next page's text begins, where
// the page ends here or only running heads and feet stand between; 0 if it does not
// or the next page does not begin with a small letter.
func (s *scan) overPage(n int) int {
	i, pages, blk := s.at+n, 0, s.blk
	if i-n == 0 || !unicode.IsLetter(s.runeBefore(s.at)) || s.kind() == "table" {
		return 0
	}
	for i < len(s.text) {
		switch c := s.text[i]; {
		case c == '\f':
			pages++
			i++
			continue
		case c == ' ' || c == '\n' || c == '\t':
			i++
			continue
		}
		for blk < len(s.blocks) && s.blocks[blk].end <= i {
			blk++
		}
		if blk < len(s.blocks) && s.blocks[blk].start <= i && s.blocks[blk].kind == "running-head" {
			i = s.blocks[blk].end
			continue
		}
		break
	}
	if r, _ := utf8.DecodeRuneInString(s.text[i:]); pages != 1 || !unicode.IsLower(r) {
		return 0
	}
	return i - s.at - n
}

// partedByPage judges a word that a page's end parts, the rest of which begins
// next bytes behind its hyphen of n bytes. Where more than the page's end stands
// between, the hyphen alone goes, and what stands there goes as it would.
func (s *scan) partedByPage(n, next int) {
	drop, why := s.isParted(n, next)
	if !drop {
		s.keep(n)
		return
	}
	s.edit(n+only(next), "", LineBreakHyphen, "word-over-page", 0.98, why, "the next page begins with the other half")
}

// only is what of the way to the next page's text goes with a hyphen: the page's
// end, where nothing else stands there.
func only(next int) int {
	if next == 1 {
		return 1
	}
	return 0
}

// isParted reports whether a hyphen of n bytes only parts a word whose other half
// begins next bytes behind it, and why.
func (s *scan) isParted(n, next int) (bool, string) {
	left := strings.ToLower(lastWord(s.view))
	right := strings.ToLower(s.nextWord(s.at + n + next))
	joined := left + right
	class := s.classOf(joined)
	hyphened := s.hyphened()[left+"-"+right]
	switch {
	case hyphened > 0 && class < 150:
		return false, ""
	case class > 0 && class < plain && s.classOf(left) >= 150 && s.classOf(right) >= 150 && !endings[right]:
		return false, ""
	case class > 0:
		return true, "joined it is a word"
	case s.unparted()[joined] > 0:
		return true, "joined it stands elsewhere in the document"
	}
	return s.nearWord(joined), "joined it is nearly a word"
}

// brokenWord judges the mark that some engines give for a hyphen at a line end.
func (s *scan) brokenWord(n int) {
	if next := s.overPage(n); next > 0 {
		s.edit(n+only(next), "", LineBreakHyphen, "not-sign", 0.99, "engines write a hyphen at a line end so")
		return
	}
	if skip := lineBreak(s.text[s.at+n:]); skip > 0 && s.at+n+skip <= s.stop && letterAt(s.text[s.at+n+skip:]) {
		s.edit(n+skip, "", LineBreakHyphen, "not-sign", 0.99, "engines write a hyphen at a line end so")
		return
	}
	s.keep(n)
}

// parted judges a word that a line end parts: the hyphen goes when the joined
// word is attested, and stays when the two halves are words of their own.
func (s *scan) parted(n, skip int) {
	left := strings.ToLower(lastWord(s.view))
	right := strings.ToLower(s.nextWord(s.at + n + skip))
	joined := left + right
	hyphened, own := s.hyphened()[left+"-"+right], 0
	next, _ := utf8.DecodeRuneInString(s.text[s.at+n+skip:])
	class := s.classOf(joined)
	if class == 0 {
		own = s.unparted()[joined]
	}
	drop := func(rule string, confidence float64, why string) {
		s.edit(n+skip, "", LineBreakHyphen, rule, confidence, why)
	}
	stay := func(confidence float64, why string) {
		s.keep(n)
		s.edit(skip, "", LineBreakHyphen, "hyphen-stays", confidence, why)
	}
	switch {
	case hyphened > 0 && class < 150 && hyphened > s.unparted()[joined]:
		stay(0.98, "the document writes it with a hyphen elsewhere")
	case unicode.IsUpper(next) && !unicode.IsUpper(s.runeBefore(s.at)):
		stay(0.97, "the second half has a capital")
	case class > 0 && class < plain && s.classOf(left) >= 150 && s.classOf(right) >= 150 && !endings[right]:
		stay(0.96, "both halves are common words, and joined they are a rare one")
	case class > 0:
		drop("joined-word-known", 0.995, "joined it is a word")
	case own > 0:
		drop("joined-word-in-document", 0.99, "joined it stands elsewhere in the document")
	case s.image && !s.nearWord(joined): // neither way is attested, and on a page image the lines may not belong together
		s.keep(n + skip)
	case len(left) > 1 && len(right) > 2 && s.classOf(left) >= plain && s.classOf(right) >= plain:
		stay(0.95, "both halves are words, and joined they are none")
	default:
		drop("half-is-no-word", 0.95, "a half is no word of its own")
	}
}

// hyphenInLine mends a hyphen with a blank after it inside a line, between token
// i and the next, as is left of a line's end when lines are set anew.
func (c *cleaner) hyphenInLine(i int) {
	if i+1 >= len(c.toks) || c.image && !(c.held(i, -1) && c.held(i+1, 1)) {
		return
	}
	a, b := &c.toks[i], &c.toks[i+1]
	if a.hi-a.lo < 2 || b.hi-b.lo < 2 || string(c.view[a.hi:b.lo]) != "- " || (a.shape|b.shape)&(digits|unread|foreign|mixed) != 0 || b.shape&capital != 0 && a.shape&capitals == 0 || int(b.hi-a.lo) > maxWord {
		return
	}
	left, right := lower(c.word(a)), lower(c.word(b))
	joined := string(left) + string(right)
	class := c.classOf(joined)
	whole := c.strong(a) && c.strong(b) && !endings[string(right)]
	if class < plain && c.own[joined] < 2 || suspended[string(right)] || whole && (class < 150 || c.class(a) >= 150 && c.class(b) >= 150) {
		return
	}
	e := edit{kind: LineBreakHyphen, rule: "hyphen-in-line", confidence: 0.97, evidence: []string{"a hyphen with a blank after it", "joined it is a word"}}
	if !c.hurt {
		e.flag, e.confidence = true, 0.9
	}
	c.mend(int(a.hi), int(b.lo), e)
	a.shape |= known // a half is judged no more
	b.shape |= known
}

// suspended are words after the hyphen of a compound whose end comes later:
// "pre- and post-war".
var suspended = words("and or to but nor as than through versus plus und et")

// nearWord tells whether one confused character makes a string a word in use.
func (c *cleaner) nearWord(w string) bool {
	found := false
	if len(w) <= maxWord {
		undamaged([]byte(w), nil, c.lex.May, func(cand []byte, _ int, _ *confusion) {
			found = found || c.classOf(string(cand)) >= plain
		})
	}
	return found
}

// endings are words that are also endings of words.
var endings = words("ally able ant age ate ion ions ism less ness men ring ting king ship hood ward")

// plain is the class of a word in ordinary use.
const plain = 118

// classOf is the class of a lower case word, 0 when it is none.
func (c *cleaner) classOf(w string) int {
	if id := c.lex.Find([]byte(w)); id != lexicon.None {
		return max(1, c.lex.Class(id))
	}
	return 0
}

// nextWord is the run of letters at i, ligatures written out.
func (s *scan) nextWord(i int) string {
	var b strings.Builder
	for i < len(s.text) && b.Len() < maxWord {
		r, n := utf8.DecodeRuneInString(s.text[i:])
		switch {
		case unicode.IsLetter(r) && (r < 0xFB00 || r > 0xFB06):
			b.WriteRune(r)
		case r >= 0xFB00 && r <= 0xFB06:
			b.WriteString([...]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}[r-0xFB00])
		case r != 0xAD && !invisible(r):
			return b.String()
		}
		i += n
	}
	return b.String()
}

// hyphened counts the words with hyphens inside lines: made once, when the
// first parted word is met.
func (c *cleaner) hyphened() map[string]int {
	if c.hyphens == nil {
		c.hyphens = map[string]int{}
		for w := range rawWords(c.text) {
			if strings.Contains(w, "-") {
				c.hyphens[strings.ToLower(w)]++
			}
		}
	}
	return c.hyphens
}

// unparted counts the words that the lexicon lacks: made once, when the first
// parted word is met that is none joined.
func (c *cleaner) unparted() map[string]int {
	if c.seen == nil {
		c.seen = map[string]int{}
		for w := range rawWords(c.text) {
			if w = strings.ToLower(w); c.classOf(w) == 0 {
				c.seen[w]++
			}
		}
	}
	return c.seen
}

// rawWords are the runs of letters of a text, with hyphens inside.
func rawWords(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := -1
		for i := 0; i <= len(s); i++ {
			if i < len(s) {
				if b := s[i]; b|0x20 >= 'a' && b|0x20 <= 'z' || b >= utf8.RuneSelf || b == '-' && start >= 0 {
					if start < 0 {
						start = i
					}
					continue
				}
			}
			if start >= 0 && i-start <= maxWord && s[i-1] != '-' && !yield(s[start:i]) {
				return
			}
			start = -1
		}
	}
}
