//go:build cgo

package tesseract

import (
	"errors"
	"fmt"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/pdf"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

// planGiven lists the pages of another program's OCR.
func (c *child) planGiven(src *source, kind string) ([]wire.PagePlan, error) {
	raw, err := c.whole(src)
	if err != nil {
		return nil, err
	}
	n, err := transcript.GivenPages(raw, kind)
	if err != nil {
		return nil, err
	}
	return c.numbered(n)
}

// whole is a file that is parsed in one piece.
func (c *child) whole(src *source) ([]byte, error) {
	return src.all(min(c.cfg.MaxBytes, c.cfg.MemoryLimit/8))
}

// given is a page that needs no reading: hOCR, ALTO, or a PDF's text layer where
// those are to be taken. Nil: it is to be read.
func (c *child) given(src *source, o wire.Order) (*transcript.Page, error) {
	kind, err := kindOf(src, o.Type)
	if err != nil {
		return nil, err
	}
	switch {
	case archive.IsGiven(kind):
		raw, err := c.whole(src)
		if err != nil {
			return nil, err
		}
		return transcript.GivenPage(raw, kind, o.Index)
	case kind == imaging.TypePDF && c.cfg.TextLayers:
		return c.textLayer(src, o)
	}
	return nil, nil
}

// textLayer is the text of a PDF page; nil where it has none or none that can be
// trusted to be text.
func (c *child) textLayer(src *source, o wire.Order) (*transcript.Page, error) {
	d, err := c.open(src)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	if o.Index < 1 || o.Index > d.Pages {
		return nil, fmt.Errorf("page %d of %d: %w", o.Index, d.Pages, errNoPages)
	}
	page, err := d.Page(o.Index)
	if err != nil {
		return nil, err
	}
	defer page.Close()
	if page.Added() {
		return nil, nil // filled fields and typed notes are not in the layer
	}
	draft, err := page.Draft(c.cfg.MaxPixels)
	if err != nil {
		return nil, err
	}
	chars, err := page.Text(draft)
	if errors.Is(err, pdf.ErrNoText) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p := &transcript.Page{Version: transcript.FormatVersion, Blocks: blocksOf(chars), MeanConfidence: 100,
		Steps: []string{"text layer taken, not read", "no confidences given"}}
	if words(p.Blocks) == 0 {
		return nil, nil
	}
	if letters(p.Blocks) < fewLayer {
		x, err := c.drawn(page, draft, imaging.Grey)
		if err != nil {
			return nil, nil // reading it says what is wrong
		}
		defer x.Close()
		if sparse, err := c.sparse(x, p.Blocks); sparse || err != nil {
			return nil, err
		}
	}
	for _, note := range page.Notes() {
		p.Odd(archive.NotesOnPage, note)
	}
	p.Image.Index, p.Image.Width, p.Image.Height, p.Image.DPI = o.Index, draft.Width, draft.Height, draft.DPI
	return p, nil
}

// blocksOf puts a text layer's characters together to words, at white space, to
// lines, at line ends, and to blocks, where a line does not follow the one
// before it closely.
func blocksOf(chars []pdf.Char) []transcript.Block {
	var g gathering
	for _, ch := range chars {
		switch ch.Rune {
		case '\r', '\n':
			g.endLine()
		case ' ', '\t', 0xA0:
			g.endWord()
		default:
			g.add(ch)
		}
	}
	g.endLine()
	return g.blocks
}

type gathering struct {
	blocks []transcript.Block
	line   transcript.Line
	word   transcript.Word
}

func (g *gathering) add(ch pdf.Char) {
	box := transcript.Box(ch.Box)
	if g.word.Text == "" {
		g.word = transcript.Word{Box: box, Confidence: 100}
	}
	w := &g.word
	w.Text += string(ch.Rune)
	w.Box = w.Box.Union(box)
	w.X0, w.X1, w.CharConf = append(w.X0, box[0]), append(w.X1, box[2]), append(w.CharConf, 100)
}

func (g *gathering) endWord() {
	if g.word.Text == "" {
		return
	}
	if len(g.line.Words) == 0 {
		g.line.Box = g.word.Box
	}
	g.line.Box = g.line.Box.Union(g.word.Box)
	g.line.Words = append(g.line.Words, g.word)
	g.word = transcript.Word{}
}

func (g *gathering) endLine() {
	g.endWord()
	l := g.line
	g.line = transcript.Line{}
	if len(l.Words) == 0 {
		return
	}
	if n := len(g.blocks); n > 0 {
		b := &g.blocks[n-1]
		last := b.Lines[len(b.Lines)-1].Box
		height := max(l.Box[3]-l.Box[1], last[3]-last[1])
		// Double spacing leaves about one and a half heights of letters free.
		if gap := l.Box[1] - last[3]; gap > -height && gap < 2*height && l.Box[0] < b.Box[2] && l.Box[2] > b.Box[0] {
			b.Lines, b.Box = append(b.Lines, l), b.Box.Union(l.Box)
			return
		}
	}
	g.blocks = append(g.blocks, transcript.Block{Box: l.Box, Lines: []transcript.Line{l}})
}
