//go:build !cgo

package lines

import (
	"context"
	"image"

	"nightshift/pipeline/imaging"
)

type pages struct{ cache string }

func (p *pages) page(context.Context, string, int) (*image.Gray, error) {
	return nil, imaging.ErrNoCgo
}
