//go:build cgo

package tesseract

import (
	"fmt"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/pdf"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

// deepest is how many files a file may lie in: a scan attached to a PDF of a
// portfolio lies in two.
const deepest = 2

// inner is a file within a PDF, and its pages; err says why it gives none.
type inner struct {
	name  string
	src   *source
	pages []wire.PagePlan
	err   error
}

// filesIn lists the files within an open PDF with their pages, and closes it: there
// is one pdfium, and a file within may need it.
func (c *child) filesIn(src *source, d *pdf.Doc) ([]inner, error) {
	files, err := d.Files(c.cfg.MemoryLimit / 4)
	d.Close()
	if err != nil {
		return nil, err
	}
	var out []inner
	for _, f := range files {
		out = append(out, c.look(f, src.inside))
	}
	return out, nil
}

// look finds out what pages a file within a file has.
func (c *child) look(f pdf.File, inside int) inner {
	in := inner{name: f.Name}
	switch {
	case len(f.Data) == 0:
		in.err = fmt.Errorf("it is empty, cannot be read or is too large")
	case inside >= deepest:
		in.err = fmt.Errorf("it lies in too many files")
	}
	if in.err != nil {
		return in
	}
	if _, ok := imaging.Sniff(f.Data); !ok {
		in.err = fmt.Errorf("it is no scan")
		return in
	}
	in.src = inMemory(f.Data, inside)
	in.pages, in.err = c.plan(in.src, wire.Order{})
	return in
}

// planInside are the pages of the files within, numbered on from those of the document.
func (c *child) planInside(files []inner, pages int) (out []wire.PagePlan) {
	for _, f := range files {
		for _, p := range f.pages {
			p.Index = pages + len(out) + 1
			out = append(out, p)
		}
	}
	return out
}

// unfold finds the file that a page is in, and its number there: that of the order
// itself unless it lies in a file within a PDF.
func (c *child) unfold(src *source, o wire.Order) (*source, wire.Order, error) {
	kind, err := kindOf(src, o.Type)
	if err != nil || kind != imaging.TypePDF {
		return src, o, err
	}
	d, err := c.open(src)
	if err != nil {
		return src, o, err
	}
	if o.Index <= d.Pages {
		d.Close()
		return src, o, nil
	}
	index := o.Index - d.Pages
	files, err := c.filesIn(src, d)
	if err != nil {
		return src, o, err
	}
	for _, f := range files {
		if index <= len(f.pages) {
			o.Index, o.Type = f.pages[index-1].Index, ""
			return c.unfold(f.src, o)
		}
		index -= len(f.pages)
	}
	return src, o, nil // no such page: whoever reads it says so
}

// mostNamed bounds the files that are named one by one.
const mostNamed = 20

// oddPDF says on the first page of a PDF what else is in the file, and what its pages
// do not show.
func (c *child) oddPDF(src *source, o wire.Order, p *transcript.Page) error {
	kind, err := kindOf(src, o.Type)
	if err != nil || kind != imaging.TypePDF || o.Index != 1 {
		return err
	}
	d, err := c.open(src)
	if err != nil {
		return err
	}
	if d.Placeholder() {
		p.Odd(archive.PlaceholderPage, "the PDF holds an XFA form, which only Adobe's programs lay out; what was read is the page that stands in for it")
	}
	pages := d.Pages
	files, err := c.filesIn(src, d)
	if err != nil || len(files) == 0 {
		return err
	}
	var told []string
	for i, f := range files {
		if i == mostNamed {
			told = append(told, fmt.Sprintf("and %d more", len(files)-i))
			break
		}
		switch n := len(f.pages); {
		case f.err != nil:
			told = append(told, fmt.Sprintf("%q was not taken: %v", f.name, f.err))
		case n == 1:
			told = append(told, fmt.Sprintf("%q is page %d", f.name, pages+1))
		default:
			told = append(told, fmt.Sprintf("%q is pages %d to %d", f.name, pages+1, pages+n))
		}
		pages += len(f.pages)
	}
	p.Odd(archive.EmbeddedFiles, fmt.Sprintf("%d files in the PDF: %s", len(files), strings.Join(told, "; ")))
	return nil
}
