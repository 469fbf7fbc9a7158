package ocr

import (
	"context"
	"errors"
	"fmt"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/reader"
	"nightshift/pipeline/store"
	"nightshift/pipeline/transcript"
)

// Outside is an outside reader for pages that read badly; a *reader.Reader is one.
type Outside interface {
	Wants(p *transcript.Page) bool
	Read(ctx context.Context, p *transcript.Page, image func(context.Context) (reader.Image, error)) error
}

// Pictures makes the image that an outside reader sees; a *Pool does.
type Pictures interface {
	Image(ctx context.Context, src Source, name, mediaType string, index, longest int) (Picture, error)
}

// outside has the outside reader look at a page that wants it. What the engine
// read is kept first, under the configuration without the reader: neither a killed
// program nor another round of questions reads the page again.
func (o StageOptions) outside(ctx context.Context, m archive.Manifest, item archive.ItemID, p archive.ManifestPage, src Source, page *transcript.Page) error {
	if o.Outside == nil || !o.Outside.Wants(page) {
		return nil
	}
	if _, err := o.Work.PutJSON(ctx, archive.PageKey(item, p.SHA256, p.Index, o.Engine(m)), page); err != nil && !errors.Is(err, store.ErrConflict) {
		return err
	}
	return o.Outside.Read(ctx, page, func(ctx context.Context) (reader.Image, error) {
		x, err := o.Pictures.Image(ctx, src, p.Scan, p.Type, p.Index, o.Longest)
		return reader.Image{Data: x.Data, Type: x.Type}, err
	})
}

// before is what the engine alone read on the page, if it did so with this
// configuration.
func (o StageOptions) before(ctx context.Context, m archive.Manifest, item archive.ItemID, p archive.ManifestPage) (page transcript.Page, there bool, err error) {
	if o.Outside == nil {
		return page, false, nil
	}
	err = o.Work.GetJSON(ctx, archive.PageKey(item, p.SHA256, p.Index, o.Engine(m)), &page)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return page, false, nil
	case err != nil:
		return page, false, fmt.Errorf("what was read before: %w", err)
	}
	return page, true, nil
}
