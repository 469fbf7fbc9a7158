package lines

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"io"
	"strconv"
	"strings"
)

// A Found is a line that Tesseract found on a page, as its hOCR tells it.
type Found struct {
	Box     image.Rectangle // of its ink, pixels of the page
	Slope   float64         // of the baseline
	Offset  float64         // of the baseline at the box's left edge, below its bottom
	Size    float64         // from the descenders' foot to the ascenders' top
	Descent float64
	Words   []Word
}

// A Word is one word of a line as it was read.
type Word struct {
	Text string
	Box  image.Rectangle
}

// text is the words from i to j.
func (f Found) text(i, j int) string {
	var b strings.Builder
	for k, w := range f.Words[i:j] {
		if k > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}

// cut is the box that Tesseract gives its network for the words from i to j
// (LSTMRecognizeWord): that of the ink, made as high as the line's letters can be.
func (f Found) cut(i, j int) image.Rectangle {
	b := f.Box
	if i > 0 || j < len(f.Words) {
		b = f.Words[i].Box
		for _, w := range f.Words[i:j] {
			b = b.Union(w.Box)
		}
	}
	middle := float64(b.Min.X+b.Max.X) / 2
	base := float64(f.Box.Max.Y) + f.Offset + f.Slope*(middle-float64(f.Box.Min.X))
	b.Min.Y = min(b.Min.Y, int(base-(f.Size-f.Descent)))
	b.Max.Y = max(b.Max.Y, int(base+f.Descent+0.5))
	return b
}

// hocrNesting bounds how deep elements may nest; Tesseract's hOCR has eight.
const hocrNesting = 64

// ParseFound reads the lines of Tesseract's hOCR of one page, in its order. Lines
// without words are left out.
func ParseFound(hocr []byte) ([]Found, error) {
	d := xml.NewDecoder(bytes.NewReader(hocr))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var out []Found
	depth, word := 0, 0 // word: the depth of the open word, 0 for none
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return finish(out), nil
		}
		if err != nil {
			return nil, fmt.Errorf("parse hOCR: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > hocrNesting {
				return nil, errors.New("parse hOCR: elements nest too deep")
			}
			class, title := attributes(t)
			switch class {
			case "ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat":
				f := Found{Box: titleBox(title)}
				f.Slope, f.Offset = titleNumber(title, "baseline", 0), titleNumber(title, "baseline", 1)
				f.Size, f.Descent = titleNumber(title, "x_size", 0), titleNumber(title, "x_descenders", 0)
				out = append(out, f)
			case "ocrx_word":
				if n := len(out); n > 0 && word == 0 {
					out[n-1].Words = append(out[n-1].Words, Word{Box: titleBox(title)})
					word = depth
				}
			}
		case xml.EndElement:
			if depth == word {
				word = 0
			}
			depth = max(depth-1, 0)
		case xml.CharData:
			if word > 0 {
				ws := out[len(out)-1].Words
				ws[len(ws)-1].Text += string(t)
			}
		}
	}
}

// finish leaves out words without text or box and lines without words.
func finish(all []Found) []Found {
	out := all[:0]
	for _, f := range all {
		words := f.Words[:0]
		for _, w := range f.Words {
			if w.Text = Fold(w.Text); w.Text != "" && !w.Box.Empty() {
				words = append(words, w)
			}
		}
		if f.Words = words; len(words) > 0 && !f.Box.Empty() && f.Size > 0 {
			out = append(out, f)
		}
	}
	return out
}

func attributes(t xml.StartElement) (class, title string) {
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "class":
			class = a.Value
		case "title":
			title = a.Value
		}
	}
	return class, title
}

// titleNumber is value i of a property of a title; 0 where there is none.
func titleNumber(title, name string, i int) float64 {
	for part := range strings.SplitSeq(title, ";") {
		f := strings.Fields(part)
		if len(f) > i+1 && f[0] == name {
			v, err := strconv.ParseFloat(f[i+1], 64)
			if err != nil || !(v > -1<<20 && v < 1<<20) {
				return 0
			}
			return v
		}
	}
	return 0
}

func titleBox(title string) image.Rectangle {
	at := func(i int) int { return int(titleNumber(title, "bbox", i)) }
	return image.Rectangle{Min: image.Pt(at(0), at(1)), Max: image.Pt(at(2), at(3))}
}
