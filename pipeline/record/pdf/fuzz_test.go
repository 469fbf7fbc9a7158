package pdf

import (
	"bytes"
	"image"
	"image/png"
	"testing"
)

// FuzzChunks: whatever claims to be a PNG, reading it ends with an error or
// with a header and data that lie within it.
func FuzzChunks(f *testing.F) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:20])
	f.Fuzz(func(t *testing.T, data []byte) {
		h, idat, err := chunks(data)
		if err == nil && (h.width <= 0 || h.height <= 0 || len(idat) == 0 || len(idat) > len(data)) {
			t.Errorf("%+v with %d bytes of data of %d", h, len(idat), len(data))
		}
	})
}
