//go:build cgo

package tesseract

// #cgo CFLAGS: -D_GNU_SOURCE
// #cgo LDFLAGS: -lleptonica
// #include "lines.h"
import "C"

// Tesseract keeps the image of each line it reads as a PNG in memory, which it
// decodes a moment later (ImageData::SetPixInternal and GetPixInternal, 5.3):
// about a tenth of its time. While plainLines is on, such images are kept in
// leptonica's own form, which costs a copy; the engine reads either by its first
// bytes. Without effect, and without harm, where the library is linked statically.
func plainLines(on bool) {
	if on {
		C.keep_lines_plain(1)
	} else {
		C.keep_lines_plain(0)
	}
}
