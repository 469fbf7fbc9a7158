//go:build cgo

package ocr

import (
	"strings"
	"testing"

	"nightshift/pipeline/imaging/imagingtest"
	"nightshift/pipeline/transcript"
)

// A PDF's text layer is taken where that is asked for: its words lie where the
// engine finds them on the drawn page, however that is turned. A page without
// text is read.
func TestTextLayers(t *testing.T) {
	taker, err := NewPool(t.Context(), PoolConfig{Children: 1, TextLayers: true})
	if err != nil {
		t.Fatal(err)
	}
	defer taker.Close()
	if taker.Config(Settings{}) == enginePool(t).Config(Settings{}) {
		t.Error("the same configuration with text layers and without")
	}
	b := imagingtest.PDF(t, false,
		imagingtest.PDFPage{Text: "Page one of the letter to the Legation"},
		imagingtest.PDFPage{Text: "The second page lies on its side", Rotate: 90},
		imagingtest.PDFPage{Scan: imagingtest.Page(t, 200, imagingtest.Memo...), DPI: 200})
	for index := 1; index <= 3; index++ {
		taken, err := taker.Read(t.Context(), bytesOf(b), "x.pdf", "", index, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		found, err := read(t, b, index)
		if err != nil {
			t.Fatal(err)
		}
		if textOf(taken) != textOf(found) {
			t.Errorf("page %d: taken %q, read %q", index, textOf(taken), textOf(found))
		}
		if was := strings.HasPrefix(strings.Join(taken.Steps, "; "), "text layer taken"); was != (index < 3) {
			t.Errorf("page %d: steps %q", index, taken.Steps)
		}
		if taken.Image.Width != found.Image.Width || taken.Image.Height != found.Image.Height || taken.Image.DPI != found.Image.DPI {
			t.Errorf("page %d: sizes %+v and %+v", index, taken.Image, found.Image)
		}
		a, c := wordsOf(taken), wordsOf(found)
		for i := range min(len(a), len(c)) {
			if s := shared(a[i].Box, c[i].Box); s < 0.5 {
				t.Errorf("page %d: %q at %v, found at %v", index, a[i].Text, a[i].Box, c[i].Box)
			}
		}
	}
}

func wordsOf(p transcript.Page) (out []transcript.Word) {
	for _, b := range p.Blocks {
		for _, l := range b.Lines {
			out = append(out, l.Words...)
		}
	}
	return out
}

// shared is the area that two boxes share, of the area that they cover.
func shared(a, b transcript.Box) float64 {
	area := func(x transcript.Box) float64 { return float64(max(x[2]-x[0], 0)) * float64(max(x[3]-x[1], 0)) }
	both := area(transcript.Box{max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])})
	return both / max(area(a)+area(b)-both, 1)
}
