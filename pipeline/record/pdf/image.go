package pdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // for DecodeConfig
	"image/png"

	"nightshift/pipeline/record"
)

// image writes a page image. JPEG data goes in as it is, and so does the
// compressed data of a PNG that PDF's filter can read; other PNGs are decoded.
func (d *document) image(id int, img record.PageImage) error {
	switch img.Type {
	case "image/jpeg":
		return d.jpeg(id, img.Data)
	case "image/png":
		return d.png(id, img.Data)
	}
	return fmt.Errorf("an image of type %q cannot be put into a PDF", img.Type)
}

func (d *document) jpeg(id int, data []byte) error {
	cfg, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "jpeg" {
		return fmt.Errorf("not a JPEG image: %w", errors.Join(err, errors.ErrUnsupported))
	}
	space := "/DeviceRGB"
	switch cfg.ColorModel {
	case color.GrayModel:
		space = "/DeviceGray"
	case color.CMYKModel:
		space = "/DeviceCMYK /Decode [1 0 1 0 1 0 1 0]" // as Adobe's programs write it
	}
	d.rawStream(id, xobject(cfg.Width, cfg.Height, 8, space)+" /Filter /DCTDecode", data)
	return d.err
}

func xobject(width, height, bits int, space string) string {
	return fmt.Sprintf(" /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d /ColorSpace %s", width, height, bits, space)
}

// png passes on the data of grey and true-colour PNGs without interlacing.
func (d *document) png(id int, data []byte) error {
	h, idat, err := chunks(data)
	if err != nil {
		return err
	}
	colors, space := 1, "/DeviceGray"
	if h.color == 2 {
		colors, space = 3, "/DeviceRGB"
	}
	if h.color != 0 && h.color != 2 || h.interlace != 0 {
		return d.decoded(id, data)
	}
	d.rawStream(id, xobject(h.width, h.height, h.bits, space)+
		fmt.Sprintf(" /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d >>", colors, h.bits, h.width), idat)
	return d.err
}

// header is what a PNG says of itself.
type header struct {
	width, height          int
	bits, color, interlace int
}

// chunks reads the header and the joined image data of a PNG.
func chunks(data []byte) (h header, idat []byte, err error) {
	if len(data) < 8 || string(data[:8]) != "\x89PNG\r\n\x1a\n" {
		return h, nil, errors.New("not a PNG image")
	}
	for rest := data[8:]; len(rest) >= 12; {
		n := int(binary.BigEndian.Uint32(rest))
		if n < 0 || n > len(rest)-12 {
			return h, nil, errors.New("a PNG image that is cut off")
		}
		body := rest[8 : 8+n]
		switch string(rest[4:8]) {
		case "IHDR":
			if n != 13 {
				return h, nil, errors.New("a PNG image with a bad header")
			}
			h = header{int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:])), int(body[8]), int(body[9]), int(body[12])}
		case "IDAT":
			idat = append(idat, body...)
		}
		rest = rest[12+n:]
	}
	if h.width <= 0 || h.height <= 0 || len(idat) == 0 {
		return h, nil, errors.New("a PNG image without image")
	}
	return h, idat, nil
}

// decoded writes a PNG of another make (palette, alpha, interlaced) as plain
// colours on white.
func (d *document) decoded(id int, data []byte) error {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("decode a page image: %w", err)
	}
	b := img.Bounds()
	out := make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := img.At(x, y).RGBA()
			white := 0xFFFF - a
			out = append(out, byte((r+white)>>8), byte((g+white)>>8), byte((bl+white)>>8))
		}
	}
	d.stream(id, xobject(b.Dx(), b.Dy(), 8, "/DeviceRGB"), out)
	return d.err
}
