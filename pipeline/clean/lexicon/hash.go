package lexicon

// Hash is what words are found by. The hash of a changed word is made of those
// of its parts without going through its letters: see Parts.
type Hash uint64

const radix = 0x9E3779B97F4A7C15

// HashOf is the hash of a word.
func HashOf(w []byte) Hash {
	h := Hash(0)
	for _, c := range w {
		h = h*radix + Hash(c) + 1
	}
	return h
}

func (h Hash) mixed() uint64 {
	m := uint64(h)
	m = (m ^ m>>32) * 0xD6E8FEB86659FD93
	return m ^ m>>29
}

// MaxParts is the longest word in bytes that Parts takes.
const MaxParts = 64

// powers are those of radix.
var powers = func() (p [2 * MaxParts]Hash) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * radix
	}
	return
}()

// Parts are the hashes of the beginnings and endings of a word.
type Parts struct {
	n             int
	before, after [MaxParts + 1]Hash
}

// Set takes the word, of at most MaxParts bytes.
func (p *Parts) Set(w []byte) {
	p.n = len(w)
	p.before[0], p.after[p.n] = 0, 0
	for i, c := range w {
		p.before[i+1] = p.before[i]*radix + Hash(c) + 1
	}
	for i := p.n - 1; i >= 0; i-- {
		p.after[i] = p.after[i+1] + (Hash(w[i])+1)*powers[p.n-1-i]
	}
}

// With is the hash of the word with the bytes from i to j replaced by s.
func (p *Parts) With(i, j int, s string) Hash {
	h := p.before[i]
	for k := range len(s) {
		h = h*radix + Hash(s[k]) + 1
	}
	return h*powers[p.n-j] + p.after[j]
}
