package clean

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// words judges the words of the view.
func (c *cleaner) words() {
	c.count()
	defer c.release()
	c.ruled()
	for i := 0; i < len(c.toks); i++ {
		t := &c.toks[i]
		if n := c.spaced(i); n > 0 {
			i += n - 1
			continue
		}
		c.lostBlank(i)
		c.doubledMark(i)
		c.hyphenInLine(i)
		if t.shape&mixed != 0 {
			c.caseBoundary(i)
		}
	}
	c.judge()
}

// word is a token's text.
func (c *cleaner) word(t *token) []byte { return c.view[t.lo:t.hi] }

// lower is a word in lower case, with ' for its apostrophes.
func lower(w []byte) []byte { return appendLower(make([]byte, 0, len(w)+2), w) }

func appendLower(low, w []byte) []byte {
	for i := 0; i < len(w); {
		b := w[i]
		switch {
		case b >= 'A' && b <= 'Z':
			low = append(low, b|0x20)
			i++
		case b < utf8.RuneSelf:
			low = append(low, b)
			i++
		default:
			r, n := utf8.DecodeRune(w[i:])
			if r == '’' || r == 'ʼ' {
				low = append(low, '\'')
			} else if r == utf8.RuneError {
				low = append(low, w[i:i+n]...)
			} else {
				low = utf8.AppendRune(low, unicode.ToLower(r))
			}
			i += n
		}
	}
	return low
}

// split notes that a blank was lost at the view's byte at.
func (c *cleaner) split(at int, rule string, confidence float64, evidence ...string) {
	c.mend(at, at, edit{after: " ", kind: RunTogether, rule: rule, confidence: confidence, evidence: evidence})
}

// lostBlank judges a punctuation mark with no blank after it, between token i
// and the next.
func (c *cleaner) lostBlank(i int) {
	if i+1 >= len(c.toks) {
		return
	}
	a, b := &c.toks[i], &c.toks[i+1]
	if b.lo-a.hi == 2 && c.view[b.lo-1] == mark[0] && b.shape&capital != 0 && c.isNoteMark(int(b.lo)-1) {
		c.split(int(b.lo), "after-note-mark", 0.98, "a note mark has no blank after it", c.standing(b))
		return
	}
	gap := c.view[a.hi:b.lo]
	if len(gap) == 2 && (gap[0] == ')' || gap[0] == ']') && (gap[1] == ',' || gap[1] == ';') && b.shape&(digits|unread) == 0 && b.hi-b.lo > 2 && b.shape&known != 0 && c.hurt {
		c.split(int(b.lo), "after-comma", 0.98, "a comma has no blank after it", c.standing(b))
		return
	}
	if len(gap) != 1 || b.shape&(digits|unread) != 0 {
		return
	}
	if a.shape&digits != 0 {
		c.afterNumber(i)
		return
	}
	at := int(b.lo)
	left, right := c.word(a), c.word(b)
	switch gap[0] {
	case ',', ';':
		if c.image && (a.shape|b.shape)&known == 0 {
			return // a letter read as a mark
		}
		if len(left) > 1 && (len(right) > 1 && !c.inside(i) || c.initialFollows(b) || c.hurt && (string(right) == "I" || string(right) == "a")) {
			c.split(at, "after-comma", 0.99, "a comma has no blank after it", c.standing(a), c.standing(b))
		}
	case ':', '?', '!':
		if (gap[0] == ':' || b.shape&capital != 0) && (c.hurt && b.shape&known != 0 || b.shape&capitals != 0) && len(left) > 2 && len(right) > 2 && a.shape&known != 0 && !c.inside(i) && !c.strokeBetween(left, right) {
			c.split(at, "after-colon", 0.97, "the mark has no blank after it", c.standing(a), c.standing(b))
		}
	case '.':
		if c.endsSentence(a, b) && !c.inside(i) {
			c.split(at, "after-full-stop", 0.98, "a full stop has no blank after it", c.standing(a), c.standing(b))
		}
	}
}

// strokeBetween tells whether a mark between two words may be an i or l of one
// word: "REL:ABLE".
func (c *cleaner) strokeBetween(left, right []byte) bool {
	for _, stroke := range "il" {
		if c.lookup(lower([]byte(string(left)+string(stroke)+string(right)))) != lexicon.None {
			return true
		}
	}
	return false
}

// roman tells whether a word is a number in Roman numerals.
func roman(w []byte) bool { return len(bytes.Trim(w, "IVXLCDM")) == 0 }

// initialFollows tells whether token t is one capital of an abbreviation, with
// a full stop or a stroke after it: "U.S.", "S/S".
func (c *cleaner) initialFollows(t *token) bool {
	w := c.view[t.lo:min(int(t.hi)+2, len(c.view))]
	return len(w) == 3 && t.hi-t.lo == 1 && isUpper(w[0]) && (w[1] == '.' || w[1] == '/') && isUpper(w[2])
}

// afterNumber judges a mark without a blank between a number, token i, and the
// word after it. Numbers of files are left alone.
func (c *cleaner) afterNumber(i int) {
	a, b := &c.toks[i], &c.toks[i+1]
	left, right := c.word(a), c.word(b)
	mark := c.view[a.hi]
	if (mark == ',' || mark == ';') && isDigit(left[0]) && !c.inside(i) && !roman(right) &&
		(c.hurt && (len(right) > 2 && b.shape&known != 0 || string(right) == "pp") || b.shape&capitals != 0 && (c.hurt || len(right) > 2) || c.initialFollows(b)) {
		c.split(int(b.lo), "after-comma", 0.97, "a comma has no blank after it", c.standing(b))
	}
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// isNoteMark tells whether the mark at the view's byte at is a note's: a page
// mark has a blank beside it, and is no evidence of one lost.
func (c *cleaner) isNoteMark(at int) bool {
	i, _ := c.place(at, first)
	return i < len(c.text) && c.text[i] != '['
}

// honorifics are abbreviations that a name follows after a blank.
var honorifics = words("mr mrs ms dr gen col maj capt lt sgt amb sen rep gov prof adm messrs hon rev sec")

// common is the class of the few hundred words that texts are mostly made of.
const common = 190

// endsSentence tells whether a full stop between two words ends a sentence: a
// small word before it, a capital after it.
func (c *cleaner) endsSentence(a, b *token) bool {
	left, right := c.word(a), c.word(b)
	if b.shape&capital == 0 || a.shape&(unread|mixed|capitals) != 0 {
		return false
	}
	if a.shape&capital != 0 && b.shape&capitals == 0 && len(right) > 2 && honorifics[string(lower(left))] {
		return true
	}
	last, _ := utf8.DecodeLastRune(left)
	if !unicode.IsLower(last) || len(left) < 3 && (a.shape&known == 0 || c.class(a) < common) || len(right) < 2 && right[0] != 'I' && right[0] != 'A' {
		return false
	}
	switch {
	case a.shape&capital != 0 || a.shape&known == 0:
		return len(left) > 3 && (b.shape&(known|capitals) == known && c.class(b) >= 140 || c.standsAlone(a) && c.standsAlone(b))
	case b.shape&known != 0:
		return true
	default:
		return len(right) > 3 && c.class(a) >= plain && len(left) > 3 || c.own[string(lower(right))] > 1
	}
}

// standsAlone tells whether a word of four letters or more stands elsewhere in
// the text.
func (c *cleaner) standsAlone(t *token) bool {
	return t.hi-t.lo > 3 && (t.id >= 0 && c.used[t.id] > 1 || c.own[string(lower(c.word(t)))] > 1)
}

// class is the lexicon's class of a token.
func (c *cleaner) class(t *token) int {
	if t.id < 0 {
		return 0
	}
	return c.lex.Class(t.id)
}

// inside tells whether token i is in a chunk that is no prose: an address, a
// file number, an abbreviation with full stops.
func (c *cleaner) inside(i int) bool {
	lo, hi := int(c.toks[i].lo), int(c.toks[i+1].hi)
	for k := 0; k < maxWord && lo > 0 && !blank(c.view[lo-1]); k++ {
		lo--
	}
	for k := 0; k < maxWord && hi < len(c.view) && !blank(c.view[hi]); k++ {
		hi++
	}
	chunk := c.view[lo:hi]
	return bytes.ContainsAny(chunk, "@\\_=") || bytes.IndexByte(c.view[lo:c.toks[i].hi], '/') >= 0 || bytes.Count(chunk, []byte(".")) > 2 || bytes.Contains(chunk, []byte("www"))
}

func blank(b byte) bool { return b == ' ' || b == '\n' || b == '\f' || b == mark[0] }

// standing says what is known of a word.
func (c *cleaner) standing(t *token) string {
	w := c.word(t)
	if t.shape&known != 0 {
		return "“" + string(w) + "” is a word"
	}
	return "“" + string(w) + "” is no common word"
}
