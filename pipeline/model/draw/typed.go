package draw

import (
	"fmt"
	"math"
	"math/rand/v2"

	"nightshift/pipeline/model/lines"
)

// cutMargin is how much Tesseract leaves around a line when it cuts one out, in
// pixels; drawn lines are cut already, with a little more or less, since boxes
// are not exact.
const cutMargin = 4

// sheet is a written line before it is scanned: its ink and that of neighbours.
type sheet struct {
	ink  ink
	box  span    // of the line itself
	em   float64 // height of its type
	text string
	face string
}

// Typed is a line of typewriting as scanned.
func (d *Drawer) Typed(r *rand.Rand) lines.Line {
	return d.scan(r, d.typedSheet(r))
}

// line makes the picture's Line, cut as it is.
func (s sheet) line(kind string, pic ink) lines.Line {
	return lines.Line{Source: fmt.Sprintf("drawn/%s/%s", kind, s.face), Image: grey(pic), Margin: cutMargin, Text: s.text}
}

func (d *Drawer) typedSheet(r *rand.Rand) sheet {
	for {
		if s, ok := d.typeLine(r); ok {
			return s
		}
	}
}

// typeLine types a line among its neighbours; false when nothing shows.
func (d *Drawer) typeLine(r *rand.Rand) (sheet, bool) {
	text := d.words.typed(r)
	m := d.machine(r, text)
	lead := one(r, 1.02, 1.1, 1.2, 1.5, 2.0) * m.em
	w := int(float64(len(text)+blanksAfterStops(text)+6)*m.pitch + 2*m.em)
	slope := gaussian(r, 0.5)
	if chance(r, 30) {
		slope = within(r, -1.8, 1.8)
	}
	slope = math.Tan(slope * math.Pi / 180)
	room := int(math.Abs(slope)*float64(w)/2) + 12
	a := newInk(w, int(1.75*m.em)+2*room)
	x, y := within(r, 1, 2)*m.em, 1.1*m.em+float64(room)
	end := m.write(r, a, text, x, y)
	d.strikeOver(r, m, a, text, x, y)
	if chance(r, 8) {
		underline(r, a, x, end, y, m)
	}
	shift := shifts(w, slope)
	box, ok := spanOf(a, shift)
	if !ok {
		return sheet{}, false
	}
	for _, by := range []float64{-lead, lead} {
		inside := y+by+0.4*m.em > 0 && y+by-m.em < float64(a.h)
		if inside && chance(r, 75) {
			m.write(r, a, d.words.running(r, len(text)), x-float64(one(r, 0, 0, 3))*m.pitch, y+by)
		}
	}
	d.marks(r, a, m.em)
	if math.Abs(slope) > 0.002 {
		a = shear(a, shift)
	}
	box.top = min(box.top, round(y-0.55*m.em))
	box.bottom = max(box.bottom, round(y+within(r, 0.08, 0.26)*m.em))
	return sheet{a, box, m.em, text, m.name}, true
}

func blanksAfterStops(text string) (n int) {
	for i := range len(text) - 1 {
		if text[i] == '.' && text[i+1] == ' ' {
			n++
		}
	}
	return n
}

// strikeOver lets another letter show faintly under one: corrected, or rubbed out.
func (d *Drawer) strikeOver(r *rand.Rand, m *machine, a ink, text string, x, y float64) {
	if !chance(r, 6) {
		return
	}
	for range from(r, 1, 3) {
		i := r.IntN(len(text))
		if text[i] == ' ' || m.two && blanksAfterStops(text[:i+1]) > 0 {
			continue
		}
		k := m.key(r, rune('a'+r.IntN(26)))
		a.strike(k.pic, round(x+float64(i)*m.pitch+k.dx)-m.originX(), round(y+k.dy)-m.originY(), from(r, 30, 100))
	}
}

// underline rules under the line or under some of its words, with the key for it
// or by hand.
func underline(r *rand.Rand, a ink, x, end, y float64, m *machine) {
	if chance(r, 50) {
		n := end - x
		x, end = x+within(r, 0, 0.5)*n, end-within(r, 0, 0.4)*n
	}
	at, thick, dark := round(y+within(r, 0.10, 0.22)*m.em), from(r, 1, 3), uint8(from(r, 120, 255))
	if chance(r, 40) { // typed: broken at each stroke
		for ; x < end; x += m.pitch {
			wave := round(gaussian(r, m.loose*0.5))
			a.fill(round(x), at+wave, round(x+m.pitch*within(r, 0.85, 1.05)), at+wave+thick, clamp(int(dark)-from(r, 0, 60)))
		}
		return
	}
	a.fill(round(x), at, round(end), at+thick, dark)
}
