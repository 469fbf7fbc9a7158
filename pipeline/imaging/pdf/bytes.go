package pdf

import "image"

// bytesOf is the bytes behind a grey or coloured image.
func bytesOf(img image.Image) (b []byte, stride int, ok bool) {
	switch m := img.(type) {
	case *image.Gray:
		if m != nil {
			return m.Pix, m.Stride, true
		}
	case *image.RGBA:
		if m != nil {
			return m.Pix, m.Stride, true
		}
	}
	return nil, 0, false
}
