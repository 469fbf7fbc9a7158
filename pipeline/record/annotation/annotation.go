// Package annotation writes an item's corrections and sections as W3C Web
// Annotations: each targets its place in the text as read (read.txt) and the
// region of its page's canvas.
package annotation

import (
	"fmt"
	"io"
	"strconv"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/iiif"
	"nightshift/pipeline/record/jsonstream"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/transcript"
)

// Context of the standard.
const Context = "http://www.w3.org/ns/anno.jsonld"

// quoted is how much text on each side a quote selector gives, in code points.
const quoted = 20

type object = jsonstream.Object

// Write writes the item's annotations as one AnnotationPage. Regions are of all
// its pages.
func Write(out io.Writer, at iiif.Item, in record.Input, rs []record.Record, regions Regions) error {
	a := annotator{at: at, text: []rune(in.Reading.Text), regions: regions, pages: in.Pages}
	w := jsonstream.New(out, "@context", []string{Context, iiif.Context}, "id", at.File("annotations.json"), "type", "AnnotationPage")
	w.List("items")
	for i := range rs {
		for j := range rs[i].Sections {
			w.Element(a.section(&rs[i], j))
		}
		for j := range rs[i].Corrections {
			w.Element(a.correction(&rs[i], j))
		}
	}
	w.EndList()
	return w.End()
}

type annotator struct {
	at      iiif.Item
	text    []rune
	regions Regions
	pages   []transcript.Page
}

// Regions are where sections lie on the pages, by document (from 1) and section
// (from 0).
type Regions map[[2]int][]region

// region is a part of a page.
type region struct {
	page int
	box  transcript.Box
}

// Add notes where sections lie on p; pages are added in order.
func (r Regions) Add(p layer.Page) {
	for _, b := range p.Blocks {
		if b.Section >= 0 {
			key := [2]int{b.Document, b.Section}
			r[key] = append(r[key], region{p.Number, b.Box})
		}
	}
}

func (a annotator) id(r *record.Record, kind string, n int) string {
	return a.at.File(fmt.Sprintf("annotations.json#document-%d-%s-%d", r.Identity.Document, kind, n+1))
}

// section says of which kind a stretch is.
func (a annotator) section(r *record.Record, j int) object {
	s := r.Sections[j]
	targets := []any{a.place(s.Read)}
	for _, x := range a.regions[[2]int{r.Identity.Document, s.Index}] {
		targets = append(targets, a.onCanvas(x))
	}
	return object{
		"id": a.id(r, "section", j), "type": "Annotation", "motivation": "classifying",
		"body":   object{"type": "TextualBody", "purpose": "classifying", "value": s.Kind, "format": "text/plain"},
		"target": targets,
	}
}

// correction says what was read and what is to stand there.
func (a annotator) correction(r *record.Record, j int) object {
	c := r.Corrections[j]
	motivation, purpose := "editing", "editing"
	if c.Decision == clean.Flagged {
		motivation, purpose = "questioning", "questioning"
	}
	targets := []any{a.place(c.Read)}
	if c.Page != nil && c.Box != nil {
		targets = append(targets, a.onCanvas(region{*c.Page, *c.Box}))
	}
	return object{
		"id": a.id(r, "correction", j), "type": "Annotation", "motivation": motivation,
		"body": []object{
			{"type": "TextualBody", "purpose": purpose, "value": c.After, "format": "text/plain"},
			{"type": "TextualBody", "purpose": "tagging", "value": string(c.Kind), "format": "text/plain"},
			{"type": "TextualBody", "purpose": "describing", "value": describe(c), "format": "text/plain"},
		},
		"target": targets,
	}
}

// describe spells a correction's grounds in a sentence.
func describe(c record.Correction) string {
	s := fmt.Sprintf("%q to %q by rule %s, confidence %s, decided by %s", c.Before, c.After, c.Rule,
		strconv.FormatFloat(c.Confidence, 'f', -1, 64), c.DecidedBy)
	for _, e := range c.Evidence {
		s += "; " + e
	}
	return s
}

// place is a stretch of the text as read. Positions are code points, as the
// standard counts them.
func (a annotator) place(s clean.Span) object {
	quote := object{
		"type": "TextQuoteSelector", "exact": string(a.text[s.Start:s.End]),
		"prefix": string(a.text[max(0, s.Start-quoted):s.Start]), "suffix": string(a.text[s.End:min(len(a.text), s.End+quoted)]),
	}
	return object{"source": a.at.File("read.txt"), "selector": object{
		"type": "TextPositionSelector", "start": s.Start, "end": s.End, "refinedBy": quote}}
}

// onCanvas is a region of a page.
func (a annotator) onCanvas(r region) object {
	img := a.pages[r.page-1].Image
	top, bottom := iiif.Down(img, r.box[1]), iiif.Down(img, r.box[3])
	return object{"source": a.at.Canvas(r.page), "selector": object{
		"type": "FragmentSelector", "conformsTo": "http://www.w3.org/TR/media-frags/",
		"value": fmt.Sprintf("xywh=%d,%d,%d,%d", r.box[0], top, r.box[2]-r.box[0], bottom-top)}}
}
