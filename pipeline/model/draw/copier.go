package draw

import (
	"math/rand/v2"

	"nightshift/pipeline/model/lines"
)

// Photocopied is a line of typewriting, at times of print, as a copy of copies
// shows it: black and white, letters closed or broken, specks, streaks.
func (d *Drawer) Photocopied(r *rand.Rand) lines.Line {
	s := d.typedSheet(r)
	if chance(r, 20) {
		s = d.printedSheet(r, 32, 50)
	}
	scale := within(r, 0.6, 1.1) * 36 / s.em
	a := s.trim(r, int(one(r, 3, 4, 4, 5, 6, 8.0)/scale), 12)
	if chance(r, 60) {
		d.grains.patch(r, a, one(r, grain(7), 10, 16, 30), round(within(r, 0.05, 0.5)*256))
	}
	a = resize(a, max(10, int(float64(a.w)*scale*within(r, 0.9, 1.1))), max(14, int(float64(a.h)*scale)))
	return s.line("photocopied", d.grains.copied(r, a))
}

// copied puts ink through one to three copiers and returns black on white.
func (g *grains) copied(r *rand.Rand, a ink) ink {
	if chance(r, 10) {
		a = fax(a)
	}
	area := darker(a, 110)
	for range one(r, 1, 1, 2, 2, 3) {
		a = blur(a, within(r, 0.4, 1.3))
		g.patch(r, a, one(r, grain(30), 60, 160), round(within(r, 0, 0.35)*256))
		g.add(r, a, one(r, grain(7), 10, 16), round(within(r, 0, 0.16)*256))
		cutAt(a, legible(a, area, round(255*within(r, 0.24, 0.6))))
	}
	g.dirtyGlass(r, a)
	for i, v := range a.p {
		a.p[i] = 255 - v
	}
	return a
}

// legible moves a level so that a copy keeps about the ink that the original had:
// what nobody can read teaches nothing. A fifth may go, letters may grow half as
// thick again.
func legible(a ink, area, level int) int {
	for range 8 {
		switch n := darker(a, level); {
		case n*5 < area*4 && level > 20:
			level = level * 4 / 5
		case n*4 > area*7 && level < 230:
			level = level * 9 / 8
		default:
			return level
		}
	}
	return level
}

// darker counts the pixels with more ink than that.
func darker(a ink, level int) (n int) {
	for _, v := range a.p {
		if int(v) > level {
			n++
		}
	}
	return n
}

// fax halves the resolution down the page, as a fax machine does.
func fax(a ink) ink {
	b := resize(a, a.w, max(8, a.h/2))
	cutAt(b, 110)
	return resize(b, a.w, a.h)
}

// dirtyGlass adds what copiers add: specks, a ground of them, holes, streaks.
func (g *grains) dirtyGlass(r *rand.Rand, a ink) {
	if chance(r, 35) {
		specks(r, a, one(r, 0.001, 0.004, 0.01), one(r, 1, 1, 2), 255)
	}
	if chance(r, 6) { // the ground of a dark original
		g.ground(r, a)
	}
	if chance(r, 30) {
		specks(r, a, one(r, 0.002, 0.006), 2, 0)
	}
	if chance(r, 6) {
		x, n := r.IntN(a.w), from(r, 1, 3)
		a.fill(x, 0, x+n, a.h, 255)
	}
	if chance(r, 6) {
		y := a.h - from(r, 1, 7)
		a.fill(0, y, a.w, y+from(r, 1, 3), 255)
	}
}

// ground covers the paper with specks that leave letters a lighter rim, as
// copiers make of grey paper.
func (g *grains) ground(r *rand.Rand, a ink) {
	rim := blur(spread(a, 3, 3), 1.5)
	level := from(r, 165, 215)
	g.over(r, ink{a.w, a.h, rim.p}, one(r, grain(0), 7), func(row, noise []uint8) {
		for i, v := range row {
			if int(noise[i]) > level+int(v) {
				row[i] = 255
			} else {
				row[i] = 0
			}
		}
	})
	a.strike(rim, 0, 0, 256)
}
