//go:build cgo

package ocr

import (
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
