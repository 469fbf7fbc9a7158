package imagingtest

import (
	"encoding/binary"
	"image"
)

// TIFF writes uncompressed grey or 1-bit TIFFs of any structure.
type TIFF struct {
	Big      bool // BigTIFF
	Motorola bool // big-endian
	Pages    []TIFFPage
}

// TIFFPage is one directory of a TIFF.
type TIFFPage struct {
	Image        *image.Gray // as stored
	Bilevel      bool        // 1 bit: values under 128 are black
	Orientation  int         // 0: no tag
	WhiteIsZero  bool
	DPI          int // 0: no tag
	Centimetres  bool
	RowsPerStrip int // 0: all
	Tile         int // side of square tiles, a multiple of 16; 0: strips
	Subfile      int // 0: no tag
	NoCounts     bool
}

type tiffWriter struct {
	TIFF
	order interface {
		binary.ByteOrder
		binary.AppendByteOrder
	}
	b []byte
}

type tag struct {
	id, kind uint16
	values   []uint64
}

// Bytes is the file.
func (t TIFF) Bytes() []byte {
	w := &tiffWriter{TIFF: t, order: binary.LittleEndian}
	w.b = []byte("II")
	if t.Motorola {
		w.order, w.b = binary.BigEndian, []byte("MM")
	}
	link := 4
	if t.Big {
		w.b = w.order.AppendUint16(w.b, 43)
		w.b = w.order.AppendUint16(w.b, 8)
		w.b = w.order.AppendUint16(w.b, 0)
		w.b, link = w.order.AppendUint64(w.b, 0), 8
	} else {
		w.b = w.order.AppendUint16(w.b, 42)
		w.b = w.order.AppendUint32(w.b, 0)
	}
	for _, p := range t.Pages {
		link = w.page(p, link)
	}
	return w.b
}

// page appends data and directory, sets the link before it, and returns where
// the next link is.
func (w *tiffWriter) page(p TIFFPage, link int) int {
	var offsets, counts []uint64
	for _, piece := range p.pieces() {
		offsets, counts = append(offsets, uint64(len(w.b))), append(counts, uint64(len(piece)))
		w.b = append(w.b, piece...)
	}
	tags := p.tags(offsets, counts)
	// Values that do not fit go before the directory.
	fields := make([][]byte, len(tags))
	inline := 4
	if w.Big {
		inline = 8
	}
	for i, t := range tags {
		var v []byte
		for _, x := range t.values {
			switch t.kind {
			case 3:
				v = w.order.AppendUint16(v, uint16(x))
			default:
				v = w.order.AppendUint32(v, uint32(x))
			}
		}
		if len(v) > inline {
			at := uint64(len(w.b))
			w.b = append(w.b, v...)
			v = w.offset(nil, at)
		}
		fields[i] = append(v, make([]byte, inline-len(v))...)
	}
	copy(w.b[link:], w.offset(nil, uint64(len(w.b))))
	if w.Big {
		w.b = w.order.AppendUint64(w.b, uint64(len(tags)))
	} else {
		w.b = w.order.AppendUint16(w.b, uint16(len(tags)))
	}
	for i, t := range tags {
		w.b = w.order.AppendUint16(w.b, t.id)
		w.b = w.order.AppendUint16(w.b, t.kind)
		n := uint64(len(t.values))
		if t.kind == 5 {
			n /= 2
		}
		w.b = w.offset(w.b, n)
		w.b = append(w.b, fields[i]...)
	}
	at := len(w.b)
	w.b = w.offset(w.b, 0)
	return at
}

func (w *tiffWriter) offset(b []byte, v uint64) []byte {
	if w.Big {
		return w.order.AppendUint64(b, v)
	}
	return w.order.AppendUint32(b, uint32(v))
}

func (p TIFFPage) tags(offsets, counts []uint64) []tag {
	short := func(id uint16, v int) tag { return tag{id, 3, []uint64{uint64(v)}} }
	bits, photometric := 8, 1
	if p.Bilevel {
		bits = 1
	}
	if p.WhiteIsZero {
		photometric = 0
	}
	var out []tag
	add := func(t ...tag) { out = append(out, t...) }
	if p.Subfile > 0 {
		add(tag{254, 4, []uint64{uint64(p.Subfile)}})
	}
	add(short(256, p.Image.Bounds().Dx()), short(257, p.Image.Bounds().Dy()), short(258, bits), short(259, 1), short(262, photometric))
	if p.Tile == 0 {
		add(tag{273, 4, offsets})
	}
	if p.Orientation > 0 {
		add(short(274, p.Orientation))
	}
	add(short(277, 1))
	if p.Tile == 0 {
		add(short(278, p.rows()))
		if !p.NoCounts {
			add(tag{279, 4, counts})
		}
	}
	if p.DPI > 0 {
		unit, num := 2, uint64(p.DPI)*100
		if p.Centimetres {
			unit, num = 3, uint64(float64(p.DPI)/2.54*100+0.5)
		}
		add(tag{282, 5, []uint64{num, 100}}, tag{283, 5, []uint64{num, 100}}, short(296, unit))
	}
	if p.Tile > 0 {
		add(short(322, p.Tile), short(323, p.Tile), tag{324, 4, offsets}, tag{325, 4, counts})
	}
	return out
}

func (p TIFFPage) rows() int {
	if p.RowsPerStrip > 0 {
		return p.RowsPerStrip
	}
	return p.Image.Bounds().Dy()
}

// pieces are the strips or tiles.
func (p TIFFPage) pieces() [][]byte {
	w, h := p.Image.Bounds().Dx(), p.Image.Bounds().Dy()
	var out [][]byte
	if p.Tile == 0 {
		for y := 0; y < h; y += p.rows() {
			var b []byte
			for row := y; row < min(y+p.rows(), h); row++ {
				b = append(b, p.row(0, w, row)...)
			}
			out = append(out, b)
		}
		return out
	}
	for y := 0; y < h; y += p.Tile {
		for x := 0; x < w; x += p.Tile {
			var b []byte
			for row := y; row < y+p.Tile; row++ {
				b = append(b, p.row(x, p.Tile, row)...)
			}
			out = append(out, b)
		}
	}
	return out
}

// row is n pixels from (x, y), white beyond the image.
func (p TIFFPage) row(x, n, y int) []byte {
	b := make([]byte, n)
	for i := range b {
		v := uint8(255)
		if (image.Point{X: x + i, Y: y}).In(p.Image.Bounds()) {
			v = p.Image.GrayAt(x+i, y).Y
		}
		if p.WhiteIsZero {
			v = 255 - v
		}
		b[i] = v
	}
	if !p.Bilevel {
		return b
	}
	packed := make([]byte, (n+7)/8)
	for i, v := range b {
		if v >= 128 {
			packed[i/8] |= 0x80 >> (i % 8)
		}
	}
	return packed
}
