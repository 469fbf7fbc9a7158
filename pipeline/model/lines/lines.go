// Package lines owns what a recognition model learns from: pictures of single
// lines of writing, each with its text. It finds lines on page images whose text
// is known, and writes and reads the files that Tesseract's training takes.
// Training itself is package train's, drawing lines package draw's.
package lines

import (
	"image"
	"image/draw"
	"regexp"
)

// A Line is the picture of one line of writing and what it says.
type Line struct {
	// Source names where the line comes from, for messages and for leaving
	// documents out: "typed/NAME_01", "drawn/courier-prime/17".
	Source string
	// Image is the line in grey, dark on light, with Margin pixels of its
	// surroundings on each side beyond the box that Tesseract would cut.
	Image  *image.Gray
	Margin int
	// Text is NFC, one line, single blanks, with straight or curly quotes as
	// they stand.
	Text string
}

var pageNumber = regexp.MustCompile(`_\d+$`)

// Document is Source without the page's number: lines of one document have the
// same, and must not be on both sides of a measurement.
func (l Line) Document() string { return pageNumber.ReplaceAllString(l.Source, "") }

// Padding is how many pixels Tesseract leaves round the box of a line (kImagePadding
// of its linerec.cpp).
const Padding = 4

// Cut is the line as Tesseract would cut it from the page: the box with Padding
// round it. It shares the pixels of l.Image.
func (l Line) Cut() *image.Gray {
	b := l.Image.Rect
	if by := l.Margin - Padding; by > 0 && 2*by < b.Dx() && 2*by < b.Dy() {
		b = b.Inset(by)
	}
	return l.Image.SubImage(b).(*image.Gray)
}

// white is a grey image of the given size without writing.
func white(width, height int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, width, height))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	return g
}

// crop is the part of page within b and margin pixels more on each side, a copy
// of its own; what lies beyond the page is white.
func crop(page *image.Gray, b image.Rectangle, margin int) *image.Gray {
	b = b.Inset(-margin)
	out := white(b.Dx(), b.Dy())
	draw.Draw(out, out.Rect, page, b.Min, draw.Src)
	return out
}
