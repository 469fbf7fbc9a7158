package imaging

import "math"

// Affine maps a point: x' = A·x + B·y + C, y' = D·x + E·y + F.
type Affine struct{ A, B, C, D, E, F float64 }

// Identity maps each point to itself.
func Identity() Affine { return Affine{A: 1, E: 1} }

// At is where m maps (x, y) to.
func (m Affine) At(x, y float64) (float64, float64) {
	return m.A*x + m.B*y + m.C, m.D*x + m.E*y + m.F
}

// After is the map that does first, then m.
func (m Affine) After(first Affine) Affine {
	return Affine{
		A: m.A*first.A + m.B*first.D, B: m.A*first.B + m.B*first.E, C: m.A*first.C + m.B*first.F + m.C,
		D: m.D*first.A + m.E*first.D, E: m.D*first.B + m.E*first.E, F: m.D*first.C + m.E*first.F + m.F,
	}
}

// Inverse maps back what m maps. m turns, moves and scales: it has one.
func (m Affine) Inverse() Affine {
	det := m.A*m.E - m.B*m.D
	r := Affine{A: m.E / det, B: -m.B / det, D: -m.D / det, E: m.A / det}
	r.C, r.F = -r.A*m.C-r.B*m.F, -r.D*m.C-r.E*m.F
	return r
}

// scaled undoes an enlargement by f.
func scaled(f float64) Affine { return Affine{A: 1 / f, E: 1 / f} }

// moved undoes a cut whose upper left corner was (x, y).
func moved(x, y int) Affine { return Affine{A: 1, C: float64(x), E: 1, F: float64(y)} }

// turned undoes quads quarter turns clockwise of an image that was w by h.
func turned(quads, w, h int) Affine {
	switch quads & 3 {
	case 1:
		return Affine{B: 1, D: -1, F: float64(h)}
	case 2:
		return Affine{A: -1, C: float64(w), E: -1, F: float64(h)}
	case 3:
		return Affine{B: -1, C: float64(w), D: 1}
	}
	return Identity()
}

// rotated undoes a rotation by angle radians clockwise about the middle of an
// image of w by h.
func rotated(angle float64, w, h int) Affine {
	s, c := math.Sincos(angle)
	x, y := float64(w)/2, float64(h)/2
	return Affine{A: c, B: s, C: x - c*x - s*y, D: -s, E: c, F: y + s*x - c*y}
}

// Box maps a box of half-open pixel ranges and bounds it to width by height of
// the target. Sides are mapped through the middle of their neighbours, so that
// a small rotation does not swell long boxes.
func (m Affine) Box(b [4]int, width, height int) [4]int {
	mx, my := float64(b[0]+b[2])/2, float64(b[1]+b[3])/2
	x0, y0 := m.At(float64(b[0]), my)
	x1, y1 := m.At(float64(b[2]), my)
	x2, y2 := m.At(mx, float64(b[1]))
	x3, y3 := m.At(mx, float64(b[3]))
	clamp := func(v float64, hi int) int { return min(max(int(math.Round(v)), 0), hi) }
	return [4]int{
		clamp(min(x0, x1, x2, x3), width), clamp(min(y0, y1, y2, y3), height),
		clamp(max(x0, x1, x2, x3), width), clamp(max(y0, y1, y2, y3), height),
	}
}
