package clean

import (
	"fmt"
	"math"
	"strings"

	"nightshift/pipeline/clean/lexicon"
)

// bound are beginnings and endings of words that also stand alone: a word that
// has one is whole.
var boundBefore = words("a an non anti counter re pre post over under sub inter intra multi semi pro un in out mid self co ex micro macro mini extra ultra super trans tele radio hydro electro socio geo bio neo de dis mis be up down off on fore by auto mono bi tri poly para quasi pseudo vice cross well ill half all any every some no news land sea air war work man home house back free high low new old")
var boundAfter = words("being made about under through between within ship like wide wise less able man men hood ward wards ing ed er ers ly s es ism ist ists ness ment ments ion tion al ic ous ful fully some thing body one where how what ever self selves land lands line lines time day days work works way ways out up off down in on over house room side by pose port most fold proof worthy hand scale mark book paper board ground water field head point power craft guard keeper light service stone wood bound minded based free maker makers making holder holders ity an ian ia ese or age ate and end ant ent the to he so it as at is")

// closed are functional words that begin no compound: what follows one in the
// same word lost its blank, whatever it is.
var closed = words(`the of is are was were has have had will would shall should could might must our their your its these those
	we they that from if because although and which what with as at to than been being does did`)

// suffixes are of boundAfter what is no word by itself.
var suffixes = words("ed er ers ly s es ism ist ists ness ment ments ion tion al ic ous ful ity an ian ia ese or age ate ing hood ward wards ways wise")

// usual is how often, in bits, a word follows another with which it would also
// make a compound, for the two to be taken as words: once in 1,000 times.
const usual = -10

// qualifies tells whether a word is an adjective by its ending, or an ordinal:
// with the noun after it it makes no compound, as nouns do ("checkmark").
func qualifies(w string) bool {
	switch w {
	case "first", "second", "third", "last", "next", "same", "other", "another", "such", "present":
		return true
	}
	for _, end := range []string{"ing", "al", "ed", "ic", "ive", "ous", "ent", "ant", "ary", "ory", "ful", "able", "ible"} {
		if len(w) > len(end)+2 && strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// bound tells whether two words may be one that the lexicon lacks: a compound, or
// a word with a prefix. A word that begins none, and an adjective that mostly
// stands before its noun, lost a blank.
func (c *cleaner) bound(left, right string, pair float64, counted bool) bool {
	begins := boundBefore[left] && !(functional[right] && len(right) > 2 && !boundAfter[right])
	ends := boundAfter[right] && !functional[right]
	switch {
	case begins && !functional[left]:
		return true
	case ends:
		apart := closed[left] || counted && pair > usual && (left == "be" || qualifies(left))
		return !apart || len(right) < 3 || suffixes[right]
	case counted:
		return false
	case begins:
		return !c.hurt || !loosely(left, right)
	}
	return boundAfter[right] && !c.hurt
}

// loosely tells whether a functional word that also begins words cannot begin
// one with right, by how such words are formed.
func loosely(left, right string) bool {
	if len(right) < 5 || boundAfter[right] {
		return false
	}
	switch left {
	case "any", "some", "every", "no", "all", "by", "on":
		return len(right) > 5
	case "in": // before these the prefix is im-, il-, ir-
		return strings.ContainsRune("bmplr", rune(right[0]))
	case "a": // "apolitical"
		return !strings.HasSuffix(right, "al") && !strings.HasSuffix(right, "ic") && !strings.HasSuffix(right, "ous")
	case "be": // "befriended"
		return strings.HasSuffix(right, "ly")
	}
	return false
}

// functional are the words that hold sentences together; where two words ran
// together one of them is mostly such a word.
var functional = words(`a an the this that these those some any all no each every both either neither such other another
	of in to for with on at by from as into about after before between against among through during without within under over
	upon toward towards since until till per via than like near behind beyond despite except
	and or but nor so if because although though while when where whether which who whom whose what how why
	i you he she it we they me him her us them my your his its our their
	is are was were be been being has have had having do does did will would shall should can could may might must
	not only also very more most much now then there here again already still even yet too just said one two three
	up out off down made make cannot mr mrs`)

// splits are the ways to take token i for two words that lost the blank between
// them.
func (c *cleaner) splits(found []candidate, i int) []candidate {
	t := &c.toks[i]
	w := c.word(t)
	if len(w) < 3 || !asciiOnly(w) || t.lo > 0 && c.view[t.lo-1] == '-' {
		return found
	}
	low := lower(w)
	often := c.own[string(low)] > 1
	if often && (t.shape&capital != 0 || !c.hurt) {
		return found
	}
	if c.image && len(w) < 4 && !(c.held(i, -1) && c.held(i, 1)) {
		return found // handwriting, or dirt
	}
	best := candidate{likely: -999, second: -999}
	for at := 1; at < len(low); at++ {
		f, ok := c.cut(i, low, at)
		if ok && often { // small words run together as often as they stand side by side: that says nothing for the whole
			ok = functional[string(low[:at])] && functional[string(low[at:])] && f.usual
			f.likely += c.unknown(low, t.shape) - c.spelt(low, t.shape)
		}
		switch {
		case ok && f.likely > best.likely:
			f.second = best.likely
			best = f
		case ok && f.likely > best.second:
			best.second = f.likely
		}
	}
	if best.likely == -999 {
		return found
	}
	best.second = max(best.second, c.otherwise(low, "", i, t.shape))
	return append(found, best)
}

// cut is the candidate that cuts token i, low in lower case, at byte at.
func (c *cleaner) cut(i int, low []byte, at int) (candidate, bool) {
	t := &c.toks[i]
	left, right := string(low[:at]), string(low[at:])
	r := c.lex.Find(low[at:])
	if r < 0 {
		return candidate{}, false
	}
	l := c.lex.Find(low[:at])
	prev, next := c.beside(i, i)
	// A name that stands elsewhere, and a common word.
	named := t.shape&capital != 0 && at > 3 &&
		(l < 0 && c.own[left] > 0 || l >= 0 && c.lex.Kind(l)&lexicon.Lower == 0 && c.used[l] > 1) &&
		(c.lex.Class(r) >= 160 && len(right) > 3 || functional[right] && (len(right) > 2 || c.hurt))
	i1 := left == "i" && t.shape&capital != 0
	// A name of the lexicon, and a word that ends none.
	known := t.shape&capital != 0 && c.hurt && at > 4 && l >= 0 && c.lex.Kind(l)&lexicon.Lower == 0 && c.lex.Class(l) >= 140 && functional[right] && len(right) > 2
	named = named || known
	if l < 0 && !named || at == 1 && left != "a" && !i1 || len(right) == 1 && right != "a" {
		return candidate{}, false
	}
	if t.shape&capital == 0 && c.lex.Kind(l)&lexicon.Lower == 0 || c.lex.Kind(r)&lexicon.Lower == 0 || c.lex.Class(r) < plain && !functional[right] {
		return candidate{}, false
	}
	pair, counted := c.pair(l, r)
	if i1 && !counted {
		return candidate{}, false
	}
	held := functional[left] || functional[right]
	if c.bound(left, right, pair, counted) {
		return candidate{}, false
	}
	f := candidate{
		tok: i, last: i, lo: int(t.lo) + at, hi: int(t.lo) + at, after: " ", group: joined, kind: RunTogether, rule: "two-words", second: -999, usual: counted && pair > usual,
		evidence: []string{fmt.Sprintf("“%s” is no word", c.word(t)), fmt.Sprintf("“%s” and “%s” are words", left, right)},
	}
	switch {
	case named && (functional[right] || c.own[left] > 1 || l >= 0):
		f.rule, f.likely = "name-and-word", -9+c.follows(lexicon.None, r)
		f.evidence[1] = fmt.Sprintf("the name “%s” stands elsewhere, “%s” is a word", c.word(t)[:at], right)
	case named || c.lex.Class(l) < plain && !(functional[right] && len(left) > 4 && len(right) > 1):
		return candidate{}, false
	default:
		f.likely = c.follows(prev, l) + c.follows(l, r)
		if !held {
			f.rule = "two-content-words"
			if !c.hurt {
				f.likely -= 25 // a compound, in a text without other damage
			}
		}
		if t.shape&capital != 0 && !i1 && !c.begins(i) && c.used[l] < 2 {
			f.likely -= 4
		}
		if !counted && boundAfter[right] {
			f.likely -= 4
		}
	}
	if next >= 0 {
		f.likely += c.pull(r, next)
	}
	if counted {
		f.evidence = append(f.evidence, fmt.Sprintf("the second follows the first once in %.0f times", 1/math.Exp2(pair)))
	}
	return f, true
}
