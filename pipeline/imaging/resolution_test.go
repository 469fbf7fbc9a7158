package imaging

import (
	"bytes"
	"math"
	"testing"

	"nightshift/pipeline/imaging/imagingtest"
)

func TestLikelyDPI(t *testing.T) {
	for name, c := range map[string]struct{ longer, dpi, letters, want int }{
		"letter sheet at 200":                     {2200, 200, 16, 200},
		"newspaper page at 300":                   {7000, 300, 15, 300},
		"film scanner's 1225 on a 200 dpi page":   {2338, 1225, 15, 200},
		"film scanner's 1000, few letters":        {2338, 1000, 0, 0},
		"72 dpi, a camera's photograph of a page": {4000, 72, 28, 400},
		"72 dpi, true, of a small picture":        {800, 72, 6, 72},
		"1 dpi":                                   {3300, 1, 24, 300},
		"an index card at 300":                    {1500, 300, 24, 300},
		"a stamp's proof at 600, few letters":     {1600, 600, 0, 600},
		"a poster with letters as large":          {9000, 300, 40, 300},
		"300 in dots a centimetre":                {3300, 762, 25, 300},
		"unknown":                                 {3300, 0, 24, 0},
	} {
		if got := likelyDPI(c.longer, c.dpi, c.letters); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestStretch(t *testing.T) {
	for name, c := range map[string]struct {
		across, down, w, h int
		shape, want        float64
	}{
		"square":                               {300, 300, 2550, 3300, 0.8, 1},
		"a fax of low resolution":              {204, 98, 1728, 1078, 1.7, 204.0 / 98},
		"a fax of high resolution":             {204, 196, 1728, 2156, 0.8, 204.0 / 196},
		"a fax with its sides exchanged":       {98, 204, 1728, 1078, 1.7, 204.0 / 98},
		"a tag that is not true":               {204, 98, 1728, 2200, 0.8, 1},
		"few letters, as paper is":             {98, 204, 1728, 1078, 0, 1},
		"a fax of low resolution, few letters": {204, 98, 1728, 1078, 0, 204.0 / 98},
		"nothing said":                         {0, 0, 1728, 1078, 1.7, 1},
		"an image lying on its side":           {98, 204, 1078, 1728, 0.39, 98.0 / 204},
		"no scanner's":                         {3000, 10, 1000, 1000, 0.8, 1},
	} {
		if got := stretch(c.across, c.down, c.w, c.h, c.shape); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s: %.3f, want %.3f", name, got, c.want)
		}
	}
}

// Smaller copies without a flag are no pages; pages of other sizes are.
func TestCopiesInTIFF(t *testing.T) {
	page := func(w, h, tile int) imagingtest.TIFFPage {
		return imagingtest.TIFFPage{Image: imagingtest.Corner(w, h), Tile: tile}
	}
	for name, c := range map[string]struct {
		pages []imagingtest.TIFFPage
		want  []int // widths
	}{
		"a thumbnail after":          {[]imagingtest.TIFFPage{page(1650, 2200, 0), page(120, 160, 0)}, []int{1650}},
		"a thumbnail before":         {[]imagingtest.TIFFPage{page(120, 160, 0), page(1650, 2200, 0)}, []int{1650}},
		"a pyramid":                  {[]imagingtest.TIFFPage{page(1651, 2201, 0), page(826, 1101, 0), page(413, 551, 0), page(206, 275, 0)}, []int{1651}},
		"two pyramids of two levels": {[]imagingtest.TIFFPage{page(1600, 2200, 0), page(800, 1100, 0), page(400, 550, 0), page(1600, 2200, 0), page(800, 1100, 0), page(400, 550, 0)}, []int{1600, 1600}},
		"tiled halves":               {[]imagingtest.TIFFPage{page(1600, 2208, 16), page(800, 1104, 16)}, []int{1600}},
		"pages of a letter":          {[]imagingtest.TIFFPage{page(1650, 2200, 0), page(1650, 2200, 0)}, []int{1650, 1650}},
		"a page at half the size":    {[]imagingtest.TIFFPage{page(1650, 2200, 0), page(825, 1100, 0)}, []int{1650, 825}}, // which looking at it tells
		"a slip between pages":       {[]imagingtest.TIFFPage{page(1650, 2200, 0), page(400, 300, 0), page(1650, 2200, 0)}, []int{1650, 400, 1650}},
		"thumbnails of each page":    {[]imagingtest.TIFFPage{page(1650, 2200, 0), page(120, 160, 0), page(1650, 2200, 0), page(120, 160, 0)}, []int{1650, 1650}},
	} {
		b := imagingtest.TIFF{Pages: c.pages}.Bytes()
		got, err := WalkTIFF(bytes.NewReader(b), int64(len(b)), TIFFLimits{})
		if err != nil {
			t.Fatal(err)
		}
		var widths []int
		copies := len(c.pages)
		for i, p := range got {
			widths = append(widths, p.Width)
			copies -= 1 + p.Copies
			if p.Index != i+1 {
				t.Errorf("%s: page %d has number %d", name, i+1, p.Index)
			}
		}
		if len(widths) != len(c.want) || copies != 0 {
			t.Errorf("%s: pages of widths %v, want %v; %d directories not accounted for", name, widths, c.want, copies)
		}
	}
}
