//go:build cgo

package imaging

// #include <stdlib.h>
// #include <leptonica/allheaders.h>
import "C"

import (
	"errors"
	"unsafe"
)

// screenQuality of JPEG images for the screen. At 75 type on grey paper shows
// no fringes at its own size; at 60 it does.
const screenQuality = 75

// ForScreen encodes x for reading on a screen and for PDFs: at most longest
// pixels wide and high (0: as it is), as JPEG, in colours if x has them. A page in black and white may
// have twice as many, stays black and white, and becomes PNG: at that size it
// takes less room than the same page in grey at half of it. x stays the
// caller's.
func (x *Pix) ForScreen(longest int) (data []byte, err error) {
	most := longest
	if x.Depth() == 1 {
		most *= 2
	}
	if longest > 0 && max(x.Width(), x.Height()) > most {
		if x, err = x.shrunk(longest); err != nil {
			return nil, err
		}
		defer x.Close()
	}
	var out *C.l_uint8
	var n C.size_t
	var status C.l_ok
	if x.Depth() == 1 {
		status = C.pixWriteMemPng(&out, &n, x.p, 0)
	} else {
		status = C.pixWriteMemJpeg(&out, &n, x.p, screenQuality, 0)
	}
	if status != 0 {
		return nil, errors.New("leptonica: encoding for the screen failed")
	}
	defer C.lept_free(unsafe.Pointer(out))
	return C.GoBytes(unsafe.Pointer(out), C.int(n)), nil
}

// A page is coloured when more than one in two thousand of its pixels is, by
// more than the noise of JPEG makes of grey ones: a stamp or a signature in ink is,
// a grey page stored in three channels is not.
const colouredShare, colouredBy = 1.0 / 2000, 24

// coloured tells whether a 32-bit image has colours to speak of. Every fourth pixel
// each way is looked at.
func (x *Pix) coloured() bool {
	var seen, share C.l_float32
	if C.pixColorFraction(x.p, 0, 255, colouredBy, 4, &seen, &share) != 0 {
		return true
	}
	return float64(seen*share) > colouredShare
}

// shrunk is x with its longer side of so many pixels; black and white becomes
// grey, so that thin strokes stay.
func (x *Pix) shrunk(longest int) (*Pix, error) {
	f := C.l_float32(float64(longest) / float64(max(x.Width(), x.Height())))
	if x.Depth() == 1 {
		return take(C.pixScaleToGray(x.p, f), "shrinking")
	}
	return take(C.pixScaleAreaMap(x.p, f, f), "shrinking")
}
