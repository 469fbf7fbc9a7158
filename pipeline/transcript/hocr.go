package transcript

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
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
	open   []opened
	pages  int
	image  Image  // of the page that is wanted
	system string // the program that wrote it
	given  bool   // a word has a confidence
	blocks []Block
	word   *Word // being read
	char   *hocrChar
	chars  []hocrChar
	plain  strings.Builder // text of a word without character boxes
	loose  strings.Builder // text in a line outside its words
	lines  int             // open elements that are lines
	split  bool            // a line was given without words
	seen   int             // letters that the document gives
}

// opened is an open element: its name, and the class that means something here.
type opened struct{ name, class string }

// void are the elements of HTML that have no end.
var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "wbr": true}

// hocrClasses are the classes that mean something, by what they mean. Of several
// on an element the first counts.
var hocrClasses = map[string]string{
	"ocr_page": "page", "ocr_par": "block", "ocrx_block": "block", "ocr_carea": "block", "ocr_column": "block",
	"ocr_photo": "photo", "ocr_image": "photo", "ocr_graphic": "photo", "ocr_separator": "separator",
	"ocr_line": "line", "ocrx_line": "line", "ocr_header": "line", "ocr_footer": "line", "ocr_caption": "line", "ocr_textfloat": "line", "ocr_pageno": "line",
	"ocrx_word": "word", "ocr_word": "word", "ocrx_cinfo": "char", "ocr_cinfo": "char", "ocr_glyph": "char",
}

func classOf(value string) string {
	for c := range strings.FieldsSeq(value) {
		if means := hocrClasses[c]; means != "" {
			return means
		}
	}
	return ""
}

type hocrChar struct {
	text   []byte // comes in pieces, between comments
	x0, x1 int
	conf   float32
}

func (p *hocrParser) parse(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(plainBytes(raw)))
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
			p.close(strings.ToLower(t.Name.Local))
		case xml.CharData:
			p.text(t)
		}
	}
	return nil
}

// charset decodes what a document's declaration names. Declarations are often
// wrong, and those of no known encoding count as such: the bytes stay.
func charset(label string, in io.Reader) (io.Reader, error) {
	if strings.HasPrefix(strings.ToLower(label), "utf-16") {
		return in, nil // plainBytes has decoded it
	}
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
	element := strings.ToLower(t.Name.Local)
	if name == "ocr-system" {
		p.system = content
	}
	if void[element] {
		return
	}
	class = classOf(class)
	p.open = append(p.open, opened{element, class})
	if class == "page" {
		if p.pages++; p.pages == p.want {
			box := hocrBox(title, "bbox")
			p.image = Image{Index: p.want, Width: box[2], Height: box[3], DPI: int(hocrWhole(title, "scan_res"))}
		}
	}
	if p.pages != p.want && (p.pages != 0 || p.want != 1) {
		return
	}
	p.begin(class, title)
}

// begin begins what an element of that class means.
func (p *hocrParser) begin(class, title string) {
	switch class {
	case "photo", "separator":
		p.blocks = append(p.blocks, Block{Kind: class, Box: hocrBox(title, "bbox")})
	case "block":
		p.blocks = append(p.blocks, Block{Box: hocrBox(title, "bbox")})
	case "line":
		p.lines++
		p.flush()
		p.newLine(hocrBox(title, "bbox"))
	case "word":
		p.flush()
		p.word = &Word{Box: hocrBox(title, "bbox"), Confidence: hocrConfidence(title)}
		p.given = p.given || len(hocrField(title, "x_wconf"))+len(hocrField(title, "x_confs")) > 0
		p.chars, p.char = p.chars[:0], nil
		p.plain.Reset()
		p.lineFor(p.word.Box)
	case "char":
		if p.word == nil {
			return // text of the line
		}
		box := hocrBox(title, "x_bboxes")
		if box == (Box{}) {
			box = hocrBox(title, "bbox")
		}
		p.chars = append(p.chars, hocrChar{x0: box[0], x1: box[2], conf: float32(hocrNumber(title, "x_conf"))})
		p.char = &p.chars[len(p.chars)-1]
	}
}

// newLine begins a line, in the block before it or one of its own.
func (p *hocrParser) newLine(box Box) {
	if len(p.blocks) == 0 || p.blocks[len(p.blocks)-1].Kind != "" {
		p.blocks = append(p.blocks, Block{Box: box})
	}
	b := &p.blocks[len(p.blocks)-1]
	b.Lines = append(b.Lines, Line{Box: box})
}

// lineFor sees to it that a word outside every line has one: that of the word
// before it, where they stand side by side.
func (p *hocrParser) lineFor(box Box) {
	if p.lines > 0 {
		return
	}
	if l := p.line(); l != nil && len(l.Words) > 0 {
		last := l.Words[len(l.Words)-1].Box
		if middle := (box[1] + box[3]) / 2; middle > last[1] && middle < last[3] && box[0] >= last[0] {
			l.Box = l.Box.Union(box)
			return
		}
	}
	p.newLine(box)
}

// line is the last line; nil if the last block has none.
func (p *hocrParser) line() *Line {
	if len(p.blocks) == 0 || len(p.blocks[len(p.blocks)-1].Lines) == 0 {
		return nil
	}
	lines := p.blocks[len(p.blocks)-1].Lines
	return &lines[len(lines)-1]
}

func (p *hocrParser) text(t xml.CharData) {
	if n := len(p.open); p.pages == p.want && n > 0 && p.open[n-1].name != "script" && p.open[n-1].name != "style" && p.open[n-1].name != "title" {
		p.seen += letters(string(t))
	}
	switch {
	case p.char != nil:
		p.char.text = append(p.char.text, t...)
	case p.word != nil:
		p.plain.Write(t)
	case p.lines > 0 && (p.pages == p.want || p.pages == 0 && p.want == 1):
		p.loose.Write(t)
	}
}

// close ends the element of that name that was opened last, and those inside it
// that were left open, as HTML may.
func (p *hocrParser) close(name string) {
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].name != name {
			continue
		}
		for len(p.open) > i {
			p.end()
		}
		return
	}
}

func (p *hocrParser) end() {
	class := p.open[len(p.open)-1].class
	p.open = p.open[:len(p.open)-1]
	switch class {
	case "char":
		p.char = nil
	case "word":
		p.endWord()
	case "line":
		p.flush()
		p.lines = max(0, p.lines-1)
	}
}

// flush puts the text that stands in the last line outside its words there: some
// programs give lines without words.
func (p *hocrParser) flush() {
	text := p.loose.String()
	p.loose.Reset()
	l := p.line()
	if strings.TrimSpace(text) == "" || l == nil {
		return
	}
	words := apportion(text, l.Box, 0)
	l.Words, p.split = append(l.Words, words...), p.split || len(words) > 1
}

// endWord puts the word into the last line, with one entry a character.
func (p *hocrParser) endWord() {
	w := p.word
	p.word = nil
	l := p.line()
	if w == nil || l == nil {
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
	if len(p.chars) > 0 && w.Text == "" {
		w.Text = oneWord(p.plain.String())
	}
	if w.Text == "" {
		return
	}
	if parts := apportion(p.plain.String(), w.Box, w.Confidence); len(p.chars) == 0 && len(parts) > 1 {
		l.Words, p.split = append(l.Words, parts...), true
		return
	}
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

func (p *hocrParser) finish() []Block {
	p.split = place(p.blocks) || p.split
	return withWords(p.blocks)
}

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
		v, err := strconv.ParseFloat(strings.TrimRight(f[i], ","), 64)
		if err != nil || !(v > -1<<12 && v < 1<<24) {
			return Box{}
		}
		b[i] = int(math.Round(max(v, 0)))
	}
	return b
}

// hocrConfidence is a word's: its own, or the mean of its letters'.
func hocrConfidence(title string) float64 {
	if len(hocrField(title, "x_wconf")) > 0 {
		return hocrNumber(title, "x_wconf")
	}
	sum, n := 0.0, 0.0
	for _, f := range hocrField(title, "x_confs") {
		if v, err := strconv.ParseFloat(f, 64); err == nil && v >= 0 {
			sum, n = sum+min(v, 100), n+1
		}
	}
	return sum / max(n, 1)
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
