package evidence

import (
	"math"
	"slices"
)

// Reading is the kind of a block and how sure it is: the share that readings
// with this kind have of all readings of the document.
type Reading struct {
	Kind       string
	Confidence float64
}

// Decode finds the best reading of all blocks together.
func (t *Table) Decode(blocks []Block) []Reading {
	out := make([]Reading, len(blocks))
	obs := Observe(blocks)
	var at []int
	for i := range blocks {
		if blocks[i].Known != "" {
			out[i] = Reading{blocks[i].Known, 1}
			continue
		}
		at = append(at, i)
	}
	if len(at) == 0 {
		return out
	}
	l := t.lattice(obs, at)
	path := l.best()
	share := l.shares()
	for n, i := range at {
		out[i] = Reading{t.Kinds[path[n]], share[n*l.kinds+path[n]]}
	}
	return out
}

// lattice holds the scores of a document's open blocks.
type lattice struct {
	t            *Table
	kinds, n     int
	score        []float64 // n × kinds
	factor, jump []float64 // exponentials of score (less the block's best) and of follow
}

func (t *Table) lattice(obs []Observation, at []int) *lattice {
	k := len(t.Kinds)
	l := &lattice{t: t, kinds: k, n: len(at), score: make([]float64, len(at)*k), factor: make([]float64, len(at)*k), jump: make([]float64, k*k)}
	for n, i := range at {
		row := l.score[n*k : (n+1)*k]
		copy(row, t.sign[len(signs)])
		for _, s := range obs[i] {
			for j, w := range t.sign[s] {
				row[j] += w
			}
		}
		top := slices.Max(row)
		for j := range row {
			l.factor[n*k+j] = math.Exp(row[j] - top)
		}
	}
	for p := range k {
		for j := range k {
			l.jump[p*k+j] = math.Exp(t.follow[p][j])
		}
	}
	return l
}

// best is the Viterbi path.
func (l *lattice) best() []int {
	k := l.kinds
	back := make([]uint8, l.n*k)
	cur, next := make([]float64, k), make([]float64, k)
	for j := range k {
		cur[j] = l.t.follow[k][j] + l.score[j]
	}
	for n := 1; n < l.n; n++ {
		for j := range k {
			top, from := math.Inf(-1), 0
			for p := range k {
				if s := cur[p] + l.t.follow[p][j]; s > top {
					top, from = s, p
				}
			}
			next[j], back[n*k+j] = top+l.score[n*k+j], uint8(from)
		}
		cur, next = next, cur
	}
	end := 0
	for j := range k {
		if cur[j]+l.t.last[j] > cur[end]+l.t.last[end] {
			end = j
		}
	}
	path := make([]int, l.n)
	for n := l.n - 1; n >= 0; n-- {
		path[n] = end
		end = int(back[n*k+end])
	}
	return path
}

// shares are the posteriors, n × kinds, by forward and backward sums scaled at
// every block.
func (l *lattice) shares() []float64 {
	fwd, bwd := l.forward(), l.backward()
	k := l.kinds
	for n := range l.n {
		sum := 0.0
		for j := range k {
			fwd[n*k+j] *= bwd[n*k+j]
			sum += fwd[n*k+j]
		}
		for j := range k {
			fwd[n*k+j] /= sum
		}
	}
	return fwd
}

func (l *lattice) forward() []float64 {
	k := l.kinds
	a := make([]float64, l.n*k)
	for n := range l.n {
		sum := 0.0
		for j := range k {
			in := 0.0
			if n == 0 {
				in = math.Exp(l.t.follow[k][j])
			} else {
				for p := range k {
					in += a[(n-1)*k+p] * l.jump[p*k+j]
				}
			}
			a[n*k+j] = in * l.factor[n*k+j]
			sum += a[n*k+j]
		}
		for j := range k {
			a[n*k+j] /= sum
		}
	}
	return a
}

func (l *lattice) backward() []float64 {
	k := l.kinds
	b := make([]float64, l.n*k)
	for j := range k {
		b[(l.n-1)*k+j] = math.Exp(l.t.last[j])
	}
	for n := l.n - 2; n >= 0; n-- {
		sum := 0.0
		for p := range k {
			for j := range k {
				b[n*k+p] += l.jump[p*k+j] * l.factor[(n+1)*k+j] * b[(n+1)*k+j]
			}
			sum += b[n*k+p]
		}
		for p := range k {
			b[n*k+p] /= sum
		}
	}
	return b
}
