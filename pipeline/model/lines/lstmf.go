package lines

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
)

// A file of training lines (.lstmf) is Tesseract's DocumentData as its Serialize
// writes it, little endian: a count, and for each line a byte 1, the name of its
// image, the page, the image as a file's bytes, the language, the text, the
// letters' boxes and their texts, and a byte that says whether it runs downwards.
// Names and bytes have their length before them. A line as a whole has one box's
// text, its own, and no box: it is not used with networks.

// bounds of what is read of a file: more is none that a training wrote.
const (
	mostLines = 1 << 22
	mostBytes = 1 << 28
)

// ErrNotLSTMF is wrapped by the errors about files that hold no training lines.
var ErrNotLSTMF = errors.New("no file of training lines")

// language is written with every line; Tesseract keeps it and looks at it nowhere.
const language = "eng"

// encode is one line as it stands in a file.
func encode(l Line) ([]byte, error) {
	var pic bytes.Buffer
	cut := l.Cut()
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := e.Encode(&pic, cut); err != nil {
		return nil, fmt.Errorf("encode line of %s: %w", l.Source, err)
	}
	out := make([]byte, 0, pic.Len()+len(l.Source)+2*len(l.Text)+64)
	number := func(n int) { out = binary.LittleEndian.AppendUint32(out, uint32(n)) }
	put := func(s string) { number(len(s)); out = append(out, s...) }
	out = append(out, 1)
	put(l.Source)
	number(0)
	put(pic.String())
	put(language)
	put(l.Text)
	number(0)
	number(1)
	put(l.Text)
	return append(out, 0), nil
}

// Read returns the lines of an .lstmf file, with Padding as their margin.
func Read(r io.Reader) ([]Line, error) {
	raw, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, err
	}
	d := decoder{raw: raw}
	n := d.number()
	if len(raw) > mostBytes || n > mostLines {
		return nil, fmt.Errorf("%w: too large", ErrNotLSTMF)
	}
	var out []Line
	for i := 0; i < n && !d.short; i++ {
		l, err := d.line()
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		out = append(out, l)
	}
	if d.short || len(d.raw) > 0 {
		return nil, fmt.Errorf("%w: it does not end where its lines do", ErrNotLSTMF)
	}
	return out, nil
}

// decoder takes values off the front of raw; short says that there were too few.
type decoder struct {
	raw   []byte
	short bool
}

func (d *decoder) take(n int) []byte {
	if n < 0 || n > len(d.raw) {
		d.short, d.raw = true, nil
		return nil
	}
	b := d.raw[:n]
	d.raw = d.raw[n:]
	return b
}

func (d *decoder) number() int {
	b := d.take(4)
	if b == nil {
		return 0
	}
	return int(binary.LittleEndian.Uint32(b))
}

func (d *decoder) bytes() []byte { return d.take(d.number()) }

func (d *decoder) line() (Line, error) {
	l := Line{Margin: Padding}
	if b := d.take(1); len(b) == 1 && b[0] != 1 {
		return l, fmt.Errorf("%w: a line that is none", ErrNotLSTMF)
	}
	l.Source = string(d.bytes())
	d.take(4) // page
	pic := d.bytes()
	d.bytes() // language
	l.Text = string(d.bytes())
	d.take(8 * d.number()) // boxes
	for range min(d.number(), len(d.raw)) {
		d.bytes()
	}
	d.take(1) // downwards
	if d.short {
		return l, nil // told by the caller
	}
	return l, d.picture(&l, pic)
}

func (d *decoder) picture(l *Line, pic []byte) error {
	c, err := png.DecodeConfig(bytes.NewReader(pic))
	if err == nil && (c.Width > 1<<15 || c.Height > 1<<12) {
		err = errors.New("too large")
	}
	if err != nil {
		return fmt.Errorf("%w: its picture: %w", ErrNotLSTMF, err)
	}
	x, err := png.Decode(bytes.NewReader(pic))
	if err != nil {
		return fmt.Errorf("%w: its picture: %w", ErrNotLSTMF, err)
	}
	g, ok := x.(*image.Gray)
	if !ok {
		return fmt.Errorf("%w: its picture is not in grey", ErrNotLSTMF)
	}
	l.Image = g
	return nil
}
