// Package tei writes an item's records as TEI P5, in the manner of the printed
// editions of diplomatic papers: head, dateline, lists of subjects and
// participants, page beginnings, notes at their marks, closer and signatures,
// and every correction as choice of sic and corr with responsibility and
// certainty. One document is a TEI element, several are a teiCorpus.
package tei

import (
	"fmt"
	"io"
	"net/url"
	"strconv"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/markup"
)

// Namespace of TEI P5.
const Namespace = "http://www.tei-c.org/ns/1.0"

// Write writes the records of an item.
func Write(out io.Writer, in record.Input, rs []record.Record) error {
	w := markup.New(out, markup.Declaration)
	if len(rs) == 1 {
		writeDocument(w, in, &rs[0], true)
		return w.End()
	}
	w.Open("teiCorpus", "xmlns", Namespace)
	w.Open("teiHeader")
	w.Open("fileDesc")
	w.Open("titleStmt")
	w.Leaf("title", string(in.Manifest.Locator))
	w.Close()
	w.Open("publicationStmt")
	w.Leaf("p", "Made from scans; see each document.")
	w.Close()
	w.Open("sourceDesc")
	w.Leaf("p", fmt.Sprintf("%d documents on %d pages.", len(rs), len(in.Pages)))
	w.Close()
	w.Close()
	w.Close()
	for i := range rs {
		writeDocument(w, in, &rs[i], false)
	}
	if len(rs) == 0 {
		writeNothing(w)
	}
	return w.End()
}

// writeNothing is the member that a corpus must have.
func writeNothing(w *markup.Writer) {
	w.Open("TEI")
	w.Open("teiHeader")
	w.Open("fileDesc")
	w.Open("titleStmt")
	w.Leaf("title", "No document was found")
	w.Close()
	w.Open("publicationStmt")
	w.Leaf("p", "None.")
	w.Close()
	w.Open("sourceDesc")
	w.Leaf("p", "None.")
	w.Close()
	w.Close()
	w.Close()
	w.Open("text")
	w.Open("body")
	w.Leaf("ab", "", "type", "empty")
	w.Close()
	w.Close()
	w.Close()
}

func writeDocument(w *markup.Writer, in record.Input, r *record.Record, alone bool) {
	d := newDocument(w, r)
	xmlns := ""
	if alone {
		xmlns = Namespace
	}
	w.Open("TEI", "xmlns", xmlns)
	d.header(in)
	d.facsimile()
	w.Open("text")
	w.Open("body")
	w.Open("div", "type", "document", "subtype", r.Kind, "xml:id", d.id, "n", value(r.Number))
	d.blocks()
	w.Close()
	w.Close()
	w.Close()
	w.Close()
}

// facsimile names the page images; pb elements point to its surfaces.
func (d *document) facsimile() {
	open := false
	for _, p := range d.r.Source.Pages {
		if p.Width == 0 {
			continue
		}
		if !open {
			d.w.Open("facsimile")
			open = true
		}
		d.w.Open("surface", "xml:id", d.surface(p.Page), "ulx", "0", "uly", "0",
			"lrx", strconv.Itoa(p.Width), "lry", strconv.Itoa(p.Height))
		page := &url.URL{Path: p.Scan, Fragment: "page=" + strconv.Itoa(p.Index)}
		d.w.Leaf("graphic", "", "url", page.String(), "width", strconv.Itoa(p.Width)+"px", "height", strconv.Itoa(p.Height)+"px")
		d.w.Close()
	}
	if open {
		d.w.Close()
	}
}

func (d *document) surface(page int) string { return d.id + "page" + strconv.Itoa(page) }

// hasSurface tells whether the page has an image in the facsimile.
func (d *document) hasSurface(page int) bool {
	for _, p := range d.r.Source.Pages {
		if p.Page == page {
			return p.Width > 0
		}
	}
	return false
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
