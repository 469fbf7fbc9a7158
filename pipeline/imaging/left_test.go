//go:build cgo

package imaging_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/imagingtest"
)

// What is left of a page is what no word's box holds, without rulings; the page itself
// stays as it is.
func TestLeft(t *testing.T) {
	page := imagingtest.Page(t, 300, imagingtest.Memo...)
	w, h := page.Bounds().Dx(), page.Bounds().Dy()
	whole := prepared(t, page, imaging.How{})
	left, all, err := whole.Left(nil)
	if err != nil {
		t.Fatal(err)
	}
	left.Close()
	if all < 100 {
		t.Fatalf("%d marks of a letter's size on a memo", all)
	}

	ruled := image.NewGray(page.Bounds())
	draw.Draw(ruled, ruled.Bounds(), page, image.Point{}, draw.Src)
	for x := 10; x < w-10; x++ {
		for y := 100; y < h-50; y += 400 {
			for k := range 4 {
				ruled.SetGray(x, y+k, color.Gray{})
			}
		}
	}
	for y := 60; y < h-60; y++ {
		for k := range 5 {
			ruled.SetGray(40+k, y, color.Gray{})
		}
	}
	p := prepared(t, ruled, imaging.How{})
	left, n, err := p.Left(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer left.Close()
	if n < all*9/10 || n > all*11/10 {
		t.Errorf("%d marks on the ruled page, %d without rulings", n, all)
	}
	if line := count(t, left, [4]int{36, 60, 50, h - 60}); line > 20 {
		t.Errorf("%d letters' marks where a ruling was", line)
	}
	rest, n, err := p.Left([][4]int{{0, 0, w, h / 2}, {0, h / 2, w, h}})
	if err != nil {
		t.Fatal(err)
	}
	rest.Close()
	if n != 0 {
		t.Errorf("%d marks left of a page that was read", n)
	}
}

// count is how many dark pixels x has within b.
func count(t *testing.T, x *imaging.Pix, b [4]int) (n int) {
	t.Helper()
	cut, _, err := x.Cut(b, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer cut.Close()
	p, err := imaging.Prepare(cut, imaging.How{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	return int(p.Ink * float64(cut.Width()*cut.Height()))
}
