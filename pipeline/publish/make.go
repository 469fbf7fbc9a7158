package publish

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"nightshift/pipeline/record/alto"
	"nightshift/pipeline/record/hocr"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/tei"
)

// makeRenditions writes and puts what is switched on. METS lists the others'
// files, so it comes last.
func (e *edition) makeRenditions(ctx context.Context) error {
	on := e.options.Renditions
	if len(on.Names()) == 0 {
		return nil
	}
	pages := layer.Pages(e.in, e.records)
	for _, p := range pages {
		if p.Transcript.Text != nil {
			continue // of a text input: there is no image
		}
		if on[ALTO] {
			if err := e.write(ctx, fmt.Sprintf("alto/%04d.xml", p.Number), "application/alto+xml", func(w io.Writer) error { return alto.Write(w, e.in, p) }); err != nil {
				return err
			}
		}
		if on[HOCR] {
			if err := e.write(ctx, fmt.Sprintf("hocr/%04d.html", p.Number), "text/vnd.hocr+html", func(w io.Writer) error { return hocr.Write(w, e.in, p) }); err != nil {
				return err
			}
		}
	}
	if on[TEI] {
		return e.write(ctx, "tei.xml", "application/tei+xml", func(w io.Writer) error { return tei.Write(w, e.in, e.records) })
	}
	return nil
}

// write makes one rendition and puts it.
func (e *edition) write(ctx context.Context, name, contentType string, writer func(io.Writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := writer(&b); err != nil {
		return fmt.Errorf("write %s of %s: %w", name, e.in.Manifest.Locator, err)
	}
	return e.put(ctx, name, contentType, b.Bytes())
}
