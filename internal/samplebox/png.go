package samplebox

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"

	"github.com/klauspost/compress/zlib"
)

// pngOf is the page as a PNG of sixteen greys. It is written here, with the
// compressor that go.mod names, since the standard library's may change its
// bytes from one Go version to the next.
func pngOf(page *image.Gray) ([]byte, error) {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	var idat bytes.Buffer
	z, err := zlib.NewWriterLevel(&idat, 9)
	if err != nil {
		return nil, fmt.Errorf("encode a PNG: %w", err)
	}
	row := make([]byte, 1+(w+1)/2) // a filter byte (none), then two pixels a byte
	for y := range h {
		clear(row)
		for x := range w {
			grey := (int(page.Pix[y*page.Stride+x])*15 + 127) / 255
			row[1+x/2] |= byte(grey) << (4 * (1 - x%2))
		}
		if _, err := z.Write(row); err != nil {
			return nil, fmt.Errorf("encode a PNG: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode a PNG: %w", err)
	}
	out := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		body := append([]byte(kind), data...)
		out = binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
	}
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	chunk("IHDR", append(header, 4, 0, 0, 0, 0)) // 4 bits of grey
	perMetre := binary.BigEndian.AppendUint32(nil, dpi*10000/254)
	chunk("pHYs", append(append(perMetre, perMetre...), 1))
	chunk("IDAT", idat.Bytes())
	chunk("IEND", nil)
	return out, nil
}
