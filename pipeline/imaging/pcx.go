package imaging

import (
	"encoding/binary"
	"fmt"
)

// pcxHead is the length of a PCX file's header.
const pcxHead = 128

// pcx is what a PCX header says (ZSoft, technical reference, revision 5).
type pcx struct {
	bits, planes, width, height, line int // bits a sample; line: bytes of one plane of a row
	across, down                      int // dots an inch
	palette                           []byte
	grey                              bool // a palette that is to be taken for greys
}

// isPCX asks for more than the first byte: version, encoding and bits that exist.
func isPCX(head []byte) bool {
	if len(head) < pcxHead || head[0] != 10 || head[2] > 1 {
		return false
	}
	_, err := pcxHeader(head)
	return err == nil
}

func pcxHeader(b []byte) (pcx, error) {
	if len(b) < pcxHead {
		return pcx{}, fmt.Errorf("%w: a PCX of %d bytes", ErrTruncated, len(b))
	}
	at := func(i int) int { return int(binary.LittleEndian.Uint16(b[i:])) }
	h := pcx{bits: int(b[3]), planes: int(b[65]), width: at(8) - at(4) + 1, height: at(10) - at(6) + 1,
		line: at(66), across: at(12), down: at(14), palette: b[16:64], grey: at(68) == 2}
	depth := h.bits * h.planes
	known := h.bits == 1 && h.planes >= 1 && h.planes <= 4 || (h.bits == 2 || h.bits == 4) && h.planes == 1 || h.bits == 8 && (h.planes == 1 || h.planes == 3 || h.planes == 4)
	if b[1] > 5 || !known || depth == 0 {
		return h, fmt.Errorf("%w: a PCX of version %d, %d bits in %d planes", ErrUndecodable, b[1], h.bits, h.planes)
	}
	if h.width <= 0 || h.height <= 0 || 8*h.line < h.bits*h.width {
		return h, fmt.Errorf("%w: a PCX of %d by %d pixels in rows of %d bytes", ErrUndecodable, h.width, h.height, h.line)
	}
	return h, nil
}

// rowsOfPCX decodes a PCX file to rows of red, green, blue and alpha.
func rowsOfPCX(b []byte, maxPixels int64) (pcx, []byte, error) {
	h, err := pcxHeader(b)
	if err != nil {
		return h, nil, err
	}
	if err := CheckPixels(h.width, h.height, maxPixels); err != nil {
		return h, nil, err
	}
	data := b[pcxHead:]
	if h.bits == 8 && h.planes == 1 {
		if n := len(b) - 769; n >= pcxHead && b[n] == 12 {
			h.palette, data = b[n+1:], b[pcxHead:n]
		} else {
			h.palette = nil
		}
	}
	out := make([]byte, 4*h.width*h.height)
	row := make([]byte, h.line*h.planes)
	for y := range h.height {
		if data, err = unpackPCX(row, data, b[2] == 1); err != nil {
			return h, nil, fmt.Errorf("row %d of %d: %w", y+1, h.height, err)
		}
		h.colours(out[4*y*h.width:4*(y+1)*h.width], row)
	}
	return h, out, nil
}

// unpackPCX fills row from packed data, and returns what is left. A run may not go on
// in the next row.
func unpackPCX(row, data []byte, packed bool) ([]byte, error) {
	for i := 0; i < len(row); {
		if len(data) == 0 {
			return nil, fmt.Errorf("%w: a PCX", ErrTruncated)
		}
		c := data[0]
		data = data[1:]
		n := 1
		if packed && c >= 0xC0 {
			if len(data) == 0 {
				return nil, fmt.Errorf("%w: a PCX", ErrTruncated)
			}
			n, c = int(c&0x3F), data[0]
			data = data[1:]
		}
		for ; n > 0 && i < len(row); n-- {
			row[i] = c
			i++
		}
	}
	return data, nil
}

// colours writes one row of pixels.
func (h pcx) colours(out, row []byte) {
	for x := range h.width {
		px := out[4*x : 4*x+4]
		px[3] = 255
		if h.bits == 8 && h.planes >= 3 {
			px[0], px[1], px[2] = row[x], row[h.line+x], row[2*h.line+x]
			continue
		}
		v := 0
		for p := range h.planes {
			bit := x * h.bits
			sample := int(row[p*h.line+bit/8]) >> (8 - h.bits - bit%8) & (1<<h.bits - 1)
			v |= sample << (p * h.bits)
		}
		switch depth := h.bits * h.planes; {
		case depth == 1, h.palette == nil, h.grey, 3*v+3 > len(h.palette):
			g := byte(v * 255 / (1<<depth - 1))
			px[0], px[1], px[2] = g, g, g
		default:
			copy(px, h.palette[3*v:3*v+3])
		}
	}
}
