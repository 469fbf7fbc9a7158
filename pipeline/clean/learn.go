package clean

import (
	"cmp"
	"maps"
	"slices"
)

// Learner gathers a collection's own words from texts that are trusted. The
// zero Learner is empty.
type Learner struct {
	texts map[string]int // in how many texts each word stands
	forms map[string]string
}

// Learned is a word and in how many texts it stands.
type Learned struct {
	Word  string // as first met
	Texts int
}

// Add takes the words of a text that the lexicon lacks and no rule doubts: what
// may have been damaged is not learned.
func (l *Learner) Add(text string) {
	if l.texts == nil {
		l.texts, l.forms = map[string]int{}, map[string]string{}
	}
	c := newCleaner(Input{Text: text})
	c.all = true
	c.characters()
	c.settle()
	c.tokenize()
	if c.noise() {
		return
	}
	c.words()
	slices.SortFunc(c.mends, func(a, b edit) int { return a.start - b.start })
	here := map[string]bool{}
	k, done := 0, -1
	for i := range c.toks {
		t := &c.toks[i]
		start, _ := c.place(int(t.lo), first)
		end, _ := c.place(int(t.hi), last)
		for k < len(c.mends) && c.mends[k].start <= end {
			done = max(done, c.mends[k].end)
			k++
		}
		if t.shape&(known|digits|unread|foreign) != 0 || t.hi-t.lo < 4 || t.hi-t.lo > maxWord || done >= start {
			continue
		}
		w := string(lower(c.word(t)))
		here[w] = true
		if l.forms[w] == "" {
			l.forms[w] = string(c.word(t))
		}
	}
	for w := range here {
		l.texts[w]++
	}
}

// Words are those that stand in at least so many texts, commonest first, then by
// the alphabet.
func (l *Learner) Words(texts int) []Learned {
	var out []Learned
	for _, w := range slices.Sorted(maps.Keys(l.texts)) {
		if n := l.texts[w]; n >= texts {
			out = append(out, Learned{l.forms[w], n})
		}
	}
	slices.SortStableFunc(out, func(a, b Learned) int { return cmp.Compare(b.Texts, a.Texts) })
	return out
}
