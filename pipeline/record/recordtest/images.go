package recordtest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
)

// Drawn serves page images that it draws itself: odd pages as JPEG, even ones
// as PNG, at half the size of the scan's pages.
type Drawn struct{}

// PageImage draws the page.
func (Drawn) PageImage(_ context.Context, p archive.ManifestPage) (record.PageImage, error) {
	img := image.NewGray(image.Rect(0, 0, 850, 1100))
	for i := range img.Pix {
		img.Pix[i] = 0xF0
	}
	for x := range 400 {
		img.SetGray(50+x, 100, color.Gray{})
	}
	out := record.PageImage{Width: 850, Height: 1100, Type: "image/png"}
	var b bytes.Buffer
	var err error
	if p.Index%2 == 1 {
		out.Type = "image/jpeg"
		err = jpeg.Encode(&b, img, nil)
	} else {
		err = png.Encode(&b, img)
	}
	if err != nil {
		return out, fmt.Errorf("draw a page: %w", err)
	}
	out.Data = b.Bytes()
	return out, nil
}
