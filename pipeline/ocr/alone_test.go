//go:build cgo

package ocr

import (
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/imaging/imagingtest"
)

// A page's number, three signs alone above the text, is read where the engine by
// itself finds no line.
func TestReadNumberAlone(t *testing.T) {
	number := strings.Repeat(" ", 20) + "-3-"
	img := imagingtest.Page(t, 200, slices.Concat([]string{number, ""}, imagingtest.Memo)...)
	p, err := read(t, imagingtest.Encode(t, img, "tiff-g4", 200, true), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := textOf(p), "-3- "+memo; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
	first := p.Blocks[0].Lines[0]
	if b := first.Box; first.Words[0].Text != "-3-" || b[0] < 490 || b[2] > 570 || b[1] < 70 || b[3] > 110 {
		t.Errorf("%q at %v: not where it was drawn", first.Words[0].Text, b)
	}
}
