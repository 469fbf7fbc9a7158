package draw

import "math"

// kernel is half of a symmetric filter, from its middle outwards, of whole
// numbers that add up to 256 over both halves.
type kernel []int

// gauss is the kernel of a normal blur; sigma is in pixels, at most 4.
func gauss(sigma float64) kernel {
	n := min(int(2.4*sigma)+1, 9)
	w, sum := make([]float64, n+1), 0.0
	for i := range w {
		w[i] = math.Exp(-float64(i*i) / (2 * sigma * sigma))
		sum += w[i]
		if i > 0 {
			sum += w[i]
		}
	}
	k, rest := make(kernel, n+1), 256
	for i := n; i > 0; i-- {
		k[i] = int(256*w[i]/sum + 0.5)
		rest -= 2 * k[i]
	}
	k[0] = rest
	for len(k) > 1 && k[len(k)-1] == 0 {
		k = k[:len(k)-1]
	}
	return k
}

// blur is a normal blur in both directions. Beyond the edges the picture goes on
// as it ends.
func blur(a ink, sigma float64) ink {
	if sigma < 0.2 {
		return a
	}
	k := gauss(sigma)
	sum := make([]int32, a.w)
	b := newInk(a.w, a.h)
	across := newInk(a.w, a.h)
	n := len(k) - 1
	padded := make([]uint8, a.w+2*n)
	for y := range a.h {
		row := a.row(y)
		copy(padded[n:], row)
		for i := range n {
			padded[i], padded[n+a.w+i] = row[0], row[a.w-1]
		}
		k.sums(sum, padded[n:n+a.w], func(d int) ([]uint8, []uint8) {
			return padded[n-d : n-d+a.w], padded[n+d : n+d+a.w]
		})
		settle(across.row(y), sum)
	}
	for y := range a.h {
		k.sums(sum, across.row(y), func(d int) ([]uint8, []uint8) {
			return across.row(max(0, y-d)), across.row(min(a.h-1, y+d))
		})
		settle(b.row(y), sum)
	}
	return b
}

// sums adds the middle and the pairs of neighbours at each distance.
func (k kernel) sums(sum []int32, middle []uint8, pair func(d int) (one, other []uint8)) {
	w := int32(k[0])
	middle = middle[:len(sum)]
	for i := range sum {
		sum[i] = w*int32(middle[i]) + 128
	}
	for d := 1; d < len(k); d++ {
		one, other := pair(d)
		one, other = one[:len(sum)], other[:len(sum)]
		w := int32(k[d])
		for i := range sum {
			sum[i] += w * (int32(one[i]) + int32(other[i]))
		}
	}
}

func settle(to []uint8, sum []int32) {
	sum = sum[:len(to)]
	for i := range to {
		to[i] = uint8(sum[i] >> 8)
	}
}

// spread makes each pixel the darkest of an n by m window: heavier ink.
func spread(a ink, n, m int) ink { return window(a, n, m, func(x, y uint8) uint8 { return max(x, y) }) }

// shrink makes each pixel the lightest of an n by m window: thinner ink.
func shrink(a ink, n, m int) ink { return window(a, n, m, func(x, y uint8) uint8 { return min(x, y) }) }

func window(a ink, n, m int, better func(x, y uint8) uint8) ink {
	b := ink{a.w, a.h, append([]uint8(nil), a.p...)}
	for y := range a.h {
		to, from := b.row(y), a.row(y)
		for d := -(n - 1) / 2; d <= n/2; d++ {
			for x := max(0, -d); d != 0 && x < min(a.w, a.w-d); x++ {
				to[x] = better(to[x], from[x+d])
			}
		}
	}
	if m < 2 {
		return b
	}
	c := ink{a.w, a.h, append([]uint8(nil), b.p...)}
	for y := range a.h {
		to := c.row(y)
		for d := -(m - 1) / 2; d <= m/2; d++ {
			if y+d < 0 || y+d >= a.h || d == 0 {
				continue
			}
			from := b.row(y + d)
			for x := range to {
				to[x] = better(to[x], from[x])
			}
		}
	}
	return c
}
