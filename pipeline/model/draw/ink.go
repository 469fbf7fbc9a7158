package draw

// ink is a picture of what was written: 0 is bare paper, 255 full ink.
type ink struct {
	w, h int
	p    []uint8
}

func newInk(w, h int) ink { return ink{w, h, make([]uint8, w*h)} }

func (a ink) row(y int) []uint8 { return a.p[y*a.w : (y+1)*a.w] }

// strike puts b over a with its corner at x, y, so many 256ths as dark; ink on
// ink is as dark as the darker. What falls outside is left out.
func (a ink) strike(b ink, x, y, dark int) {
	x0, x1 := max(0, -x), min(b.w, a.w-x)
	for by := max(0, -y); by < min(b.h, a.h-y) && x0 < x1; by++ {
		from := b.row(by)[x0:x1]
		to := a.row(by + y)[x+x0 : x+x1]
		for i, v := range from {
			if v != 0 {
				to[i] = max(to[i], uint8(int(v)*dark>>8))
			}
		}
	}
}

// fill darkens the part of a rectangle that lies in a.
func (a ink) fill(x0, y0, x1, y1 int, dark uint8) {
	x0, x1 = max(0, x0), min(a.w, x1)
	for y := max(0, y0); y < min(a.h, y1) && x0 < x1; y++ {
		row := a.row(y)[x0:x1]
		for i := range row {
			row[i] = max(row[i], dark)
		}
	}
}

// cut copies a rectangle; beyond the edges there is the nearest pixel.
func (a ink) cut(x0, y0, x1, y1 int) ink {
	b := newInk(max(1, x1-x0), max(1, y1-y0))
	for y := range b.h {
		from, to := a.row(min(max(y0+y, 0), a.h-1)), b.row(y)
		if x0 >= 0 && x1 <= a.w {
			copy(to, from[x0:])
			continue
		}
		for x := range to {
			to[x] = from[min(max(x0+x, 0), a.w-1)]
		}
	}
	return b
}

// each replaces every pixel by its entry in the table.
func (a ink) each(table *[256]uint8) {
	for i, v := range a.p {
		a.p[i] = table[v]
	}
}

// scale makes every pixel (v-from)*gain/256, held in 0 to 255.
func (a ink) scale(from, gain int) {
	var table [256]uint8
	for v := range table {
		table[v] = clamp((v - from) * gain >> 8)
	}
	a.each(&table)
}

func clamp(v int) uint8 { return uint8(min(max(v, 0), 255)) }

// span is the box of a line's ink after a shear.
type span struct{ left, top, right, bottom int }

// spanOf finds the ink darker than a third once each column has been moved down
// by its shift, in 256ths of a pixel; false when there is hardly any.
func spanOf(a ink, shift []int) (span, bool) {
	s, n := span{a.w, a.h, 0, 0}, 0
	for y := range a.h {
		for x, v := range a.row(y) {
			if v < 80 {
				continue
			}
			n++
			at := y
			if shift != nil {
				at += shift[x] >> 8
			}
			s = span{min(s.left, x), min(s.top, at), max(s.right, x+1), max(s.bottom, at+1)}
		}
	}
	return s, n >= 10
}
