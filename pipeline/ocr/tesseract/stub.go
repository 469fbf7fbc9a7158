//go:build !cgo

package tesseract

import (
	"io"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/wire"
)

// Serve fails: there is no engine without cgo.
func Serve(wire.Config, string, io.Reader, io.Writer, int) error { return imaging.ErrNoCgo }
