// Package lines owns what a recognition model learns from: pictures of single
// lines of writing, each with its text. Training itself is package train's,
// drawing lines package draw's.
package lines

import "image"

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
