package transcript

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// pageParser reads PAGE XML of any version (2010 to 2019): regions with lines with
// words, each with a polygon and with text at any of these levels.
type pageParser struct {
	open    []string // names of the open elements
	image   Image
	engine  Engine
	regions []*pageRegion // in the order of the document
	in      []*pageRegion // open
	line    *pageLine
	word    *pageText
	text    *strings.Builder // of an element whose content counts
	index   int              // of the open TextEquiv
	conf    float64          // likewise; below 0: none
	order   map[string]int   // place in the reading order by id
	given   bool
	seen    int
	pages   int
}

// pageText is what has a polygon and perhaps text.
type pageText struct {
	box    Box
	text   string
	chosen int // index of the TextEquiv taken, from 0; -1: none
	conf   float64
}

type pageLine struct {
	pageText
	words []pageText
}

type pageRegion struct {
	pageText
	id, kind string
	lines    []*pageLine
}

// parsePAGE reads the one page of a document.
func parsePAGE(raw []byte) (givenPage, error) {
	p := pageParser{order: map[string]int{}}
	d := xml.NewDecoder(bytes.NewReader(plainBytes(raw)))
	d.CharsetReader = charset
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(p.open) > 0 || p.pages == 0 {
				return givenPage{}, errors.New("parse PAGE: the document ends before its page does")
			}
			break
		}
		if err != nil {
			return givenPage{}, fmt.Errorf("parse PAGE: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if len(p.open) >= hocrDepth {
				return givenPage{}, errors.New("parse PAGE: elements nest too deep")
			}
			if len(p.open) == 0 && t.Name.Local != "PcGts" {
				return givenPage{}, fmt.Errorf("parse PAGE: the root element is %s", t.Name.Local)
			}
			p.open = append(p.open, t.Name.Local)
			p.start(t.Name.Local, altoElement(t.Attr))
		case xml.EndElement:
			if len(p.open) == 0 || p.open[len(p.open)-1] != t.Name.Local {
				return givenPage{}, errors.New("parse PAGE: elements overlap")
			}
			p.open = p.open[:len(p.open)-1]
			p.end(t.Name.Local)
		case xml.CharData:
			if p.text != nil {
				p.text.Write(t)
			}
		}
	}
	blocks, split := p.blocks()
	split = place(blocks) || split
	return givenPage{blocks: withWords(blocks), image: p.image, engine: p.engine, confidence: p.given, split: split, seen: p.seen, pages: p.pages}, nil
}

// at is the innermost element that has a polygon and text; nil outside of all.
func (p *pageParser) at() *pageText {
	switch {
	case p.word != nil:
		return p.word
	case p.line != nil:
		return &p.line.pageText
	case len(p.in) > 0:
		return &p.in[len(p.in)-1].pageText
	}
	return nil
}

func (p *pageParser) inside(name string) bool { return slices.Contains(p.open, name) }

func (p *pageParser) start(name string, e altoElement) {
	switch {
	case name == "Page":
		p.pages++
		p.image = Image{Index: 1, Width: int(e.number("imageWidth")), Height: int(e.number("imageHeight"))}
	case name == "Creator", name == "Unicode":
		p.text = &strings.Builder{}
	case name == "RegionRefIndexed", name == "RegionRef":
		if id, _ := e.get("regionRef"); id != "" {
			p.order[id] = len(p.order)
		}
	case strings.HasSuffix(name, "Region"):
		r := &pageRegion{kind: kindOfRegion(name), pageText: pageText{chosen: -1}}
		r.id, _ = e.get("id")
		p.regions, p.in = append(p.regions, r), append(p.in, r)
	case name == "TextLine" && len(p.in) > 0:
		p.line = &pageLine{pageText: pageText{chosen: -1}}
		r := p.in[len(p.in)-1]
		r.lines = append(r.lines, p.line)
	case name == "Word" && p.line != nil:
		p.word = &pageText{chosen: -1}
	case name == "Coords":
		if points, ok := e.get("points"); ok && p.at() != nil && !p.inside("Glyph") {
			p.at().box = aroundPoints(points)
		}
	case name == "Point" && p.inside("Coords") && p.at() != nil && !p.inside("Glyph"): // of 2010
		x, y := int(e.number("x")), int(e.number("y"))
		if b := &p.at().box; *b == (Box{}) {
			*b = Box{x, y, x, y}
		} else {
			*b = b.Union(Box{x, y, x, y})
		}
	case name == "TextEquiv":
		p.index, p.conf = int(e.number("index")), -1
		if _, told := e.get("conf"); told {
			p.conf = e.number("conf")
		}
	}
}

// kindOfRegion is the kind of block that a region is.
func kindOfRegion(name string) string {
	switch name {
	case "ImageRegion", "GraphicRegion", "LineDrawingRegion", "ChartRegion", "MapRegion":
		return "photo"
	case "SeparatorRegion":
		return "separator"
	}
	return ""
}

func (p *pageParser) end(name string) {
	switch {
	case name == "Creator" && p.text != nil:
		p.engine.Name = strings.TrimSpace(p.text.String())
		p.text = nil
	case name == "Unicode" && p.text != nil:
		p.take(p.text.String())
		p.text = nil
	case strings.HasSuffix(name, "Region") && len(p.in) > 0:
		p.in = p.in[:len(p.in)-1]
	case name == "TextLine":
		p.line = nil
	case name == "Word":
		if p.word != nil && p.line != nil {
			p.line.words = append(p.line.words, *p.word)
		}
		p.word = nil
	}
}

// take gives the innermost element its text. Of several readings that with the
// lowest index counts.
func (p *pageParser) take(text string) {
	to := p.at()
	if to == nil || p.inside("Glyph") || to.chosen >= 0 && p.index >= to.chosen {
		return
	}
	to.text, to.chosen = text, p.index
	if p.conf >= 0 {
		to.conf, p.given = p.conf, true
	}
}

// blocks puts the regions in their reading order.
func (p *pageParser) blocks() (out []Block, split bool) {
	place := func(r *pageRegion) int { // those that the order leaves out come last
		if at, ok := p.order[r.id]; ok {
			return at
		}
		return len(p.order)
	}
	slices.SortStableFunc(p.regions, func(a, b *pageRegion) int { return place(a) - place(b) })
	for _, r := range p.regions {
		b := Block{Kind: r.kind, Box: r.box}
		lines := 0
		for _, l := range r.lines {
			line, parted := l.whole()
			p.seen += letters(joined(line.Words))
			split = split || parted
			lines += len(line.Words)
			b.Lines = append(b.Lines, line)
		}
		if lines == 0 && strings.TrimSpace(r.text) != "" { // text of the region alone
			b.Lines, split = r.apart(), true
			p.seen += letters(r.text)
		}
		if len(b.Lines) > 0 {
			b.Kind = ""
		}
		out = append(out, b)
	}
	return out, split
}

// whole is the line with its words: those that are given, unless the line's own
// text says something else, as where a person corrected the line alone.
func (l *pageLine) whole() (Line, bool) {
	out := Line{Box: l.box}
	for _, w := range l.words {
		if t := oneWord(w.text); t != "" {
			out.Words = append(out.Words, Word{Text: t, Box: w.box, Confidence: w.conf})
		}
	}
	if own := oneWord(l.text); own == "" || own == oneWord(joined(out.Words)) {
		return out, false
	}
	box := l.box
	if box == (Box{}) && len(out.Words) > 0 {
		box = Around(out.Words)
	}
	out.Words = apportion(l.text, box, l.conf)
	return out, len(out.Words) > 1
}

// apart is a region's text as lines, each with its share of the height.
func (r *pageRegion) apart() (out []Line) {
	rows := strings.Split(strings.TrimSpace(r.text), "\n")
	height := r.box[3] - r.box[1]
	for i, row := range rows {
		box := Box{r.box[0], r.box[1] + height*i/len(rows), r.box[2], r.box[1] + height*(i+1)/len(rows)}
		out = append(out, Line{Box: box, Words: apportion(row, box, r.conf)})
	}
	return out
}

func joined(words []Word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Text)
	}
	return b.String()
}
