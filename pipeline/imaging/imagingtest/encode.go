//go:build cgo

package imagingtest

// #cgo LDFLAGS: -lleptonica
// #include <leptonica/allheaders.h>
import "C"

import (
	"image"
	"testing"
	"unsafe"
)

// formats that leptonica writes and the standard library does not.
var formats = map[string]C.l_int32{
	"tiff": C.IFF_TIFF, "tiff-packbits": C.IFF_TIFF_PACKBITS, "tiff-rle": C.IFF_TIFF_RLE, "tiff-g3": C.IFF_TIFF_G3, "tiff-g4": C.IFF_TIFF_G4,
	"tiff-lzw": C.IFF_TIFF_LZW, "tiff-zip": C.IFF_TIFF_ZIP, "tiff-jpeg": C.IFF_TIFF_JPEG,
	"bmp": C.IFF_BMP, "gif": C.IFF_GIF, "jp2": C.IFF_JP2, "webp": C.IFF_WEBP,
}

// Encode writes img in one of formats, with a resolution; of 1 bit a pixel
// where bilevel says so.
func Encode(t testing.TB, img *image.Gray, format string, dpi int, bilevel bool) []byte {
	t.Helper()
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	p := C.pixCreate(C.l_int32(w), C.l_int32(h), 8)
	if p == nil {
		t.Fatal("leptonica: no image made")
	}
	defer func() { C.pixDestroy(&p) }()
	for y := range h {
		for x := range w {
			C.pixSetPixel(p, C.l_int32(x), C.l_int32(y), C.l_uint32(img.GrayAt(x, y).Y))
		}
	}
	if bilevel {
		b := C.pixConvertTo1(p, 128)
		C.pixDestroy(&p)
		p = b
	}
	C.pixSetResolution(p, C.l_int32(dpi), C.l_int32(dpi))
	var data *C.l_uint8
	var n C.size_t
	if C.pixWriteMem(&data, &n, p, formats[format]) != 0 {
		t.Fatalf("leptonica wrote no %s", format)
	}
	defer C.lept_free(unsafe.Pointer(data))
	return C.GoBytes(unsafe.Pointer(data), C.int(n))
}
