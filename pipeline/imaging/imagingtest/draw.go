// Package imagingtest draws pages and writes them as the files that scanners
// make, for tests. It decodes nothing.
package imagingtest

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Memo is the wording of a drawn page: every letter of a typed memo's kind, our
// own sentences.
var Memo = []string{
	"MEMORANDUM OF CONVERSATION",
	"",
	"Subject: Delivery of the new scanner",
	"",
	"Mr. Quincy said that the harbour office had",
	"received seventeen boxes of papers, dated",
	"between 1931 and 1947, and that nobody knew",
	"where the inventory was kept. He asked for",
	"two weeks to search the vaults for it.",
	"",
	"Miss Javert replied that the reading room",
	"would stay open until Friday, June 28.",
}

// Page draws lines of text in a monospaced face of 10 characters an inch, black
// on white, on a sheet of 6 by 4 inches at the given resolution.
func Page(t testing.TB, dpi int, lines ...string) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(gomono.TTF)
	if err != nil {
		t.Fatal(err)
	}
	// The face's characters are 0.6 em wide: 12 point give ten an inch.
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 12, DPI: float64(dpi), Hinting: font.HintingNone})
	if err != nil {
		t.Fatal(err)
	}
	img := White(6*dpi, 4*dpi)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{20}), Face: face}
	for i, l := range lines {
		d.Dot = fixed.P(dpi/2, dpi/2+i*dpi/4)
		d.DrawString(l)
	}
	return img
}

// White is an empty sheet.
func White(w, h int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	return img
}

// Corner is white with one black rectangle, a quarter of each side, in the upper
// left: whatever turns it can be seen by where the black went.
func Corner(w, h int) *image.Gray {
	img := White(w, h)
	draw.Draw(img, image.Rect(0, 0, w/4, h/4), image.Black, image.Point{}, draw.Src)
	return img
}

// Turned turns img by quads quarters clockwise.
func Turned(img *image.Gray, quads int) *image.Gray {
	for range quads & 3 {
		b := img.Bounds()
		out := image.NewGray(image.Rect(0, 0, b.Dy(), b.Dx()))
		for y := range b.Dy() {
			for x := range b.Dx() {
				out.SetGray(b.Dy()-1-y, x, img.GrayAt(x, y))
			}
		}
		img = out
	}
	return img
}

// Inverted is white where img is black.
func Inverted(img *image.Gray) *image.Gray {
	out := image.NewGray(img.Bounds())
	for i, v := range img.Pix {
		out.Pix[i] = 255 - v
	}
	return out
}

// Placed writes img for a viewer that will follow EXIF or TIFF orientation o:
// the pixels that shown with o look like img.
func Placed(img *image.Gray, o int) *image.Gray {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	sw, sh := w, h
	if o >= 5 {
		sw, sh = h, w
	}
	out := image.NewGray(image.Rect(0, 0, sw, sh))
	for y := range h {
		for x := range w {
			// Where the pixel shown at (x, y) is stored: TIFF 6.0, tag 274.
			sx, sy := x, y
			switch o {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			out.SetGray(sx, sy, img.GrayAt(x, y))
		}
	}
	return out
}
