package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// column is how many blanks set off a column rather than a word, where the
// block is not known to be prose.
const column = 4

// blanks judges a run of blanks: several become one, odd ones plain, and none
// stands before punctuation.
func (s *scan) blanks() {
	end, odd := s.at, false
	for end < s.stop {
		r, n := utf8.DecodeRuneInString(s.text[end:])
		if r != ' ' && r != '\t' && !isOddSpace(r) {
			break
		}
		odd = odd || r != ' ' && r != '\t'
		end += n
	}
	n := end - s.at
	if s.at == 0 || s.text[s.at-1] == '\n' || s.text[s.at-1] == '\f' || end == len(s.text) || s.text[end] == '\n' || s.text[end] == '\f' {
		s.keep(n) // indentation, or unseen at a line's end
		return
	}
	if n == 1 && end < s.stop && s.heap(end) {
		return
	}
	if end < s.stop && s.beforePunctuation(end) {
		s.loose(end)
		return
	}
	switch {
	case n == 1 && s.text[s.at] == ' ':
		s.keep(1)
	case s.kind() == "table" || n >= column && !prose(s.kind()):
		s.keep(n)
	case s.text[end:min(end+3, len(s.text))] == "•" || strings.HasPrefix(s.text[end:], ". ."):
		s.keep(n)
	case odd && n <= 3 && utf8.RuneCountInString(s.text[s.at:end]) == 1:
		s.edit(n, " ", Space, "odd-space", 0.999, "a blank of odd width")
	default:
		s.edit(n, " ", Space, "double-space", 0.999, "several blanks between two words")
	}
}

// prose tells whether a block of the kind is running text.
func prose(kind string) bool { return kind == "body" || kind == "notes" || kind == "title" }

// beforePunctuation tells whether at end stands a punctuation mark that belongs
// to the word before the blanks.
func (s *scan) beforePunctuation(end int) bool {
	switch s.text[end] {
	case ',', ';', ':', '?', '!', '.':
	default:
		return false
	}
	r := s.runeBefore(s.at)
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '”' && r != '’' && r != ')' && r != ']' {
		return false
	}
	next := s.runeAfter(end + 1)
	switch {
	case unicode.IsSpace(next), next == '”', next == '’', next == ')', next == utf8.RuneError:
	case s.mark < len(s.marks) && s.marks[s.mark].start == end+1:
	case unicode.IsLower(r) && (unicode.IsLetter(next) && s.text[end] == ',' || unicode.IsUpper(next) && s.text[end] == '.'): // the blank is on the wrong side
	default:
		return false
	}
	return !strings.HasPrefix(s.text[end+1:], " .") && !strings.HasPrefix(s.text[end+1:], "\u00a0.")
}

// unfinished are words that no punctuation mark follows.
var unfinished = words("the a an of our their his its my your into upon and or nor than from with whose every")

func words(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		out[w] = true
	}
	return out
}

// loose judges a punctuation mark with blanks before it: after a word that no
// mark can follow it is a stray one.
func (s *scan) loose(end int) {
	if s.image { // on a page such a mark is a speck more often than it is the word's
		s.keep(end - s.at)
		return
	}
	if why := s.looseMark(end); why != "" {
		s.edit(end-s.at+1, "", StrayMark, "loose-punctuation", 0.96, why)
		s.unsure = append(s.unsure, len(s.edits)-1)
		return
	}
	s.edit(end-s.at, "", Space, "blank-before-punctuation", 0.96, "punctuation follows its word without a blank")
	s.unsure = append(s.unsure, len(s.edits)-1)
}

// goesOn are words that a comma or semicolon may stand before, whatever the word
// before it.
var goesOn = words(`and or but nor so yet which who whom whose where when while if as because although though he she it they we i you
	this that these those however therefore not then i.e e.g for with`)

// phrase is how many bits likelier a word is after another than elsewhere, when
// no comma is taken to part them.
const phrase = 3

// looseMark says why the mark at end, with blanks on both sides, belongs to
// neither word; "" when it may.
func (s *scan) looseMark(end int) string {
	if !strings.HasPrefix(s.text[end+1:], " ") || !unicode.IsLower(s.runeAfter(end+2)) {
		return ""
	}
	prev, next := strings.ToLower(lastWord(s.view)), s.nextWord(end+2)
	a, b := s.lex.Find([]byte(prev)), s.lex.Find([]byte(next))
	switch {
	case s.text[end] == '.':
		if a != lexicon.None && s.lex.Kind(a)&lexicon.Lower != 0 && len(prev) > 2 {
			return "a full stop alone, and the sentence goes on in small letters"
		}
	case unfinished[prev]:
		return "stands alone after a word that no punctuation follows"
	case goesOn[next]:
	case s.text[end] == ';':
		return "a semicolon alone before a word that begins no clause"
	case s.text[end] == ',' && a != lexicon.None && b != lexicon.None && s.pull(a, b) >= phrase:
		return "a comma alone between two words that often follow each other"
	}
	return ""
}

// lastWord is the run of letters at the end of b.
func lastWord(b []byte) string {
	i := len(b)
	for i > 0 && (b[i-1] >= utf8.RuneSelf || b[i-1]|0x20 >= 'a' && b[i-1]|0x20 <= 'z') && len(b)-i < maxWord {
		i--
	}
	return string(b[i:])
}

// lineEnd joins lines that only the width of the page parted.
func (s *scan) lineEnd() {
	if skip := s.wraps(s.at); skip > 0 {
		after := " "
		if n := len(s.view); n > 0 && s.view[n-1] == ' ' {
			after = ""
		}
		s.edit(skip, after, HardWrap, "line-end-in-paragraph", 0.995, "the paragraph goes on in the next line")
		return
	}
	s.keep(1)
}

// wraps is the length of the line end at i when the paragraph goes on after it;
// 0 when it does not.
func (s *scan) wraps(i int) int {
	skip := lineBreak(s.text[i:])
	if skip == 0 || i == 0 || s.text[i-1] == '\n' || s.text[i-1] == '\f' || i+skip > s.stop {
		return 0
	}
	next := s.text[s.pastMark(i+skip):]
	if strings.HasPrefix(next, "\n") || strings.HasPrefix(next, "•") {
		return 0
	}
	if len(s.blocks) == 0 {
		r, _ := utf8.DecodeRuneInString(next)
		if !unicode.IsLower(r) && s.lineLength(i) < 45 || startsEntry(next) {
			return 0
		}
		return skip
	}
	kind := s.kind()
	if kind == "" || s.blocks[s.blk].end <= i+skip {
		return 0
	}
	switch kind {
	case "body", "title", "heading", "caption":
	case "notes", "list", "participants", "subjects", "references", "list-heading":
		if startsEntry(next) || skip > 2 && kind == "notes" {
			return 0
		}
	default:
		return 0
	}
	return skip
}

// pastMark is where text goes on after a mark that begins at i, and the blanks
// and single line end after it.
func (s *scan) pastMark(i int) int {
	if s.mark == len(s.marks) || s.marks[s.mark].start != i {
		return i
	}
	i = s.marks[s.mark].end
	for i < len(s.text) && s.text[i] == ' ' {
		i++
	}
	if skip := lineBreak(s.text[i:]); skip > 0 {
		i += skip
	}
	return i
}

// lineLength is the length in bytes of the line that ends at i.
func (s *scan) lineLength(i int) int {
	return i - 1 - strings.LastIndexAny(s.text[max(0, i-200):i], "\n\f") - max(0, i-200)
}

// startsEntry tells whether a line begins an entry of a list: a bullet, or a
// number or letter with a full stop or bracket.
func startsEntry(l string) bool {
	if strings.HasPrefix(l, "•") || strings.HasPrefix(l, "- ") || strings.HasPrefix(l, "* ") || strings.HasPrefix(l, "(") {
		return true
	}
	i := 0
	for i < len(l) && i < 4 && l[i] >= '0' && l[i] <= '9' {
		i++
	}
	if i == 0 && len(l) > 1 && unicode.IsLetter(rune(l[0])) {
		i = 1
	}
	return i > 0 && i+1 < len(l) && (l[i] == '.' || l[i] == ')') && l[i+1] == ' '
}
