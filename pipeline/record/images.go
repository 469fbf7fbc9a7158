package record

import (
	"context"

	"nightshift/pipeline/archive"
)

// Images serves page images for renditions that hold them.
type Images interface {
	// PageImage is the page as a viewer shows it (upright), as JPEG or PNG.
	PageImage(ctx context.Context, p archive.ManifestPage) (PageImage, error)
}

// PageImage is an encoded page image; Width and Height are its own pixels,
// which may be fewer than the master's.
type PageImage struct {
	Data          []byte
	Type          string // image/jpeg or image/png
	Width, Height int
}
