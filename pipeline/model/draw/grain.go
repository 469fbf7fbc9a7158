package draw

import (
	"math/rand/v2"
	"sync"
)

// grains are tiles of noise, of one standard deviation 32, made once: every
// picture takes them from another place on.
type grains struct{ tiles map[grain]ink }

// grain is how coarse noise is, in tenths of a pixel of blur.
type grain int

const grainSide = 512 // a power of two

// noise is made when first asked for.
var noise = sync.OnceValue(newGrains)

func newGrains() *grains {
	r := rand.New(rand.NewPCG(0x6772, 0x61696e)) // #nosec G404 -- drawn the same each time
	fine := make([]float32, grainSide*grainSide)
	for i := range fine {
		fine[i] = float32(r.NormFloat64())
	}
	g := &grains{map[grain]ink{0: tile(fine)}}
	for _, coarse := range []grain{7, 10, 16, 30, 60, 160} {
		g.tiles[coarse] = tile(soften(fine, coarse))
	}
	return g
}

// soften runs three means in each direction over noise that goes round, which is
// near a normal blur.
func soften(fine []float32, coarse grain) []float32 {
	n := max(1, int(coarse)*11/100) // half a window whose three means spread so far
	v := append([]float32(nil), fine...)
	for range 3 {
		v = means(means(v, n, 1, grainSide), n, grainSide, 1)
	}
	return v
}

func means(v []float32, n, step, line int) []float32 {
	out := make([]float32, len(v))
	for l := range grainSide {
		var sum float32
		at := func(i int) float32 { return v[l*line+(i&(grainSide-1))*step] }
		for i := -n; i <= n; i++ {
			sum += at(i)
		}
		for i := range grainSide {
			out[l*line+i*step] = sum
			sum += at(i+n+1) - at(i-n)
		}
	}
	return out
}

// tile scales noise to a deviation of 32 about 128.
func tile(v []float32) ink {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	k := 32 / sqrt(sum/float64(len(v)))
	t := newInk(grainSide, grainSide)
	for i, x := range v {
		t.p[i] = clamp(128 + int(float64(x)*k+0.5))
	}
	return t
}

// over calls f for each row with as much noise, 128 being none.
func (g *grains) over(r *rand.Rand, a ink, coarse grain, f func(row, noise []uint8)) {
	t := g.tiles[coarse]
	x0, y0 := r.IntN(grainSide), r.IntN(grainSide)
	noise := make([]uint8, a.w)
	for y := range a.h {
		from := t.row((y0 + y) & (grainSide - 1))
		for n := 0; n < a.w; {
			n += copy(noise[n:], from[(x0+n)&(grainSide-1):])
		}
		f(a.row(y), noise)
	}
}

// add adds noise of a deviation of so many 256ths.
func (g *grains) add(r *rand.Rand, a ink, coarse grain, deviation int) {
	if deviation == 0 {
		return
	}
	g.over(r, a, coarse, func(row, noise []uint8) {
		for i, v := range row {
			row[i] = clamp(int(v) + (int(noise[i])-128)*deviation>>5)
		}
	})
}

// patch makes ink lighter and darker in patches of a deviation of so many 256ths,
// at most by a third darker: the ribbon's weave, uneven pressure.
func (g *grains) patch(r *rand.Rand, a ink, coarse grain, deviation int) {
	g.over(r, a, coarse, func(row, noise []uint8) {
		for i, v := range row {
			if v != 0 {
				less := max((int(noise[i])-128)*deviation>>5, -80)
				row[i] = clamp(int(v) * (256 - less) >> 8)
			}
		}
	})
}
