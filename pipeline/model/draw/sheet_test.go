//go:build sheet

package draw

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// TestSheet writes a sheet of each kind to look at: FACES=.tools/fonts SHEETS=DIR
// go test -tags sheet -run Sheet ./pipeline/model/draw
func TestSheet(t *testing.T) {
	d := drawer(t)
	for kind, f := range kinds(d) {
		sheet := image.NewGray(image.Rect(0, 0, 1500, 1500))
		draw.Draw(sheet, sheet.Rect, image.NewUniform(color.Gray{Y: 190}), image.Point{}, draw.Src)
		y := 0
		for seed := uint64(500); y < 1400; seed++ {
			l := f(seeded(seed))
			draw.Draw(sheet, l.Image.Rect.Add(image.Pt(0, y)), l.Image, image.Point{}, draw.Src)
			y += l.Image.Rect.Dy() + 12
			w := font.Drawer{Dst: sheet, Src: image.Black, Face: basicfont.Face7x13, Dot: fixed.P(0, y-1)}
			w.DrawString(l.Text + "   " + l.Source)
		}
		out, err := os.Create(os.Getenv("SHEETS") + "/" + kind + ".png")
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(out, sheet); err != nil {
			t.Fatal(err)
		}
		out.Close()
	}
}
