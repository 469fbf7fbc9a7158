// Package lexicon is general English as it was printed: words, names and
// abbreviations with how often they occur, and which words follow each other.
// It knows nothing of any archive; those add their own words (package clean).
package lexicon

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Version changes when lexicon.zst does.
const Version = "1"

//go:embed lexicon.zst
var packed []byte

// Default is the built-in lexicon; it is unpacked once, when first asked for,
// and takes about 10 MB.
var Default = sync.OnceValue(func() *Lexicon {
	l, err := unpack(packed)
	if err != nil {
		panic("lexicon: " + err.Error()) // the file is part of the program; a test reads it
	}
	return l
})

// Word numbers a word of the lexicon; None is no word.
type Word int32

// None is the Word of what the lexicon does not hold.
const None Word = -1

// The kinds of a word; one may have several.
const (
	Lower   uint8 = 1 << iota // written without a capital
	Capital                   // a name, written with one
	Abbreviation
)

// Lexicon is a word list with frequencies. It is read-only.
type Lexicon struct {
	text  string
	at    []uint32 // where each word begins in text, and where the last ends
	class []uint8
	kind  []uint8
	maybe []uint64 // a bit for each hash that a word has: most strings that are no word end here
	front []int32  // a common word for each of the hash's values, -1 none: small enough to stay near the processor
	slots []int32  // open addressing: word numbers, -1 free
	pairs []uint64 // open addressing: first<<26 | second<<8 | class; 0 free

	spelling *spelling
}

// pairBits hold a word's number in a key of pairs.
const pairBits = 18

// Find looks a word up in lower case, with ' for its apostrophes.
func (l *Lexicon) Find(w []byte) Word {
	h := HashOf(w)
	if len(w) == 0 {
		return None
	}
	if n := l.front[h.mixed()>>32&(frontSize-1)]; n >= 0 && string(w) == l.text[l.at[n]:l.at[n+1]] {
		return Word(n)
	}
	if !l.May(h) {
		return None
	}
	for i := uint32(h.mixed()) & uint32(len(l.slots)-1); ; i = (i + 1) & uint32(len(l.slots)-1) {
		n := l.slots[i]
		if n < 0 {
			return None
		}
		if string(w) == l.text[l.at[n]:l.at[n+1]] {
			return Word(n)
		}
	}
}

// frontSize is how many words front holds, a power of two.
const frontSize = 4096

// May tells whether there may be a word of such a hash: false is sure, true is
// wrong once in fourteen times.
func (l *Lexicon) May(h Hash) bool {
	m := h.mixed() >> (64 - maybeBits)
	return l.maybe[m>>6]&(1<<(m&63)) != 0
}

// Class is seven times the binary logarithm of how often the word stands in
// Google Books (1500-2008, of half a million million words): 115 is once in six
// million words, 160 once in 65 thousand, 200 once in a thousand.
func (l *Lexicon) Class(w Word) int { return int(l.class[w]) }

// Text is the word as Find takes it, in lower case.
func (l *Lexicon) Text(w Word) string { return l.text[l.at[w]:l.at[w+1]] }

// EachPair calls f for the pairs that Pair knows, in no order that means
// anything but always the same.
func (l *Lexicon) EachPair(f func(a, b Word, class int)) {
	for _, p := range l.pairs {
		if p != 0 {
			f(Word(p>>8>>pairBits), Word(p>>8&(1<<pairBits-1)), int(p&0xFF))
		}
	}
}

// Words is how many words there are.
func (l *Lexicon) Words() int { return len(l.class) }

// Bits is the binary logarithm of a word's share of running text.
func (l *Lexicon) Bits(w Word) float64 { return float64(l.class[w])/7 - wordTotal }

// After is the binary logarithm of how often b follows a where a stands; false
// when the pair is not among those counted.
func (l *Lexicon) After(a, b Word) (float64, bool) {
	p := l.Pair(a, b)
	if p == 0 {
		return 0, false
	}
	return min(-0.5, float64(p)/7-pairScale-float64(l.class[a])/7), true
}

// The binary logarithms of how many words were counted (the commonest, "the",
// is one in twenty), and of how many times larger the sample of the pairs is
// ("the" follows one "of" in four).
const wordTotal, pairScale = 38.7, 5.7

// Kind tells how a word is written.
func (l *Lexicon) Kind(w Word) uint8 { return l.kind[w] }

// Pair is the class of two words that follow each other; 0 when they are not
// among the quarter of a million commonest pairs.
func (l *Lexicon) Pair(a, b Word) int {
	if a < 0 || b < 0 {
		return 0
	}
	key := uint64(a)<<pairBits | uint64(b)
	for i := mix(key) & uint64(len(l.pairs)-1); ; i = (i + 1) & uint64(len(l.pairs)-1) {
		p := l.pairs[i]
		if p == 0 {
			return 0
		}
		if p>>8 == key {
			return int(p & 0xFF)
		}
	}
}

// maybeBits is the binary logarithm of the size of maybe in bits: 14 a word.
const maybeBits = 21

func mix(k uint64) uint64 {
	k *= 0x9E3779B97F4A7C15
	return k ^ k>>29
}

func unpack(z []byte) (*Lexicon, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	raw, err := d.DecodeAll(z, nil)
	if err != nil {
		return nil, err
	}
	words, pairs, ok := bytes.Cut(raw, []byte("\n\n"))
	if !ok {
		return nil, errors.New("no word pairs")
	}
	l := &Lexicon{}
	if err := l.addWords(words); err != nil {
		return nil, err
	}
	return l, l.addPairs(pairs)
}

func (l *Lexicon) addWords(raw []byte) error {
	n := bytes.Count(raw, []byte("\n")) + 1
	if n >= 1<<pairBits {
		return fmt.Errorf("%d words are too many", n)
	}
	var byClass [256][][]byte
	for line := range bytes.Lines(raw) {
		f := bytes.Fields(line)
		if len(f) != 3 {
			return fmt.Errorf("line %q", line)
		}
		class, err := strconv.ParseUint(string(f[1]), 10, 8)
		if err != nil {
			return fmt.Errorf("line %q: %w", line, err)
		}
		byClass[class] = append(byClass[class], line)
	}
	l.front, l.slots, l.maybe = free(frontSize/2), free(n), make([]uint64, 1<<(maybeBits-6))
	l.at, l.class, l.kind = make([]uint32, 0, n+1), make([]uint8, 0, n), make([]uint8, 0, n)
	var text strings.Builder
	for class := 255; class >= 0; class-- { // the commonest first: what is mostly looked up lies together
		for _, line := range byClass[class] {
			f := bytes.Fields(line)
			l.addWord(f[0], uint8(class), f[2], &text)
		}
	}
	l.at = append(l.at, uint32(text.Len()))
	l.text = text.String()
	l.learnSpelling()
	return nil
}

func (l *Lexicon) addWord(w []byte, class uint8, kinds []byte, text *strings.Builder) {
	var kind uint8
	for _, c := range kinds {
		switch c {
		case 'l':
			kind |= Lower
		case 'c':
			kind |= Capital
		case 'u':
			kind |= Abbreviation
		}
	}
	h := HashOf(w).mixed()
	m := h >> (64 - maybeBits)
	l.maybe[m>>6] |= 1 << (m & 63)
	i := uint32(h) & uint32(len(l.slots)-1)
	for l.slots[i] >= 0 {
		i = (i + 1) & uint32(len(l.slots)-1)
	}
	l.slots[i] = int32(len(l.class))
	if f := &l.front[h>>32&(frontSize-1)]; *f < 0 {
		*f = int32(len(l.class))
	}
	l.at = append(l.at, uint32(text.Len()))
	l.class, l.kind = append(l.class, class), append(l.kind, kind)
	text.Write(w)
}

// free is a table of at least twice n free slots.
func free(n int) []int32 {
	size := 16
	for size < 2*n {
		size *= 2
	}
	out := make([]int32, size)
	for i := range out {
		out[i] = -1
	}
	return out
}

func (l *Lexicon) addPairs(lines []byte) error {
	size := 16
	for size < 2*bytes.Count(lines, []byte("\n"))+2 {
		size *= 2
	}
	l.pairs = make([]uint64, size)
	for line := range bytes.Lines(lines) {
		f := bytes.Fields(line)
		if len(f) != 3 {
			return fmt.Errorf("pair %q", line)
		}
		class, err := strconv.ParseUint(string(f[2]), 10, 8)
		if err != nil {
			return fmt.Errorf("pair %q: %w", line, err)
		}
		a, b := l.Find(f[0]), l.Find(f[1])
		if a == None || b == None || class == 0 {
			continue
		}
		key := uint64(a)<<pairBits | uint64(b)
		i := mix(key) & uint64(size-1)
		for l.pairs[i] != 0 {
			i = (i + 1) & uint64(size-1)
		}
		l.pairs[i] = key<<8 | class
	}
	return nil
}
