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
		if (gap[0] == ':' || b.shape&capital != 0) && (c.hurt && b.shape&known != 0 || b.shape&capitals != 0) && len(left) > 2 && len(right) > 2 && a.shape&known != 0 && !c.inside(i) {
			c.split(at, "after-colon", 0.97, "the mark has no blank after it", c.standing(a), c.standing(b))
		}
	case '.':
		if c.endsSentence(a, b) && !c.inside(i) {
			c.split(at, "after-full-stop", 0.98, "a full stop has no blank after it", c.standing(a), c.standing(b))
		}
	}
}

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
	if (mark == ',' || mark == ';') && isDigit(left[0]) && !c.inside(i) &&
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

// nameParts are beginnings of names after which a capital belongs to the name.
var nameParts = words("de la le du des da di dos del della van von der den ter ten mc mac o d l al el ul ibn ben bin abd abu fitz san santa st saint ap af ze zu zur vom")

// joining are words that hardly begin a name: one before a capital in the same
// word lost its blank.
var joining = words("the of in to and that by with for from on at as was his is are were be or which this it an has had have our their its all any not but would will than")

// prefixes are put before names without a hyphen: "antiAmerican".
var prefixes = words("non anti counter pre post inter intra pro trans vice ex un sub super ultra mid neo pan semi multi mis dis re co")

// caseBoundary judges a word with a capital inside: "theUSSR".
func (c *cleaner) caseBoundary(i int) {
	t := &c.toks[i]
	if t.shape&(digits|unread|foreign) != 0 || t.hi-t.lo > maxWord || c.image && !(c.held(i, -1) && c.held(i, 1)) {
		return
	}
	w := c.word(t)
	if c.rules != nil && c.rules.words[string(lower(w))] || c.strayCapital(i) {
		return
	}
	for at := 1; at < len(w); at++ {
		switch {
		case isUpper(w[at]) && isLower(w[at-1]):
			if why := c.parts(t, at); why != nil {
				c.split(int(t.lo)+at, "case-boundary", 0.99, why...)
			}
			return
		case at > 2 && isLower(w[at]) && isUpper(w[at-1]):
			c.afterCapitals(t, at)
			return
		}
	}
}

// strayCapital mends a word in use that has one capital inside: "miNister".
func (c *cleaner) strayCapital(i int) bool {
	t := &c.toks[i]
	w := c.word(t)
	at, n := 0, 0
	for k := 1; k < len(w); k++ {
		if isUpper(w[k]) {
			at, n = k, n+1
		}
	}
	if n != 1 || len(w) < 4 || c.image && !(c.held(i, -1) && c.held(i, 1)) || t.id < 0 || c.lex.Kind(t.id)&lexicon.Lower == 0 || c.class(t) < plain {
		return false
	}
	if left := string(lower(w[:at])); prefixes[left] || nameParts[left] {
		return false // "preWar"
	}
	if at == 1 && isUpper(w[0]) && (c.class(t) < 150 || c.classOf(string(lower(w[:2]))) > 0) {
		return false // "USed" may be two
	}
	c.mend(int(t.lo)+at, int(t.lo)+at+1, edit{
		after: string(w[at] | 0x20), kind: Confusion, rule: "capital-within-word", confidence: 0.97,
		evidence: []string{"a capital within a word", "“" + string(lower(w)) + "” is a word"},
	})
	t.shape |= known
	return true
}

// lonely tells whether neither neighbour of token i is a word of two letters or
// more: on a page that is a speck or a stamp rather than prose.
func (c *cleaner) lonely(i int) bool { return !c.held(i, -1) && !c.held(i, 1) }

// held tells whether the neighbour of token i on a side, -1 or 1, is a word of
// two letters or more, in the same line or across its end.
func (c *cleaner) held(i, side int) bool {
	k := i + side
	if k < 0 || k >= len(c.toks) || !c.solid(k) {
		return false
	}
	gap := bytes.Trim(c.view[c.toks[min(i, k)].hi:c.toks[max(i, k)].lo], ".,;:”“\"’‘)(")
	return len(gap) == 1 && (gap[0] == ' ' || gap[0] == '\n')
}

func (c *cleaner) solid(i int) bool {
	t := &c.toks[i]
	return t.shape&known != 0 && t.id >= 0 && t.hi-t.lo > 1 && c.lex.Kind(t.id)&lexicon.Lower != 0
}

// afterCapitals judges a word that begins with capitals, up to byte at, and
// goes on small: "USSRwould", "NSCAction".
func (c *cleaner) afterCapitals(t *token, at int) {
	w := c.word(t)
	for cut := at; cut >= at-1; cut-- { // the last capital may begin the second word
		left, right := string(lower(w[:cut])), string(lower(w[cut:]))
		id := c.lex.Find([]byte(left))
		alone := c.own[left] > 0 || id >= 0 && (c.lex.Kind(id)&lexicon.Abbreviation != 0 || c.used[id] > 1)
		if cut < 3 || len(right) < 4 || !alone || c.classOf(right) < 150 || boundAfter[right] && !functional[right] {
			continue
		}
		c.split(int(t.lo)+cut, "case-boundary", 0.97, "“"+string(w[:cut])+"” stands alone elsewhere", "“"+right+"” is a common word")
		return
	}
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }
func isLower(b byte) bool { return b >= 'a' && b <= 'z' }

// parts gives the evidence that a word in small letters and one with a capital
// ran together at byte at of token t; nil when there is not enough.
func (c *cleaner) parts(t *token, at int) []string {
	w := c.word(t)
	left, right := w[:at], w[at:]
	l, r := string(lower(left)), string(lower(bytes.TrimSuffix(right, []byte("’s"))))
	class := c.classOf(l)
	if class < 60 || class < plain && (len(l) < 5 || isUpper(left[0])) || nameParts[l] || prefixes[l] {
		return nil
	}
	caps := len(right) > 1 && isUpper(right[1])
	initials := len(right) == 1 && int(t.hi)+1 < len(c.view) && (c.view[t.hi] == '.' && isUpper(c.view[t.hi+1]) || c.view[t.hi] == ',')
	alone := c.own[r] > 0 || c.classOf(r) > 0
	first := "“" + l + "” is a word"
	id := c.lex.Find([]byte(l))
	switch {
	case l == "a" && caps && (alone || len(right) > 3 && bytes.Equal(bytes.ToUpper(right), right)):
		return []string{"“" + string(right) + "” stands alone elsewhere"}
	case joining[l] && isUpper(left[0]) && !caps && !initials && (len(right) < 4 || !alone):
		return nil // "ForMin"
	case joining[l] && len(left) > 1 && (len(right) > 1 || initials):
		return []string{first + " that begins no name", "a capital within the word"}
	case c.own[string(lower(w))] > 2:
		return nil // the document's own spelling
	case isUpper(left[0]) && (len(left) < 5 && !(caps && len(left) == 4 && class >= common) || !alone && !caps):
		return nil
	case len(left) < 3 && !functional[l], len(left) < 2, len(right) < 2 && !initials, id < 0 || c.lex.Kind(id)&lexicon.Lower == 0 && !(caps && isUpper(left[0])):
		return nil
	case initials || caps:
		return []string{first, "capitals begin within the word"}
	case alone || isLower(left[0]) && len(right) > 3:
		return []string{first, "“" + string(right) + "” begins with a capital"}
	}
	return nil
}
