package draw

import (
	"image"
	"math/rand/v2"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// set is a face at one size in pixels.
type set struct {
	em   float64
	face font.Face
	of   face
}

func (f face) at(em float64) set {
	// NewFace fails only for options that cannot be wrong here.
	o, err := opentype.NewFace(f.font, &opentype.FaceOptions{Size: em, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic("draw: " + err.Error())
	}
	return set{em, o, f}
}

// advance is how far a letter reaches to the next, in pixels.
func (s set) advance(c rune) float64 {
	a, _ := s.face.GlyphAdvance(c)
	return float64(a) / 64
}

// Where a letter stands in its picture: from the left, and its baseline.
func (s set) originX() int { return round(s.em * 0.3) }
func (s set) originY() int { return round(s.em * 1.15) }

// letter is the picture of one letter, with room around it.
func (s set) letter(c rune) ink {
	a := newInk(round(s.em*1.3)+round(s.advance(c)*0.5), round(s.em*1.65))
	s.put(a, c, s.originX(), s.originY())
	return a
}

// put draws a letter with its origin at x, y.
func (s set) put(a ink, c rune, x, y int) {
	if s.of.lacks != "" && strings.ContainsRune(s.of.lacks, c) {
		return // a neighbour's letter
	}
	box, mask, at, _, ok := s.face.Glyph(fixed.P(x, y), c)
	if !ok {
		return // Open has seen to it that there is one
	}
	alpha, ok := mask.(*image.Alpha)
	if !ok {
		return
	}
	in := box.Intersect(image.Rect(0, 0, a.w, a.h))
	for py := in.Min.Y; py < in.Max.Y; py++ {
		i := alpha.PixOffset(at.X+in.Min.X-box.Min.X, at.Y+py-box.Min.Y)
		to := a.row(py)[in.Min.X:in.Max.X]
		for k := range to {
			to[k] = max(to[k], alpha.Pix[i+k])
		}
	}
}

// text sets a line of print with its origin at x, y and returns where it ends.
func (s set) text(a ink, text string, x float64, y int) float64 {
	last := rune(-1)
	for _, c := range text {
		if last >= 0 {
			x += float64(s.face.Kern(last, c)) / 64
		}
		if c != ' ' {
			s.put(a, c, round(x), y)
		}
		x += s.advance(c)
		last = c
	}
	return x
}

// width is how long a line of print is.
func (s set) width(text string) float64 {
	x := 0.0
	for _, c := range text {
		x += s.advance(c)
	}
	return x
}

// gaussian is a normal number of so large a deviation.
func gaussian(r *rand.Rand, deviation float64) float64 { return r.NormFloat64() * deviation }
