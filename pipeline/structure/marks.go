package structure

import (
	"strings"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// candidate is a place where a note mark may stand.
type candidate struct {
	span
	number int    // of the label; -1 for a symbol
	label  string // as it stands
	digit  bool   // a digit stands right before it
	weight float64
}

// Weights of mark candidates, in logarithms of odds, set by reasoning from how
// publishers set marks: after a stop, closing bracket or word, before a blank.
const (
	afterStop      = 4.0  // “… the field.3 The …”
	afterWord      = 3.5  // “aide-memoire2 included”
	afterCapital   = 1.5  // “the USSR2 had”; but NSC5, Tab A1
	afterDigit     = -2.0 // “March 213”: to be helped by what the number cannot be
	symbolMark     = 0.5  // a stray sign looks the same
	overfullDay    = 5.0  // the whole number is no day, what stands before the mark is
	overlongYear   = 4.5  // five or six digits that begin with a year
	overlongNSC    = 1.5  // a paper's number is longer than its series has
	overlongAction = 3.0  // the actions of a council are numbered from 1; see lastAction
	misreadLetter  = -6.0 // “capita1”, “U.5.”
	endsBlock      = 2.5  // a heading or paragraph that would end in a bare number
	gluedAfter     = -2.0 // a letter or digit sign follows
	stopAfter      = -1.5 // a stop or comma follows: marks stand behind them
	amount         = -5.0 // money, decimals, thousands
	afterDay       = 2.5  // “on March 21.3 The”: the stop ends the sentence, the day stands before it
	afterEnd       = 1.0  // “Nov 20.2” at the end of a block
	wholeDay       = -3.0 // “24 January”
	wholeNumber    = -4.0 // “No. 792”
	endsTitle      = 6.0  // the mark of a source note stands at the end of the title
	noteMissed     = -4.0 // a note without a mark
)

// lastAction is above the number of the last action that the National Security Council
// recorded before its actions were named otherwise (2,500 or so by January 1963).
const lastAction = 2700

// candidatesIn finds candidates in s[lo:hi], ascending. edges are ends of
// blocks, ascending.
func candidatesIn(s string, lo, hi int, edges []int, out []candidate) []candidate {
	e := 0
	for i := lo; i < hi; {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			j := i
			for j < hi && s[j] >= '0' && s[j] <= '9' {
				j++
			}
			for e < len(edges) && edges[e] < j {
				e++
			}
			out = numberCandidates(s, lo, i, j, e < len(edges) && edges[e] == j, out)
			i = j
		case c == '*' || c == 0xE2 || c == 0xC2:
			n := symbolLen(s[i:hi])
			if n == 0 {
				i++
				continue
			}
			if i > lo && s[i-1] != ' ' && s[i-1] != '\n' {
				switch {
				case blankOrEnd(s, i+n):
					out = append(out, candidate{span: span{i, i + n}, number: -1, label: s[i : i+n], weight: symbolMark})
				case strings.IndexByte(").,;:\"", s[i+n]) >= 0:
					out = append(out, candidate{span: span{i, i + n}, number: -1, label: s[i : i+n], weight: symbolMark - 1})
				}
			}
			i += n
		default:
			i++
		}
	}
	return out
}

// letterMisread tells whether the digit at i is a letter that was misread: the last of
// a word that is none without it, "capita1", or that of initials, "U.5.".
func letterMisread(s string, lo, i int) bool {
	letter := strings.IndexByte("015", s[i])
	if letter < 0 {
		return false
	}
	if i-2 >= lo && s[i-1] == '.' && s[i-2] >= 'A' && s[i-2] <= 'Z' && (i-2 == lo || s[i-3] == ' ') {
		return i+1 < len(s) && s[i+1] == '.'
	}
	word := wordBefore(s, lo, i)
	if len(word) < 4 || i-len(word) < lo || s[i-1] == '.' || s[i-1] == ' ' {
		return false
	}
	lex := lexicon.Default()
	word = strings.ToLower(word)
	with, without := lex.Find([]byte(word+"ols"[letter:letter+1])), lex.Find([]byte(word))
	return with != lexicon.None && (without == lexicon.None || lex.Bits(with) > lex.Bits(without)+2)
}

func blankOrEnd(s string, i int) bool {
	return i >= len(s) || s[i] == ' ' || s[i] == '\n' || s[i] == '\f' || s[i] == '\t'
}

// numberCandidates weighs the digits s[i:j] and, as marks after digits, their
// last one to three.
func numberCandidates(s string, lo, i, j int, edge bool, out []candidate) []candidate {
	if i == lo || s[i-1] == ' ' || s[i-1] == '\n' {
		return digitTails(s, lo, i, j, edge, out)
	}
	out = digitTails(s, lo, i, j, edge, out)
	if j-i > 3 {
		return out
	}
	w := contextBefore(s, lo, i, j, edge) + contextAfter(s, j, edge)
	if j-i == 1 && letterMisread(s, lo, i) {
		w += misreadLetter
	}
	if w < -4 || s[i] == '0' && j-i > 1 {
		return out
	}
	end := j
	if j < len(s) && s[j] >= 'a' && s[j] <= 'd' && blankOrEnd(s, j+1) {
		end = j + 1 // 60a
	}
	n, _ := number(s[i:j])
	return append(out, candidate{span: span{i, end}, number: n, label: s[i:end], weight: w})
}

// contextBefore weighs what stands before a mark that follows no digit.
func contextBefore(s string, lo, i, j int, edge bool) float64 {
	r, size := utf8.DecodeLastRuneInString(s[lo:i])
	before := byte(' ')
	if i-size > lo {
		before = s[i-size-1]
	}
	isNumber := before >= '0' && before <= '9'
	switch r {
	case '.', ',':
		if isNumber {
			k := i - size
			for k > lo && s[k-1] >= '0' && s[k-1] <= '9' {
				k--
			}
			switch n := i - size - k; {
			case n == 4 && (s[k] == '1' || s[k] == '2'):
				return afterStop - 1.5 // a year before it
			case n <= 2 && isMonth(wordBefore(s, lo, k)):
				return afterDay
			case edge && r == '.':
				return afterEnd
			}
			return afterDigit
		}
		return afterStop
	case ';', ':', ')', ']', '”', '"', '!', '?', '’', '…', '»':
		if r == ':' && isNumber {
			if j-i == 1 {
				return afterDay
			}
			return amount // a time
		}
		return afterStop
	case 'ʼ', '\'':
		return afterWord
	case '/', '-', '–', '—', '$', '£', '#', '(', '[', '“', '&', '+', '=', '§', '%', '<', '>', '|', '^', '~', '`', '‘', '_':
		return amount
	}
	if r >= 'A' && r <= 'Z' {
		if isLower(before) || before >= 'A' && before <= 'Z' {
			return afterCapital
		}
		return -1 // a single capital: a designation
	}
	return afterWord
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }

// contextAfter weighs what follows the digits that end at j.
func contextAfter(s string, j int, edge bool) float64 {
	if edge || j >= len(s) {
		return 0.5
	}
	switch c := s[j]; {
	case c == ' ' || c == '\n' || c == '\f':
		return 0
	case c == ')' || c == ']' || c == '"':
		return -0.5
	case c == '/' || c == '%':
		return amount
	case c == '.' || c == ',' || c == ';' || c == ':':
		if j+1 < len(s) && s[j+1] >= '0' && s[j+1] <= '9' {
			return amount
		}
		return stopAfter
	case c >= 'A' && c <= 'Z':
		return -1.5 // the blank was lost: “riefing.4CIA”
	case c == 0xE2: // a dash or closing quote
		return -1
	}
	return gluedAfter
}

// digitTails adds the last one to three digits of s[i:j] as marks right after a
// digit, weighed by what the whole number cannot be.
func digitTails(s string, lo, i, j int, edge bool, out []candidate) []candidate {
	n := j - i
	if n < 2 || n > 9 {
		return out
	}
	after := contextAfter(s, j, edge)
	if after < -4 {
		return out
	}
	base := afterDigit + after
	if edge {
		base += endsBlock
	}
	if i > lo {
		if c := s[i-1]; c == '$' || (c == '.' || c == ',') && i-1 > lo && s[i-2] >= '0' && s[i-2] <= '9' {
			base += amount / 2
		}
	}
	for k := 1; k <= 3 && k < n; k++ {
		at := j - k
		if s[at] == '0' && k > 1 {
			continue
		}
		v, _ := number(s[at:j])
		w := base + wholeCannotBe(s, lo, i, at, j) - 0.3*float64(k-1)
		out = append(out, candidate{span: span{at, j}, number: v, label: s[at:j], digit: true, weight: w})
	}
	return out
}

// wholeCannotBe weighs a number s[i:j] against what it would be without the
// mark at.
func wholeCannotBe(s string, lo, i, at, j int) float64 {
	whole, _ := number(s[i:min(j, i+6)])
	rest, _ := number(s[i:at])
	word := wordBefore(s, lo, i)
	year := at-i == 4 && (s[i] == '1' && s[i+1] >= '7' || s[i:i+2] == "20")
	switch {
	case !year && whole >= 1 && whole <= 31 && isMonth(wordAfter(s, j)):
		return wholeDay
	case word == "No" && wordBefore(s, lo, lo+strings.LastIndex(s[lo:i], word)) == "Action" && whole > lastAction && rest <= lastAction:
		return overlongAction
	case word == "No" || word == "Nos":
		return wholeNumber
	case isMonth(word) && !year:
		if whole > 31 && rest >= 1 && rest <= 31 && at-i <= 2 {
			return overfullDay
		}
		return -1.5
	case year:
		if s[i] == '1' && s[i+1] != '9' {
			return overlongYear - 2
		}
		return overlongYear
	case j-i == 4 && (s[i:i+2] == "19" || s[i:i+2] == "18"):
		return -3 // a year as it is
	case word == "NSC" && at-i == 4:
		return overlongNSC
	}
	return 0
}

// wordBefore is the word before byte i, over one blank and an abbreviation's
// stop.
func wordBefore(s string, lo, i int) string {
	e := i
	for e > lo && (s[e-1] == ' ' || s[e-1] == '.') && i-e < 2 {
		e--
	}
	b := e
	for b > lo && e-b < 12 && (isLower(s[b-1]) || s[b-1] >= 'A' && s[b-1] <= 'Z') {
		b--
	}
	return s[b:e]
}

// wordAfter is the word after byte j, over one blank.
func wordAfter(s string, j int) string {
	if j < len(s) && s[j] == ' ' {
		j++
	}
	k := j
	for k < len(s) && k-j < 12 && (isLower(s[k]) || s[k] >= 'A' && s[k] <= 'Z') {
		k++
	}
	return s[j:k]
}

func isMonth(w string) bool {
	_, ok := monthNumbers[strings.ToLower(w)]
	return ok
}
