//go:build !cgo

package tesseract

import (
	"io"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/confine"
	"nightshift/pipeline/ocr/wire"
)

func loadCodecs() {}

// Serve fails: there is no engine without cgo.
func Serve(wire.Config, confine.Walls, io.Reader, io.Writer, int) error { return imaging.ErrNoCgo }
