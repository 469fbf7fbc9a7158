//go:build cgo

package lines

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/pdf"
)

// mostPixels bounds a page that is learned from; an A2 sheet at 600 dpi has fewer.
const mostPixels = 200_000_000

// pdfMemory bounds what pdfium takes.
const pdfMemory = 1 << 30

// pages decodes page images in this process: they are the archive's own, which the
// pipeline has read before.
type pages struct {
	cache  string
	pdfium *pdf.Engine
}

// page is page index (from 1) of a scan, in grey, as a viewer shows it.
func (p *pages) page(ctx context.Context, file string, index int) (*image.Gray, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	kind, ok := imaging.Sniff(raw)
	if !ok {
		return nil, fmt.Errorf("%s: %w: no known format", file, imaging.ErrUndecodable)
	}
	if kind == imaging.TypePDF {
		g, err := p.ofPDF(ctx, raw, index)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		return g, nil
	}
	x, err := decode(raw, kind, index)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	defer x.Close()
	return x.Grey()
}

func decode(raw []byte, kind string, index int) (*imaging.Pix, error) {
	if kind == imaging.TypeTIFF {
		return imaging.DecodeTIFF(raw, index-1, mostPixels, imaging.Grey)
	}
	x, _, err := imaging.Decode(raw, kind, mostPixels, imaging.Grey)
	return x, err
}

func (p *pages) ofPDF(ctx context.Context, raw []byte, index int) (*image.Gray, error) {
	if p.pdfium == nil {
		e, err := pdf.NewEngine(ctx, p.cache, pdfMemory)
		if err != nil {
			return nil, err
		}
		p.pdfium = e
	}
	d, err := p.pdfium.Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	if index < 1 || index > d.Pages {
		return nil, fmt.Errorf("page %d of %d", index, d.Pages)
	}
	page, err := d.Page(index)
	if err != nil {
		return nil, err
	}
	defer page.Close()
	draft, err := page.Draft(mostPixels)
	if err != nil {
		return nil, err
	}
	drawn, err := page.Draw(draft, mostPixels, false)
	if err != nil {
		return nil, err
	}
	defer drawn.Release()
	g := image.NewGray(image.Rect(0, 0, drawn.Width, drawn.Height))
	for y := range drawn.Height {
		copy(g.Pix[y*g.Stride:(y+1)*g.Stride], drawn.Bytes[y*drawn.Stride:])
	}
	return g, nil
}
