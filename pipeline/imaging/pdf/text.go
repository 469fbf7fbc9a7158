package pdf

import (
	"errors"
	"fmt"
	"unicode"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// ErrNoText: the page has no text layer, or one whose characters have no known
// meaning.
var ErrNoText = errors.New("the PDF page has no text that can be taken")

// Char is a character of a page's text: a letter with its place, or white space
// and line ends, which pdfium puts where the layout shows them.
type Char struct {
	Rune rune
	Box  [4]int // pixels of the draft, x0,y0,x1,y1, half-open
}

// maxChars bounds the text of a page: the densest newspaper page has a tenth.
const maxChars = 1 << 20

// unknownShare is the share of characters without a known meaning from which a
// text layer counts as none: fonts without a map to Unicode give such.
const unknownShare = 0.05

// Text is the page's own text, in the order of its content, with places on the
// page as drawn by d. ErrNoText where it has none.
func (p *Page) Text(d Draft) ([]Char, error) {
	loaded, err := p.doc.pdf.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: p.page()})
	if err != nil {
		return nil, fmt.Errorf("%w: text of page %d: %v", ErrBroken, p.index, err)
	}
	text := loaded.TextPage
	defer func() { _, _ = p.doc.pdf.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text}) }()
	n, err := p.doc.pdf.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text})
	if err != nil {
		return nil, fmt.Errorf("%w: text of page %d: %v", ErrBroken, p.index, err)
	}
	if n.Count > maxChars {
		return nil, fmt.Errorf("%w: %d characters on page %d", ErrTooLarge, n.Count, p.index)
	}
	var out []Char
	letters, unknown := 0, 0
	for i := range n.Count {
		u, err := p.doc.pdf.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: i})
		if err != nil {
			return nil, fmt.Errorf("%w: text of page %d: %v", ErrBroken, p.index, err)
		}
		c := Char{Rune: rune(u.Unicode)}
		switch {
		case c.Rune == 2 || c.Rune == 0xFFFE: // how pdfium gives a hyphen at a line's end
			c.Rune = '-'
		case unicode.IsSpace(c.Rune):
			out = append(out, c)
			continue
		case c.Rune < ' ' || c.Rune == unicode.ReplacementChar || unicode.Is(unicode.Co, c.Rune) || !unicode.IsGraphic(c.Rune) && !unicode.Is(unicode.Cf, c.Rune):
			unknown++
			continue
		}
		letters++
		if c.Box, err = p.charBox(text, i, d); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	if letters == 0 || float64(unknown) > unknownShare*float64(letters+unknown) {
		return nil, ErrNoText
	}
	return out, nil
}

// charBox is the place of character i in pixels of d, however the page is turned.
func (p *Page) charBox(text references.FPDF_TEXTPAGE, i int, d Draft) ([4]int, error) {
	b, err := p.doc.pdf.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: text, Index: i})
	if err != nil {
		return [4]int{}, fmt.Errorf("%w: text of page %d: %v", ErrBroken, p.index, err)
	}
	var x, y [2]int
	for k, at := range [2][2]float64{{b.Left, b.Top}, {b.Right, b.Bottom}} {
		dev, err := p.doc.pdf.FPDF_PageToDevice(&requests.FPDF_PageToDevice{
			Page: p.page(), SizeX: d.Width, SizeY: d.Height, PageX: at[0], PageY: at[1],
		})
		if err != nil {
			return [4]int{}, fmt.Errorf("%w: text of page %d: %v", ErrBroken, p.index, err)
		}
		x[k], y[k] = dev.DeviceX, dev.DeviceY
	}
	in := func(v, limit int) int { return min(max(v, 0), limit) }
	return [4]int{
		in(min(x[0], x[1]), d.Width), in(min(y[0], y[1]), d.Height), in(max(x[0], x[1]), d.Width), in(max(y[0], y[1]), d.Height),
	}, nil
}
