package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// smallTag is how many values a tag that is not a list of strips may have
// before it is left out of a page by itself (ICC profiles, private tags).
const smallTag = 1 << 16

// page makes a TIFFPage of a directory; ok is false for a reduced image or a
// mask. Only what is needed to place and decode the page must be readable.
func (t *tiffReader) page(entries []tiffEntry) (p TIFFPage, ok bool, err error) {
	p = TIFFPage{Orientation: 1, Compression: 1, Bits: 1, Samples: 1, Photometric: -1, order: t.order, entries: entries}
	var offsets, counts []int64
	unit, res, down := int64(2), int64(0), int64(0)
	for _, e := range entries {
		switch e.tag {
		case tagStrips, tagTiles, tagStripBytes, tagTileBytes:
			v, err := t.numbers(e, t.lim.Strips)
			if err != nil {
				return p, false, err
			}
			switch {
			case e.tag == tagStrips || e.tag == tagTiles:
				offsets, p.Tiled = v, e.tag == tagTiles
			default:
				counts = v
			}
		case tagSubfileType, tagWidth, tagLength, tagBits, tagCompression, tagPhotometric, tagOrientation, tagSamples, tagXRes, tagYRes, tagResUnit:
			v, err := t.numbers(e, smallTag)
			if err != nil || len(v) == 0 {
				continue // as if missing; the decoder will say so where it matters
			}
			if e.tag == tagSubfileType && v[0]&5 != 0 {
				return p, false, nil
			}
			if (e.tag == tagWidth || e.tag == tagLength) && v[0] > math.MaxInt32 {
				return p, false, fmt.Errorf("%w: a TIFF page of %d pixels a side", ErrTooLarge, v[0])
			}
			p.set(e.tag, v[0], &res, &down, &unit)
		}
	}
	if p.Width <= 0 || p.Height <= 0 {
		return p, false, fmt.Errorf("%w: a TIFF page of %d by %d pixels", ErrUndecodable, p.Width, p.Height)
	}
	p.DPI, p.DPIDown = dotsPerInch(res, unit), dotsPerInch(down, unit)
	p.place(offsets, counts, t)
	return p, true, nil
}

func (p *TIFFPage) set(tag uint16, v int64, res, down, unit *int64) {
	small := int(min(v, math.MaxInt32))
	switch tag {
	case tagWidth:
		p.Width = small
	case tagLength:
		p.Height = small
	case tagBits:
		p.Bits = small
	case tagCompression:
		p.Compression = small
	case tagPhotometric:
		p.Photometric = small
	case tagOrientation:
		if v >= 1 && v <= 8 {
			p.Orientation = small
		}
	case tagSamples:
		p.Samples = small
	case tagXRes:
		*res = v
	case tagYRes:
		*down = v
	case tagResUnit:
		*unit = v
	}
}

// dotsPerInch of a resolution tag; 0 where it says nothing believable. A number
// without a unit is taken for dots an inch where scanners have such.
func dotsPerInch(res, unit int64) int {
	least, most := int64(30), int64(4800)
	switch unit {
	case 2:
	case 3:
		res = int64(math.Round(float64(res) * 2.54))
	default:
		least, most = 60, 1300
	}
	if res < least || res > most {
		return 0
	}
	return int(res)
}

// place sets the page's strips or tiles and whether they lie within the file.
// Strips without counts (which old writers leave out) reach to the next strip.
func (p *TIFFPage) place(offsets, counts []int64, t *tiffReader) {
	sorted := slices.Clone(offsets)
	slices.Sort(sorted)
	var total int64
	for i, off := range offsets {
		n := int64(-1)
		if i < len(counts) {
			n = counts[i]
		}
		if len(counts) == 0 || n < 0 {
			n = t.size - off
			if k, found := slices.BinarySearch(sorted, off+1); k < len(sorted) || found {
				n = sorted[k] - off
			}
		}
		s := span{off, n}
		if off < 0 || n < 0 || off > t.size || n > t.size-off {
			p.Truncated = true
			s.off = min(max(off, 0), t.size)
			s.n = min(max(n, 0), t.size-s.off)
		}
		if total += s.n; total > 4*t.size { // strips that overlap over and over
			p.Truncated, s.n = true, 0
		}
		p.data = append(p.data, s)
	}
	if len(offsets) == 0 {
		p.Truncated = true
	}
}

// Bytes is the size of the page's compressed data.
func (p TIFFPage) Bytes() int64 {
	var n int64
	for _, s := range p.data {
		n += s.n
	}
	return n
}

// Shown is the page's size as a viewer shows it: after its orientation.
func (p TIFFPage) Shown() (width, height int) {
	if p.Orientation >= 5 {
		return p.Height, p.Width
	}
	return p.Width, p.Height
}

// ErrNotAlone is for TIFF 6.0's first way of holding JPEG, whose tables lie anywhere
// in the file: such a page cannot be taken out by itself.
var ErrNotAlone = errors.New("an old-style JPEG-in-TIFF is only readable as a whole file")

// Alone writes the page as a classic TIFF of one page: its directory with new
// offsets and its compressed data as it is. Tags that do not fit or cannot be
// read are left out. The page's data must be under 2 GiB.
func (p TIFFPage) Alone(r io.ReaderAt, size int64) ([]byte, error) {
	if p.Compression == 6 {
		return nil, ErrNotAlone
	}
	if p.Bytes() > math.MaxInt32/2 {
		return nil, fmt.Errorf("%w: %d bytes in one TIFF page", ErrTooLarge, p.Bytes())
	}
	t := tiffReader{r: r, size: size, lim: TIFFLimits{}.orDefault(), order: p.order, big: len(p.entries) > 0 && len(p.entries[0].inline) == 8}
	out := bytes.NewBuffer(p.order.AppendUint16([]byte(p.mark()), 42))
	out.Write(make([]byte, 4)) // offset of the directory, set below
	offsets, err := p.copyData(out, r)
	if err != nil {
		return nil, err
	}
	var dir []alone
	for _, e := range p.entries {
		if a, ok := p.moved(&t, e, offsets); ok {
			dir = append(dir, a)
		}
	}
	if counts := uint16(p.countsTag()); !slices.ContainsFunc(dir, func(a alone) bool { return a.tag == counts }) {
		if a, ok := p.moved(&t, tiffEntry{tag: counts}, offsets); ok { // old writers leave it out, decoders want it
			dir = append(dir, a)
		}
	}
	return p.finish(out, dir), nil
}

func (p TIFFPage) countsTag() int {
	if p.Tiled {
		return tagTileBytes
	}
	return tagStripBytes
}

func (p TIFFPage) mark() string {
	if p.order == byteOrder(binary.BigEndian) {
		return "MM"
	}
	return "II"
}

// copyData appends the strips to out, each once.
func (p TIFFPage) copyData(out *bytes.Buffer, r io.ReaderAt) ([]uint32, error) {
	at := map[span]uint32{}
	offsets := make([]uint32, len(p.data))
	for i, s := range p.data {
		if o, ok := at[s]; ok {
			offsets[i] = o
			continue
		}
		offsets[i] = uint32(out.Len())
		at[s] = offsets[i]
		if n, err := io.Copy(out, io.NewSectionReader(r, s.off, s.n)); n < s.n {
			return nil, fmt.Errorf("read %d bytes of a TIFF page at %d: %w", s.n, s.off, errors.Join(err, io.ErrUnexpectedEOF))
		}
		if out.Len()%2 == 1 {
			out.WriteByte(0)
		}
	}
	return offsets, nil
}

// alone is a tag of the page by itself: its values in a classic field type.
type alone struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

// moved is e for the page by itself; ok is false when it is left out.
func (p TIFFPage) moved(t *tiffReader, e tiffEntry, offsets []uint32) (alone, bool) {
	longs := func(v []uint32) (alone, bool) {
		a := alone{tag: e.tag, kind: 4, count: uint32(len(v))}
		for _, x := range v {
			a.value = p.order.AppendUint32(a.value, x)
		}
		return a, true
	}
	switch e.tag {
	case tagStrips, tagTiles:
		return longs(offsets)
	case tagStripBytes, tagTileBytes:
		sizes := make([]uint32, len(p.data))
		for i, s := range p.data {
			sizes[i] = uint32(s.n)
		}
		return longs(sizes)
	case tagSubIFDs, tagJPEGFormat, tagJPEGLength:
		return alone{}, false
	}
	raw, err := t.raw(e, smallTag)
	if err != nil {
		return alone{}, false
	}
	switch e.kind {
	case 13, 16, 17, 18: // offsets and 64-bit values: only numbers that fit
		nums, err := t.numbers(e, smallTag)
		if err != nil || len(nums) == 0 || slices.Max(nums) > math.MaxUint32 {
			return alone{}, false
		}
		v := make([]uint32, len(nums))
		for i, n := range nums {
			v[i] = uint32(n)
		}
		return longs(v)
	}
	return alone{e.tag, e.kind, uint32(e.count), raw}, true
}

// finish appends the values and the directory and sets the header's offset.
func (p TIFFPage) finish(out *bytes.Buffer, dir []alone) []byte {
	slices.SortStableFunc(dir, func(a, b alone) int { return int(a.tag) - int(b.tag) })
	var ifd []byte
	ifd = p.order.AppendUint16(ifd, uint16(len(dir)))
	for _, a := range dir {
		ifd = p.order.AppendUint16(ifd, a.tag)
		ifd = p.order.AppendUint16(ifd, a.kind)
		ifd = p.order.AppendUint32(ifd, a.count)
		field := make([]byte, 4)
		if len(a.value) <= 4 {
			copy(field, a.value)
		} else {
			p.order.PutUint32(field, uint32(out.Len()))
			out.Write(a.value)
			if out.Len()%2 == 1 {
				out.WriteByte(0)
			}
		}
		ifd = append(ifd, field...)
	}
	at := out.Len()
	out.Write(append(ifd, 0, 0, 0, 0))
	b := out.Bytes()
	p.order.PutUint32(b[4:], uint32(at))
	return b
}
