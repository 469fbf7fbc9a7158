package clean

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// lookAlike are the letters of other scripts that look like Latin ones.
var lookAlike = func() map[rune]rune {
	out := map[rune]rune{}
	from, to := []rune("аеорсухіјѕАВЕКМНОРСТХІЈЅοαυνΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"), "aeopcyxijsABEKMHOPCTXIJSoauvABEZHIKMNOPTYX"
	for i, r := range from {
		out[r] = rune(to[i])
	}
	return out
}()

// alike judges a letter of n bytes that looks like a Latin one: in a word of
// Latin letters it is none of its own script.
func (s *scan) alike(r, latin rune, n int) {
	good, other := 0, 0
	count := func(r rune) bool {
		switch {
		case !unicode.IsLetter(r):
			return false
		case unicode.Is(unicode.Latin, r):
			good++
		case lookAlike[r] == 0:
			other++
		}
		return true
	}
	for i := s.at; i > max(0, s.at-maxWord); {
		r, k := utf8.DecodeLastRuneInString(s.text[:i])
		if !count(r) {
			break
		}
		i -= k
	}
	for i := s.at + n; i < min(len(s.text), s.at+maxWord); {
		r, k := utf8.DecodeRuneInString(s.text[i:])
		if !count(r) {
			break
		}
		i += k
	}
	if good < 2 || other > 0 {
		s.keep(n)
		return
	}
	s.edit(n, string(latin), Confusion, "look-alike", 0.99, "a letter of another script in a word of Latin letters: U+"+strings.ToUpper(hex(r)))
}

func hex(r rune) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]})
}

// markRead are the letters that a mark inside a word is read for.
var markRead = map[string][]string{"|": {"l", "I", "i", "t"}, "¦": {"l", "I", "i"}, "!": {"l", "i", "t"}, "+": {"t"}, "$": {"s"}, "@": {"a"}}

// letter judges a mark of n bytes that touches letters: it may be one of them.
// It tells whether it was.
func (s *scan) letter(n int) bool {
	list := markRead[s.text[s.at:s.at+n]]
	left, right := lastWord(s.view), s.nextWord(s.at+n)
	if list == nil || len(left)+len(right) < 2 || unlikely[s.kind()] {
		return false
	}
	low, lowRight := strings.ToLower(left), strings.ToLower(right)
	l, r := s.classOf(low), s.classOf(lowRight)
	if right == "" && (l >= plain || !unicode.IsLetter(s.runeBefore(s.at))) || left == "" && (r >= plain || s.text[s.at] != '|') {
		return false // the mark is beside a word, not in one
	}
	best, class, second := "", 0, 0
	for _, k := range list {
		if k == "I" && left != "" {
			continue
		}
		if c := s.classOf(low + strings.ToLower(k) + lowRight); c > class {
			best, class, second = k, c, class
		} else {
			second = max(second, c)
		}
	}
	if class < plain || class-second < 14 || l >= plain && r >= plain && class < 150 {
		return false
	}
	word := left + best + right
	s.edit(n, best, Confusion, "mark-for-letter", 0.97, "no word holds such a mark", "“"+word+"” is a word")
	return true
}

// The margins in bits from which a stroke that stands alone is an I, or is a
// speck.
const strokeI, strokeSpeck = 3, 0

// stroke judges a stroke that stands alone, of n bytes: a speck, or an I. It
// tells whether it was an I, or may be one and stays.
func (s *scan) stroke(n int) bool {
	if t := s.text[s.at : s.at+n]; t != "|" && t != "¦" {
		return false
	}
	i := s.lex.Find([]byte("i"))
	next := s.lex.Find([]byte(strings.ToLower(s.nextWord(s.at + n + 1))))
	if _, ok := s.pair(i, next); !ok || s.pull(i, next) < -1 {
		return false
	}
	margin := float64(strokeI) // at a beginning
	view := s.view[max(0, len(s.view)-maxWord):]
	if prev := s.lex.Find([]byte(strings.ToLower(lastWord(bytes.TrimRight(view, " "))))); prev != lexicon.None {
		margin = s.pull(prev, i) + s.pull(i, next) - s.pull(prev, next)
	}
	switch {
	case margin >= strokeI:
		s.edit(n, "I", Confusion, "stroke-for-i", 0.96, "a stroke alone before a word that often follows “I”")
		return true
	case margin > strokeSpeck:
		s.keep(n)
		return true
	}
	return false
}

// heap takes out several marks together that stand alone between two words, and
// tells whether there were such.
func (s *scan) heap(end int) bool {
	const marks, most = ",.;:'`-~^|\\_*=<>", 4
	i := end
	for i < s.stop && i-end <= most && strings.IndexByte(marks, s.text[i]) >= 0 {
		i++
	}
	if i-end < 2 || i-end > most || !s.amid(i-s.at) || i >= s.stop || s.text[i] != ' ' || unlikely[s.kind()] || !unicode.IsLetter(s.runeAfter(i+1)) || !unicode.IsLetter(s.runeBefore(s.at)) {
		return false
	}
	run := s.text[end:i]
	if strings.Trim(run, ".") == "" || strings.Trim(run, "-") == "" || strings.Trim(run, "*") == "" || strings.Trim(run, "_") == "" || run == "''" || run == "``" || run == "<<" || run == ">>" {
		return false
	}
	s.keep(1) // the blank stays, what follows goes
	s.edit(i+1-s.at, "", StrayMark, "marks-alone", 0.96, "several marks alone between two words")
	return true
}
