//go:build cgo

package tesseract

import (
	"cmp"
	"slices"

	"github.com/otiai10/gosseract/v2"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/vote"
	"nightshift/pipeline/transcript"
)

// againSize is what a line's image is scaled by before the second model reads it:
// the two readings differ in what they see and in what they know, so that they
// err in different places. docs/reading.md has the ways that were measured; three
// more readings of a line instead of one cost three times as much and find little.
const againSize = 0.6

// oneLine is how many times the height of its letters a line may be: what is
// higher is several lines, or a letter with a stamp over it, and not voted on.
const oneLine = 2.4

// hopeless is the mean confidence of a page under which it is noise all over:
// handwriting, a picture, a negative copied too often. Print that can be read at
// all is far above it.
const hopeless = 45

// readAgain reads doubtful lines of blocks a second time and puts what the
// readings agree on in their place. letters is the height of the page's letters.
// It returns how many lines that were, and whether the bound left others out.
// Boxes are in pixels of x.
func (c *child) readAgain(x *imaging.Pix, letters int, blocks []transcript.Block) (n int, more bool, err error) {
	chosen, more := c.doubtful(blocks, letters)
	for _, l := range chosen {
		words, err := c.lineAgain(x, l.Box)
		if err != nil {
			return n, more, err
		}
		n++
		if len(words) > 0 {
			l.Words = vote.Line([][]transcript.Word{l.Words, words})
		}
	}
	return n, more, nil
}

// doubtful chooses the lines worth another reading, worst first, until they hold
// the share of the page's letters that is allowed; more tells that there are
// others. What reads as noise stays noise however often it is read.
func (c *child) doubtful(blocks []transcript.Block, letterHeight int) (chosen []*transcript.Line, more bool) {
	type candidate struct {
		line *transcript.Line
		sure float64
	}
	var found []candidate
	var all []transcript.Line
	for i := range blocks {
		all = append(all, blocks[i].Lines...)
		for j := range blocks[i].Lines {
			l := &blocks[i].Lines[j]
			if !inDoubt(l.Words, c.cfg.ReadAgain) || isNoise(*l) || float64(l.Box[3]-l.Box[1]) > oneLine*float64(letterHeight) {
				continue
			}
			found = append(found, candidate{l, transcript.Confidence([]transcript.Line{*l})})
		}
	}
	if transcript.Confidence(all) < hopeless {
		return nil, false
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.sure, b.sure) })
	left := c.cfg.AgainShare * float64(letters(blocks))
	for _, f := range found {
		if left <= 0 {
			return chosen, true
		}
		left -= float64(transcript.Letters(f.line.Words))
		chosen = append(chosen, f.line)
	}
	return chosen, false
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

// lineAgain reads one line by itself, with the second model where there is one.
func (c *child) lineAgain(x *imaging.Pix, b transcript.Box) ([]transcript.Word, error) {
	h := b[3] - b[1]
	m := max(h/8, 2)
	cut, back, err := x.Cut([4]int{b[0] - h/2, b[1] - m, b[2] + h/2, b[3] + m}, max(h/4, 4), againSize)
	if err != nil {
		return nil, nil // a line outside the image is none
	}
	defer cut.Close()
	blocks, err := c.engine.readLine(cut)
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
func (e *engine) readLine(x *imaging.Pix) ([]transcript.Block, error) {
	client := e.client
	if e.second != nil {
		client = e.second
	}
	return e.recognise(client, x, gosseract.PSM_SINGLE_LINE)
}
