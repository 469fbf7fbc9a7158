package record

import (
	"context"
	"errors"

	"nightshift/pipeline/archive"
)

// DefaultImageSize is the longer side of page images for the screen and in PDFs,
// in pixels: a letter page at 200 dpi, at which ten-point type reads and prints
// well.
const DefaultImageSize = 2200

// Images serves page images for renditions that hold them.
type Images interface {
	// PageImage is the page as a viewer shows it (after the file's own
	// orientation tag), as JPEG or PNG. ErrNoImage: there is none, ever.
	PageImage(ctx context.Context, p archive.ManifestPage) (PageImage, error)
}

// ErrNoImage is wrapped by errors of Images about a page that has no image and
// will not have one.
var ErrNoImage = errors.New("the page has no image")

// PageImage is an encoded page image; Width and Height are its own pixels,
// which may be fewer than the master's.
type PageImage struct {
	Data          []byte
	Type          string // image/jpeg or image/png
	Width, Height int
}
