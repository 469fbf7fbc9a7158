package lexicon

import "math"

// spelling tells how much a string looks like a word of the lexicon: counts of
// three letters in a row over its words, each once.
type spelling struct {
	bits [alphabet * alphabet * alphabet]float32 // of the third letter after the other two
}

// alphabet: the edge of a word, a to z, anything else.
const alphabet = 28

func letter(b byte) int {
	if b >= 'a' && b <= 'z' {
		return int(b-'a') + 1
	}
	return alphabet - 1
}

func (l *Lexicon) learnSpelling() {
	const floor = 0.02 // a count for what was never seen
	s := &spelling{}
	for i := range l.class {
		w := l.text[l.at[i]:l.at[i+1]]
		a, b := 0, 0
		for k := 0; k <= len(w); k++ {
			c := 0
			if k < len(w) {
				c = letter(w[k])
			}
			s.bits[(a*alphabet+b)*alphabet+c]++
			a, b = b, c
		}
	}
	for i := 0; i < len(s.bits); i += alphabet {
		row := s.bits[i : i+alphabet]
		sum := float32(0)
		for _, n := range row {
			sum += n
		}
		for k, n := range row {
			row[k] = float32(math.Log2(float64((n + floor + 1e-4*sum) / (sum*(1+alphabet*1e-4) + alphabet*floor))))
		}
	}
	l.spelling = s
}

// Spelling is the binary logarithm of how likely a word, in lower case, is to
// be spelt so if nothing is known of it but that it is a word or name.
func (l *Lexicon) Spelling(w []byte) float64 {
	a, b, sum := 0, 0, 0.0
	for k := 0; k <= len(w); k++ {
		c := 0
		if k < len(w) {
			c = letter(w[k])
		}
		sum += float64(l.spelling.bits[(a*alphabet+b)*alphabet+c])
		a, b = b, c
	}
	return sum
}
