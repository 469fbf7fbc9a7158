package transcript

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"nightshift/pipeline/archive"
)

// ErrGiven is wrapped by the errors about hOCR, ALTO and PAGE that cannot be followed.
var ErrGiven = errors.New("the OCR that was given cannot be followed")

// SniffGiven tells from a file's first bytes (4 KiB is enough) whether it is
// the OCR of another program: hOCR, ALTO or PAGE.
func SniffGiven(head []byte) (mediaType string, ok bool) {
	head = plainBytes(head)
	d := xml.NewDecoder(bytes.NewReader(head))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset
	for {
		tok, err := d.RawToken()
		if err != nil {
			return "", false
		}
		t, is := tok.(xml.StartElement)
		if !is {
			continue
		}
		switch name := strings.ToLower(t.Name.Local); {
		case name == "alto":
			return archive.TypeALTO, true
		case name == "pcgts":
			return archive.TypePAGE, true
		case (name == "html" || name == "div") && (bytes.Contains(head, []byte("ocr_page")) || bytes.Contains(head, []byte("ocr-system")) || bytes.Contains(head, []byte("ocr-capabilities"))):
			return archive.TypeHOCR, true
		}
		return "", false
	}
}

// plainBytes decodes UTF-16 that begins with its mark, and takes the mark of
// UTF-8 off.
func plainBytes(raw []byte) []byte {
	if bytes.HasPrefix(raw, []byte{0xFE, 0xFF}) || bytes.HasPrefix(raw, []byte{0xFF, 0xFE}) {
		out, _, _ := transform.Bytes(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder(), raw[:len(raw)&^1])
		return out
	}
	return bytes.TrimPrefix(raw, []byte{0xEF, 0xBB, 0xBF})
}

// givenPage is a page as one of the parsers found it.
type givenPage struct {
	blocks     []Block
	image      Image
	engine     Engine
	confidence bool // words have confidences
	split      bool // words have apportioned boxes
	seen       int  // letters that the document gives
	pages      int  // of the document, as far as it was read
}

// parseGiven reads page index; 0 only counts pages.
func parseGiven(raw []byte, mediaType string, index int) (g givenPage, err error) {
	switch mediaType {
	case archive.TypeHOCR:
		p := hocrParser{want: index}
		err = p.parse(raw)
		g = givenPage{blocks: p.finish(), image: p.image, confidence: p.given, split: p.split, seen: p.seen, pages: p.pages}
		g.engine.Name, g.engine.Version, _ = strings.Cut(p.system, " ")
	case archive.TypeALTO:
		p := altoParser{want: index}
		err = p.parse(raw)
		g = givenPage{blocks: p.finish(), image: p.image, engine: p.engine, confidence: p.given, split: p.split, seen: p.seen, pages: p.pages}
	case archive.TypePAGE:
		g, err = parsePAGE(raw)
	default:
		err = fmt.Errorf("%q is neither hOCR, ALTO nor PAGE", mediaType)
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrGiven, err)
	}
	return g, err
}

// GivenPages counts the pages of hOCR, ALTO or PAGE. Errors wrap ErrGiven.
func GivenPages(raw []byte, mediaType string) (int, error) {
	g, err := parseGiven(raw, mediaType, 0)
	if err != nil {
		return 0, err
	}
	return g.pages, nil
}

// GivenPage is page index (from 1) of hOCR, ALTO or PAGE. Its boxes are in the
// document's own unit: pixels of the image that was read, or the units of
// ALTO's mm10 and inch1200, of which DPI is the number in an inch then. Where
// the document gives no confidence, words have 100 and the page no grade. Text
// that the document holds and that did not arrive is an oddity of the page.
func GivenPage(raw []byte, mediaType string, index int) (*Page, error) {
	g, err := parseGiven(raw, mediaType, index)
	if err == nil && (index < 1 || g.pages < index) {
		err = fmt.Errorf("%w: page %d of %d", ErrGiven, index, g.pages)
	}
	if err != nil {
		return nil, err
	}
	out := &Page{Version: FormatVersion, Blocks: g.blocks, Image: g.image, Engine: g.engine}
	out.Image.Index = index
	arrived := measure(out, &g)
	out.Blank = !hasWords(out.Blocks)
	out.Steps = []string{"text given, not read"}
	if g.split {
		out.Steps = append(out.Steps, apportionedStep)
	}
	if arrived < g.seen*lostAt/100 {
		out.Odd(archive.TextLost, fmt.Sprintf("the file holds %d letters of text, of which %d arrived", g.seen, arrived))
	}
	if !g.confidence {
		out.MeanConfidence = 100
		out.Steps = append(out.Steps, "no confidences given")
		return out, nil
	}
	out.Judge()
	return out, nil
}

func hasWords(blocks []Block) bool {
	return slices.ContainsFunc(blocks, func(b Block) bool { return len(b.Lines) > 0 })
}

// lostAt is the share of a document's letters, in percent, below which text
// counts as lost: alternatives and numbers of lines are no loss.
const lostAt = 60

// measure makes the page as large as what stands on it, whatever it says, brings
// confidences to 0-100, and counts letters.
func measure(out *Page, g *givenPage) (arrived int) {
	top := 0.0
	for _, l := range TextLines(out.Blocks) {
		for _, w := range l.Words {
			top = max(top, w.Confidence)
		}
	}
	g.confidence = g.confidence && top > 0 // some write 0 where they know nothing
	scale := 1.0
	switch {
	case top > 100:
		scale = 0.01 // a share of 1 was taken for one, and was a percentage
	case top <= 1:
		scale = 100
	}
	for _, b := range out.Blocks {
		for _, l := range b.Lines {
			for i := range l.Words {
				w := &l.Words[i]
				if w.Confidence = min(w.Confidence*scale, 100); !g.confidence {
					w.Confidence = 100
				}
				arrived += letters(w.Text)
				out.Image.Width, out.Image.Height = max(out.Image.Width, w.Box[2]), max(out.Image.Height, w.Box[3])
			}
		}
	}
	return arrived
}

// Doubt is 1 less the mean word confidence. On sound pages errorsPerDoubt of it is the
// character error rate; from manyDoubts on pages lose whole words and lines, and the
// rate grows with the square of what lies beyond. Fitted on typed pages and on copies of
// copies; docs/reading.md says how well.
const errorsPerDoubt, manyDoubts, errorsPerLostWord = 0.17, 0.1, 1.8

// errorRate is the character error rate, 0-1, that goes with a doubt.
func errorRate(doubt float64) float64 {
	lost := max(doubt-manyDoubts, 0)
	return min(errorsPerDoubt*doubt+errorsPerLostWord*lost*lost, 1)
}

// grades are the upper bounds of estimated error rates for A to D.
var grades = []float64{0.01, 0.02, 0.04, 0.08}

// Judge estimates from the confidences of words how well p was read, and sets
// MeanConfidence, ErrorRate, Grade and LowQuality.
func (p *Page) Judge() {
	lines := TextLines(p.Blocks)
	p.MeanConfidence = math.Round(Confidence(lines)*100) / 100
	p.ErrorRate = math.Round(errorRate(1-p.MeanConfidence/100)*1e4) / 1e4
	grade := 0
	for grade < len(grades) && p.ErrorRate > grades[grade] {
		grade++
	}
	p.Grade = "ABCDE"[grade : grade+1]
	p.LowQuality = grade > 2 || len(lines) == 0
}

// TextLines are the lines of the blocks that are text.
func TextLines(blocks []Block) (lines []Line) {
	for _, b := range blocks {
		if b.Kind == "" {
			lines = append(lines, b.Lines...)
		}
	}
	return lines
}

// Confidence of words, mean weighed by their length, 0-100; 0 of none.
func Confidence(lines []Line) float64 {
	sum, n := 0.0, 0.0
	for _, l := range lines {
		for _, w := range l.Words {
			k := float64(len([]rune(w.Text)))
			sum, n = sum+k*w.Confidence, n+k
		}
	}
	return sum / max(n, 1)
}
