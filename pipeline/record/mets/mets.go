// Package mets writes an item's METS: its master scans and derived files with
// their digests, its pages and documents, and as PREMIS what happened to it.
//
// Nothing published holds times of making, so that equal inputs give equal
// bytes; the dates of PREMIS events are therefore unspecified (XXXX-XX-XX in
// EDTF), and each says where the ledger has them.
package mets

import (
	"fmt"
	"io"
	"net/url"
	"path"
	"strconv"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/iiif"
	"nightshift/pipeline/record/markup"
)

// Namespaces of the standards.
const (
	Namespace = "http://www.loc.gov/METS/"
	PREMIS    = "http://www.loc.gov/premis/v3"
	xlink     = "http://www.w3.org/1999/xlink"
	xsi       = "http://www.w3.org/2001/XMLSchema-instance"
	dc        = "http://purl.org/dc/elements/1.1/"
)

// schemas tells validators where the standards' schemas are.
const schemas = Namespace + " http://www.loc.gov/standards/mets/mets.xsd " + PREMIS + " http://www.loc.gov/standards/premis/v3/premis-v3-0.xsd"

// File is a derived file of the version, Name below its folder.
type File struct {
	Name   string
	SHA256 archive.Digest
	Size   int
	Type   string // media type
}

// Write writes the item's METS over the files there are.
func Write(out io.Writer, in record.Input, rs []record.Record, files []File) error {
	w := &writer{Writer: markup.New(out, markup.Declaration), in: in, records: rs, files: files}
	w.Open("mets", "xmlns", Namespace, "xmlns:xlink", xlink, "xmlns:xsi", xsi, "xmlns:premis", PREMIS, "xmlns:dc", dc, "xsi:schemaLocation", schemas,
		"OBJID", string(in.Manifest.Item), "LABEL", string(in.Manifest.Locator), "TYPE", "item")
	w.Open("metsHdr")
	w.Open("agent", "ROLE", "CREATOR", "TYPE", "OTHER", "OTHERTYPE", "software")
	w.Leaf("name", "Nightshift")
	w.Leaf("note", "Events without date: the ledger, subject ledger."+string(in.Manifest.Item)+", holds their times.")
	w.Close()
	w.Close()
	w.descriptions()
	w.administration()
	w.fileSection()
	w.physical()
	w.logical()
	w.links()
	return w.End()
}

type writer struct {
	*markup.Writer
	in      record.Input
	records []record.Record
	files   []File
	scans   []scan
}

// scan is a master file of the item.
type scan struct {
	archive.ManifestPage
	id string
}

// masters are the item's scans, each once, in order.
func (w *writer) masters() []scan {
	if w.scans == nil {
		seen := map[string]bool{}
		for _, p := range w.in.Manifest.Pages {
			if !seen[p.Scan] {
				seen[p.Scan] = true
				w.scans = append(w.scans, scan{p, "scan" + strconv.Itoa(len(w.scans)+1)})
			}
		}
	}
	return w.scans
}

func (w *writer) scanID(key string) string {
	for _, s := range w.masters() {
		if s.Scan == key {
			return s.id
		}
	}
	return ""
}

// descriptions is Dublin Core for each document.
func (w *writer) descriptions() {
	for i := range w.records {
		r := &w.records[i]
		w.Open("dmdSec", "ID", dmd(r))
		w.Open("mdWrap", "MDTYPE", "DC")
		w.Open("xmlData")
		w.Leaf("dc:title", iiif.Name(r))
		for _, s := range r.Subjects {
			w.Leaf("dc:subject", s.Value)
		}
		if r.From != nil {
			w.Leaf("dc:creator", r.From.Value)
		}
		for _, p := range r.Participants {
			if p.Name != "" {
				w.Leaf("dc:contributor", p.Name)
			}
		}
		if r.Date != nil {
			w.Leaf("dc:date", r.Date.Value.Value)
		}
		w.Leaf("dc:type", r.Kind)
		w.Leaf("dc:identifier", fmt.Sprintf("%s#%d", r.Identity.Locator, r.Identity.Document))
		if r.SourceNote != nil {
			w.Leaf("dc:source", r.SourceNote.Text)
		}
		w.Close()
		w.Close()
		w.Close()
	}
}

func dmd(r *record.Record) string { return "dmd" + strconv.Itoa(r.Identity.Document) }

// fileSection lists masters and derived files by use.
func (w *writer) fileSection() {
	w.Open("fileSec")
	w.Open("fileGrp", "USE", "master")
	for _, s := range w.masters() {
		w.file(s.id, s.Type, int(s.Size), s.SHA256, "amd", address(archive.ScansBucket, s.Scan))
	}
	w.Close()
	for _, use := range []string{"record", "text", "alto", "hocr", "tei", "annotations", "pdf", "structure", "other"} {
		open := false
		for i, f := range w.files {
			if Use(f.Name) != use {
				continue
			}
			if !open {
				w.Open("fileGrp", "USE", use)
				open = true
			}
			w.file("file"+strconv.Itoa(i+1), f.Type, f.Size, f.SHA256, "", (&url.URL{Path: f.Name}).String())
		}
		if open {
			w.Close()
		}
	}
	w.Close()
}

// address spells an object as an address; FLocat wants one.
func address(bucket, key string) string {
	return (&url.URL{Scheme: "s3", Host: bucket, Path: "/" + key}).String()
}

func (w *writer) file(id, mediaType string, size int, d archive.Digest, amd, href string) {
	w.Open("file", "ID", id, "MIMETYPE", mediaType, "SIZE", strconv.Itoa(size), "CHECKSUM", string(d), "CHECKSUMTYPE", "SHA-256", "ADMID", amd)
	w.Leaf("FLocat", "", "LOCTYPE", "URL", "xlink:href", href)
	w.Close()
}

// Use is the group a derived file belongs to.
func Use(name string) string {
	switch {
	case strings.HasPrefix(name, "record-"):
		return "record"
	case strings.HasPrefix(name, "alto/"):
		return "alto"
	case strings.HasPrefix(name, "hocr/"):
		return "hocr"
	}
	switch name {
	case "read.txt", "text.txt":
		return "text"
	case "tei.xml":
		return "tei"
	case "annotations.json":
		return "annotations"
	case "item.pdf":
		return "pdf"
	case "structure.json":
		return "structure"
	}
	return "other"
}

// physical maps pages to their files.
func (w *writer) physical() {
	w.Open("structMap", "TYPE", "PHYSICAL")
	w.Open("div", "ID", "pages", "TYPE", "item", "LABEL", string(w.in.Manifest.Locator))
	for i, f := range w.files {
		if path.Dir(f.Name) == "." && Use(f.Name) != "record" {
			w.Leaf("fptr", "", "FILEID", "file"+strconv.Itoa(i+1))
		}
	}
	for n, p := range w.in.Manifest.Pages {
		w.Open("div", "ID", page(n+1), "TYPE", "page", "ORDER", strconv.Itoa(n+1), "LABEL", w.pageLabel(n))
		w.Open("fptr", "FILEID", w.scanID(p.Scan))
		w.Close()
		for i, f := range w.files {
			base := strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name))
			if number, err := strconv.Atoi(base); err == nil && number == n+1 && path.Dir(f.Name) != "." {
				w.Leaf("fptr", "", "FILEID", "file"+strconv.Itoa(i+1))
			}
		}
		w.Close()
	}
	w.Close()
	w.Close()
}

// pageLabel says what is special about the page.
func (w *writer) pageLabel(i int) string {
	switch p := w.in.Pages[i]; {
	case p.Parked != "":
		return "not read: " + p.Parked
	case p.Blank:
		return "blank"
	case p.NoText != "":
		return "no text: " + string(p.NoText)
	}
	return ""
}

func page(n int) string { return "page" + strconv.Itoa(n) }

// logical maps documents to their records.
func (w *writer) logical() {
	if len(w.records) == 0 {
		return
	}
	w.Open("structMap", "TYPE", "LOGICAL")
	w.Open("div", "ID", "documents", "TYPE", "item")
	for i := range w.records {
		r := &w.records[i]
		w.Open("div", "ID", document(r), "TYPE", r.Kind, "ORDER", strconv.Itoa(i+1), "LABEL", iiif.Name(r), "DMDID", dmd(r))
		for j, f := range w.files {
			if f.Name == fmt.Sprintf("record-%d.json", i+1) {
				w.Leaf("fptr", "", "FILEID", "file"+strconv.Itoa(j+1))
			}
		}
		w.Close()
	}
	w.Close()
	w.Close()
}

func document(r *record.Record) string { return "document" + strconv.Itoa(r.Identity.Document) }

// links say which pages a document stands on.
func (w *writer) links() {
	open := false
	for i := range w.records {
		for _, p := range w.records[i].Source.Pages {
			if !open {
				w.Open("structLink")
				open = true
			}
			w.Leaf("smLink", "", "xlink:from", document(&w.records[i]), "xlink:to", page(p.Page))
		}
	}
	if open {
		w.Close()
	}
}
