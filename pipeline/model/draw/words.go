package draw

import (
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"sync"

	"nightshift/pipeline/clean/lexicon"
)

// words deals words as they follow each other in general English.
type words struct {
	lex *lexicon.Lexicon
	all weighed // every word that can be drawn
	// after holds, for each word, those that follow it often.
	after map[lexicon.Word]weighed
	names []lexicon.Word
}

// weighed are words and, for each, the sum of its weight and those before it.
type weighed struct {
	words []lexicon.Word
	sums  []uint64
}

func (w *weighed) add(word lexicon.Word, class int) {
	sum := weight(class)
	if n := len(w.sums); n > 0 {
		sum += w.sums[n-1]
	}
	w.words, w.sums = append(w.words, word), append(w.sums, sum)
}

func (w *weighed) deal(r *rand.Rand) lexicon.Word {
	n := r.Uint64N(w.sums[len(w.sums)-1])
	return w.words[sort.Search(len(w.sums), func(i int) bool { return w.sums[i] > n })]
}

// weight flattens frequencies, which classes give as seven times their binary
// logarithm: rare words come oftener than in running text, since a network that
// sees only the common ones learns those and not letters.
func weight(class int) uint64 {
	steps := [...]uint64{1024, 1131, 1248, 1378, 1522, 1680, 1855} // 1024 × 2^(n/7)
	n := class * 7 / 10
	return steps[n%7] << (n / 7)
}

var newWords = sync.OnceValue(func() *words {
	w := &words{lex: lexicon.Default(), after: map[lexicon.Word]weighed{}}
	for i := range lexicon.Word(w.lex.Words()) {
		if text := w.lex.Text(i); len(text) > 18 || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz'") != "" || len(text) == 1 && text != "a" && text != "i" {
			continue
		}
		switch kind := w.lex.Kind(i); {
		case kind&lexicon.Lower != 0:
			w.all.add(i, w.lex.Class(i))
		case kind&lexicon.Capital != 0:
			w.all.add(i, w.lex.Class(i))
			w.names = append(w.names, i)
		}
	}
	type pair struct {
		a, b  lexicon.Word
		class int
	}
	var pairs []pair
	w.lex.EachPair(func(a, b lexicon.Word, class int) { pairs = append(pairs, pair{a, b, class}) })
	slices.SortFunc(pairs, func(p, q pair) int { return int(int64(p.a)<<20 + int64(p.b) - int64(q.a)<<20 - int64(q.b)) })
	known := map[lexicon.Word]bool{}
	for _, i := range w.all.words {
		known[i] = true
	}
	for _, p := range pairs {
		if known[p.a] && known[p.b] {
			f := w.after[p.a]
			f.add(p.b, p.class)
			w.after[p.a] = f
		}
	}
	return w
})

// next is a word that may follow another; None begins.
func (w *words) next(r *rand.Rand, last lexicon.Word) lexicon.Word {
	if f, ok := w.after[last]; ok && chance(r, 60) {
		return f.deal(r)
	}
	return w.all.deal(r)
}

// spell is a word as it is written inside a sentence.
func (w *words) spell(i lexicon.Word) string {
	text := w.lex.Text(i)
	if k := w.lex.Kind(i); k&lexicon.Lower == 0 && k&lexicon.Capital != 0 || text == "i" || strings.HasPrefix(text, "i'") {
		return capital(text)
	}
	return text
}

// word is any word, in lower case mostly.
func (w *words) word(r *rand.Rand) string { return w.spell(w.all.deal(r)) }

// name is a name, of a person, a place or anything, with its capital.
func (w *words) name(r *rand.Rand) string {
	return capital(w.lex.Text(one(r, w.names...)))
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
