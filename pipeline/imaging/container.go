package imaging

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Facts are what a file says of its picture beside the pixels.
type Facts struct {
	Orientation int // EXIF, 1-8; 1 when it says nothing
	DPI         int // EXIF; 0 when it says nothing
	// Across and Down are a resolution of which the file gives no unit, or only the
	// shape of its pixels; 0 when it says nothing.
	Across, Down int
}

// CheckWhole looks through a JPEG, PNG, JP2, GIF or WebP file's own frame for its
// end, and returns an error wrapping ErrTruncated when the file stops before
// it. Decoders fill what is missing with grey and say nothing. Other formats
// check themselves while they decode.
func CheckWhole(b []byte, mediaType string) (Facts, error) {
	f := Facts{Orientation: 1}
	var err error
	switch mediaType {
	case TypeJPEG:
		err = f.jpeg(b)
	case TypePNG:
		err = f.png(b)
	case TypeJP2:
		err = wholeJP2(b)
	case TypeWebP:
		if len(b) < 12 {
			err = fmt.Errorf("%w: %d bytes of a WebP", ErrTruncated, len(b))
		} else if want := int64(le32(b[4:])) + 8; want > int64(len(b))+1 { // the last, padding byte is often missing
			err = fmt.Errorf("%w: %d bytes of %d in a WebP", ErrTruncated, len(b), want)
		}
	}
	return f, err
}

// jpeg goes through the segments up to the end-of-image marker.
func (f *Facts) jpeg(b []byte) error {
	at, scans := 2, 0
	for at+1 < len(b) {
		if b[at] != 0xFF { // entropy-coded data, or junk between segments
			next := bytes.IndexByte(b[at:], 0xFF)
			if next < 0 {
				break
			}
			at += next
			continue
		}
		m := b[at+1]
		switch {
		case m == 0xD9:
			if scans == 0 {
				return fmt.Errorf("%w: a JPEG without a scan", ErrUndecodable)
			}
			return nil
		case m == 0xFF:
			at++
			continue
		case m == 0 || m == 1 || m >= 0xD0 && m <= 0xD8:
			at += 2
			continue
		}
		if at+4 > len(b) {
			break
		}
		n := int(binary.BigEndian.Uint16(b[at+2:]))
		if m == 0xE0 && n >= 16 && at+2+n <= len(b) {
			f.jfif(b[at+4 : at+2+n])
		}
		if m == 0xE1 && n > 8 && at+2+n <= len(b) {
			f.exif(b[at+4 : at+2+n])
		}
		if m == 0xDA {
			scans++
		}
		at += 2 + max(n, 2)
	}
	return fmt.Errorf("%w: a JPEG without its end marker", ErrTruncated)
}

// jfif reads a density that is given without a unit: with one, decoders know it.
func (f *Facts) jfif(b []byte) {
	if bytes.HasPrefix(b, []byte("JFIF\x00")) && len(b) >= 12 && b[7] == 0 {
		f.Across, f.Down = int(binary.BigEndian.Uint16(b[8:])), int(binary.BigEndian.Uint16(b[10:]))
	}
}

// exif reads orientation and resolution; damage counts as silence.
func (f *Facts) exif(b []byte) {
	b, ok := bytes.CutPrefix(b, []byte("Exif\x00\x00"))
	if !ok {
		return
	}
	t := tiffReader{r: bytes.NewReader(b), size: int64(len(b)), lim: TIFFLimits{}.orDefault()}
	at, err := t.header()
	if err != nil {
		return
	}
	entries, _, err := t.directory(at)
	if err != nil {
		return
	}
	res, unit := int64(0), int64(2)
	for _, e := range entries {
		v, err := t.numbers(e, 4)
		if err != nil || len(v) == 0 {
			continue
		}
		switch e.tag {
		case tagOrientation:
			if v[0] >= 1 && v[0] <= 8 {
				f.Orientation = int(v[0])
			}
		case tagXRes:
			res = v[0]
		case tagResUnit:
			unit = v[0]
		}
	}
	f.DPI = dotsPerInch(res, unit)
}

// png goes through the chunks up to IEND.
func (f *Facts) png(b []byte) error {
	at := 8
	for at+8 <= len(b) {
		n := uint64(binary.BigEndian.Uint32(b[at:]))
		if string(b[at+4:at+8]) == "IEND" {
			return nil
		}
		if uint64(at)+12+n > uint64(len(b)) {
			break
		}
		if c := b[at+8:]; string(b[at+4:at+8]) == "pHYs" && n == 9 && c[8] == 0 {
			f.Across, f.Down = small(binary.BigEndian.Uint32(c)), small(binary.BigEndian.Uint32(c[4:]))
		}
		at += 12 + int(n)
	}
	return fmt.Errorf("%w: a PNG without its last chunk", ErrTruncated)
}

func small(v uint32) int { return int(min(v, 1<<16)) }

// wholeJP2 finds the codestream and goes through its tile-parts.
func wholeJP2(b []byte) error {
	cut := fmt.Errorf("%w: a JPEG 2000 codestream without its end", ErrTruncated)
	code := b
	if !bytes.HasPrefix(b, []byte{0xFF, 0x4F}) {
		var ok bool
		if code, ok = jp2Codestream(b); !ok {
			return cut
		}
	}
	at := 2
	for at+4 <= len(code) {
		m := binary.BigEndian.Uint16(code[at:])
		n := int(binary.BigEndian.Uint16(code[at+2:]))
		switch {
		case m == 0xFFD9:
			return nil
		case m == 0xFF90 && at+10 <= len(code): // start of a tile-part: its length is of the whole part
			part := int64(binary.BigEndian.Uint32(code[at+6:]))
			if part == 0 { // reaches to the end marker
				part = int64(len(code) - 2 - at)
			}
			if part < 14 || int64(at)+part > int64(len(code)) {
				return cut
			}
			at += int(part)
		case m>>8 == 0xFF && n >= 2:
			at += 2 + n
		default:
			return fmt.Errorf("%w: a JPEG 2000 codestream that loses its thread at byte %d", ErrUndecodable, at)
		}
	}
	if at+2 <= len(code) && binary.BigEndian.Uint16(code[at:]) == 0xFFD9 {
		return nil
	}
	return cut
}

// jp2Codestream is the content of the first contiguous codestream box.
func jp2Codestream(b []byte) ([]byte, bool) {
	for at := 0; at+8 <= len(b); {
		n, head := int64(binary.BigEndian.Uint32(b[at:])), int64(8)
		switch n {
		case 0:
			n = int64(len(b) - at)
		case 1:
			if at+16 > len(b) {
				return nil, false
			}
			n, head = int64(binary.BigEndian.Uint64(b[at+8:])), 16
		}
		if n < head || n > int64(len(b)-at) {
			return nil, false
		}
		if string(b[at+4:at+8]) == "jp2c" {
			return b[at+int(head) : at+int(n)], true
		}
		at += int(n)
	}
	return nil, false
}
