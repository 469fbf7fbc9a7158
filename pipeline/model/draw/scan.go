package draw

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"

	"nightshift/pipeline/model/lines"
)

// scan turns the ink of typewriting into a scanner's picture.
func (d *Drawer) scan(r *rand.Rand, s sheet) lines.Line {
	scale := one(r, 1, 1, 1, 0.8, 0.65, 0.5)
	pad := int(one(r, 4, 4, 3, 5, 6, 8.0) / scale)
	a := s.trim(r, pad, 12)
	if chance(r, 70) {
		d.grains.patch(r, a, one(r, grain(7), 10, 16, 30), round(within(r, 0.05, 0.55)*256))
	}
	a = blur(a, one(r, 0, 0.4, 0.6, 0.8, 1.1, 1.6))
	gain := within(r, 0.55, 1)
	if chance(r, 30) { // over-inked
		gain *= within(r, 1.1, 1.9)
	}
	a.scale(0, round(256*gain))
	a = d.onPaper(r, a, within(r, 0.72, 1), within(r, 0, 0.3))
	w, h := float64(a.w)*scale*within(r, 0.88, 1.1), float64(a.h)*scale
	return s.line("typed", finish(r, resize(a, max(8, int(w)), max(12, int(h))), 35, 32))
}

// scanPrint is scan for print, which is cleaner.
func (d *Drawer) scanPrint(r *rand.Rand, s sheet) lines.Line {
	scale := one(r, 1, 1, 0.8, 0.6)
	a := s.trim(r, int(one(r, 4, 4, 3, 5, 6.0)/scale), 0)
	a = blur(a, one(r, 0, 0.4, 0.7, 1, 1.4))
	paper := within(r, 0.8, 1)
	a = shade(a, paper, within(r, 0, 0.3))
	d.grains.add(r, a, 0, one(r, 0, 0, 5, 13))
	w, h := float64(a.w)*scale*within(r, 0.95, 1.05), float64(a.h)*scale
	return s.line("printed", finish(r, resize(a, max(8, int(w)), max(12, int(h))), 25, 25))
}

// scanFine is scanPrint by a scanner that loses nothing.
func (d *Drawer) scanFine(r *rand.Rand, s sheet) lines.Line {
	a := s.trim(r, one(r, 4, 4, 3, 5, 6), 0)
	a = blur(a, one(r, 0, 0, 0.4, 0.8))
	a = shade(a, within(r, 0.9, 1), within(r, 0, 0.15))
	d.grains.add(r, a, 0, one(r, 0, 0, 0, 5))
	return s.line("printed", finish(r, a, 25, 25))
}

// trim cuts the line out with so much around it; more across, at times, for
// boxes that something beside the line made longer.
func (s sheet) trim(r *rand.Rand, pad, more int) ink {
	left, right := 0, 0
	if chance(r, 10) {
		left = r.IntN(more + 1)
	}
	if chance(r, 10) {
		right = r.IntN(more + 1)
	}
	return s.ink.cut(s.box.left-pad-left, s.box.top-pad, s.box.right+pad+right, s.box.bottom+pad)
}

// onPaper lays ink on paper that is no even white: shaded, seen through, noisy.
// From here on 255 is white.
func (d *Drawer) onPaper(r *rand.Rand, a ink, paper, dark float64) ink {
	if chance(r, 20) {
		a = showThrough(r, a)
	}
	b := shade(a, paper, dark)
	d.grains.add(r, b, 160, round(within(r, 0, 10)))
	d.grains.add(r, b, 0, one(r, 0, 3, 5, 10, 18))
	if chance(r, 25) {
		specks(r, b, one(r, 0.0005, 0.002, 0.006), 2, 255-from(r, 75, 230))
	}
	return b
}

// shade gives ink its greys: paper's for none, dark's part of it for full.
func shade(a ink, paper, dark float64) ink {
	white, black := 255*paper, 255*paper*dark
	var table [256]uint8
	for v := range table {
		table[v] = clamp(round(white - float64(v)/255*(white-black)))
	}
	a.each(&table)
	return a
}

// showThrough adds the other side of the leaf, blurred and faint: the line itself
// from behind serves for that.
func showThrough(r *rand.Rand, a ink) ink {
	back := newInk(a.w, a.h)
	down := from(r, -a.h/3, a.h/3)
	for y := range a.h {
		src, to := a.row(((a.h-1-y+down)%a.h+a.h)%a.h), back.row(y)
		for x := range to {
			to[x] = src[a.w-1-x]
		}
	}
	dark := round(within(r, 0.05, 0.25) * 256)
	back = blur(back, 2)
	for i, v := range back.p {
		a.p[i] = clamp(int(a.p[i]) + int(v)*dark>>8)
	}
	return a
}

// specks sets small squares to a value, so many to a pixel.
func specks(r *rand.Rand, a ink, often float64, side int, value int) {
	for range int(often*float64(len(a.p)) + r.Float64()) {
		x, y := r.IntN(a.w), r.IntN(a.h)
		for i := y; i < min(y+side, a.h); i++ {
			for k := x; k < min(x+side, a.w); k++ {
				a.p[i*a.w+k] = uint8(value)
			}
		}
	}
}

// finish makes so many in a hundred pictures black and white, and others JPEGs.
func finish(r *rand.Rand, a ink, twoValued, asJPEG float64) ink {
	switch n := r.Float64() * 100; {
	case n < twoValued:
		lo, hi := percentiles(a, 1, 90)
		cutAt(a, lo+round(float64(hi-lo)*within(r, 0.35, 0.7)))
	case n < twoValued+asJPEG:
		return throughJPEG(a, from(r, 25, 85))
	}
	return a
}

// cutAt makes what is lighter white and all else black.
func cutAt(a ink, level int) {
	for i, v := range a.p {
		if int(v) > level {
			a.p[i] = 255
		} else {
			a.p[i] = 0
		}
	}
}

// percentiles are the values that so many in a hundred pixels do not exceed.
func percentiles(a ink, lo, hi int) (int, int) {
	var n [256]int
	for _, v := range a.p {
		n[v]++
	}
	at := func(percent int) int {
		left := len(a.p) * percent / 100
		for v, k := range n {
			if left -= k; left < 0 {
				return v
			}
		}
		return 255
	}
	return at(lo), at(hi)
}

func throughJPEG(a ink, quality int) ink {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, grey(a), &jpeg.Options{Quality: quality}); err != nil {
		return a // larger than a JPEG can be
	}
	m, err := jpeg.Decode(&b)
	if err != nil {
		return a
	}
	if g, ok := m.(*image.Gray); ok {
		return inkOf(g)
	}
	return a
}

// grey is the picture as one of package image.
func grey(a ink) *image.Gray {
	return &image.Gray{Pix: a.p, Stride: a.w, Rect: image.Rect(0, 0, a.w, a.h)}
}

// inkOf copies a grey picture, its values as they are.
func inkOf(g *image.Gray) ink {
	b := g.Bounds()
	a := newInk(b.Dx(), b.Dy())
	for y := range a.h {
		copy(a.row(y), g.Pix[g.PixOffset(b.Min.X, b.Min.Y+y):])
	}
	return a
}
