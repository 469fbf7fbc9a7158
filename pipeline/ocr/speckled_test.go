//go:build cgo

package ocr

import (
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"

	"nightshift/pipeline/imaging/imagingtest"
)

// salted is the memo at 300 dpi with specks of one to three pixels, so many to the
// square inch; black is the share of black ones, the others eat into letters.
func salted(t *testing.T, inch int, black float64) *image.Gray {
	img := imagingtest.Page(t, 300, imagingtest.Memo...)
	r := rand.New(rand.NewPCG(1, 2))
	b := img.Bounds()
	for range inch * b.Dx() * b.Dy() / (300 * 300) {
		x, y, n, c := r.IntN(b.Dx()), r.IntN(b.Dy()), 1+r.IntN(3), color.Gray{255}
		if r.Float64() < black {
			c.Y = 0
		}
		for dx := range n {
			for dy := range n {
				img.SetGray(x+dx, y+dy, c)
			}
		}
	}
	return img
}

// A page full of specks is read without them; one with few is left
// as it is, full stops and all.
func TestReadSpeckled(t *testing.T) {
	for _, c := range []struct {
		inch int
		gone bool
	}{{5, false}, {900, true}} {
		p, err := read(t, imagingtest.Encode(t, salted(t, c.inch, 0.7), "tiff-g4", 300, true), 1)
		if err != nil {
			t.Fatal(err)
		}
		got, want, found := " "+textOf(p)+" ", strings.Fields(memo), 0
		for _, w := range want {
			if strings.Contains(got, " "+w+" ") {
				found++
			}
		}
		if found < len(want)-2 { // a speck may stand where a stop would
			t.Errorf("%d specks to the inch: %d of %d words read in %q", c.inch, found, len(want), got)
		}
		if did := strings.Contains(strings.Join(p.Steps, "; "), "despeckle"); did != c.gone {
			t.Errorf("%d specks to the inch: steps %q", c.inch, p.Steps)
		}
	}
}
