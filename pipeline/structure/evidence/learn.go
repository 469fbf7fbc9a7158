package evidence

import (
	"math"
	"slices"
)

// Example is a document with the kinds of its blocks; a block whose kind is
// unknown or not in the table is taken as the table reads it.
type Example struct {
	Blocks []Block
	Kinds  []string
}

// Learn counts the weights of a table on examples: the weights under which the
// examples' kinds are the most likely readings, each drawn to its leaning by a
// prior of the given strength (1/variance). It climbs by gradients with a step for
// each weight of its own; rounds of 60 are enough for some hundred documents.
func Learn(kinds []string, examples []Example, prior float64, rounds int) *Table {
	t := Leanings(kinds)
	params := t.params()
	lean := make([]float64, len(params))
	for i, p := range params {
		lean[i] = *p
	}
	grad, square := make([]float64, len(params)), make([]float64, len(params))
	type seen struct {
		obs  []Observation
		at   []int
		gold []int
	}
	var docs []seen
	for _, e := range examples {
		s := seen{obs: Observe(e.Blocks)}
		for i := range e.Blocks {
			if e.Blocks[i].Known == "" {
				s.at = append(s.at, i)
				s.gold = append(s.gold, slices.Index(kinds, e.Kinds[i]))
			}
		}
		if len(s.at) > 0 && !slices.Contains(s.gold, -1) {
			docs = append(docs, s)
		}
	}
	for range rounds {
		for i, p := range params {
			grad[i] = -prior * (*p - lean[i])
		}
		for _, d := range docs {
			t.gradient(d.obs, d.at, d.gold, grad)
		}
		for i, p := range params {
			square[i] += grad[i] * grad[i]
			if square[i] > 0 {
				*p += 0.5 * grad[i] / math.Sqrt(square[i])
			}
		}
	}
	return t
}

// params are all weights in the order that gradient uses.
func (t *Table) params() []*float64 {
	var out []*float64
	for _, rows := range [][][]float64{t.sign, t.follow, {t.last}} {
		for _, r := range rows {
			for i := range r {
				out = append(out, &r[i])
			}
		}
	}
	return out
}

// gradient adds, for each weight, how often it is used in the true reading less
// how often in the table's own.
func (t *Table) gradient(obs []Observation, at, gold []int, grad []float64) {
	l := t.lattice(obs, at)
	k := l.kinds
	fwd, bwd := l.forward(), l.backward()
	follow, last := (len(signs)+1)*k, (len(signs)+1)*k+(k+1)*k
	for n, i := range at {
		sum := 0.0
		for j := range k {
			sum += fwd[n*k+j] * bwd[n*k+j]
		}
		for j := range k {
			d := -fwd[n*k+j] * bwd[n*k+j] / sum
			if gold[n] == j {
				d++
			}
			for _, s := range obs[i] {
				grad[int(s)*k+j] += d
			}
			grad[len(signs)*k+j] += d
			if n == 0 {
				grad[follow+k*k+j] += d
			}
			if n == l.n-1 {
				grad[last+j] += d
			}
		}
		if n > 0 {
			grad[follow+gold[n-1]*k+gold[n]]++
			l.pairs(n, fwd, bwd, grad[follow:])
		}
	}
}

// pairs takes away the expected pairs of blocks n-1 and n.
func (l *lattice) pairs(n int, fwd, bwd, grad []float64) {
	k := l.kinds
	sum := 0.0
	pair := make([]float64, k*k)
	for p := range k {
		for j := range k {
			pair[p*k+j] = fwd[(n-1)*k+p] * l.jump[p*k+j] * l.factor[n*k+j] * bwd[n*k+j]
			sum += pair[p*k+j]
		}
	}
	for i := range pair {
		grad[i] -= pair[i] / sum
	}
}
