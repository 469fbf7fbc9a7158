//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

import (
	"image"
	"unsafe"
)

// Grey is a copy of x in Go's memory.
func (x *Pix) Grey() (*image.Gray, error) {
	g, err := take(C.pixConvertTo8(x.p, 0), "making grey")
	if err != nil {
		return nil, err
	}
	defer g.Close()
	C.pixEndianByteSwap(g.p)
	w, h, row := g.Width(), g.Height(), int(C.pixGetWpl(g.p))*4
	src := unsafe.Slice((*byte)(unsafe.Pointer(C.pixGetData(g.p))), row*h)
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		copy(out.Pix[y*out.Stride:y*out.Stride+w], src[y*row:])
	}
	return out, nil
}
