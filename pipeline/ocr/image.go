package ocr

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // the two forms that a child encodes
	_ "image/png"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/wire"
)

// Picture is a page image for the screen.
type Picture struct {
	Data          []byte
	Type          string // image/jpeg or image/png
	Width, Height int
}

// Image is page index (from 1) of a scan as a viewer shows it, at most longest
// pixels wide and high (0: its own size). Rejections and other errors are those
// of Read, without those of languages and engine.
func (p *Pool) Image(ctx context.Context, src Source, name, mediaType string, index, longest int) (Picture, error) {
	data, err := p.request(ctx, src, wire.Order{Op: "image", Name: name, Type: mediaType, Size: src.Size(), Index: index, Longest: longest}, wire.Image)
	if err != nil {
		return Picture{}, err
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Picture{}, pipeline.Fail(archive.EngineCrash, "the engine child's image: %w", err)
	}
	return Picture{Data: data, Type: fmt.Sprintf("image/%s", format), Width: cfg.Width, Height: cfg.Height}, nil
}
