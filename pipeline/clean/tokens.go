package clean

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// The shapes of a token; several may hold.
const (
	capital  uint8 = 1 << iota // begins with a capital
	capitals                   // all of two or more letters are capitals
	mixed                      // a capital after a small letter, or small ones after several capitals
	digits                     // holds a digit
	unread                     // holds U+FFFD
	known                      // a word of the lexicon, or one letter
	foreign                    // in a paragraph of no English
)

// token is a word in the view: letters, digits, apostrophes inside.
type token struct {
	lo, hi int32
	id     lexicon.Word // of the whole, or without 's
	shape  uint8
}

// tokenize finds the words of the view and counts those that the lexicon lacks.
func (c *cleaner) tokenize() {
	c.toks = make([]token, 0, len(c.view)/6+1)
	v := c.view
	var low []byte
	for i := 0; i < len(v); {
		if b := v[i]; b < utf8.RuneSelf && !asciiWord[b] {
			i++
			continue
		}
		t := token{lo: int32(i)}
		low, i = readWord(v, i, low[:0], &t.shape)
		if i == int(t.lo) {
			_, n := utf8.DecodeRune(v[i:])
			i += n
			continue
		}
		t.hi = int32(i)
		t.id = c.lookup(low)
		if len(low) == 1 || c.rules != nil && c.rules.words[string(low)] || t.id != lexicon.None && !c.nameInSmall(&t) {
			t.shape |= known
		} else if t.shape&digits == 0 && len(low) <= maxWord {
			c.own[string(low)]++
			if base, ok := bytes.CutSuffix(low, []byte("'s")); ok {
				c.own[string(base)]++
			}
		}
		c.toks = append(c.toks, t)
	}
	c.paragraphs()
	for _, name := range c.names {
		for w := range strings.FieldsSeq(strings.ToLower(name)) {
			c.own[strings.Trim(w, ".,;:()’'")] += 2
		}
	}
	c.mine = newSieve(len(c.own))
	for w, n := range c.own {
		if n > 1 {
			c.mine.add(lexicon.HashOf([]byte(w)))
		}
	}
}

// paragraphs finds those that are of no English, or noise: few of their small
// words are known.
func (c *cleaner) paragraphs() {
	const enough, fewest = 6, 0.6
	for i := 0; i < len(c.toks); {
		small, good, j := 0, 0, i
		for ; j < len(c.toks); j++ {
			t := &c.toks[j]
			if j > i && t.lo-c.toks[j-1].hi > 1 && bytes.Contains(c.view[c.toks[j-1].hi:t.lo], []byte("\n\n")) {
				break
			}
			if t.shape&(capital|digits) == 0 && t.hi-t.lo > 1 {
				small++
				if t.shape&known != 0 {
					good++
				}
			}
		}
		if small >= enough && float64(good) < fewest*float64(small) {
			for ; i < j; i++ {
				c.toks[i].shape |= foreign
			}
		}
		i = j
	}
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// asciiWord are the ASCII bytes of words.
var asciiWord = func() (t [256]bool) {
	for c := range 128 {
		t[c] = unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c))
	}
	return t
}()

// readWord reads a word at i: its lower case form, onto low, and where it ends;
// i when there is none.
func readWord(v []byte, i int, low []byte, shape *uint8) ([]byte, int) {
	letters, small, upper, start := 0, 0, 0, i
	for i < len(v) {
		b := v[i]
		switch {
		case b >= 'a' && b <= 'z':
			if upper > 1 && small == 0 {
				*shape |= mixed
			}
			low = append(low, b)
			letters++
			small++
			i++
		case b >= 'A' && b <= 'Z':
			if letters == 0 {
				*shape |= capital
			} else if small > 0 {
				*shape |= mixed
			}
			low = append(low, b|0x20)
			letters++
			upper++
			i++
		case b >= '0' && b <= '9':
			*shape |= digits
			low = append(low, b)
			i++
		case b == '?' && small > 0 && i+1 < len(v) && isLower(v[i-1]) && isLower(v[i+1]):
			*shape |= unread // what a character set that lacks a letter writes for it
			low = append(low, "\uFFFD"...)
			i++
		case b == '\'' && letters > 0 && i+1 < len(v) && (v[i+1]|0x20 >= 'a' && v[i+1]|0x20 <= 'z'):
			low = append(low, '\'')
			i++
		case b >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(v[i:])
			switch {
			case r == '’' && letters > 0 && i+n < len(v) && (v[i+n]|0x20 >= 'a' && v[i+n]|0x20 <= 'z'):
				low = append(low, '\'')
			case r == utf8.RuneError:
				*shape |= unread
				low = append(low, v[i:i+n]...)
			case unicode.IsLetter(r):
				if unicode.IsUpper(r) {
					if letters == 0 {
						*shape |= capital
					}
					upper++
				} else {
					small++
				}
				letters++
				low = utf8.AppendRune(low, unicode.ToLower(r))
			case unicode.Is(unicode.Mn, r) && i > start:
				low = append(low, v[i:i+n]...)
			default:
				return finish(low, i, letters, upper, shape)
			}
			i += n
		default:
			return finish(low, i, letters, upper, shape)
		}
	}
	return finish(low, i, letters, upper, shape)
}

func finish(low []byte, i, letters, upper int, shape *uint8) ([]byte, int) {
	if letters > 1 && upper == letters {
		*shape |= capitals
		*shape &^= mixed
	}
	return low, i
}

// nameInSmall tells whether a token is a rare name without its capital, or an
// abbreviation without its capitals or full stop: more likely something else
// ("ona", "aud").
func (c *cleaner) nameInSmall(t *token) bool {
	kind := c.lex.Kind(t.id)
	if t.shape&capital != 0 || kind&lexicon.Lower != 0 {
		return false
	}
	if c.lex.Class(t.id) < plain {
		return true
	}
	return kind == lexicon.Abbreviation && !(int(t.hi) < len(c.view) && c.view[t.hi] == '.')
}

// lookup finds a word, or the word that a possessive is of.
func (c *cleaner) lookup(low []byte) lexicon.Word {
	if id := c.lex.Find(low); id != lexicon.None {
		return id
	}
	if bytes.HasSuffix(low, []byte("'s")) {
		return c.lex.Find(low[:len(low)-2])
	}
	return lexicon.None
}

// noise tells whether the text is noise from end to end: there is nothing to
// hold on to, and it is left alone.
func (c *cleaner) noise() bool {
	const enough, tooFew, tooMany = 12, 0.35, 0.05
	n, good := 0, 0
	for i := range c.toks {
		t := &c.toks[i]
		if t.shape&digits != 0 {
			continue
		}
		n++
		if t.id != lexicon.None && t.hi-t.lo > 1 && (t.hi-t.lo > 3 || c.lex.Kind(t.id)&lexicon.Lower != 0) {
			good++
		}
	}
	if n < enough || float64(good) >= tooFew*float64(n) {
		return false
	}
	odd, seen := 0, 0
	for _, r := range c.text {
		if unicode.IsSpace(r) {
			continue
		}
		seen++
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".,;:?!()[]-—–“”‘’'\"ʼ•/\u00ad", r) && !invisible(r) {
			odd++
		}
	}
	return float64(odd) > tooMany*float64(seen)
}
