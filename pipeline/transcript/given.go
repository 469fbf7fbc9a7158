package transcript

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"strings"

	"nightshift/pipeline/archive"
)

// ErrGiven is wrapped by the errors about hOCR and ALTO that cannot be followed.
var ErrGiven = errors.New("the OCR that was given cannot be followed")

// SniffGiven tells from a file's first bytes (4 KiB is enough) whether it is
// the OCR of another program: hOCR or ALTO.
func SniffGiven(head []byte) (mediaType string, ok bool) {
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
		case name == "html" && (bytes.Contains(head, []byte("ocr_page")) || bytes.Contains(head, []byte("ocr-system")) || bytes.Contains(head, []byte("ocr-capabilities"))):
			return archive.TypeHOCR, true
		}
		return "", false
	}
}

// GivenPages counts the pages of hOCR or ALTO. Errors wrap ErrGiven.
func GivenPages(raw []byte, mediaType string) (int, error) {
	n, err := 0, error(nil)
	switch mediaType {
	case archive.TypeHOCR:
		var p hocrParser
		err = p.parse(raw)
		n = p.pages
	case archive.TypeALTO:
		var p altoParser
		err = p.parse(raw)
		n = p.pages
	default:
		err = fmt.Errorf("%q is neither hOCR nor ALTO", mediaType)
	}
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrGiven, err)
	}
	return n, nil
}

// GivenPage is page index (from 1) of hOCR or ALTO. Its boxes are in the
// document's own unit: pixels of the image that was read, or the units of
// ALTO's mm10 and inch1200, of which DPI is the number in an inch then. Where
// the document gives no confidence, words have 100 and the page no grade.
func GivenPage(raw []byte, mediaType string, index int) (*Page, error) {
	out := &Page{Version: FormatVersion}
	given, pages, err := false, 0, error(nil)
	switch mediaType {
	case archive.TypeHOCR:
		p := hocrParser{want: index}
		err = p.parse(raw)
		out.Blocks, out.Image, given, pages = p.finish(), p.image, p.given, p.pages
		out.Engine.Name, out.Engine.Version, _ = strings.Cut(p.system, " ")
	case archive.TypeALTO:
		p := altoParser{want: index}
		err = p.parse(raw)
		out.Blocks, out.Image, out.Engine, given, pages = p.finish(), p.image, p.engine, p.given, p.pages
	default:
		err = fmt.Errorf("%q is neither hOCR nor ALTO", mediaType)
	}
	if err == nil && (index < 1 || pages < index) {
		err = fmt.Errorf("page %d of %d", index, pages)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGiven, err)
	}
	out.Image.Index = index
	words := 0
	for _, b := range out.Blocks {
		for _, l := range b.Lines {
			words += len(l.Words)
			for i := range l.Words {
				w := &l.Words[i]
				if !given {
					w.Confidence = 100
				}
				// A page is as large as what stands on it, whatever it says.
				out.Image.Width, out.Image.Height = max(out.Image.Width, w.Box[2]), max(out.Image.Height, w.Box[3])
			}
		}
	}
	out.Blank = words == 0
	out.Steps = []string{"text given, not read"}
	if !given {
		out.MeanConfidence = 100
		out.Steps = append(out.Steps, "no confidences given")
		return out, nil
	}
	out.Judge()
	return out, nil
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
