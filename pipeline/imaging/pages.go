//go:build cgo

package imaging

// #cgo pkg-config: libheif
// #include <libheif/heif.h>
import "C"

import "fmt"

// LoadCodecs loads what decoders fetch from the disk when they are first asked. A
// process that shuts its files off calls it before.
func LoadCodecs() {
	C.heif_init(nil)
	djvuContext()
}

// HasPages reports whether files of a type hold any number of pages, which Pages
// counts and DecodePage decodes. TIFF and PDF have ways of their own, and of a HEIF
// the first picture is read: numbered photographs make an item as JPEGs do.
func HasPages(mediaType string) bool {
	switch mediaType {
	case TypeGIF, TypeDjVu:
		return true
	}
	return false
}

// Pages counts the pages of a file in memory, of a type that HasPages.
func Pages(b []byte, mediaType string) (int, error) {
	if len(b) == 0 {
		return 0, fmt.Errorf("%w: no bytes", ErrUndecodable)
	}
	switch mediaType {
	case TypeGIF:
		n, err := GIFFrames(b)
		return max(n, 1), err
	case TypeHEIF, TypeAVIF:
		return heifPages(b)
	case TypeDjVu:
		return djvuPages(b)
	}
	return 1, nil
}

// DecodePage is Decode of page index (from 1) of a file of any type but TIFF and PDF.
func DecodePage(b []byte, mediaType string, index int, maxPixels int64, keep Palette) (x *Pix, warnings int, err error) {
	if len(b) == 0 {
		return nil, 0, fmt.Errorf("%w: no bytes", ErrUndecodable)
	}
	switch mediaType {
	case TypeHEIF, TypeAVIF:
		x, err = decodeHEIF(b, index, maxPixels, keep)
	case TypeDjVu:
		x, err = decodeDjVu(b, index, maxPixels, keep)
	case TypeJXL:
		x, err = decodeJXL(b, maxPixels, keep)
	case TypePCX:
		x, err = decodePCX(b, maxPixels, keep)
	case TypeGIF:
		if n, _ := GIFFrames(b); n > 1 {
			x, err = decodeFrame(b, index, maxPixels, keep)
			break
		}
		return Decode(b, mediaType, maxPixels, keep)
	default:
		return Decode(b, mediaType, maxPixels, keep)
	}
	return x, 0, err
}

func decodePCX(b []byte, maxPixels int64, keep Palette) (*Pix, error) {
	h, rows, err := rowsOfPCX(b, maxPixels)
	if err != nil {
		return nil, err
	}
	x, err := fromRGBA(rows, h.width, h.height, 4*h.width, keep)
	if err == nil && dotsPerInch(int64(h.across), 1) > 0 {
		x.Told(h.across, h.down)
	}
	return x, err
}

func decodeFrame(b []byte, index int, maxPixels int64, keep Palette) (*Pix, error) {
	img, err := frameOfGIF(b, index, maxPixels)
	if err != nil {
		return nil, err
	}
	return fromRGBA(img.Pix, img.Rect.Dx(), img.Rect.Dy(), img.Stride, keep)
}
