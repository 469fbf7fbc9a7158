//go:build cgo

package imaging

// #cgo pkg-config: libtiff-4
// #include <stdlib.h>
// #include <tiffio.h>
// #include <leptonica/allheaders.h>
//
// // Lines of libtiff's pixels (red lowest) to grey on white, in leptonica's memory.
// static void to_grey(const uint32_t *from, PIX *to, uint32_t w, uint32_t h) {
//   for (uint32_t y = 0; y < h; y++) {
//     l_uint32 *line = pixGetData(to) + (size_t)y * pixGetWpl(to);
//     for (uint32_t x = 0; x < w; x++) {
//       uint32_t v = from[(size_t)y * w + x], a = TIFFGetA(v);
//       uint32_t g = (77 * TIFFGetR(v) + 150 * TIFFGetG(v) + 29 * TIFFGetB(v)) >> 8;
//       SET_DATA_BYTE(line, x, g + 255 - a);
//     }
//   }
// }
// // The same to leptonica's colours, on white, in their place.
// static PIX *to_colours(uint32_t *p, uint32_t w, uint32_t h) {
//   for (size_t i = 0; i < (size_t)w * h; i++) {
//     uint32_t v = p[i], rest = 255 - TIFFGetA(v);
//     p[i] = (TIFFGetR(v) + rest) << 24 | (TIFFGetG(v) + rest) << 16 | (TIFFGetB(v) + rest) << 8;
//   }
//   PIX *pix = pixCreateHeader(w, h, 32);
//   if (pix) pixSetData(pix, p);
//   return pix;
// }
import "C"

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// decodeRGBA decodes page dir of a TIFF through libtiff's own reader, which
// knows tiles, planes and colour spaces that leptonica leaves out. It takes five
// bytes a pixel. The orientation is applied.
func decodeRGBA(b []byte, dir int, maxPixels int64, keep Palette) (*Pix, error) {
	fd, err := unix.MemfdCreate("nightshift-tiff", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("make a file in memory: %w", err)
	}
	f := os.NewFile(uintptr(fd), "tiff")
	defer f.Close()
	if _, err := f.Write(b); err != nil {
		return nil, fmt.Errorf("fill a file in memory: %w", err)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return nil, fmt.Errorf("rewind a file in memory: %w", err)
	}
	own, err := unix.Dup(fd) // TIFFClose closes it
	if err != nil {
		return nil, fmt.Errorf("open a file in memory: %w", err)
	}
	name, mode := C.CString("page"), C.CString("r")
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(mode))
	t := C.TIFFFdOpen(C.int(own), name, mode)
	if t == nil {
		unix.Close(own)
		return nil, fmt.Errorf("%w: no TIFF", ErrUndecodable)
	}
	defer C.TIFFClose(t)
	if C.TIFFSetDirectory(t, C.tdir_t(dir)) == 0 {
		return nil, fmt.Errorf("%w: no TIFF directory %d", ErrUndecodable, dir)
	}
	return rgba(t, maxPixels, keep)
}

// rgba decodes the directory that t stands at. An error in the data stops it.
func rgba(t *C.TIFF, maxPixels int64, keep Palette) (*Pix, error) {
	var img C.TIFFRGBAImage
	var msg [1024]C.char
	if C.TIFFRGBAImageBegin(&img, t, 1, &msg[0]) == 0 {
		return nil, fmt.Errorf("%w: TIFF: %s", ErrUndecodable, C.GoString(&msg[0]))
	}
	defer C.TIFFRGBAImageEnd(&img)
	w, h, o := int(img.width), int(img.height), int(img.orientation)
	if err := CheckPixels(w, h, maxPixels); err != nil {
		return nil, err
	}
	raster := (*C.uint32_t)(C.malloc(C.size_t(w) * C.size_t(h) * 4))
	if raster == nil {
		return nil, fmt.Errorf("%w: no memory for %d by %d pixels", ErrTooLarge, w, h)
	}
	defer func() { C.free(unsafe.Pointer(raster)) }()
	img.req_orientation = C.uint16_t(o) // as stored: turned below, as all others are
	if o < 1 || o > 8 {
		o = 1
		img.req_orientation, img.orientation = 1, 1
	}
	if C.TIFFRGBAImageGet(&img, raster, img.width, img.height) == 0 {
		return nil, fmt.Errorf("%w: TIFF of %d by %d pixels", ErrUndecodable, w, h)
	}
	if keep == Colour {
		x, err := take(C.to_colours(raster, C.uint32_t(w), C.uint32_t(h)), "making an image")
		if err != nil {
			return nil, err
		}
		raster = nil // the image's
		if x, err = plain(x, keep); err != nil {
			return nil, err
		}
		return x.oriented(o)
	}
	x, err := take(C.pixCreateNoInit(C.l_int32(w), C.l_int32(h), 8), "making an image")
	if err != nil {
		return nil, err
	}
	C.to_grey(raster, x.p, C.uint32_t(w), C.uint32_t(h))
	return x.oriented(o)
}
