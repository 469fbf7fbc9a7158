package clean

import (
	"bytes"

	"nightshift/pipeline/clean/lexicon"
)

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
		case at > 1 && isLower(w[at]) && isUpper(w[at-1]):
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
	if left := lower(w[:at]); prefixes[string(left)] || nameParts[string(left)] {
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
		small := len(right) == 3 && functional[right] && !boundAfter[right] || right == "and"
		if cut == 2 { // the same letters are a pronoun or preposition: only where the text has them as capitals
			alone = t.id < 0 && id >= 0 && c.lex.Kind(id)&lexicon.Abbreviation != 0 && c.cappedCount(id) > 1
		}
		if cut < 2 || len(right) < 4 && !(small && c.hurt) || !alone || c.classOf(right) < 150 || boundAfter[right] && !functional[right] {
			continue
		}
		c.split(int(t.lo)+cut, "case-boundary", 0.97, "“"+string(w[:cut])+"” stands alone elsewhere", "“"+right+"” is a common word")
		return
	}
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }
func isLower(b byte) bool { return b >= 'a' && b <= 'z' }

// bothNames tells whether two words, each with a capital, are well known and of
// four letters or more, and one of them stands elsewhere in the text:
// "WarsawPact", and not "PsyWar".
func (c *cleaner) bothNames(l, r string) bool {
	a, b := c.lex.Find([]byte(l)), c.lex.Find([]byte(r))
	return a >= 0 && b >= 0 && len(r) > 3 && c.lex.Class(a) >= 140 && c.lex.Class(b) >= 140 && !boundAfter[r] && (c.used[a] > 0 || c.used[b] > 0)
}

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
	case !caps && len(left) > 3 && isUpper(left[0]) && c.bothNames(l, r):
		return []string{first, "“" + string(right) + "” is one too, and they stand elsewhere"}
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
