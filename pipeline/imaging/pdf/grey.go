package pdf

import "image"

// greyOf is the bytes behind a grey image.
func greyOf(img image.Image) (grey []byte, stride int, ok bool) {
	g, ok := img.(*image.Gray)
	if !ok || g == nil {
		return nil, 0, false
	}
	return g.Pix, g.Stride, true
}
