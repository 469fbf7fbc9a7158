// Package access gives page images for the screen, so that nobody needs the
// masters to read: made when first asked for, by an engine child, and kept in
// the work bucket for the next one. It owns their size and their keys; it
// decodes nothing itself.
package access

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // the two forms of access images
	_ "image/png"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// Maker makes page images; an *ocr.Pool is one.
type Maker interface {
	Image(ctx context.Context, src ocr.Source, name, mediaType string, index, longest int) (ocr.Picture, error)
}

// Images serves access images. It is safe for concurrent use, in many processes.
type Images struct {
	Scans, Work *store.Bucket
	Maker       Maker
	Longest     int // of the longer side, in pixels; 0: record.DefaultImageSize
}

// ErrNoImage is wrapped by errors about a page that has no image and will not
// have one: a text input, a scan that is gone or cannot be decoded.
var ErrNoImage = record.ErrNoImage

// key of the image of a page. Images are kept by the scan's digest: pages of
// equal scans share them.
func (i Images) key(p archive.ManifestPage) string {
	return archive.AccessKey(p.SHA256, p.Index, i.longest())
}

func (i Images) longest() int {
	if i.Longest > 0 {
		return i.Longest
	}
	return record.DefaultImageSize
}

// PageImage is the page as a viewer shows it, as JPEG or PNG. The first to ask
// has it made; all get the same bytes.
func (i Images) PageImage(ctx context.Context, p archive.ManifestPage) (record.PageImage, error) {
	if !archive.HasImage(p.Type) {
		return record.PageImage{}, fmt.Errorf("%w: %q is text", ErrNoImage, p.Scan)
	}
	key := i.key(p)
	kept, err := i.kept(ctx, key)
	if !errors.Is(err, store.ErrNotFound) {
		return kept, err
	}
	made, err := i.make(ctx, p)
	if err != nil {
		return record.PageImage{}, fmt.Errorf("page %d of %q: %w", p.Index, p.Scan, err)
	}
	_, err = i.Work.PutNew(ctx, key, made.Data, made.Type)
	if errors.Is(err, store.ErrConflict) { // made elsewhere meanwhile, by another version of the encoder
		return i.kept(ctx, key)
	}
	return record.PageImage(made), err
}

// kept is the image made before; store.ErrNotFound if there is none.
func (i Images) kept(ctx context.Context, key string) (record.PageImage, error) {
	data, _, err := i.Work.Get(ctx, key)
	if err != nil {
		return record.PageImage{}, err
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return record.PageImage{}, fmt.Errorf("%s is no image: %w: %w", key, store.ErrFixity, err)
	}
	return record.PageImage{Data: data, Type: "image/" + format, Width: cfg.Width, Height: cfg.Height}, nil
}

// make has a child decode the page. What can never succeed wraps ErrNoImage.
func (i Images) make(ctx context.Context, p archive.ManifestPage) (ocr.Picture, error) {
	src, err := progress.OpenScan(ctx, i.Scans, i.Work, p)
	if err == nil {
		defer src.Close()
		var out ocr.Picture
		if out, err = i.Maker.Image(ctx, src, p.Scan, p.Type, p.Index, i.longest()); err == nil {
			return out, nil
		}
	}
	if _, never := pipeline.Rejected(err); never {
		err = fmt.Errorf("%w: %w", ErrNoImage, err)
	}
	return ocr.Picture{}, err
}
