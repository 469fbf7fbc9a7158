package imaging

import (
	"math"
	"slices"
)

// Bounds of what a resolution can be. They are of paper, print and scanners, not of
// any collection.
const (
	// A sheet of paper whose longer side is between these, in inches, is nothing to
	// wonder at: from an index card to a ledger.
	leastSheet, mostSheet = 4.5, 20.0
	// Outside these no sheet is taken for what it says, whether letters are seen or not.
	leastPaper, mostPaper = 2.5, 60.0
	// The median height of the letters of a page is between these, in millimetres.
	leastLetter, mostLetter = 0.9, 4.0
	// usualLetter is that of typed and printed pages.
	usualLetter = 2.0
	// Pixels are square that are longer one way by less than this.
	squareWithin = 1.02
	// Pixels that are longer one way by more than this are no scanner's or fax machine's.
	mostStretch = 4.0
	// surelyStretched is from where letters are asked whether a tag has its sides
	// the right way about, or is right at all.
	surelyStretched = 1.15
	// letterShape is the width of a letter's mark by its height: the median of print.
	letterShape = 0.8
)

// usualResolutions are those that scanners are set to.
var usualResolutions = []int{100, 150, 200, 240, 300, 400, 600}

// usualSheets are the longer sides of letter, legal, A4 and A3 paper, in inches.
var usualSheets = []float64{11, 11.69, 14, 16.54}

// suspect reports whether a sheet of so many pixels on its longer side makes one
// look at its letters before its resolution is believed.
func suspect(longer, dpi int) bool {
	inches := float64(longer) / float64(dpi)
	return dpi > 0 && (inches < leastSheet || inches > mostSheet)
}

// likelyDPI is the resolution of a page whose letters are so many pixels high (0:
// too few to say) and whose file says dpi: that, or what scanners are set to and is
// nearest to what the letters say, that of a usual sheet first, or 0 for unknown.
func likelyDPI(longer, dpi, letters int) int {
	if !suspect(longer, dpi) {
		return dpi
	}
	inches := float64(longer) / float64(dpi)
	if letters == 0 {
		if inches < leastPaper || inches > mostPaper {
			return 0
		}
		return dpi
	}
	mm := float64(letters) / float64(dpi) * 25.4
	if inches < leastSheet && mm >= leastLetter || inches > mostSheet && mm <= mostLetter {
		return dpi
	}
	said := float64(letters) * 25.4 / usualLetter
	off := func(r int) float64 {
		d := math.Abs(math.Log(float64(r) / said))
		for _, side := range usualSheets { // letters are within a quarter of the usual size
			if math.Abs(float64(longer)/float64(r)/side-1) < 0.02 {
				return d - math.Log(1.25)
			}
		}
		return d
	}
	return slices.MinFunc(usualResolutions, func(a, b int) int {
		if off(a) < off(b) {
			return -1
		}
		return 1
	})
}

// stretch is by how much a picture must be made higher (or, below 1, wider by its
// inverse) for its pixels to be square: what the tags across and down say, the same
// with both exchanged, or 1. shape is the width of its letters by their height, 0:
// too few to say.
func stretch(across, down, width, height int, shape float64) float64 {
	if across <= 0 || down <= 0 {
		return 1
	}
	said := float64(across) / float64(down)
	if r := max(said, 1/said); r < squareWithin || r > mostStretch {
		return 1
	} else if r < surelyStretched {
		return said
	}
	off := func(f float64) float64 { return math.Abs(math.Log(shape / f / letterShape)) }
	if shape == 0 { // paper is up to twice as long as wide
		off = func(f float64) float64 {
			side := float64(height) * f / float64(width)
			return max(math.Abs(math.Log(side))-math.Log(2), 0)
		}
	}
	best := said
	for _, f := range []float64{1, 1 / said} {
		if off(f) < off(best)-math.Log(1.3) {
			best = f
		}
	}
	return best
}
