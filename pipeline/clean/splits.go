package clean

import (
	"fmt"
	"math"

	"nightshift/pipeline/clean/lexicon"
)

// bound are beginnings and endings of words that also stand alone: a word that
// has one is whole.
var boundBefore = words("a an non anti counter re pre post over under sub inter intra multi semi pro un in out mid self co ex micro macro mini extra ultra super trans tele radio hydro electro socio geo bio neo de dis mis be up down off on fore by auto mono bi tri poly para quasi pseudo vice cross well ill half all any every some no news land sea air war work man home house back free high low new old")
var boundAfter = words("being made about under through between within ship like wide wise less able man men hood ward wards ing ed er ers ly s es ism ist ists ness ment ments ion tion al ic ous ful fully some thing body one where how what ever self selves land lands line lines time day days work works way ways out up off down in on over house room side by pose port most fold proof worthy hand scale mark book paper board ground water field head point power craft guard keeper light service stone wood bound minded based free maker makers making holder holders ity an ian ia ese or age ate and end ant ent the to he so it as at is")

// functional are the words that hold sentences together; where two words ran
// together one of them is mostly such a word.
var functional = words(`a an the this that these those some any all no each every both either neither such other another
	of in to for with on at by from as into about after before between against among through during without within under over
	upon toward towards since until till per via than like near behind beyond despite except
	and or but nor so if because although though while when where whether which who whom whose what how why
	i you he she it we they me him her us them my your his its our their
	is are was were be been being has have had having do does did will would shall should can could may might must
	not only also very more most much now then there here again already still even yet too just said one two three
	up out off down made make mr mrs`)

// splits are the ways to take token i for two words that lost the blank between
// them.
func (c *cleaner) splits(found []candidate, i int) []candidate {
	t := &c.toks[i]
	w := c.word(t)
	if len(w) < 3 || !asciiOnly(w) || c.own[string(lower(w))] > 1 || t.lo > 0 && c.view[t.lo-1] == '-' {
		return found
	}
	low := lower(w)
	best := candidate{likely: -999, second: -999}
	for at := 1; at < len(low); at++ {
		f, ok := c.cut(i, low, at)
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
	if l < 0 && !named || at == 1 && left != "a" || len(right) == 1 && right != "a" {
		return candidate{}, false
	}
	if t.shape&capital == 0 && c.lex.Kind(l)&lexicon.Lower == 0 || c.lex.Kind(r)&lexicon.Lower == 0 || c.lex.Class(r) < plain {
		return candidate{}, false
	}
	pair, counted := c.pair(l, r)
	held := functional[left] || functional[right]
	begins := boundBefore[left] && !(functional[right] && len(right) > 2 && !boundAfter[right])
	if begins && !functional[left] || boundAfter[right] && !functional[right] || !counted && (begins || boundAfter[right] && !c.hurt) {
		return candidate{}, false
	}
	f := candidate{
		tok: i, last: i, lo: int(t.lo) + at, hi: int(t.lo) + at, after: " ", group: joined, kind: RunTogether, rule: "two-words", second: -999,
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
		if t.shape&capital != 0 && !c.begins(i) && c.used[l] < 2 {
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
