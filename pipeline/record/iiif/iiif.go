// Package iiif writes the IIIF Presentation 3 manifest of an item: a canvas for
// each page, a range for each document, and links to the other renditions. It
// owns the addresses of canvases and images, which annotations point to too.
package iiif

import (
	"fmt"
	"io"
	"math"
	"net/url"
	"strconv"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/jsonstream"
	"nightshift/pipeline/transcript"
)

// Context of the standard.
const Context = "http://iiif.io/api/presentation/3/context.json"

// Item addresses an item's things below Base, the address that the archive
// serves its records under (IIIF wants http addresses), without a slash at the end.
type Item struct {
	Base    string
	Locator archive.Locator
}

// File is the address of a file of the item's version.
func (i Item) File(name string) string { return i.Base + "/" + escape(string(i.Locator)) + "/" + name }

// Canvas is the address of a page's canvas.
func (i Item) Canvas(page int) string { return i.File("canvas/" + strconv.Itoa(page)) }

// Image is the address of a page's access image, upright and for the screen.
func (i Item) Image(page int) string { return i.File(fmt.Sprintf("access/%04d.jpg", page)) }

// escape spells a locator as the path of an address.
func escape(s string) string {
	parts := strings.Split(s, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

type object = jsonstream.Object

// Write writes the item's manifest; links names the renditions there are
// (their file names). An item without any page image has no canvas, and no
// manifest: Write then returns ErrNoImages.
func Write(out io.Writer, at Item, in record.Input, rs []record.Record, links []string) error {
	pages := images(in)
	if len(pages) == 0 {
		return ErrNoImages
	}
	w := jsonstream.New(out, "@context", Context, "id", at.File("manifest.json"), "type", "Manifest", "label", label(string(in.Manifest.Locator)),
		"summary", label(fmt.Sprintf("%d documents on %d pages", len(rs), len(in.Pages))), "metadata", metadata(in, rs), "behavior", []string{"paged"})
	rendering, also := linked(at, links, rs)
	w.Field("rendering", rendering)
	w.Field("seeAlso", also)
	w.List("items")
	for _, n := range pages {
		w.Element(canvas(at, in, n, links))
	}
	w.EndList()
	w.List("structures")
	for i := range rs {
		if r := documentRange(at, &rs[i], pages); r != nil {
			w.Element(r)
		}
	}
	w.EndList()
	return w.End()
}

// ErrNoImages: the item has no page image.
var ErrNoImages = fmt.Errorf("a manifest needs a page image")

// images are the pages (from 1) that have, or should have had, an image.
func images(in record.Input) []int {
	var out []int
	for i, p := range in.Pages {
		if p.Text == nil {
			out = append(out, i+1)
		}
	}
	return out
}

func label(s string) object { return object{"none": []string{clean(s)}} }

// clean spells s without the control characters that viewers choke on.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return '\uFFFD'
		}
		return r
	}, s)
}

// entry is a line of metadata.
func entry(name, value string) object {
	return object{"label": object{"en": []string{name}}, "value": label(value)}
}

func metadata(in record.Input, rs []record.Record) []object {
	out := []object{entry("Locator", string(in.Manifest.Locator)), entry("Item", string(in.Manifest.Item))}
	for _, r := range rs {
		prefix := ""
		if len(rs) > 1 {
			prefix = fmt.Sprintf("Document %d: ", r.Identity.Document)
		}
		out = append(out, entry(prefix+"Kind", r.Kind))
		if r.Title != nil {
			out = append(out, entry(prefix+"Title", *r.Title))
		}
		if r.Date != nil {
			value := r.Date.Value.Value
			if r.Date.Read == nil {
				value += " (inferred: " + r.Date.Basis + ")"
			}
			out = append(out, entry(prefix+"Date", value))
		}
	}
	return out
}

// canvas is one page. Its size is the master image's, with square pixels; a page that
// could not be read at all has a nominal one.
func canvas(at Item, in record.Input, n int, links []string) object {
	p := in.Pages[n-1]
	width, height := p.Image.Width, Down(p.Image, p.Image.Height)
	known := width > 0 && height > 0
	if !known {
		width, height = 1700, 2200 // a letter page at 200 dpi, as a placeholder
	}
	id := at.Canvas(n)
	c := object{"id": id, "type": "Canvas", "label": label("Page " + strconv.Itoa(n)), "width": width, "height": height}
	painting := []object{}
	if known {
		painting = append(painting, object{"id": id + "/image", "type": "Annotation", "motivation": "painting", "target": id,
			"body": object{"id": at.Image(n), "type": "Image", "format": "image/jpeg", "width": width, "height": height}})
	}
	c["items"] = []object{{"id": id + "/page", "type": "AnnotationPage", "items": painting}}
	var notes []object
	if p.Parked != "" {
		notes = append(notes, entry("Not read", p.Parked))
	}
	if p.Blank {
		notes = append(notes, entry("Blank", "yes"))
	}
	if p.NoText != "" {
		notes = append(notes, entry("Without text", string(p.NoText)))
	}
	if notes != nil {
		c["metadata"] = notes
	}
	for _, l := range links {
		if l == "annotations.json" {
			c["annotations"] = []object{{"id": at.File(l), "type": "AnnotationPage"}}
		}
		if l == fmt.Sprintf("alto/%04d.xml", n) {
			c["seeAlso"] = []object{link(at, l, "ALTO", "Dataset", "application/xml")}
		}
	}
	return c
}

// documentRange is the range of a document's pages; nil if it has no image.
func documentRange(at Item, r *record.Record, pages []int) object {
	has := map[int]bool{}
	for _, n := range pages {
		has[n] = true
	}
	items := []object{}
	for _, p := range r.Source.Pages {
		if has[p.Page] {
			items = append(items, object{"id": at.Canvas(p.Page), "type": "Canvas"})
		}
	}
	if len(items) == 0 {
		return nil
	}
	return object{"id": at.File("range/" + strconv.Itoa(r.Identity.Document)), "type": "Range", "label": label(Name(r)), "items": items}
}

// Name is what a document is called in lists: its title, else its kind, with
// the date where it is known.
func Name(r *record.Record) string {
	name := r.Kind
	if r.Title != nil && *r.Title != "" {
		name = *r.Title
	}
	if r.Date != nil {
		name += ", " + r.Date.Value.Value
	}
	return name
}

func link(at Item, file, name, kind, format string) object {
	return object{"id": at.File(file), "type": kind, "label": object{"en": []string{name}}, "format": format}
}

// linked are the other forms of the item: for people, and for machines.
func linked(at Item, links []string, rs []record.Record) (rendering, also []object) {
	rendering, also = []object{link(at, "text.txt", "Clean text", "Text", "text/plain")}, []object{}
	for _, l := range links {
		switch l {
		case "item.pdf":
			rendering = append(rendering, link(at, l, "Searchable PDF", "Text", "application/pdf"))
		case "tei.xml":
			also = append(also, link(at, l, "TEI", "Dataset", "application/tei+xml"))
		case "mets.xml":
			also = append(also, link(at, l, "METS with PREMIS", "Dataset", "application/xml"))
		}
	}
	for _, r := range rs {
		also = append(also, link(at, fmt.Sprintf("record-%d.json", r.Identity.Document), "Record: "+clean(Name(&r)), "Dataset", "application/json"))
	}
	return rendering, also
}

// Down is a place y pixels down the master on the canvas of its page, whose pixels are
// square.
func Down(i transcript.Image, y int) int { return int(math.Round(float64(y) * i.Stretch())) }
