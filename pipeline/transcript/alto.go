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
// last, or the words of one that holds a whole line; characters are Glyphs, where
// there is one for each. A hyphen that SUBS_CONTENT says is no part of the word is
// a soft one.
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
	raw      string // of the word, with its blanks
	subs     string // what the parts of a word make together
	parted   bool   // the word goes on in the next line
	shaped   *Box   // of the element that a polygon describes
	split    bool   // a String held several words
	seen     int    // letters that the document gives
	hyphened bool   // the last word has its hyphen
}

func (p *altoParser) parse(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(plainBytes(raw)))
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
			if !root && !strings.EqualFold(t.Name.Local, "alto") {
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
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(s), ",", ".", 1), 64)
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
	if content, ok := e.get("CONTENT"); ok && name != "Glyph" && name != "Variant" && name != "ALTERNATIVE" {
		p.seen += letters(content)
	}
	switch name {
	case "TextBlock":
		p.blocks = append(p.blocks, Block{Box: e.box()})
		p.shaped = &p.blocks[len(p.blocks)-1].Box
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
		p.shaped = &b.Lines[len(b.Lines)-1].Box
	case "Polygon":
		if points, _ := e.get("POINTS"); p.shaped != nil && *p.shaped == (Box{}) {
			*p.shaped = aroundPoints(points)
		}
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
	p.word = &Word{Text: oneWord(content), Box: e.box(), Confidence: 100 * e.number("WC")}
	p.shaped = &p.word.Box
	p.raw, p.glyphs = content, p.glyphs[:0]
	kind, _ := e.get("SUBS_TYPE")
	p.subs, _ = e.get("SUBS_CONTENT")
	p.parted = kind == "HypPart1"
}

func (p *altoParser) end(name string) {
	switch name {
	case "MeasurementUnit":
		switch unit := strings.ToLower(strings.Join(strings.Fields(p.taken()), "")); unit {
		case "mm10", "mm/10", "1/10mm":
			p.unit = perInchMM10
		case "inch1200", "inch/1200", "1/1200inch":
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
	case "TextLine":
		p.softly()
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
	p.word, p.hyphened = nil, false
	l := p.line()
	if w == nil || w.Text == "" {
		return
	}
	if l == nil { // a String outside every line
		p.blocks = append(p.blocks, Block{Box: w.Box, Lines: []Line{{Box: w.Box}}})
		l = p.line()
	}
	if parts := apportion(p.raw, w.Box, w.Confidence); len(parts) > 1 {
		l.Words, p.split = append(l.Words, parts...), true
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
	if l == nil || len(l.Words) == 0 || p.hyphened {
		return
	}
	p.hyphened = true
	w, box := &l.Words[len(l.Words)-1], e.box()
	if content = oneWord(content); content == "" {
		content = "-"
	}
	if isSoft(w.Text, p.subs) {
		content = softHyphen
	}
	p.parted = false
	if strings.HasSuffix(w.Text, content) || strings.HasSuffix(w.Text, "-") {
		return
	}
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

const softHyphen = "\u00ad"

// isSoft reports whether the hyphen behind part is none of the word's own.
func isSoft(part, whole string) bool {
	part = strings.TrimRight(oneWord(part), "-\u00ad¬")
	rest, ok := strings.CutPrefix(oneWord(whole), part)
	return ok && rest != "" && !strings.HasPrefix(rest, "-")
}

// softly ends a line whose last word goes on in the next one and that says so
// without a HYP.
func (p *altoParser) softly() {
	if l := p.line(); p.parted && l != nil && len(l.Words) > 0 {
		if w := &l.Words[len(l.Words)-1]; isSoft(w.Text, p.subs) && !strings.HasSuffix(w.Text, "-") {
			w.Text += softHyphen
			w.X0, w.X1, w.CharConf = nil, nil, nil
		}
	}
	p.parted = false
}

// aroundPoints is the box around the points of a polygon, "x,y x,y" or "x y x y".
func aroundPoints(points string) (b Box) {
	f := strings.FieldsFunc(points, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' || r == '\r' })
	for i := 0; i+1 < len(f); i += 2 {
		x, errX := strconv.ParseFloat(f[i], 64)
		y, errY := strconv.ParseFloat(f[i+1], 64)
		if errX != nil || errY != nil || math.IsNaN(x) || math.IsNaN(y) {
			return Box{}
		}
		px, py := int(max(0, min(x, 1<<23))), int(max(0, min(y, 1<<23)))
		if i == 0 {
			b = Box{px, py, px, py}
		}
		b = b.Union(Box{px, py, px, py})
	}
	return b
}

func (p *altoParser) finish() []Block {
	p.split = place(p.blocks) || p.split
	return withWords(p.blocks)
}
