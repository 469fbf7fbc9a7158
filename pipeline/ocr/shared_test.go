//go:build shared && cgo

package ocr

import "os"

type scanFile struct {
	*os.File
	size int64
}

func (f scanFile) Size() int64 { return f.size }
