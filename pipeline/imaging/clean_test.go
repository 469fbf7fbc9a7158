//go:build cgo

package imaging_test

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/imagingtest"
)

func prepared(t *testing.T, img *image.Gray, how imaging.How) *imaging.Prepared {
	t.Helper()
	x, err := imaging.FromGrey(img.Pix, img.Bounds().Dx(), img.Bounds().Dy(), img.Stride)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	p, err := imaging.Prepare(x, how)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// Each step is taken where it helps and nowhere else.
func TestPrepareSteps(t *testing.T) {
	page := imagingtest.Page(t, 300, imagingtest.Memo...)
	bed := imagingtest.White(page.Bounds().Dx()+200, page.Bounds().Dy()+200)
	draw.Draw(bed, bed.Bounds(), image.NewUniform(color.Gray{60}), image.Point{}, draw.Src)
	draw.Draw(bed, page.Bounds().Add(image.Pt(100, 100)), page, image.Point{}, draw.Src)
	strip := imagingtest.White(5, 49)
	draw.Draw(strip, image.Rect(0, 20, 5, 30), image.NewUniform(color.Gray{60}), image.Point{}, draw.Src)
	for name, c := range map[string]struct {
		img  *image.Gray
		way  imaging.Way
		want string
	}{
		"no wider than a border": {strip, 0, ""},
		"good":                   {page, 0, ""}, "negative": {imagingtest.Inverted(page), 0, "invert"}, "bed": {bed, 0, "clear border"}, "slanted": {slanted(page, 40), 0, "level"},
		"bed, as it is": {bed, imaging.AsItIs, ""}, "slanted, as it is": {slanted(page, 40), imaging.AsItIs, ""}, "ruled to the edge": {ruled(page), 0, ""},
		"small": {imagingtest.Page(t, 100, imagingtest.Memo...), 0, "enlarge 2.5"}, "too small": {imagingtest.Page(t, 50, imagingtest.Memo...), 0, "enlarge"},
	} {
		p := prepared(t, c.img, imaging.How{Way: c.way})
		if got := strings.Join(p.Steps, ", "); got != c.want && !strings.HasPrefix(got, c.want+" ") || p.Blank {
			t.Errorf("%s: steps %q, want %q; blank %v", name, got, c.want, p.Blank)
		}
	}
}

// ruled is a form whose rules reach the edges, with print that touches them.
func ruled(img *image.Gray) *image.Gray {
	out := imagingtest.White(img.Bounds().Dx(), img.Bounds().Dy())
	copy(out.Pix, img.Pix)
	for i := range 12 {
		y := 60 + i*out.Rect.Dy()/13
		draw.Draw(out, image.Rect(0, y, out.Rect.Dx(), y+6), image.Black, image.Point{}, draw.Src)
	}
	return out
}

// slanted shifts columns up by one pixel every so many: a slant of 1/every.
func slanted(img *image.Gray, every int) *image.Gray {
	out := imagingtest.White(img.Bounds().Dx(), img.Bounds().Dy())
	for x := range img.Bounds().Dx() {
		for y := range img.Bounds().Dy() - x/every {
			out.SetGray(x, y, img.GrayAt(x, y+x/every))
		}
	}
	return out
}

func TestBlank(t *testing.T) {
	speck := imagingtest.White(1000, 1200)
	for _, at := range []image.Point{{200, 300}, {500, 900}, {700, 100}} {
		speck.SetGray(at.X, at.Y, color.Gray{0})
	}
	bed := imagingtest.White(1000, 1200)
	draw.Draw(bed, image.Rect(0, 0, 80, 1200), image.NewUniform(color.Gray{40}), image.Point{}, draw.Src)
	picture := imagingtest.White(1000, 1200)
	draw.Draw(picture, image.Rect(0, 0, 1000, 700), image.NewUniform(color.Gray{40}), image.Point{}, draw.Src)
	for name, c := range map[string]struct {
		img  *image.Gray
		want bool
	}{
		"white": {imagingtest.White(1000, 1200), true}, "three specks": {speck, true}, "white beside the bed": {bed, true},
		"one word": {imagingtest.Page(t, 150, "Blank"), false}, "a picture": {picture, false}, "a small number": {imagingtest.Page(t, 150, "17 b"), false},
	} {
		if p := prepared(t, c.img, imaging.How{}); p.Blank != c.want {
			t.Errorf("%s: blank %v", name, p.Blank)
		}
	}
}

// Paper whose shadows are as dark as ink elsewhere is found uneven, and evened out
// where that is asked for; grey paper is not, nor a negative, nor a page with nothing
// but black and white on it.
func TestUneven(t *testing.T) {
	page := imagingtest.Page(t, 200, imagingtest.Memo...)
	grey := imagingtest.Lit(page, func(x, _, w, _ int) int { return 190 - 40*x/w })
	for name, c := range map[string]struct {
		img  *image.Gray
		want bool
	}{
		"even": {page, false}, "grey, a little darker on the right": {grey, false}, "negative": {imagingtest.Inverted(page), false},
		"spine": {imagingtest.Lit(page, imagingtest.Spine), true}, "lamp": {imagingtest.Lit(page, imagingtest.Lamp), true}, "stains": {imagingtest.Lit(page, imagingtest.Stains), true},
	} {
		if p := prepared(t, c.img, imaging.How{}); p.Uneven != c.want || slices.Contains(p.Steps, "even paper") {
			t.Errorf("%s: uneven %v, steps %q", name, p.Uneven, p.Steps)
		}
		p := prepared(t, c.img, imaging.How{Way: imaging.Evened})
		if p.Uneven || slices.Contains(p.Steps, "even paper") != c.want {
			t.Errorf("%s, to be evened out: uneven %v, steps %q", name, p.Uneven, p.Steps)
		}
		if plain := prepared(t, page, imaging.How{}); c.want && (p.Ink < plain.Ink/2 || p.Ink > plain.Ink*2) {
			t.Errorf("%s: %.4f of the page is ink, %.4f without the shadow", name, p.Ink, plain.Ink)
		}
	}
}

// The way back leads to the master's pixels, whatever was done.
func TestPrepareWayBack(t *testing.T) {
	img := imagingtest.Page(t, 100, imagingtest.Memo...)
	for _, quads := range []int{0, 1, 2, 3} {
		turned := imagingtest.Turned(img, 4-quads)
		x, err := imaging.FromGrey(turned.Pix, turned.Bounds().Dx(), turned.Bounds().Dy(), turned.Stride)
		if err != nil {
			t.Fatal(err)
		}
		p, err := imaging.Prepare(x, imaging.How{Quads: quads})
		if err != nil {
			t.Fatal(err)
		}
		if p.Rotation != 90*quads || !slices.Contains(p.Steps, "enlarge 2.5") {
			t.Errorf("turned %d, steps %q", p.Rotation, p.Steps)
		}
		// The first letter of the page, in its pixels and in the master's.
		b := p.ToMaster.Box([4]int{50 * 5 / 2, 40 * 5 / 2, 57 * 5 / 2, 51 * 5 / 2}, x.Width(), x.Height())
		dark := false
		for y := b[1]; y < b[3]; y++ {
			for at := b[0]; at < b[2]; at++ {
				dark = dark || x.Dark(at, y)
			}
		}
		if !dark || b[2]-b[0] > 13 || b[3]-b[1] > 13 {
			t.Errorf("%d quarters: the first letter is not at %v", quads, b)
		}
		p.Close()
		x.Close()
	}
}
