package transcript

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// hocrDepth bounds how deep elements may nest; an engine's hOCR has eight.
const hocrDepth = 64

// ParseHOCR reads the first page of an hOCR document, as Tesseract writes it
// with hocr_char_boxes: a block for every paragraph, lines, words, and the
// characters of each word where they are given. Boxes are in pixels of the
// image that was read. Photographs and rules become blocks without lines of
// kind "photo" and "separator". Words of blanks are left out.
func ParseHOCR(raw []byte) ([]Block, error) {
	p := hocrParser{want: 1}
	if err := p.parse(raw); err != nil {
		return nil, err
	}
	return p.finish(), nil
}

// hocrParser reads page want of a document; it stops where the next begins. A
// want of 0 only counts pages.
type hocrParser struct {
	want   int
	open   []string // classes of the open elements
	pages  int
	image  Image  // of the page that is wanted
	system string // the program that wrote it
	given  bool   // a word has a confidence
	blocks []Block
	word   *Word // being read
	char   *hocrChar
	chars  []hocrChar
	plain  strings.Builder // text of a word without character boxes
}

type hocrChar struct {
	text   []byte // comes in pieces, between comments
	x0, x1 int
	conf   float32
}

func (p *hocrParser) parse(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.Strict = false
	d.AutoClose = xml.HTMLAutoClose
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset
	for p.want == 0 || p.pages <= p.want {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("parse hOCR: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if len(p.open) >= hocrDepth {
				return errors.New("parse hOCR: elements nest too deep")
			}
			p.start(t)
		case xml.EndElement:
			p.end()
		case xml.CharData:
			p.text(t)
		}
	}
	return nil
}

// charset decodes what a document's declaration names. Declarations are often
// wrong, and those of no known encoding count as such: the bytes stay.
func charset(label string, in io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(label)
	if err != nil {
		return in, nil
	}
	return e.NewDecoder().Reader(in), nil
}

func (p *hocrParser) start(t xml.StartElement) {
	var class, title, name, content string
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "class":
			class = a.Value
		case "title":
			title = a.Value
		case "name":
			name = a.Value
		case "content":
			content = a.Value
		}
	}
	p.open = append(p.open, class)
	if name == "ocr-system" {
		p.system = content
	}
	if class == "ocr_page" {
		if p.pages++; p.pages == p.want {
			box := hocrBox(title, "bbox")
			p.image = Image{Index: p.want, Width: box[2], Height: box[3], DPI: int(hocrWhole(title, "scan_res"))}
		}
	}
	if p.pages != p.want && (p.pages != 0 || p.want != 1) {
		return
	}
	switch class {
	case "ocr_photo", "ocr_image", "ocr_graphic":
		p.blocks = append(p.blocks, Block{Kind: "photo", Box: hocrBox(title, "bbox")})
	case "ocr_separator":
		p.blocks = append(p.blocks, Block{Kind: "separator", Box: hocrBox(title, "bbox")})
	case "ocr_par":
		p.blocks = append(p.blocks, Block{Box: hocrBox(title, "bbox")})
	case "ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat", "ocrx_line":
		if len(p.blocks) == 0 || p.blocks[len(p.blocks)-1].Kind != "" {
			p.blocks = append(p.blocks, Block{Box: hocrBox(title, "bbox")})
		}
		b := &p.blocks[len(p.blocks)-1]
		b.Lines = append(b.Lines, Line{Box: hocrBox(title, "bbox")})
	case "ocrx_word":
		p.word = &Word{Box: hocrBox(title, "bbox"), Confidence: hocrNumber(title, "x_wconf")}
		p.given = p.given || len(hocrField(title, "x_wconf")) > 0
		p.chars, p.char = p.chars[:0], nil
		p.plain.Reset()
	case "ocrx_cinfo":
		box := hocrBox(title, "x_bboxes")
		p.chars = append(p.chars, hocrChar{x0: box[0], x1: box[2], conf: float32(hocrNumber(title, "x_conf"))})
		p.char = &p.chars[len(p.chars)-1]
	}
}

func (p *hocrParser) text(t xml.CharData) {
	switch {
	case p.char != nil:
		p.char.text = append(p.char.text, t...)
	case p.word != nil:
		p.plain.Write(t)
	}
}

func (p *hocrParser) end() {
	if len(p.open) == 0 {
		return
	}
	class := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	switch class {
	case "ocrx_cinfo":
		p.char = nil
	case "ocrx_word":
		p.endWord()
	}
}

// endWord puts the word into the last line, with one entry a character.
func (p *hocrParser) endWord() {
	w := p.word
	p.word = nil
	if w == nil || len(p.blocks) == 0 || len(p.blocks[len(p.blocks)-1].Lines) == 0 {
		return
	}
	if len(p.chars) == 0 {
		w.Text = oneWord(p.plain.String())
	}
	var whole strings.Builder
	for _, c := range p.chars {
		text := oneWord(string(c.text))
		whole.WriteString(text)
		for range utf8.RuneCountInString(text) {
			w.X0, w.X1, w.CharConf = append(w.X0, c.x0), append(w.X1, c.x1), append(w.CharConf, c.conf)
		}
	}
	if len(p.chars) > 0 {
		w.Text = whole.String()
	}
	if w.Text == "" {
		return
	}
	lines := p.blocks[len(p.blocks)-1].Lines
	l := &lines[len(lines)-1]
	l.Words = append(l.Words, *w)
}

// oneWord takes white space and control characters out of what an engine gives
// as one word: the text as read joins words by blanks and lines by newlines.
func oneWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7F || r == 0x85 || r == 0xA0 || r == 0x2028 || r == 0x2029 || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
}

func (p *hocrParser) finish() []Block { return withWords(p.blocks) }

// withWords drops lines without words and text blocks without lines.
func withWords(blocks []Block) []Block {
	out := blocks[:0]
	for _, b := range blocks {
		lines := b.Lines[:0]
		for _, l := range b.Lines {
			if len(l.Words) > 0 {
				lines = append(lines, l)
			}
		}
		b.Lines = lines
		if b.Kind != "" || len(lines) > 0 {
			out = append(out, b)
		}
	}
	return out
}

// hocrField is what follows name in a title, up to the next semicolon.
func hocrField(title, name string) []string {
	for part := range strings.SplitSeq(title, ";") {
		if f := strings.Fields(part); len(f) > 1 && f[0] == name {
			return f[1:]
		}
	}
	return nil
}

func hocrBox(title, name string) Box {
	var b Box
	f := hocrField(title, name)
	if len(f) < 4 {
		return b
	}
	for i := range b {
		v, err := strconv.Atoi(f[i])
		if err != nil || v < 0 || v > 1<<24 {
			return Box{}
		}
		b[i] = v
	}
	return b
}

// hocrNumber is a confidence: 0 to 100.
func hocrNumber(title, name string) float64 { return min(hocrWhole(title, name), 100) }

// hocrWhole is a number from 0; 0 where there is none.
func hocrWhole(title, name string) float64 {
	f := hocrField(title, name)
	if len(f) == 0 {
		return 0
	}
	v, err := strconv.ParseFloat(f[0], 64)
	if err != nil || !(v >= 0) {
		return 0
	}
	return min(v, 1<<24)
}
