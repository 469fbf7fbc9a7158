package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"nightshift/pipeline/record/alto"
	"nightshift/pipeline/record/annotation"
	"nightshift/pipeline/record/hocr"
	"nightshift/pipeline/record/iiif"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/mets"
	"nightshift/pipeline/record/pdf"
	"nightshift/pipeline/record/tei"
)

// Names of files in a version's folder; records are record-1.json and on, pages
// lie below alto/ and hocr/.
const (
	FileRead        = "read.txt" // the text as read
	fileText        = "text.txt"
	fileStructure   = "structure.json"
	fileTEI         = "tei.xml"
	fileAnnotations = "annotations.json"
	filePDF         = "item.pdf"
	fileIIIF        = "manifest.json"
	fileMETS        = "mets.xml"
)

// makeRenditions writes and puts what is switched on. METS lists the others'
// files, so it comes last.
func (e *edition) makeRenditions(ctx context.Context) error {
	on := e.on
	if len(on.Names()) == 0 {
		return nil
	}
	regions := annotation.Regions{}
	if err := e.makePaged(ctx, regions); err != nil {
		return err
	}
	at := iiif.Item{Base: e.terms.RecordsURL, Locator: e.in.Manifest.Locator}
	for _, m := range []struct {
		on              bool
		name, mediaType string
		write           func(io.Writer) error
	}{
		{on[TEI], fileTEI, "application/tei+xml", func(w io.Writer) error { return tei.Write(w, e.in, e.records) }},
		{on[Annotations], fileAnnotations, "application/ld+json", func(w io.Writer) error { return annotation.Write(w, at, e.in, e.records, regions) }},
		{on[IIIF], fileIIIF, "application/ld+json", func(w io.Writer) error { return iiif.Write(w, at, e.in, e.records, e.links()) }},
		{on[METS], fileMETS, "application/mets+xml", func(w io.Writer) error { return mets.Write(w, e.in, e.records, e.listed()) }},
	} {
		if !m.on {
			continue
		}
		err := e.write(ctx, m.name, m.mediaType, m.write)
		if err != nil && !errors.Is(err, iiif.ErrNoImages) {
			return err
		}
	}
	return nil
}

// makePaged writes the renditions that are made of the words on the pages, and
// notes the regions of sections. It goes through the pages once: what is made of
// a page is put while the PDF takes in the next one.
func (e *edition) makePaged(ctx context.Context, regions annotation.Regions) error {
	withPDF := e.on[PDF] && e.options.Images != nil
	if !withPDF && !e.on[ALTO] && !e.on[HOCR] && !e.on[Annotations] {
		return nil
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(fetches)
	pages := func(yield func(layer.Page, error) bool) {
		for p, err := range layer.Pages(e.in, e.records) {
			if err == nil {
				err = gctx.Err()
			}
			if err == nil {
				regions.Add(p)
				e.makePage(gctx, g, p)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
	var err error
	if withPDF {
		err = e.write(gctx, filePDF, "application/pdf", func(w io.Writer) error {
			return pdf.Write(gctx, w, e.options.Images(e.terms.ImageSize), e.in, e.records, pages)
		})
	} else {
		for _, err = range pages {
			if err != nil {
				break
			}
		}
	}
	if failed := g.Wait(); failed != nil {
		return failed
	}
	if errors.Is(err, pdf.ErrNoImages) {
		return nil
	}
	return err
}

// makePage begins to write the renditions that are one file a page. A text input
// has no page image and so none of them.
func (e *edition) makePage(ctx context.Context, g *errgroup.Group, p layer.Page) {
	if p.Transcript.Text != nil {
		return
	}
	if e.on[ALTO] {
		g.Go(func() error {
			return e.write(ctx, fmt.Sprintf("alto/%04d.xml", p.Number), "application/alto+xml", func(w io.Writer) error { return alto.Write(w, e.in, p) })
		})
	}
	if e.on[HOCR] {
		g.Go(func() error {
			return e.write(ctx, fmt.Sprintf("hocr/%04d.html", p.Number), "text/vnd.hocr+html", func(w io.Writer) error { return hocr.Write(w, e.in, p) })
		})
	}
}

// write makes one rendition and puts it.
func (e *edition) write(ctx context.Context, name, contentType string, writer func(io.Writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var s spool
	defer s.close()
	if err := writer(&s); err != nil {
		return fmt.Errorf("write %s of %s: %w", name, e.in.Manifest.Locator, err)
	}
	if s.file == nil {
		return e.put(ctx, name, contentType, s.memory.Bytes())
	}
	info, err := e.options.Records.Upload(ctx, e.folder()+name, s.file, s.size, contentType)
	if err != nil {
		return fmt.Errorf("put %s of %s: %w", name, e.in.Manifest.Locator, err)
	}
	e.note(mets.File{Name: name, SHA256: info.SHA256, Size: int(s.size), Type: contentType})
	return nil
}

// listed are the files put so far, in order of name.
func (e *edition) listed() []mets.File {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []mets.File
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		out = append(out, e.files[name])
	}
	return out
}

// links are the names of the version's files that the IIIF manifest points to,
// METS among them, which is yet to be made.
func (e *edition) links() []string {
	var out []string
	for _, f := range e.listed() {
		out = append(out, f.Name)
	}
	if e.on[METS] {
		out = append(out, fileMETS)
	}
	return out
}
