package draw

import (
	"math"
	"math/rand/v2"
	"strings"
)

// machine is one typewriter with its faults. Lengths are in pixels.
type machine struct {
	set
	name  string
	mono  bool
	pitch float64
	keys  map[rune]*key
	two   bool // blanks after a full stop

	fat        float64 // worn or heavily inked type, in pixels of spread; under 0 thin
	loose      float64 // how far keys strike beside their line
	slack      float64 // and beside their place
	uneven     float64 // how differently they strike
	clogged    bool    // dirt fills closed letters
	heavy      float64 // chance of points that pierce the paper
	closedC    float64 // how dark the gap of a c is
	drop       float64 // capitals stand higher: a shift out of adjustment
	shadow     float64 // a second impression beside the first: carbons that slipped
	shadowDark int
}

// key is how one letter of the machine strikes.
type key struct {
	pic    ink
	dx, dy float64
	dark   float64
}

// machine is one that has the letters of a text.
func (d *Drawer) machine(r *rand.Rand, text string) *machine {
	f := choose(r, d.typewriter, text)
	em := float64(from(r, 30, 40))
	m := &machine{set: f.at(em), name: f.name, keys: map[rune]*key{}}
	n := m.advance('n')
	m.mono = m.advance('i') == m.advance('M')
	m.pitch = n * 1.06
	if m.mono {
		m.pitch = n * within(r, 0.96, 1.06)
	}
	m.two = chance(r, 60)
	m.fat = one(r, 0, 0, 0.5, 0.9, 1.3, 1.6, 2.0, -0.5) * em / 35
	m.loose, m.slack = within(r, 0, 0.035)*em, within(r, 0, 0.02)*em
	m.uneven = within(r, 0, 0.5)
	m.clogged = chance(r, 35)
	m.heavy = one(r, 0, 0.3, 0.9)
	if chance(r, 20) {
		m.closedC = within(r, 0.15, 0.75)
	}
	if chance(r, 33) {
		m.drop = within(r, 0.02, 0.12) * em
	}
	if chance(r, 10) {
		m.shadow, m.shadowDark = gaussian(r, 0.06)*em, from(r, 40, 140)
	}
	return m
}

// key is made when a letter is struck for the first time and stays so.
func (m *machine) key(r *rand.Rand, c rune) *key {
	if k := m.keys[c]; k != nil {
		return k
	}
	tilt := gaussian(r, 1.2)
	a := turn(m.letter(c), tilt)
	switch {
	case m.fat > 0:
		a = blur(a, m.fat*0.8)
		a.scale(0, round(256*(1+1.1*m.fat)))
	case m.fat < 0:
		a = blur(a, 0.7)
		a.scale(64, 384)
	}
	a = m.dirt(r, c, a, tilt)
	m.damage(r, a)
	k := &key{a, gaussian(r, m.slack), gaussian(r, m.loose), 1 - math.Abs(gaussian(r, m.uneven))*0.6}
	m.keys[c] = k
	return k
}

// dirt fills what is nearly closed and blots points.
func (m *machine) dirt(r *rand.Rand, c rune, a ink, tilt float64) ink {
	if m.clogged && strings.ContainsRune("ceoagsdbpq8690B&@R", c) && chance(r, 60) {
		n := one(r, 5, 7, 9)
		full := shrink(spread(a, n, n), n, n)
		a.strike(full, 0, 0, from(r, 100, 256))
	}
	if strings.ContainsRune(".,:;-\"'!", c) && r.Float64() < m.heavy {
		n := one(r, 2, 3, 3, 4)
		a = blur(spread(a, n, n), within(r, 0.4, 1.1))
		a.scale(0, 384)
	}
	if c == 'c' && m.closedC > 0 {
		a.strike(turn(m.letter('o'), tilt), 0, 0, round(256*m.closedC))
	}
	return a
}

// damage is of the type itself: a side that strikes lighter, a piece broken off.
func (m *machine) damage(r *rand.Rand, a ink) {
	if chance(r, 25) {
		fade(a, within(r, 0.2, 0.9)*one(r, -1.0, 1), chance(r, 50))
	}
	if chance(r, 6) {
		x, y := from(r, a.w/4, a.w/2), from(r, a.h/4, a.h*3/4)
		for i := y; i < min(y+from(r, 2, 4), a.h); i++ {
			clear(a.row(i)[x:min(x+from(r, 3, 8), a.w)])
		}
	}
}

// fade makes one side lighter and the other darker, by the part slope.
func fade(a ink, slope float64, upright bool) {
	step := round(slope * 256)
	for y := range a.h {
		row := a.row(y)
		for x, v := range row {
			if v == 0 {
				continue
			}
			at, n := x, a.w
			if upright {
				at, n = y, a.h
			}
			row[x] = clamp(int(v) * max(256+step*(2*at-n)/n, 38) >> 8)
		}
	}
}

// write strikes a line of text with its left edge at x, standing on y, and
// returns where it ends.
func (m *machine) write(r *rand.Rand, a ink, text string, x, y float64) float64 {
	n := m.advance('n')
	runes := []rune(text)
	for i, c := range runes {
		if c != ' ' {
			k := m.key(r, c)
			dark := max(k.dark*(1-math.Abs(gaussian(r, m.uneven*0.5))), 0.25)
			wide := n
			if !m.mono {
				wide = m.advance(c)
			}
			up := 0.0
			if c >= 'A' && c <= 'Z' {
				up = m.drop
			}
			px := round(x+(m.pitch-wide)/2+k.dx+gaussian(r, m.slack*0.5)) - m.originX()
			py := round(y-up+k.dy+gaussian(r, m.loose*0.4)) - m.originY()
			a.strike(k.pic, px, py, round(dark*256))
			if m.shadowDark > 0 {
				a.strike(k.pic, px+round(m.shadow), py+round(m.shadow/2), round(dark*float64(m.shadowDark)))
			}
		}
		x += m.pitch
		if c == '.' && m.two && i+1 < len(runes) && runes[i+1] == ' ' {
			x += m.pitch
		}
	}
	return x
}
