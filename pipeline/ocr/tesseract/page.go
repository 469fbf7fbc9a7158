//go:build cgo

package tesseract

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/pdf"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

// read is one page, from bytes to transcript.
func (c *child) read(src *source, o wire.Order) (*transcript.Page, error) {
	in, at, err := c.unfold(src, o)
	if err != nil {
		return nil, err
	}
	p, err := c.given(in, at)
	if err == nil && p == nil {
		p, err = c.readImage(in, at)
	}
	if err != nil {
		return nil, err
	}
	p.Image.Index = o.Index
	return p, c.oddPDF(src, o, p)
}

// readImage reads a page's picture.
func (c *child) readImage(src *source, o wire.Order) (*transcript.Page, error) {
	if err := c.engine.use(o.Languages); err != nil {
		return nil, err
	}
	master, made, err := c.master(src, o, imaging.Grey)
	if err != nil {
		return nil, err
	}
	defer master.Close()
	p := &transcript.Page{Version: transcript.FormatVersion, Blocks: []transcript.Block{}, Steps: made.steps, Oddities: made.odd}
	if err := c.readSquare(p, master); err != nil {
		return nil, err
	}
	p.Diagnostics = c.diag.lines()
	return p, nil
}

// readSquare reads the master with its pixels made square and its resolution settled.
// Boxes and sizes are those of the master as it is.
func (c *child) readSquare(p *transcript.Page, master *imaging.Pix) error {
	square, back, err := master.Square(c.cfg.MaxPixels)
	if err != nil {
		return err
	}
	if square != master {
		defer square.Close()
		p.Steps = append(p.Steps, fmt.Sprintf("pixels of %d by %d an inch made square", master.DPI(), master.DPIDown()))
	}
	was, err := square.Settle()
	if err != nil {
		return err
	}
	if was > 0 {
		p.Steps = append(p.Steps, square.ResolutionStep(was))
	}
	p.Image.Width, p.Image.Height, p.Image.DPI = square.Width(), square.Height(), square.DPI()
	if err := c.recognise(p, square); err != nil || square == master {
		return err
	}
	p.Image.Width, p.Image.Height = master.Width(), master.Height()
	toMaster(p.Blocks, back, p.Image.Width, p.Image.Height)
	p.Image.DPI = int(math.Round(float64(square.DPI()) * back.A))
	p.Image.DPIDown = int(math.Round(float64(square.DPI()) * back.E))
	return nil
}

// recognise cleans the master and fills p with what is read on it.
func (c *child) recognise(p *transcript.Page, master *imaging.Pix) error {
	ready, err := c.bestReading(master)
	if err != nil {
		return err
	}
	defer ready.Close()
	blocks := ready.blocks
	p.Steps = append(p.Steps, ready.Steps...)
	p.Image.Rotation, p.Image.Skew = ready.Rotation, ready.Skew
	p.InkCoverage, p.Blank = ready.Ink, ready.Blank
	if p.Blank {
		return c.readFew(p, master, ready)
	}
	blocks, left, err := c.readLeft(ready.Prepared, blocks)
	if err != nil {
		return err
	}
	if left > 0 {
		p.Steps = append(p.Steps, fmt.Sprintf("read %d lines that the layout left", left))
	}
	if words(blocks) == 0 {
		return c.withoutText(p, ready, blocks)
	}
	blocks, found, err := c.readUnseen(ready.Prepared, blocks)
	if err != nil {
		return err
	}
	if n := found.count(); n > 0 {
		p.Steps = append(p.Steps, fmt.Sprintf("read %d stretches that stand alone", n))
	}
	blocks, noise := apart(blocks)
	blocks = found.about(blocks)
	toMaster(blocks, ready.ToMaster, p.Image.Width, p.Image.Height)
	if noise > 0 {
		p.Steps = append(p.Steps, fmt.Sprintf("kept %d lines of noise out", noise))
	}
	p.Blocks = blocks
	p.Judge()
	if !written(blocks, ready.Prepared) {
		return c.withoutText(p, ready, blocks)
	}
	return nil
}

// toMaster maps every box to pixels of the master.
func toMaster(blocks []transcript.Block, m imaging.Affine, width, height int) {
	if m == imaging.Identity() {
		return
	}
	box := func(b *transcript.Box) { *b = transcript.Box(m.Box(*b, width, height)) }
	for i := range blocks {
		box(&blocks[i].Box)
		for j := range blocks[i].Lines {
			l := &blocks[i].Lines[j] // #nosec G602 -- j is an index of it
			box(&l.Box)
			for k := range l.Words {
				w := &l.Words[k]
				y0, y1 := w.Box[1], w.Box[3]
				box(&w.Box)
				for n := range w.X0 {
					b := m.Box([4]int{w.X0[n], y0, w.X1[n], y1}, width, height)
					w.X0[n], w.X1[n] = b[0], b[2]
				}
			}
		}
	}
}

// making is what was done to make a master, and what is odd about it.
type making struct {
	steps []string
	odd   []transcript.Oddity
}

// master decodes the page asked for, as a viewer shows it but with the pixels that
// the file has, in grey or colours.
func (c *child) master(src *source, o wire.Order, keep imaging.Palette) (*imaging.Pix, making, error) {
	var m making
	kind, err := kindOf(src, o.Type)
	if err != nil {
		return nil, m, err
	}
	switch kind {
	case imaging.TypeTIFF:
		x, err := c.masterTIFF(src, o.Index, keep)
		return x, m, err
	case imaging.TypePDF:
		return c.masterPDF(src, o.Index, keep)
	}
	if o.Index != 1 && !imaging.HasPages(kind) {
		return nil, m, fmt.Errorf("%w: page %d of a file with one", errNoPages, o.Index)
	}
	b, err := src.all(min(c.cfg.MaxBytes, c.cfg.MemoryLimit/2))
	if err != nil {
		return nil, m, err
	}
	x, warnings, err := imaging.DecodePage(b, kind, o.Index, c.cfg.MaxPixels, keep)
	if n, more := imaging.Pages(b, kind); more == nil && n > 1 && !imaging.HasPages(kind) {
		m.odd = append(m.odd, transcript.Oddity{Reason: archive.EmbeddedFiles, Detail: fmt.Sprintf("%d pictures in the file, of which the first was read", n)})
	}
	if warnings > 0 && err == nil {
		m.steps = append(m.steps, fmt.Sprintf("decoder passed over %d faults", warnings))
	}
	return x, m, err
}

// affords tells whether a page may be kept in colours: it takes up to twelve bytes a
// pixel, in two copies and what is made of them.
func (c *child) affords(width, height int) imaging.Palette {
	return imaging.Palette(int64(width) <= c.cfg.MemoryLimit/16/int64(max(height, 1)))
}

func (c *child) masterTIFF(src *source, index int, keep imaging.Palette) (*imaging.Pix, error) {
	pages, err := c.walk(src)
	if index < 1 || index > len(pages) {
		if err == nil {
			err = errNoPages
		}
		return nil, fmt.Errorf("page %d of %d: %w", index, len(pages), err)
	}
	p := pages[index-1]
	if p.Truncated {
		return nil, fmt.Errorf("%w: the data of page %d", imaging.ErrTruncated, index)
	}
	if err := imaging.CheckPixels(p.Width, p.Height, c.cfg.MaxPixels); err != nil {
		return nil, err
	}
	keep = keep && c.affords(p.Width, p.Height)
	if p.Bytes() > c.cfg.MemoryLimit/2 {
		return nil, fmt.Errorf("%w: %d bytes in one TIFF page", errTooManyBytes, p.Bytes())
	}
	b, dir, err := c.alone(src, p)
	if err != nil {
		return nil, err
	}
	x, err := imaging.DecodeTIFF(b, dir, c.cfg.MaxPixels, keep)
	if err != nil {
		return nil, err
	}
	if p.Orientation >= 5 {
		x.Told(p.DPIDown, p.DPI)
	} else {
		x.Told(p.DPI, p.DPIDown)
	}
	return x, nil
}

// alone is a TIFF with the page in it, and the number of its directory.
func (c *child) alone(src *source, p imaging.TIFFPage) ([]byte, int, error) {
	b, err := p.Alone(src, src.size)
	if err == nil {
		return b, 0, nil
	}
	if !errors.Is(err, imaging.ErrNotAlone) {
		return nil, 0, err
	}
	b, err = src.all(min(c.cfg.MaxBytes, c.cfg.MemoryLimit/4))
	return b, p.Directory, err
}

func (c *child) masterPDF(src *source, index int, keep imaging.Palette) (*imaging.Pix, making, error) {
	var m making
	d, err := c.open(src)
	if err != nil {
		return nil, m, err
	}
	defer d.Close()
	if index < 1 || index > d.Pages {
		return nil, m, fmt.Errorf("page %d of %d: %w", index, d.Pages, errNoPages)
	}
	page, err := d.Page(index)
	if err != nil {
		return nil, m, err
	}
	defer page.Close()
	draft, err := page.Draft(c.cfg.MaxPixels)
	if err != nil {
		return nil, m, err
	}
	if err := page.JPEGs(func(b []byte) error { return imaging.CheckJPEG(b, c.cfg.MaxPixels) }); err != nil {
		return nil, m, err
	}
	if notes := page.Notes(); len(notes) > 0 {
		m.odd = append(m.odd, transcript.Oddity{Reason: archive.NotesOnPage, Detail: strings.Join(notes, "; ")})
	}
	x, err := c.drawn(page, draft, keep)
	if err != nil {
		return nil, m, err
	}
	how := "drawn"
	if draft.Scanned {
		how = "scan"
	}
	m.steps = append(m.steps, fmt.Sprintf("pdf %s %d dpi", how, draft.DPI))
	return x, m, nil
}

// drawn is a page of a PDF as a picture.
func (c *child) drawn(page *pdf.Page, draft pdf.Draft, keep imaging.Palette) (*imaging.Pix, error) {
	keep = keep && c.affords(draft.Width, draft.Height)
	drawn, err := page.Draw(draft, c.cfg.MaxPixels, keep == imaging.Colour)
	if err != nil {
		return nil, err
	}
	defer drawn.Release()
	from := imaging.FromGrey
	if keep == imaging.Colour {
		from = imaging.FromRGBA
	}
	x, err := from(drawn.Bytes, drawn.Width, drawn.Height, drawn.Stride)
	if err != nil {
		return nil, err
	}
	x.SetDPI(drawn.DPI)
	return x, nil
}
