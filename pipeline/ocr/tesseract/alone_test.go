//go:build cgo

package tesseract

import (
	"slices"
	"testing"

	"nightshift/pipeline/transcript"
)

// Marks of typed sizes that stand beside each other are a stretch; pens' strokes,
// specks and rules are none.
func TestStretches(t *testing.T) {
	const letter = 20
	dash := func(x int) [4]int { return [4]int{x, 110, x + 18, 116} }
	figure := func(x int) [4]int { return [4]int{x, 96, x + 16, 126} }
	for name, c := range map[string]struct {
		marks  [][4]int
		want   [][4]int
		dashes int
	}{
		"number":            {[][4]int{figure(124), dash(100), dash(148)}, [][4]int{{100, 96, 166, 126}}, 2},
		"figure alone":      {[][4]int{figure(124)}, [][4]int{{124, 96, 140, 126}}, 0},
		"dashes alone":      {[][4]int{dash(100), dash(124)}, nil, 0},
		"speck":             {[][4]int{{100, 100, 106, 106}}, nil, 0},
		"rule":              {[][4]int{{100, 100, 500, 104}, figure(510)}, nil, 0},
		"pen":               {[][4]int{{100, 60, 150, 180}}, nil, 0},
		"number, and a pen": {[][4]int{dash(100), figure(124), dash(148), {400, 60, 450, 180}}, [][4]int{{100, 96, 166, 126}}, 2},
	} {
		var got [][4]int
		dashes := 0
		for _, s := range stretches(slices.Clone(c.marks), letter) {
			got, dashes = append(got, s.box), s.dashes
		}
		if !slices.Equal(got, c.want) || dashes != c.dashes {
			t.Errorf("%s: %v with %d dashes, want %v with %d", name, got, dashes, c.want, c.dashes)
		}
	}
}

// What is read of a stretch counts where it reads as a number and something else says
// that it is one.
func TestStandingNumber(t *testing.T) {
	for _, c := range []struct {
		text   string
		sure   float64
		dashes int
		agreed bool
		want   bool
	}{
		{"-2-", 20, 0, false, true}, {"~ 2 =", 20, 1, false, true}, {"-Z-", 20, 2, false, true}, {"-Z-", 90, 1, true, false}, {"Z", 90, 2, true, false}, {"2", 90, 0, true, true},
		{"2", 90, 0, false, false}, {"2", 50, 0, true, false}, {"1", 95, 0, true, false}, {"1954", 95, 0, true, false}, {"", 95, 2, true, false}, {"- Harbour -", 95, 2, true, false},
	} {
		s := standing{dashes: c.dashes}
		if got := s.number([]transcript.Word{{Text: c.text, Confidence: c.sure}}, c.agreed); got != c.want {
			t.Errorf("%q at %v with %d dashes, agreed %v: %v", c.text, c.sure, c.dashes, c.agreed, got)
		}
	}
}
