//go:build cgo

package tesseract

import (
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/wire"
)

// image is one page for the screen; it needs no engine. The answer's frame is
// the encoded image itself.
func (c *child) image(src *source, o wire.Order) ([]byte, error) {
	master, _, err := c.master(src, o, imaging.Colour)
	if err != nil {
		return nil, err
	}
	defer master.Close()
	return master.ForScreen(o.Longest)
}
