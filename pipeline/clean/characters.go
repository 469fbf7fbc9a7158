package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mark stands in the view where a page mark or note mark was: words end at it.
const mark = "\x01"

// special are the ASCII bytes that the scan of characters stops at.
var special = func() (t [256]bool) {
	for _, c := range " \t\n\f-'\"`*\\^_|~<>={}#!+$@" {
		t[c] = true
	}
	for c := range 256 {
		if c < ' ' || c >= 0x7F {
			t[c] = true
		}
	}
	return t
}()

// characters goes through the text once, makes the edits that single
// characters and blanks call for, and builds the view.
func (c *cleaner) characters() {
	c.view = make([]byte, 0, len(c.text)+16)
	s := scan{cleaner: c}
	for s.at < len(c.text) {
		if s.inMark() {
			continue
		}
		i := s.at
		for i < s.stop && !special[c.text[i]] {
			i++
		}
		c.view = append(c.view, c.text[s.at:i]...)
		s.at = i
		if i < s.stop {
			s.one()
		}
	}
}

// scan is a place in the text.
type scan struct {
	*cleaner
	at   int
	mark int // next of the marks
	stop int // where the next mark begins
	blk  int // block that at lies in, or the next
}

// inMark steps over a mark that begins here.
func (s *scan) inMark() bool {
	for s.mark < len(s.marks) && s.marks[s.mark].start < s.at {
		s.mark++
	}
	s.stop = len(s.text)
	if s.mark == len(s.marks) {
		return false
	}
	m := s.marks[s.mark]
	if m.start > s.at || m.end <= m.start {
		s.stop = max(m.start, s.at+1)
		return false
	}
	s.show(m.start, m.end, mark)
	s.at = m.end
	return true
}

// kind is the kind of the block that the scan is in; "" when unknown.
func (s *scan) kind() string {
	for s.blk < len(s.blocks) && s.blocks[s.blk].end <= s.at {
		s.blk++
	}
	if s.blk < len(s.blocks) && s.blocks[s.blk].start <= s.at {
		return s.blocks[s.blk].kind
	}
	return ""
}

// keep lets n bytes stand.
func (s *scan) keep(n int) {
	s.view = append(s.view, s.text[s.at:s.at+n]...)
	s.at += n
}

// edit makes an edit of the next n bytes.
func (s *scan) edit(n int, after string, kind Kind, rule string, confidence float64, evidence ...string) {
	s.put(edit{start: s.at, end: s.at + n, after: after, kind: kind, rule: rule, evidence: evidence, confidence: confidence})
	s.at += n
}

// one judges the character at hand.
func (s *scan) one() {
	switch ch := s.text[s.at]; {
	case ch == ' ' || ch == '\t':
		s.blanks()
	case ch == '\n':
		s.lineEnd()
	case ch == '\f':
		s.keep(1)
	case ch == '-':
		s.hyphen(1)
	case ch == '\'' || ch == '"' || ch == '`':
		s.quote()
	case ch < ' ' || ch == 0x7F:
		s.edit(1, "", Invisible, "control-character", 0.999, "a control character has no place in a text")
	case ch < utf8.RuneSelf:
		s.odd(1)
	default:
		s.wide()
	}
}

// wide judges a character outside ASCII.
func (s *scan) wide() {
	r, n := utf8.DecodeRuneInString(s.text[s.at:])
	switch {
	case r == 0xAD:
		s.softHyphen(n)
	case isOddSpace(r):
		s.blanks()
	case lookAlike[r] != 0:
		s.alike(r, lookAlike[r], n)
	case invisible(r):
		s.unseen(r, n)
	case r >= 0xFB00 && r <= 0xFB06:
		s.edit(n, [...]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}[r-0xFB00], Ligature, "ligature", 0.999, "a ligature is printed form, not spelling")
	case r == 0x2BC:
		s.modifier(n)
	case r == '’' || r == '‘' || r == '“' || r == '”' || r == '„' || r == '′' || r == '´':
		s.quote()
	case r == '—' || r == '–' || r == '‐':
		s.hyphen(n)
	case r == '«' || r == '»' || r == '•' || r == '¬' || r == '¦' || r == '·' || r == '■' || r == '°' || r == '¤' || r == '¨' || r == '§' || r >= 0x25A0 && r <= 0x25FF:
		s.odd(n)
	case r >= 0xC2 && r <= 0xF4:
		s.mojibake(n)
	default:
		s.keep(n)
	}
}

func isOddSpace(r rune) bool {
	return r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x202F || r == 0x205F || r == 0x3000
}

// invisible are format characters that Latin text has no use for.
func invisible(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x2064 ||
		r >= 0x2066 && r <= 0x2069 || r == 0x034F || r == 0x061C || r == 0x180E || r >= 0xFE00 && r <= 0xFE0F || r == 0xFEFF || r >= 0x80 && r <= 0x9F || r >= 0xFFF9 && r <= 0xFFFB
}

// unseen takes out a character that cannot be seen, except beside a letter of a
// script that shapes its letters by them.
func (s *scan) unseen(r rune, n int) {
	prev, next := s.runeBefore(s.at), s.runeAfter(s.at+n)
	if shaped(prev) || shaped(next) {
		s.keep(n)
		return
	}
	why := "it cannot be seen, and Latin letters need no such mark"
	if s.at == 0 && r == 0xFEFF {
		why = "a byte order mark is no text"
	}
	s.edit(n, "", Invisible, "invisible", 0.999, why)
}

// shaped tells whether a character is of a script, or an emoji, for which
// joiners and direction marks mean something.
func shaped(r rune) bool {
	return r >= 0x0590 && r < 0x1100 && unicode.IsLetter(r) || r >= 0x0900 && unicode.Is(unicode.M, r) || r >= 0x1F000 || r >= 0x2600 && r < 0x27C0
}

// softHyphen takes out a discretionary hyphen, with the line end after it.
func (s *scan) softHyphen(n int) {
	rest := s.text[s.at+n:]
	if next := s.overPage(n); next > 0 {
		s.edit(n+only(next), "", SoftHyphen, "soft-hyphen", 0.999, "a soft hyphen at a page's end joins the word's parts")
		return
	}
	if skip := lineBreak(rest); skip > 0 && s.stop >= s.at+n+skip && letterAt(rest[skip:]) {
		s.edit(n+skip, "", SoftHyphen, "soft-hyphen", 0.999, "a soft hyphen at a line end joins the word's parts")
		return
	}
	s.edit(n, "", SoftHyphen, "soft-hyphen", 0.999, "a soft hyphen is a place to break, not a letter")
}

// modifier makes a modifier letter apostrophe a plain one.
func (s *scan) modifier(n int) {
	prev, next := s.runeBefore(s.at), s.runeAfter(s.at+n)
	if !unicode.IsLetter(prev) && !unicode.IsDigit(prev) && !unicode.IsLetter(next) && prev != '.' {
		s.keep(n)
		return
	}
	s.edit(n, "’", Apostrophe, "modifier-apostrophe", 0.999, "U+02BC stands for an apostrophe in this web form")
}

// lineBreak is the length of a line end with the blanks around it; 0 when there
// is none, or an empty line.
func lineBreak(t string) int {
	i := 0
	for i < len(t) && t[i] == ' ' {
		i++
	}
	if i >= len(t) || t[i] != '\n' {
		return 0
	}
	for i++; i < len(t) && t[i] == ' '; i++ {
	}
	if i >= len(t) || t[i] == '\n' || t[i] == '\f' {
		return 0
	}
	return i
}

func letterAt(t string) bool {
	r, _ := utf8.DecodeRuneInString(t)
	return unicode.IsLetter(r)
}

// lookThrough is how many unseen characters are looked through: bounded, so
// that a text of nothing else takes linear time.
const lookThrough = 4

// runeBefore is the character before i that can be seen; a newline at the
// beginning.
func (s *scan) runeBefore(i int) rune {
	for k := 0; k < lookThrough && i > 0; k++ {
		r, n := utf8.DecodeLastRuneInString(s.text[:i])
		if !invisible(r) && r != 0xAD {
			return r
		}
		i -= n
	}
	return '\n'
}

func (s *scan) runeAfter(i int) rune {
	for k := 0; k < lookThrough && i < len(s.text); k++ {
		r, n := utf8.DecodeRuneInString(s.text[i:])
		if !invisible(r) && r != 0xAD {
			return r
		}
		i += n
	}
	return '\n'
}

// mojibake reads UTF-8 that was taken for Windows-1252 as what it was.
func (s *scan) mojibake(n int) {
	good, took := unmangleTwice(s.text[s.at:s.stop])
	if took == 0 {
		good, took = unmangle(s.text[s.at:s.stop])
	}
	if took == 0 {
		s.keep(n)
		return
	}
	s.edit(took, good, Mojibake, "utf8-as-1252", 0.995, "the bytes are the UTF-8 form of "+strings.TrimSpace(good))
}
