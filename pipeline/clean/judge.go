package clean

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"sync"
	"unicode/utf8"

	"nightshift/pipeline/clean/lexicon"
)

// Every word that the lexicon does not hold is weighed: is it what stood on the
// page, or was it damaged, and if so what stood there? Both are probabilities,
// in bits: of the words as such and after their neighbours (lexicon, pairs, the
// document's own words), and of the damage, which is rare in a text that shows
// little of it. The difference is the margin, and how often a margin is right
// was counted (see calibration).

// The kinds of damage whose rate in the text is estimated apart.
const (
	swapped = iota // one character read for another
	joined         // a lost blank
	torn           // a blank within a word
	lost           // a character that could not be decoded
	rates
)

// candidate is a way to mend a word.
type candidate struct {
	tok, last int // the first and last token it takes
	lo, hi    int // in the view
	after     string
	group     int
	kind      Kind
	rule      string
	likely    float64 // bits of the words it makes, and of this form of damage
	margin    float64
	second    float64 // likely of the next best of its kind
	usual     bool    // its two words often stand side by side
	evidence  []string
}

// judge weighs the words that the lexicon lacks, and mends those that were
// damaged.
func (c *cleaner) judge() {
	var found []candidate
	hits := [rates]float64{}
	for i := range c.toks {
		n := len(found)
		if found = c.ways(found, i); len(found) == n {
			continue
		}
		best := slices.MaxFunc(found[n:], func(a, b candidate) int { return cmpFloat(a.margin, b.margin) })
		if m := best.margin + neutral; m > sure {
			hits[best.group] += 1 / (1 + math.Exp2(-m))
		}
	}
	rate := c.rate(hits)
	for i := range found {
		found[i].margin += rate[found[i].group]
	}
	c.choose(found)
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// neutral is the rate of damage, in bits, at which words are first judged, and
// sure the margin that then counts as damage seen.
const neutral, sure = -11, 2

// rate estimates, in bits, how many words of the text have each kind of damage.
func (c *cleaner) rate(hits [rates]float64) (out [rates]float64) {
	before := 0.02 // as if so many damaged words had been seen before
	if c.hurt {
		before = 0.5
	}
	for k := range out {
		out[k] = math.Log2((hits[k] + before) / float64(len(c.toks)+400))
	}
	out[lost] = 0                       // seen to be damaged
	out[joined] = max(out[joined], -12) // the web form loses blanks in any text
	return out
}

// count counts how often the words of the lexicon stand in the text.
func (c *cleaner) count() {
	c.used = *counters.Get().(*[]uint16)
	if c.without&OwnWords != 0 {
		clear(c.own)
		return
	}
	for i := range c.toks {
		if id := c.toks[i].id; id >= 0 && c.used[id] < math.MaxUint16 {
			c.used[id]++
		}
	}
}

// counters are kept from text to text, all zero.
var counters = sync.Pool{New: func() any {
	s := make([]uint16, lexicon.Default().Words())
	return &s
}}

// release gives the counters back.
func (c *cleaner) release() {
	for i := range c.toks {
		if id := c.toks[i].id; id >= 0 {
			c.used[id] = 0
		}
	}
	counters.Put(&c.used)
}

// ways appends the ways to mend token i to found.
func (c *cleaner) ways(found []candidate, i int) []candidate {
	t := &c.toks[i]
	if t.shape&foreign != 0 || t.hi-t.lo > maxWord {
		return found
	}
	if t.shape&unread != 0 {
		return c.fill(found, i)
	}
	n := len(found)
	if t.shape&known == 0 && t.shape&digits == 0 && !c.coded(t) {
		found = c.swaps(found, i)
		if t.shape&(mixed|capitals) == 0 {
			found = c.splits(found, i)
		}
	} else if t.shape&digits != 0 {
		found = c.numerals(found, i)
	}
	found = c.joins(found, i)
	for k := n; k < len(found); k++ {
		c.look(&found[k])
		found[k].margin = found[k].likely - c.asIs(i, found[k].last)
	}
	return found
}

// look adds what the page image shows of a candidate.
func (c *cleaner) look(f *candidate) {
	var bits float64
	var why string
	switch f.group {
	case joined:
		if bits, why = c.blankShown(f.hi); why == "" && c.image {
			bits = -2 // the image could have told
		}
	case torn:
		bits, why = c.blankShown(f.hi)
		bits = -bits
	case swapped:
		if sure, ok := c.doubtful(f.lo, f.hi); ok && sure < 60 {
			bits, why = 2, fmt.Sprintf("the engine was %.0f%% sure of it", sure)
		}
	}
	f.likely += bits
	if f.second > -900 && f.group != swapped {
		f.second += bits
	}
	if why != "" {
		f.evidence = append(f.evidence, why)
	}
}

// asIs is the likelihood of tokens i to j (the same or the next) as they stand,
// as far as it differs from what inContext counts.
func (c *cleaner) asIs(i, j int) float64 {
	prev, next := c.beside(i, j)
	t := &c.toks[i]
	sum := c.stands(t, prev)
	if j > i {
		sum += c.stands(&c.toks[j], t.id)
	}
	if last := &c.toks[j]; next >= 0 && last.id >= 0 && last.shape&known != 0 {
		sum += c.pull(last.id, next)
	}
	return sum
}

// coded tells whether a word stands in a chunk that is no prose.
func (c *cleaner) coded(t *token) bool {
	lo, hi := int(t.lo), int(t.hi)
	if lo > 0 && bytes.IndexByte([]byte("/@_&#."), c.view[lo-1]) >= 0 || hi < len(c.view) && bytes.IndexByte([]byte("/@_&#"), c.view[hi]) >= 0 {
		return true
	}
	return hi+1 < len(c.view) && c.view[hi] == '.' && c.view[hi+1] > ' ' && c.view[hi+1] < utf8.RuneSelf && asciiWord[c.view[hi+1]]
}

// unknown is the likelihood of a word that the lexicon lacks: one small word in
// 1,000 is such, one with a capital in 70, of any spelling a word may have.
func (c *cleaner) unknown(w []byte, shape uint8) float64 {
	bits := c.spelt(w, shape)
	n := c.own[string(w)]
	if n < 2 {
		return bits
	}
	return min(math.Log2(float64(n)/float64(len(c.toks)+100)), bits+9*float64(n-1))
}

// spelt is the likelihood of an unknown word by its letters alone.
func (c *cleaner) spelt(w []byte, shape uint8) float64 {
	spelt := c.lex.Spelling(w)
	first := -10.0
	if shape&capital != 0 {
		first, spelt = -6, max(spelt, -4.4*float64(len(w)))
	}
	if shape&capitals != 0 {
		spelt = max(spelt, -4.2*float64(len(w)))
	}
	return first + spelt
}

// bits is the likelihood of a word of the lexicon in this text: as in English,
// and as in what the text shows.
func (c *cleaner) bits(id lexicon.Word) float64 {
	b := c.lex.Bits(id)
	if n := c.used[id]; n > 0 {
		return math.Log2(0.8*math.Exp2(b) + 0.2*float64(n)/float64(len(c.toks)+100))
	}
	return b - 0.3
}

// stands is the likelihood of a token after the word before it.
func (c *cleaner) stands(t *token, prev lexicon.Word) float64 {
	if t.shape&known != 0 && t.id >= 0 {
		n := c.used[t.id]
		c.used[t.id] = max(n, 1) - 1 // it is no evidence for itself
		bits := c.follows(prev, t.id)
		c.used[t.id] = n
		return bits
	}
	return c.unknown(lower(c.word(t)), t.shape)
}

// pair is how often b follows a, see lexicon.After.
func (c *cleaner) pair(a, b lexicon.Word) (float64, bool) {
	if c.without&WordPairs != 0 {
		return 0, false
	}
	return c.lex.After(a, b)
}

// backOff is the price of a pair that was not counted.
const backOff = 1.5

// follows is the likelihood of word b after word a.
func (c *cleaner) follows(a, b lexicon.Word) float64 {
	alone := c.bits(b) - backOff
	if a >= 0 {
		if p, ok := c.pair(a, b); ok {
			return max(alone, p-0.3)
		}
	}
	return alone
}

// beside gives the words before and after tokens i to j, None where they are
// not beside them with one blank.
func (c *cleaner) beside(i, j int) (prev, next lexicon.Word) {
	prev, next = lexicon.None, lexicon.None
	if i > 0 && c.adjacent(i-1) {
		prev = c.toks[i-1].id
	}
	if j+1 < len(c.toks) && c.adjacent(j) {
		next = c.toks[j+1].id
	}
	return prev, next
}

// adjacent tells whether one blank parts token i from the next.
func (c *cleaner) adjacent(i int) bool {
	a, b := c.toks[i].hi, c.toks[i+1].lo
	return b-a == 1 && c.view[a] == ' '
}

// inContext is the likelihood of word w between its neighbours, against what
// the one after it is worth alone.
func (c *cleaner) inContext(prev, w, next lexicon.Word) float64 {
	sum := c.follows(prev, w)
	if next >= 0 {
		sum += c.pull(w, next)
	}
	return sum
}

// pull is how much more likely next is after w than after any word.
func (c *cleaner) pull(w, next lexicon.Word) float64 {
	if p, ok := c.pair(w, next); ok {
		return min(8, max(-backOff, p-c.lex.Bits(next)))
	}
	return -backOff
}

// choose makes the best candidates edits, where two take the same token the
// better one.
func (c *cleaner) choose(found []candidate) {
	slices.SortStableFunc(found, func(a, b candidate) int { return -cmpFloat(a.margin, b.margin) })
	taken := map[int]bool{}
	for i := range found {
		f := &found[i]
		if f.margin < 0 {
			break
		}
		if taken[f.tok] || taken[f.last] {
			continue
		}
		taken[f.tok], taken[f.last] = true, true
		c.make(f)
	}
}

// make makes the edit that a candidate is.
func (c *cleaner) make(f *candidate) {
	e := edit{after: f.after, kind: f.kind, rule: f.rule, evidence: f.evidence, margin: min(f.margin, f.likely-f.second)}
	e.confidence = confidenceOf(e.rule, e.margin)
	if f.group == joined && !c.hurt && f.rule != "name-and-word" { // small words, in a text without other damage: a person decides
		e.confidence = min(e.confidence, 0.94)
	}
	e.flag = e.confidence < applyAt
	if e.confidence < flagAt && !c.all {
		return
	}
	c.mend(f.lo, f.hi, e)
}
