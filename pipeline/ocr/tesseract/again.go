//go:build cgo

package tesseract

import (
	"github.com/otiai10/gosseract/v2"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/vote"
	"nightshift/pipeline/transcript"
)

// another is one more way to read a line.
type another struct {
	second  bool    // with the second model, where there is one
	enlarge float64 // of the line's image
}

// others are the ways beside the first. They differ in what they see and in
// what they know, so that they err in different places; docs/reading.md has the
// combinations that were measured.
var others = []another{{true, 0.6}, {true, 1.5}, {false, 1}}

// oneLine is how many times the height of its letters a line may be: what is
// higher is several lines, or a letter with a stamp over it, and not voted on.
const oneLine = 2.4

// readAgain reads every doubtful line of blocks in other ways and puts what the
// readings agree on in its place. letters is the height of the page's letters.
// It returns how many lines that were. Boxes are in pixels of x.
func (c *child) readAgain(x *imaging.Pix, letters int, blocks []transcript.Block) (int, error) {
	n := 0
	for i := range blocks {
		for j := range blocks[i].Lines {
			l := &blocks[i].Lines[j]
			if !inDoubt(l.Words, c.cfg.ReadAgain) || float64(l.Box[3]-l.Box[1]) > oneLine*float64(letters) {
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
			l.Words = vote.Line(readings)
		}
	}
	return n, nil
}

// inDoubt tells whether a word is read with less than the given confidence.
func inDoubt(words []transcript.Word, under float64) bool {
	for _, w := range words {
		if w.Confidence < under {
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
