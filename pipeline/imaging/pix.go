//go:build cgo

package imaging

// #cgo LDFLAGS: -lleptonica
// #include <stdlib.h>
// #include <leptonica/allheaders.h>
import "C"

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"unsafe"
)

// Pix is an image in leptonica's memory: 1 bit a pixel (1 is black), 8 bits of
// grey or, only where Colour was asked for, 32 bits. It must be closed; a value that is not is freed with the process.
type Pix struct{ p *C.PIX }

// take wraps what a call of leptonica returned; NULL is an error naming it.
func take(p *C.PIX, what string) (*Pix, error) {
	if p == nil {
		return nil, errors.New("leptonica: " + what + " failed")
	}
	return &Pix{p}, nil
}

// Close frees the image. Closing twice does nothing.
func (x *Pix) Close() {
	if x != nil && x.p != nil {
		C.pixDestroy(&x.p)
	}
}

// Width in pixels.
func (x *Pix) Width() int { return int(C.pixGetWidth(x.p)) }

// Height in pixels.
func (x *Pix) Height() int { return int(C.pixGetHeight(x.p)) }

// Depth in bits a pixel.
func (x *Pix) Depth() int { return int(C.pixGetDepth(x.p)) }

// DPI along the x axis, 0 when unknown.
func (x *Pix) DPI() int { return int(C.pixGetXRes(x.p)) }

// SetDPI on both axes.
func (x *Pix) SetDPI(dpi int) { C.pixSetResolution(x.p, C.l_int32(dpi), C.l_int32(dpi)) }

// Header reads the size of an encoded image (not TIFF, GIF or PDF) without
// decoding it.
func header(b []byte) (width, height int, err error) {
	var format, w, h, bps, spp, cmap C.l_int32
	if C.pixReadHeaderMem((*C.l_uint8)(&b[0]), C.size_t(len(b)), &format, &w, &h, &bps, &spp, &cmap) != 0 {
		return 0, 0, fmt.Errorf("%w: no readable header", ErrUndecodable)
	}
	return int(w), int(h), nil
}

// size of an encoded image, from its header.
func size(b []byte, mediaType string) (width, height int, err error) {
	if mediaType == TypeGIF {
		if len(b) < 10 {
			return 0, 0, fmt.Errorf("%w: no readable header", ErrUndecodable)
		}
		return int(b[6]) | int(b[7])<<8, int(b[8]) | int(b[9])<<8, nil
	}
	return header(b)
}

// Decode decodes the bytes of a file with one image, as a viewer shows it:
// orientation applied, transparency on white, colours as keep says; 1-bit images
// stay 1-bit, black on white. maxPixels bounds width times height (0: none) and
// is looked at before anything is decoded. warnings is how many faults the
// decoder passed over.
//
// Errors wrap ErrUndecodable, ErrTruncated or ErrTooLarge.
func Decode(b []byte, mediaType string, maxPixels int64, keep Palette) (x *Pix, warnings int, err error) {
	if len(b) == 0 {
		return nil, 0, fmt.Errorf("%w: no bytes", ErrUndecodable)
	}
	facts, err := CheckWhole(b, mediaType)
	if err != nil {
		return nil, 0, err
	}
	w, h, err := size(b, mediaType)
	if err != nil {
		return nil, 0, err
	}
	if err := CheckPixels(w, h, maxPixels); err != nil {
		return nil, 0, err
	}
	var p *C.PIX
	var nwarn C.l_int32
	data := (*C.l_uint8)(&b[0])
	if mediaType == TypeJPEG {
		p = C.pixReadMemJpeg(data, C.size_t(len(b)), 0, 1, &nwarn, C.L_JPEG_CONTINUE_WITH_BAD_DATA)
	} else {
		p = C.pixReadMem(data, C.size_t(len(b)))
	}
	runtime.KeepAlive(b)
	if p == nil && mediaType == TypeJP2 {
		x, err = decodeJP2(b, maxPixels, keep)
		return x, int(nwarn), err
	}
	if p == nil {
		return nil, int(nwarn), fmt.Errorf("%w: %s of %d by %d pixels", ErrUndecodable, mediaType, w, h)
	}
	x, err = plain(&Pix{p}, keep)
	if err != nil {
		return nil, int(nwarn), err
	}
	x.told(facts)
	x, err = x.oriented(facts.Orientation)
	return x, int(nwarn), err
}

// CheckJPEG returns an error wrapping ErrTruncated when the picture of a JPEG ends
// before its data does. One that lacks no more than its end mark is whole: some
// programs leave that out of a PDF. maxPixels is as in Decode.
func CheckJPEG(b []byte, maxPixels int64) error {
	_, err := CheckWhole(b, TypeJPEG)
	if !errors.Is(err, ErrTruncated) {
		return err
	}
	x, faults, decodeErr := Decode(append(bytes.Clone(b), 0xFF, 0xD9), TypeJPEG, maxPixels, Grey)
	if decodeErr != nil || faults > 0 {
		return err
	}
	x.Close()
	return nil
}

// DecodeTIFF decodes page dir (from 0) of a TIFF in memory.
func DecodeTIFF(b []byte, dir int, maxPixels int64, keep Palette) (*Pix, error) {
	var w, h, bps, spp, res, cmap, format C.l_int32
	data := (*C.l_uint8)(&b[0])
	if C.readHeaderMemTiff(data, C.size_t(len(b)), C.l_int32(dir), &w, &h, &bps, &spp, &res, &cmap, &format) == 0 {
		if err := CheckPixels(int(w), int(h), maxPixels); err != nil {
			return nil, err
		}
	}
	p := C.pixReadMemTiff(data, C.size_t(len(b)), C.l_int32(dir))
	runtime.KeepAlive(b)
	if p == nil {
		return decodeRGBA(b, dir, maxPixels, keep)
	}
	return plain(&Pix{p}, keep)
}

// plain brings a freshly decoded image to 1 bit, 8 bits of grey or colours, and
// closes it.
func plain(x *Pix, keep Palette) (*Pix, error) {
	replace := func(p *C.PIX, what string) error {
		y, err := take(p, what)
		x.Close()
		x = y
		return err
	}
	if C.pixGetColormap(x.p) != nil {
		if err := replace(C.pixRemoveColormap(x.p, C.REMOVE_CMAP_BASED_ON_SRC), "removing the colour map"); err != nil {
			return nil, err
		}
	}
	if x.Depth() == 32 && C.pixGetSpp(x.p) == 4 {
		if err := replace(C.pixAlphaBlendUniform(x.p, 0xffffff00), "blending with white"); err != nil {
			return nil, err
		}
	}
	if keep == Colour && x.Depth() == 32 && x.coloured() {
		return x, nil
	}
	if d := x.Depth(); d != 1 && d != 8 {
		if err := replace(C.pixConvertTo8(x.p, 0), "making grey"); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// oriented turns x the way an EXIF or TIFF orientation asks for, and closes it.
func (x *Pix) oriented(orientation int) (*Pix, error) {
	quads := map[int]int{3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3}[orientation]
	if quads > 0 {
		y, err := x.Turn(quads)
		x.Close()
		if err != nil {
			return nil, err
		}
		x = y
	}
	switch orientation {
	case 2, 4, 5, 7:
		y, err := take(C.pixFlipLR(nil, x.p), "mirroring")
		x.Close()
		return y, err
	}
	return x, nil
}

// FromGrey makes an image of rows of grey bytes, stride apart.
func FromGrey(b []byte, width, height, stride int) (*Pix, error) {
	if width <= 0 || height <= 0 || stride < width || len(b) < (height-1)*stride+width {
		return nil, fmt.Errorf("%w: %d bytes for %d by %d pixels", ErrUndecodable, len(b), width, height)
	}
	x, err := take(C.pixCreateNoInit(C.l_int32(width), C.l_int32(height), 8), "making an image")
	if err != nil {
		return nil, err
	}
	wpl := int(C.pixGetWpl(x.p)) * 4
	dst := unsafe.Slice((*byte)(unsafe.Pointer(C.pixGetData(x.p))), wpl*height)
	for y := range height {
		copy(dst[y*wpl:y*wpl+width], b[y*stride:])
	}
	C.pixEndianByteSwap(x.p)
	return x, nil
}

// FromRGBA makes an image of rows of opaque red, green, blue and alpha bytes,
// stride apart: in colours, or grey where it has none to speak of.
func FromRGBA(b []byte, width, height, stride int) (*Pix, error) {
	return fromRGBA(b, width, height, stride, Colour)
}

// fromRGBA is FromRGBA of bytes that may be transparent: what is, is white. Colours
// are as keep says.
func fromRGBA(b []byte, width, height, stride int, keep Palette) (*Pix, error) {
	if width <= 0 || height <= 0 || stride < 4*width || len(b) < (height-1)*stride+4*width {
		return nil, fmt.Errorf("%w: %d bytes for %d by %d pixels", ErrUndecodable, len(b), width, height)
	}
	x, err := take(C.pixCreateNoInit(C.l_int32(width), C.l_int32(height), 32), "making an image")
	if err != nil {
		return nil, err
	}
	dst := unsafe.Slice((*byte)(unsafe.Pointer(C.pixGetData(x.p))), 4*width*height)
	for y := range height {
		row := dst[4*y*width : 4*(y+1)*width]
		copy(row, b[y*stride:])
		for i := 3; i < len(row); i += 4 {
			if a := int(row[i]); a < 255 {
				for k := i - 3; k < i; k++ {
					row[k] = byte((int(row[k])*a + 255*(255-a)) / 255)
				}
			}
		}
	}
	C.pixEndianByteSwap(x.p)
	return plain(x, keep)
}

// Turn is x turned by quads quarters clockwise.
func (x *Pix) Turn(quads int) (*Pix, error) {
	return take(C.pixRotateOrth(x.p, C.l_int32(quads&3)), "turning")
}

// ForEngine encodes x as an uncompressed TIFF: the cheapest of the forms that
// the engine's reader takes, and it carries the resolution.
func (x *Pix) ForEngine() ([]byte, error) {
	var data *C.l_uint8
	var n C.size_t
	if C.pixWriteMemTiff(&data, &n, x.p, C.IFF_TIFF) != 0 {
		return nil, errors.New("leptonica: encoding for the engine failed")
	}
	defer C.lept_free(unsafe.Pointer(data))
	return C.GoBytes(unsafe.Pointer(data), C.int(n)), nil
}

// LeptonicaVersion such as "leptonica-1.82.0".
func LeptonicaVersion() string {
	s := C.getLeptonicaVersion()
	defer C.lept_free(unsafe.Pointer(s))
	return C.GoString(s)
}

// Dark tells whether the pixel at (x, y) is black, or grey under the middle.
func (x *Pix) Dark(at, down int) bool {
	var v C.l_uint32
	if C.pixGetPixel(x.p, C.l_int32(at), C.l_int32(down), &v) != 0 {
		return false
	}
	if x.Depth() == 1 {
		return v == 1
	}
	return v < 128
}
