package draw

import (
	"math/rand/v2"
	"strings"
)

// marks puts what others did to a page over a line: pen, a stamp, a ruling.
func (d *Drawer) marks(r *rand.Rand, a ink, em float64) {
	if chance(r, 4) {
		for range from(r, 1, 2) {
			pen(r, a, em)
		}
	}
	if chance(r, 2.5) {
		d.stamp(r, a, em)
	}
	if chance(r, 3) { // the edge of a box, a fold, the side of a table
		x := r.IntN(a.w)
		slant := from(r, -3, 3)
		for y := range a.h {
			at := x + slant*y/a.h
			a.fill(at, y, at+from(r, 1, 3), y+1, uint8(from(r, 150, 255)))
		}
	}
	if chance(r, 3) {
		y := from(r, a.h/4, a.h-1)
		a.fill(0, y, a.w, y+from(r, 1, 3), uint8(from(r, 120, 255)))
	}
}

// pen is a stroke that bends: a tick, a bracket, a line through a name.
func pen(r *rand.Rand, a ink, em float64) {
	x, y := within(r, 0, float64(a.w)), within(r, 0, float64(a.h))
	dx, dy := gaussian(r, 1), gaussian(r, 0.8)
	bendX, bendY := gaussian(r, 0.03), gaussian(r, 0.03)
	thick, dark := from(r, 1, 4), uint8(from(r, 90, 255))
	for range from(r, int(em), int(5*em)) {
		a.fill(round(x), round(y), round(x)+thick, round(y)+thick, dark)
		x, y = x+dx, y+dy
		dx, dy = min(max(dx+bendX, -1.2), 1.2), min(max(dy+bendY, -1.2), 1.2)
	}
}

// stamp puts a rubber stamp's words aslant over the line, in lighter ink than
// the line's so that what is under it can still be read.
func (d *Drawer) stamp(r *rand.Rand, a ink, em float64) {
	text := strings.ToUpper(d.words.word(r) + " " + d.words.word(r))
	s := choose(r, d.print, text).at(em * within(r, 0.9, 1.8))
	pic := newInk(round(s.width(text)+s.em), round(s.em*2.2))
	s.text(pic, text, s.em/2, round(s.em*1.4))
	a.strike(turn(pic, within(r, -9, 9)), from(r, -pic.w/2, a.w-pic.w/2), from(r, -pic.h, a.h-pic.h/3), from(r, 50, 140))
}
