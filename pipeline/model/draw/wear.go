package draw

import (
	"math"
	"math/rand/v2"

	"nightshift/pipeline/model/lines"
)

// Wear is a damaged copy of a real line: cut a little differently, askew,
// heavier or fainter, blurred, noisy, smaller, copied. The line is not changed.
// Its margin should be at least 8, so that it can be cut wider; the copy's is
// Tesseract's.
func Wear(r *rand.Rand, l lines.Line) lines.Line {
	a := inkOf(l.Image)
	margin := max(l.Margin, 0)
	size := float64(a.h-2*margin) / 40 // 1 at about 200 dots an inch
	extra := 0
	if chance(r, 50) {
		slope := math.Tan(gaussian(r, 0.5) * math.Pi / 180)
		if slope != 0 {
			a = shearPaper(a, shifts(a.w, slope))
		}
		extra = int(math.Abs(slope) * float64(a.w) / 2)
	}
	pad := func() int { return round(float64(one(r, 4, 4, 4, 3, 5, 6, 8, 1)) * max(size, 0.6)) }
	x0, y0 := margin-pad(), max(margin-pad()-extra, 0)
	x1, y1 := a.w-margin+pad(), min(a.h-margin+pad()+extra, a.h)
	x0, x1 = max(x0, 0), min(x1, a.w)
	if x1-x0 < 8 || y1-y0 < 8 {
		return l // nothing to damage
	}
	a = a.cut(x0, y0, x1, y1)
	lo, hi := percentiles(a, 1, 92)
	a.scale(lo, 256*255/max(hi-lo, 13)) // from black to white
	for i, v := range a.p {
		a.p[i] = 255 - v
	}
	if chance(r, 30) {
		a = wornCopy(noise(), r, a, size)
	} else {
		a = wornScan(noise(), r, a, size)
	}
	out := l
	out.Image, out.Margin = grey(a), cutMargin
	return out
}

// wornScan is the line in a worse scan.
func wornScan(g *grains, r *rand.Rand, a ink, size float64) ink {
	switch n := r.Float64(); {
	case n < 0.2:
		a = spread(a, 2, 2)
	case n < 0.35: // half way to thinner ink
		thin := shrink(a, 2, 2)
		for i, v := range thin.p {
			a.p[i] = uint8((int(a.p[i]) + int(v)) / 2)
		}
	}
	if chance(r, 50) {
		a = blur(a, min(within(r, 0.3, 1.3)*max(size, 0.5), 3))
	}
	if chance(r, 40) {
		g.patch(r, a, one(r, grain(7), 16, 30), round(within(r, 0.02, 0.3)*256))
	}
	if chance(r, 60) {
		a = shade(a, within(r, 0.7, 1), within(r, 0, 0.5))
	} else {
		a = shade(a, 1, 0)
	}
	if chance(r, 40) {
		g.add(r, a, 0, one(r, 3, 8, 15))
	}
	if chance(r, 15) {
		specks(r, a, one(r, 0.0005, 0.002), 2, 60)
	}
	scale := one(r, 1, 1, 0.75, 0.55)
	if size <= 0.8 {
		scale = one(r, 1, 1, 1.3, 1.8)
	}
	a = resize(a, max(8, int(float64(a.w)*scale*within(r, 0.9, 1.1))), max(10, int(float64(a.h)*scale)))
	return finish(r, a, 30, 22)
}

// wornCopy is the line in a copy of its copy.
func wornCopy(g *grains, r *rand.Rand, a ink, size float64) ink {
	scale := within(r, 26, 44) / 40 / max(size, 0.3)
	a = resize(a, max(10, int(float64(a.w)*scale*within(r, 0.9, 1.1))), max(14, int(float64(a.h)*scale)))
	return g.copied(r, a)
}

// shearPaper is shear for a picture whose edges are no ink: they go on.
func shearPaper(a ink, shift []int) ink {
	b := newInk(a.w, a.h)
	for y := range a.h {
		to := b.row(y)
		for x := range to {
			from := y<<8 - shift[x]
			at, part := from>>8, from&255
			up := int(a.p[min(max(at, 0), a.h-1)*a.w+x])
			down := int(a.p[min(max(at+1, 0), a.h-1)*a.w+x])
			to[x] = uint8((up*(256-part) + down*part) >> 8)
		}
	}
	return b
}
