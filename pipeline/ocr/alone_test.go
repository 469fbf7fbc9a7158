//go:build cgo

package ocr

import (
	"image"
	"image/draw"
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/imaging/imagingtest"
)

// A page's number alone above the text is read where the engine by itself finds no
// line.
func TestReadNumberAlone(t *testing.T) {
	for number, x := range map[string][2]int{"- 2 -": {740, 910}, "3": {740, 800}} {
		img := imagingtest.Page(t, 300, slices.Concat([]string{strings.Repeat(" ", 20) + number, ""}, imagingtest.Memo)...)
		p, err := read(t, imagingtest.Encode(t, img, "tiff-g4", 300, true), 1)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := textOf(p), number+" "+memo; got != want {
			t.Errorf("read %q, want %q", got, want)
			continue
		}
		if b := p.Blocks[0].Lines[0].Box; b[0] < x[0] || b[2] > x[1] || b[1] < 110 || b[3] > 160 {
			t.Errorf("%s at %v: not where it was drawn", number, b)
		}
	}
}

// A file number stamped along the side, from top to bottom, is read, and stands
// before the page's text, where it is on the image.
func TestReadAlongSide(t *testing.T) {
	const number = "611.6114/27"
	img := imagingtest.Page(t, 300, imagingtest.Memo...)
	strip := imagingtest.Turned(imagingtest.Page(t, 300, number), 1) // its text runs down the right edge
	stamp := strip.Bounds()
	at := image.Rect(img.Bounds().Dx()-300, 100, img.Bounds().Dx(), 1100)
	draw.Draw(img, at, strip, image.Pt(stamp.Max.X-300, 100), draw.Src)
	p, err := read(t, imagingtest.Encode(t, img, "tiff-g4", 300, true), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(textOf(p), " ", ""); got != strings.ReplaceAll(number+memo, " ", "") {
		t.Errorf("read %q", textOf(p))
	}
	first := p.Blocks[0]
	if b := first.Box; b[0] < at.Min.X || b[3]-b[1] < 300 || b[3]-b[1] < 5*(b[2]-b[0]) {
		t.Errorf("%q at %v", first.Lines[0].Words[0].Text, b)
	}
}
