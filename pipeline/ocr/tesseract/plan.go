//go:build cgo

package tesseract

import (
	"context"
	"errors"
	"fmt"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/pdf"
	"nightshift/pipeline/ocr/wire"
)

var errNoPages = errors.New("no page in it")

// plan lists the pages of a scan without decoding one.
func (c *child) plan(src *source, o wire.Order) ([]wire.PagePlan, error) {
	kind, err := kindOf(src, o.Type)
	if err != nil {
		return nil, err
	}
	switch kind {
	case imaging.TypeTIFF:
		return c.planTIFF(src)
	case imaging.TypePDF:
		return c.planPDF(src)
	case archive.TypeHOCR, archive.TypeALTO, archive.TypePAGE:
		return c.planGiven(src, kind)
	}
	if imaging.HasPages(kind) {
		return c.planPages(src, kind)
	}
	return []wire.PagePlan{{Index: 1}}, nil
}

// planPages counts the pages of a file that is looked through in one piece.
func (c *child) planPages(src *source, kind string) ([]wire.PagePlan, error) {
	b, err := src.all(min(c.cfg.MaxBytes, c.cfg.MemoryLimit/2))
	if err != nil {
		return nil, err
	}
	n, err := imaging.Pages(b, kind)
	if err != nil {
		return nil, err
	}
	return c.numbered(n)
}

// numbered plans the pages of a file of n, if it has any and not too many.
func (c *child) numbered(n int) ([]wire.PagePlan, error) {
	switch {
	case n == 0:
		return nil, errNoPages
	case c.cfg.MaxPages > 0 && n > c.cfg.MaxPages:
		return nil, fmt.Errorf("%w: %d pages, allowed are %d", imaging.ErrTooLarge, n, c.cfg.MaxPages)
	}
	plans := make([]wire.PagePlan, n)
	for i := range plans {
		plans[i].Index = i + 1
	}
	return plans, nil
}

// kindOf is the media type by content, or as told where the content is silent.
func kindOf(src *source, told string) (string, error) {
	head := make([]byte, min(src.size, 4096))
	if n, err := src.ReadAt(head, 0); n < len(head) {
		return "", err
	}
	if kind, ok := imaging.Sniff(head); ok {
		return kind, nil
	}
	if told == "" {
		return "", fmt.Errorf("%w: no known format", imaging.ErrUndecodable)
	}
	return told, nil
}

func (c *child) planTIFF(src *source) ([]wire.PagePlan, error) {
	pages, err := c.walk(src)
	if err != nil && (len(pages) == 0 || !errors.Is(err, imaging.ErrTruncated)) {
		return nil, err
	}
	if len(pages) == 0 {
		return nil, errNoPages
	}
	copies := c.copies(src, pages)
	plans := make([]wire.PagePlan, 0, len(pages)+1)
	for _, p := range pages {
		if copies[p.Index] {
			continue
		}
		w, h := p.Shown()
		plan := wire.PagePlan{Index: p.Index, Width: w, Height: h, DPI: p.DPI}
		if p.Truncated {
			plan.Damage = archive.Truncated
		}
		plans = append(plans, plan)
	}
	if err != nil { // the chain of pages breaks off: there was at least one more
		plans = append(plans, wire.PagePlan{Index: len(pages) + 1, Damage: archive.Truncated})
	}
	return plans, nil
}

func (c *child) walk(src *source) ([]imaging.TIFFPage, error) {
	return imaging.WalkTIFF(src, src.size, imaging.TIFFLimits{Pages: c.cfg.MaxPages})
}

func (c *child) planPDF(src *source) ([]wire.PagePlan, error) {
	d, err := c.open(src)
	if err != nil {
		return nil, err
	}
	plans := make([]wire.PagePlan, d.Pages)
	for i := range plans {
		plans[i].Index = i + 1
		if s, err := d.Size(i + 1); err == nil {
			plans[i].Width, plans[i].Height, plans[i].DPI = s.Width, s.Height, s.DPI
		}
	}
	files, err := c.filesIn(src, d)
	if err != nil {
		return nil, err
	}
	inside := c.planInside(files, d.Pages)
	switch {
	case d.Pages+len(inside) == 0:
		return nil, errNoPages
	case c.cfg.MaxPages > 0 && d.Pages+len(inside) > c.cfg.MaxPages:
		return nil, fmt.Errorf("%w: %d pages, allowed are %d", imaging.ErrTooLarge, d.Pages+len(inside), c.cfg.MaxPages)
	}
	return append(plans, inside...), nil
}

// open opens the PDF in a pdfium that is started when the first one comes: it
// takes memory that a child reading TIFFs need not have.
func (c *child) open(src *source) (*pdf.Doc, error) {
	if c.pdfium == nil {
		e, err := pdf.NewEngine(context.Background(), filled(c.cfg), c.cfg.MemoryLimit/2)
		if err != nil { // what lies in the cache is damaged
			e, err = pdf.NewEngine(context.Background(), "", c.cfg.MemoryLimit/2)
		}
		if err != nil {
			return nil, err
		}
		c.pdfium = e
	}
	return c.pdfium.Open(src, src.size)
}
