package draw

import (
	"math"
	"math/rand/v2"

	"nightshift/pipeline/model/lines"
)

// Printed is a line of ordinary print as scanned, with curly quotes and dashes.
func (d *Drawer) Printed(r *rand.Rand) lines.Line {
	return d.scanPrint(r, d.printedSheet(r, 32, 50))
}

// Fine is a line of print from a scanner of 400 to 600 dots an inch: large, sharp and
// clean. Without it a model comes to tell K from k by how blurred they are.
func (d *Drawer) Fine(r *rand.Rand) lines.Line {
	return d.scanFine(r, d.printedSheet(r, 52, 115))
}

// printedSheet is a line of print whose em has from least to most pixels.
func (d *Drawer) printedSheet(r *rand.Rand, least, most int) sheet {
	text := d.words.printed(r)
	f := choose(r, d.print, text)
	s := f.at(float64(from(r, least, most)))
	lead := within(r, 1.1, 1.5) * s.em
	slope := gaussian(r, 0.25)
	if math.Abs(slope) < 0.08 {
		slope = 0
	}
	slope = math.Tan(slope * math.Pi / 180)
	w := int(s.width(text) + 4*s.em)
	room := int(math.Abs(slope)*float64(w)/2) + 12
	a := newInk(w, int(1.75*s.em)+2*room)
	x, y := 2*s.em, round(1.1*s.em)+room
	s.text(a, text, x, y)
	shift := shifts(w, slope)
	box, _ := spanOf(a, shift)
	if chance(r, 70) && lead < 1.45*s.em {
		s.text(a, d.words.running(r, len(text)), x-float64(from(r, 0, 60)), y-round(lead))
	}
	if chance(r, 70) && lead < 1.45*s.em {
		s.text(a, d.words.running(r, len(text)), x-float64(from(r, 0, 60)), y+round(lead))
	}
	if slope != 0 {
		a = shear(a, shift)
	}
	switch one(r, 0, 0, 0, 1, -1) {
	case 1:
		a = spread(a, 2, 2)
	case -1:
		a = blur(a, 0.7)
		a.scale(51, 358)
	}
	box.top = min(box.top, y-round(0.45*s.em))
	box.bottom = max(box.bottom, y+round(0.2*s.em))
	return sheet{a, box, s.em, text, f.name}
}
