package night

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // access images are PNG where the page is black and white

	"golang.org/x/image/draw"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/record"
	"nightshift/pipeline/report"
)

// Of the pictures in a report: how many there are, how many pixels wide, and
// their JPEG quality. Six of them make a report of some 200 KB.
const (
	picturesKept   = 6
	worstAnyway    = 3 // pages that read worst, though none is doubtful
	pictureWidth   = 480
	pictureQuality = 70
)

// Illustrate puts pictures of the pages that failed and read worst into the
// report. A page whose picture cannot be made is left out: the report does not
// fail for it.
func (s *System) Illustrate(ctx context.Context, r *report.Report, images record.Images) {
	add := func(item archive.ItemID, l archive.Locator, page int, why string) {
		if len(r.Pictures) >= picturesKept || page < 1 || ctx.Err() != nil {
			return
		}
		data, err := s.picture(ctx, images, item, page)
		if err != nil {
			s.Log.Debug("no picture for the report", "item", item, "page", page, "error", err)
			return
		}
		r.Pictures = append(r.Pictures, report.Picture{Locator: l, Page: page, Why: why, Type: "image/jpeg", Data: data})
	}
	for _, f := range r.Pages {
		add(f.Item, f.Locator, f.Page, "parked: "+string(f.Reason))
	}
	if r.Night == nil {
		return
	}
	for n, p := range r.Night.Worst {
		if p.LowQuality || n < worstAnyway {
			add(p.Item, p.Locator, p.Page, fmt.Sprintf("estimated errors %.1f%%, confidence %.0f", 100*p.ErrorRate, p.Confidence))
		}
	}
}

func (s *System) picture(ctx context.Context, images record.Images, item archive.ItemID, page int) ([]byte, error) {
	input, _, err := progress.CurrentInput(ctx, s.Work, item)
	if err != nil {
		return nil, err
	}
	var m archive.Manifest
	if err := s.Work.GetJSON(ctx, archive.ManifestKey(item, input), &m); err != nil {
		return nil, err
	}
	if page > len(m.Pages) {
		return nil, fmt.Errorf("page %d of an item of %d", page, len(m.Pages))
	}
	full, err := images.PageImage(ctx, m.Pages[page-1])
	if err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(full.Data))
	if err != nil {
		return nil, err
	}
	size := img.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, pictureWidth, max(1, size.Dy()*pictureWidth/max(1, size.Dx()))))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), img, size, draw.Src, nil)
	var b bytes.Buffer
	err = jpeg.Encode(&b, small, &jpeg.Options{Quality: pictureQuality})
	return b.Bytes(), err
}
