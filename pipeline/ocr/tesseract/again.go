//go:build cgo

package tesseract

import (
	"github.com/otiai10/gosseract/v2"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/vote"
	"nightshift/pipeline/transcript"
)

// doubtful is the word confidence under which a line is read again: on typed
// pages all but a few errors are in lines with such a word.
const doubtful = 85

// another is one more way to read a line.
type another struct {
	second  bool    // with the second model
	enlarge float64 // of the line's image
}

// others are the ways beside the first. They differ in what they see and in
// what they know, so that they err in different places.
var others = []another{{second: true, enlarge: 1}, {second: true, enlarge: 0.6}}

// readAgain reads every doubtful line of blocks in other ways and puts what the
// readings agree on in its place. It returns how many lines that were. Boxes
// are in pixels of x.
func (c *child) readAgain(x *imaging.Pix, blocks []transcript.Block) (int, error) {
	n := 0
	if c.engine.second == nil {
		return 0, nil
	}
	for i := range blocks {
		for j := range blocks[i].Lines {
			l := &blocks[i].Lines[j]
			if !inDoubt(l.Words) {
				continue
			}
			n++
			readings := [][]transcript.Word{l.Words}
			for _, o := range others {
				words, err := c.lineAgain(x, l.Box, o)
				if err != nil {
					return n, err
				}
				if len(words) > 0 {
					readings = append(readings, words)
				}
			}
			if len(readings) == 1+len(others) {
				l.Words = vote.Line(readings)
			}
		}
	}
	return n, nil
}

func inDoubt(words []transcript.Word) bool {
	for _, w := range words {
		if w.Confidence < doubtful {
			return true
		}
	}
	return false
}

// lineAgain reads one line by itself.
func (c *child) lineAgain(x *imaging.Pix, b transcript.Box, o another) ([]transcript.Word, error) {
	h := b[3] - b[1]
	m := max(h/8, 2)
	cut, back, err := x.Cut([4]int{b[0] - h/2, b[1] - m, b[2] + h/2, b[3] + m}, max(h/4, 4), o.enlarge)
	if err != nil {
		return nil, nil // a line outside the image is none
	}
	defer cut.Close()
	blocks, err := c.engine.readLine(cut, o.second)
	if err != nil {
		return nil, err
	}
	toMaster(blocks, back, x.Width(), x.Height())
	var words []transcript.Word
	for _, b := range blocks {
		for _, l := range b.Lines {
			words = append(words, l.Words...)
		}
	}
	return words, nil
}

// readLine reads an image of one line.
func (e *engine) readLine(x *imaging.Pix, second bool) ([]transcript.Block, error) {
	client := e.client
	if second && e.second != nil {
		client = e.second
	}
	return recognise(client, x, gosseract.PSM_SINGLE_LINE)
}
