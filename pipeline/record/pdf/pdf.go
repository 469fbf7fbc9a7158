// Package pdf writes an item as a searchable PDF: the page images with the
// clean words in place, unseen, and a bookmark for each document. It is a small
// writer of its own because no kept Go library places unseen text in a font
// that covers every script. It streams: one page is in memory at a time.
package pdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"unicode/utf16"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/iiif"
	"nightshift/pipeline/record/layer"
)

// Objects with fixed numbers; pages follow from firstFree on.
const (
	catalogID = 1 + iota
	pagesID
	fontID
	cidFontID
	fontFileID
	descriptorID
	toUnicodeID
	glyphMapID
	infoID
	helveticaID
	firstFree
)

// Write writes the item. A page whose image cannot be had, and a parked page,
// is a page that says so; a text input has no page, and an item of nothing but
// text is ErrNoImages.
func Write(ctx context.Context, out io.Writer, images record.Images, in record.Input, rs []record.Record, pages iter.Seq2[layer.Page, error]) error {
	d := &document{file: &file{out: out}, ctx: ctx, images: images, in: in, codes: map[rune]int{}, next: firstFree, pageIDs: map[int]int{}}
	d.put("%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
	for p, err := range pages {
		if err != nil {
			return err
		}
		if p.Transcript.Text != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.page(p); err != nil {
			return fmt.Errorf("page %d: %w", p.Number, err)
		}
	}
	if len(d.kids) == 0 {
		return ErrNoImages
	}
	d.font()
	outline := d.outline(rs)
	d.object(pagesID, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(d.kids), strings.Join(d.kids, " ")))
	d.object(catalogID, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R%s /ViewerPreferences << /DisplayDocTitle true >> >>", pagesID, outline))
	d.object(infoID, fmt.Sprintf("<< /Title %s /Producer (Nightshift) >>", text(string(in.Manifest.Locator))))
	d.trailer(string(in.Manifest.Input()))
	return d.err
}

// ErrNoImages: the item has no page image.
var ErrNoImages = fmt.Errorf("a PDF needs a page image")

// document is a PDF on its way out.
type document struct {
	*file
	ctx     context.Context
	images  record.Images
	in      record.Input
	codes   map[rune]int // character to its code in the unseen font
	runes   []rune       // by code, from 1
	kids    []string
	next    int
	pageIDs map[int]int // page of the item to object
}

func (d *document) newID() int {
	d.next++
	return d.next - 1
}

// page writes one page: its image, its words, and what holds them together.
func (d *document) page(p layer.Page) error {
	id := d.newID()
	d.pageIDs[p.Number] = id
	d.kids = append(d.kids, fmt.Sprintf("%d 0 R", id))
	s := sheetOf(p)
	if p.Transcript.Parked != "" {
		d.placeholder(id, p, s, "not read: "+p.Transcript.Parked)
		return d.err
	}
	img, err := d.images.PageImage(d.ctx, d.in.Manifest.Pages[p.Number-1])
	if errors.Is(err, record.ErrNoImage) {
		d.placeholder(id, p, s, "no image")
		return d.err
	}
	if err != nil {
		return fmt.Errorf("fetch the image: %w", err)
	}
	imageID := d.newID()
	if err := d.image(imageID, img); err != nil {
		return err
	}
	var content bytes.Buffer
	fmt.Fprintf(&content, "q %s 0 0 %s 0 0 cm /Im Do Q\n", num(s.width), num(s.height))
	d.words(&content, p, s)
	d.sheet(id, s, fmt.Sprintf("/XObject << /Im %d 0 R >> /Font << /F %d 0 R >>", imageID, fontID), content.Bytes())
	return d.err
}

// sheet writes a page object and its content.
func (d *document) sheet(id int, s sheet, resources string, content []byte) {
	contentID := d.newID()
	d.stream(contentID, "", content)
	rotate := ""
	if s.rotation != 0 {
		rotate = fmt.Sprintf(" /Rotate %d", s.rotation)
	}
	d.object(id, fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s]%s /Resources << %s >> /Contents %d 0 R >>",
		pagesID, num(s.width), num(s.height), rotate, resources, contentID))
}

// placeholder is a page that says why there is no image, with what was read.
func (d *document) placeholder(id int, p layer.Page, s sheet, why string) {
	var content bytes.Buffer
	fmt.Fprintf(&content, "BT /H 14 Tf 36 %s Td (Page %d: %s) Tj ET\n", num(s.height-72), p.Number, literal(why))
	d.words(&content, p, s)
	d.sheet(id, s, fmt.Sprintf("/Font << /H %d 0 R /F %d 0 R >>", helveticaID, fontID), content.Bytes())
}

// sheet is a page's size in points, and how many points a pixel of the master
// image is, across and down.
type sheet struct {
	width, height, scale, down float64
	rotation                   int
}

// usualDPI is taken for images that do not say their resolution.
const usualDPI = 200

// sheetOf gives the page the size of its paper, but no more than PDF allows.
func sheetOf(p layer.Page) sheet {
	i := p.Transcript.Image
	if i.Width <= 0 || i.Height <= 0 {
		return sheet{612, 792, 1, 1, 0} // US letter, for a page of which nothing is known
	}
	dpi := float64(i.DPI)
	if i.DPI < 20 || i.DPI > 10000 {
		dpi = usualDPI
	}
	scale := 72 / dpi
	stretch := i.Stretch()
	if longest := scale * max(float64(i.Width), float64(i.Height)*stretch); longest > 14400 {
		scale *= 14400 / longest
	}
	down := scale * stretch
	return sheet{float64(i.Width) * scale, float64(i.Height) * down, scale, down, i.Rotation}
}

// outline writes a bookmark for each document and returns the catalog's entry.
func (d *document) outline(rs []record.Record) string {
	type mark struct {
		id, page int
		name     string
	}
	root := d.newID()
	var marks []mark
	for i := range rs {
		for _, p := range rs[i].Source.Pages {
			if page := d.pageIDs[p.Page]; page > 0 {
				marks = append(marks, mark{d.newID(), page, iiif.Name(&rs[i])})
				break
			}
		}
	}
	if len(marks) == 0 {
		return ""
	}
	for i, m := range marks {
		links := ""
		if i > 0 {
			links += fmt.Sprintf(" /Prev %d 0 R", marks[i-1].id)
		}
		if i+1 < len(marks) {
			links += fmt.Sprintf(" /Next %d 0 R", marks[i+1].id)
		}
		d.object(m.id, fmt.Sprintf("<< /Title %s /Parent %d 0 R%s /Dest [%d 0 R /XYZ null null null] >>", text(m.name), root, links, m.page))
	}
	d.object(root, fmt.Sprintf("<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>", marks[0].id, marks[len(marks)-1].id, len(marks)))
	return fmt.Sprintf(" /Outlines %d 0 R /PageMode /UseOutlines", root)
}

// text is a text string of any script.
func text(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}

// literal spells printable ASCII for a string in brackets.
func literal(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`()\`, r) {
			return '?'
		}
		return r
	}, s)
}

// num spells a number as PDF has it, to a thousandth of a point.
func num(v float64) string {
	s := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// packers are writers used again: one takes 1.3 MB, and every page needs two.
var packers = sync.Pool{New: func() any {
	w, _ := zlib.NewWriterLevel(nil, zlib.BestCompression) // a level that there is
	return w
}}

// packed is b compressed for a FlateDecode stream.
func packed(b []byte) []byte {
	var out bytes.Buffer
	w := packers.Get().(*zlib.Writer)
	defer packers.Put(w)
	w.Reset(&out)
	w.Write(b) // a buffer takes all
	w.Close()
	return out.Bytes()
}
