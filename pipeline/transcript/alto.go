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
)

// Units to the inch of ALTO's measurement units (ALTO 4.4, MeasurementUnit).
const perInchMM10, perInch1200 = 254, 1200

// altoParser reads page want of an ALTO document of any version; it stops where
// the next begins. A want of 0 only counts pages. Blocks are text blocks, in the
// order of the document; words are Strings, with the hyphen of a HYP behind the
// last; characters are Glyphs, where there is one for each.
type altoParser struct {
	want     int
	pages    int
	depth    int
	text     *strings.Builder // of an element whose content counts
	unit     int              // to the inch; 0: pixels
	image    Image
	engine   Engine
	given    bool
	blocks   []Block
	word     *Word
	glyphs   []hocrChar
	hyphened bool // the last word has its hyphen
}

func (p *altoParser) parse(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.CharsetReader = charset
	root := false
	for p.want == 0 || p.pages <= p.want {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if !root || p.depth > 0 {
				return errors.New("parse ALTO: the document ends before its root element does")
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("parse ALTO: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if p.depth++; p.depth > hocrDepth {
				return errors.New("parse ALTO: elements nest too deep")
			}
			if !root && t.Name.Local != "alto" {
				return fmt.Errorf("parse ALTO: the root element is %s", t.Name.Local)
			}
			root = true
			p.start(t.Name.Local, altoElement(t.Attr))
		case xml.EndElement:
			p.depth--
			p.end(t.Name.Local)
		case xml.CharData:
			if p.text != nil {
				p.text.Write(t)
			}
		}
	}
	return nil
}

type altoElement []xml.Attr

func (e altoElement) get(name string) (string, bool) {
	for _, a := range e {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// number is an attribute from 0, 0 where there is none.
func (e altoElement) number(name string) float64 {
	s, _ := e.get(name)
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0) {
		return 0
	}
	return min(v, 1<<23)
}

func (e altoElement) box() Box {
	x, y := e.number("HPOS"), e.number("VPOS")
	whole := func(v float64) int { return int(math.Round(v)) }
	return Box{whole(x), whole(y), whole(x + e.number("WIDTH")), whole(y + e.number("HEIGHT"))}
}

func (p *altoParser) start(name string, e altoElement) {
	switch name {
	case "MeasurementUnit", "softwareName", "softwareVersion":
		p.text = &strings.Builder{}
	case "Page":
		if p.pages++; p.pages == p.want {
			p.image = Image{Index: p.want, Width: int(e.number("WIDTH")), Height: int(e.number("HEIGHT")), DPI: p.unit}
		}
	}
	if p.pages != p.want {
		return
	}
	switch name {
	case "TextBlock":
		p.blocks = append(p.blocks, Block{Box: e.box()})
	case "Illustration":
		p.blocks = append(p.blocks, Block{Kind: "photo", Box: e.box()})
	case "GraphicalElement":
		p.blocks = append(p.blocks, Block{Kind: "separator", Box: e.box()})
	case "TextLine":
		if n := len(p.blocks); n == 0 || p.blocks[n-1].Kind != "" {
			p.blocks = append(p.blocks, Block{Box: e.box()})
		}
		b := &p.blocks[len(p.blocks)-1]
		b.Lines = append(b.Lines, Line{Box: e.box()})
	case "String":
		p.begin(e)
	case "Glyph":
		if p.word != nil {
			content, _ := e.get("CONTENT")
			box := e.box()
			p.glyphs = append(p.glyphs, hocrChar{text: []byte(oneWord(content)), x0: box[0], x1: box[2], conf: float32(100 * min(e.number("GC"), 1))})
		}
	case "HYP":
		p.hyphen(e)
	}
}

// begin starts a word; its confidence WC is from 0 to 1.
func (p *altoParser) begin(e altoElement) {
	content, _ := e.get("CONTENT")
	_, told := e.get("WC")
	p.given = p.given || told
	p.word = &Word{Text: oneWord(content), Box: e.box(), Confidence: 100 * min(e.number("WC"), 1)}
	p.glyphs = p.glyphs[:0]
}

func (p *altoParser) end(name string) {
	switch name {
	case "MeasurementUnit":
		switch strings.TrimSpace(p.taken()) {
		case "mm10":
			p.unit = perInchMM10
		case "inch1200":
			p.unit = perInch1200
		}
	case "softwareName":
		if s := strings.TrimSpace(p.taken()); p.engine.Name == "" {
			p.engine.Name = s
		}
	case "softwareVersion":
		if s := strings.TrimSpace(p.taken()); p.engine.Version == "" {
			p.engine.Version = s
		}
	case "String":
		p.put()
	}
}

// taken is the content of the element that ends.
func (p *altoParser) taken() string {
	if p.text == nil {
		return ""
	}
	s := p.text.String()
	p.text = nil
	return s
}

// put puts the word into the last line, its characters where every one is given.
func (p *altoParser) put() {
	w := p.word
	p.word = nil
	l := p.line()
	if w == nil || w.Text == "" || l == nil {
		return
	}
	var spelt strings.Builder
	for _, g := range p.glyphs {
		spelt.Write(g.text)
		for range utf8.RuneCount(g.text) {
			w.X0, w.X1, w.CharConf = append(w.X0, g.x0), append(w.X1, g.x1), append(w.CharConf, g.conf)
		}
	}
	if spelt.String() != w.Text {
		w.X0, w.X1, w.CharConf = nil, nil, nil
	}
	l.Words = append(l.Words, *w)
	p.hyphened = false
}

// line is the last line; nil if there is none.
func (p *altoParser) line() *Line {
	if len(p.blocks) == 0 || len(p.blocks[len(p.blocks)-1].Lines) == 0 {
		return nil
	}
	lines := p.blocks[len(p.blocks)-1].Lines
	return &lines[len(lines)-1]
}

// hyphen puts the hyphen at a line's end behind its last word, which has one.
func (p *altoParser) hyphen(e altoElement) {
	content, _ := e.get("CONTENT")
	l := p.line()
	if content = oneWord(content); content == "" || l == nil || len(l.Words) == 0 || p.hyphened {
		return
	}
	p.hyphened = true
	w, box := &l.Words[len(l.Words)-1], e.box()
	w.Text += content
	if box[2] > w.Box[2] {
		w.Box[2] = box[2]
	}
	if w.X0 != nil {
		n := utf8.RuneCountInString(content)
		at := w.X1[len(w.X1)-1]
		for range n {
			w.X0, w.X1, w.CharConf = append(w.X0, max(at, box[0])), append(w.X1, max(at, box[2])), append(w.CharConf, float32(w.Confidence))
		}
	}
}

func (p *altoParser) finish() []Block { return withWords(p.blocks) }
