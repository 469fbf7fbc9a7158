package imaging

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// TIFFLimits bound a walk through a TIFF's directories.
type TIFFLimits struct {
	Pages   int // directories; 0: 65536
	Entries int // tags in one directory; 0: 1024
	Strips  int // strips or tiles of one page; 0: 1 << 20
}

func (l TIFFLimits) orDefault() TIFFLimits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.Pages, 65536)
	def(&l.Entries, 1024)
	def(&l.Strips, 1<<20)
	return l
}

// TIFFPage is one directory of a TIFF, as found: nothing is decoded.
type TIFFPage struct {
	Index         int // from 1, in file order, thumbnails and masks left out
	Directory     int // from 0, all directories counted
	Width, Height int // as stored, before Orientation
	DPI           int // across; 0: unknown
	DPIDown       int // 0: unknown
	Copies        int // smaller copies of it, left out
	Orientation   int // 1-8; 1 when the tag is missing or senseless
	Compression   int
	Bits, Samples int
	Photometric   int
	Tiled         bool
	Truncated     bool // strips or tiles reach beyond the end of the file

	order   byteOrder
	entries []tiffEntry
	data    []span // strips or tiles, in order
}

// byteOrder is one of the two of package binary.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

type span struct{ off, n int64 }

// Tags of TIFF 6.0 and its supplements that the walker reads.
const (
	tagSubfileType = 254
	tagWidth       = 256
	tagLength      = 257
	tagBits        = 258
	tagCompression = 259
	tagPhotometric = 262
	tagStrips      = 273
	tagOrientation = 274
	tagSamples     = 277
	tagRows        = 278
	tagStripBytes  = 279
	tagXRes        = 282
	tagYRes        = 283
	tagResUnit     = 296
	tagTiles       = 324
	tagTileBytes   = 325
	tagSubIFDs     = 330
	tagJPEGTables  = 347
	tagJPEGFormat  = 513
	tagJPEGLength  = 514
)

// errTIFF begins every error about the directories themselves.
var errTIFF = errors.New("the TIFF's directory cannot be read")

type tiffReader struct {
	r     io.ReaderAt
	size  int64
	lim   TIFFLimits
	order byteOrder
	big   bool
}

type tiffEntry struct {
	tag, kind uint16
	count     uint64
	inline    []byte // the value or offset field: 4 bytes, 8 in BigTIFF
}

// WalkTIFF lists the pages of a classic or Big TIFF of either byte order. It
// follows each directory once, however they are linked, reads nothing but
// directories, and stays within limits. Reduced images and transparency masks
// are no pages, nor is what can only be a smaller copy of its neighbour.
//
// When the chain breaks after at least one page (a link beyond the end of the
// file, a directory cut short), the pages found come with an error wrapping
// ErrTruncated. Other errors wrap ErrUndecodable or ErrTooLarge.
func WalkTIFF(r io.ReaderAt, size int64, lim TIFFLimits) ([]TIFFPage, error) {
	pages, err := walkTIFF(r, size, lim)
	return withoutCopies(pages), err
}

func walkTIFF(r io.ReaderAt, size int64, lim TIFFLimits) ([]TIFFPage, error) {
	t := tiffReader{r: r, size: size, lim: lim.orDefault()}
	next, err := t.header()
	if err != nil {
		return nil, err
	}
	var pages []TIFFPage
	seen := map[int64]bool{}
	for next != 0 {
		if seen[next] {
			break // a loop: every page in it is already listed
		}
		seen[next] = true
		if len(seen) > t.lim.Pages {
			return pages, fmt.Errorf("%w: more than %d pages", ErrTooLarge, t.lim.Pages)
		}
		entries, following, err := t.directory(next)
		if err != nil {
			return pages, err
		}
		page, ok, err := t.page(entries)
		if err != nil {
			return pages, err
		}
		if ok {
			page.Index, page.Directory = len(pages)+1, len(seen)-1
			pages = append(pages, page)
		}
		next = following
	}
	return pages, nil
}

// HasManyPages tells whether a TIFF has more than one page.
func HasManyPages(r io.ReaderAt, size int64) (bool, error) {
	pages, err := WalkTIFF(r, size, TIFFLimits{})
	return len(pages) > 1, err
}

func (t *tiffReader) bytes(off int64, n int) ([]byte, error) {
	if off < 0 || off > t.size || int64(n) > t.size-off {
		return nil, fmt.Errorf("%w: %w at byte %d of %d", ErrTruncated, errTIFF, off, t.size)
	}
	b := make([]byte, n)
	if got, err := t.r.ReadAt(b, off); got < n {
		return nil, fmt.Errorf("read %d bytes at %d: %w", n, off, err)
	}
	return b, nil
}

func (t *tiffReader) header() (first int64, err error) {
	b, err := t.bytes(0, 8)
	if err != nil {
		return 0, err
	}
	switch string(b[:2]) {
	case "II":
		t.order = binary.LittleEndian
	case "MM":
		t.order = binary.BigEndian
	default:
		return 0, fmt.Errorf("%w: no TIFF header", ErrUndecodable)
	}
	switch t.order.Uint16(b[2:]) {
	case 42:
		return int64(t.order.Uint32(b[4:])), nil
	case 43:
		t.big = true
		if t.order.Uint16(b[4:]) != 8 {
			return 0, fmt.Errorf("%w: a BigTIFF with offsets of %d bytes", ErrUndecodable, t.order.Uint16(b[4:]))
		}
		b, err = t.bytes(8, 8)
		if err != nil {
			return 0, err
		}
		return t.offset(b)
	}
	return 0, fmt.Errorf("%w: no TIFF header", ErrUndecodable)
}

// offset reads a file offset of the TIFF's own width.
func (t *tiffReader) offset(b []byte) (int64, error) {
	if !t.big {
		return int64(t.order.Uint32(b)), nil
	}
	v := t.order.Uint64(b)
	if v > math.MaxInt64 {
		return 0, fmt.Errorf("%w: %w: offset %d", ErrTruncated, errTIFF, v)
	}
	return int64(v), nil
}

// directory reads the entries at off and the offset of the next directory. A
// missing last link counts as none: many writers leave it out.
func (t *tiffReader) directory(off int64) ([]tiffEntry, int64, error) {
	head, each, field := 2, 12, 4
	if t.big {
		head, each, field = 8, 20, 8
	}
	b, err := t.bytes(off, head)
	if err != nil {
		return nil, 0, err
	}
	n := uint64(t.order.Uint16(b))
	if t.big {
		n = t.order.Uint64(b)
	}
	if n == 0 || n > uint64(t.lim.Entries) {
		return nil, 0, fmt.Errorf("%w: %w: %d tags", ErrUndecodable, errTIFF, n)
	}
	b, err = t.bytes(off+int64(head), int(n)*each)
	if err != nil {
		return nil, 0, err
	}
	entries := make([]tiffEntry, n)
	for i := range entries {
		e := b[i*each : (i+1)*each]
		entries[i] = tiffEntry{tag: t.order.Uint16(e), kind: t.order.Uint16(e[2:]), inline: e[each-field:]}
		if t.big {
			entries[i].count = t.order.Uint64(e[4:])
		} else {
			entries[i].count = uint64(t.order.Uint32(e[4:]))
		}
	}
	link, err := t.bytes(off+int64(head)+int64(n)*int64(each), field)
	if err != nil {
		return entries, 0, nil
	}
	next, err := t.offset(link)
	return entries, next, err
}

// kindSize is the bytes of one value of each TIFF field type.
var kindSize = map[uint16]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

// raw reads the values of an entry, at most limit of them.
func (t *tiffReader) raw(e tiffEntry, limit int) ([]byte, error) {
	size, ok := kindSize[e.kind]
	if !ok {
		return nil, fmt.Errorf("%w: %w: tag %d of type %d", ErrUndecodable, errTIFF, e.tag, e.kind)
	}
	if e.count > uint64(limit) {
		return nil, fmt.Errorf("%w: tag %d holds %d values", ErrTooLarge, e.tag, e.count)
	}
	n := int(e.count) * size
	if n <= len(e.inline) {
		return e.inline[:n], nil
	}
	off, err := t.offset(e.inline)
	if err != nil {
		return nil, err
	}
	return t.bytes(off, n)
}

// numbers reads an entry's values as unsigned integers; rationals as their
// quotient, rounded.
func (t *tiffReader) numbers(e tiffEntry, limit int) ([]int64, error) {
	b, err := t.raw(e, limit)
	if err != nil {
		return nil, err
	}
	size := kindSize[e.kind]
	out := make([]int64, len(b)/size)
	for i := range out {
		v := b[i*size:]
		switch {
		case e.kind == 5:
			den := max(t.order.Uint32(v[4:]), 1)
			out[i] = int64(math.Round(float64(t.order.Uint32(v)) / float64(den)))
		case size == 1:
			out[i] = int64(v[0])
		case size == 2:
			out[i] = int64(t.order.Uint16(v))
		case size == 4:
			out[i] = int64(t.order.Uint32(v))
		default:
			u := t.order.Uint64(v)
			if u > math.MaxInt64 {
				u = math.MaxInt64
			}
			out[i] = int64(u)
		}
	}
	return out, nil
}
