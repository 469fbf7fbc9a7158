//go:build cgo

package tesseract

import (
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/wire"
)

// image is one page for the screen; it needs no engine. The answer's frame is
// the encoded image itself.
func (c *child) image(src *source, o wire.Order) ([]byte, error) {
	src, o, err := c.unfold(src, o)
	if err != nil {
		return nil, err
	}
	master, _, err := c.master(src, o, imaging.Colour)
	if err != nil {
		return nil, err
	}
	defer master.Close()
	square, _, err := master.Square(c.cfg.MaxPixels)
	if err != nil {
		return nil, err
	}
	if square != master {
		defer square.Close()
	}
	return square.ForScreen(o.Longest)
}

// loadCodecs has decoders load what they need from the disk while it is there.
func loadCodecs() { imaging.LoadCodecs() }
