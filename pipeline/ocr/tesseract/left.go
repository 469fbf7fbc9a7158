//go:build cgo

package tesseract

import (
	"slices"

	"github.com/otiai10/gosseract/v2"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/vote"
	"nightshift/pipeline/transcript"
)

// Bounds of reading what is left. Confidences are the engine's, 0-100.
const (
	// keptWord is how sure a word must be to count as read; its place is not read again.
	keptWord = 50
	// A page is looked at again where the marks left in rows are this share of the
	// letters that were read, or more: tables, forms. Under it another look costs more
	// time than it brings words (docs/reading.md). Beyond the other bound the page is
	// specked or drawn all over.
	fewestLeft, mostLeft = 0.4, 4.0
	// A line of what was left has a word of three letters or figures this sure.
	sureLeft = 75
)

// readLeft reads what the engine's layout passed over or could not read: the page
// once more as text in no order, without what was read and without rulings. Lines that
// read as words are put where they stand; nothing that was read is lost but words of
// little confidence for surer ones in their place. It returns how many lines that were.
func (c *child) readLeft(ready *imaging.Prepared, blocks []transcript.Block) ([]transcript.Block, int, error) {
	read := 0
	places := readPlaces(blocks, &read)
	enough := func(marks int) bool {
		return float64(marks) >= fewestLeft*float64(read) && float64(marks) <= mostLeft*float64(read)
	}
	if ready.Letters == 0 || read == 0 || float64(ready.Shapes-read) < fewestLeft*float64(read) {
		return blocks, 0, nil
	}
	left, marks, err := ready.Left(places)
	if err != nil {
		return blocks, 0, err
	}
	defer left.Close()
	if !enough(marks) {
		return blocks, 0, nil
	}
	found, err := c.engine.read(left, gosseract.PSM_SPARSE_TEXT)
	if err != nil {
		return blocks, 0, err
	}
	blocks, n := joinLeft(blocks, found, ready.Letters)
	return blocks, n, nil
}

// joinLeft puts the lines found that read as words where they stand, and counts them.
func joinLeft(blocks, found []transcript.Block, letter int) ([]transcript.Block, int) {
	n := 0
	for _, l := range transcript.TextLines(found) {
		l, ok := worthAdding(l, letter)
		if !ok {
			continue
		}
		giveWay(blocks, l)
		blocks = vote.Insert(blocks, l)
		n++
	}
	return blocks, n
}

// readPlaces are the boxes of the words that are read well enough; their letters and
// figures are added to read.
func readPlaces(blocks []transcript.Block, read *int) (places [][4]int) {
	for _, b := range blocks {
		for _, l := range b.Lines {
			for _, w := range l.Words {
				if w.Confidence >= keptWord {
					places = append(places, w.Box)
					*read += signs(w.Text)
				}
			}
		}
	}
	return places
}

// worthAdding is the line from its first to its last word that is one; false if
// nothing in it is.
func worthAdding(l transcript.Line, letter int) (transcript.Line, bool) {
	words := slices.DeleteFunc(slices.Clone(l.Words), func(w transcript.Word) bool { return !readsAsWord(w, letter) })
	if len(words) == 0 {
		return l, false
	}
	strong := slices.ContainsFunc(words, func(w transcript.Word) bool { return w.Confidence >= sureLeft && signs(w.Text) >= 3 })
	if !strong {
		return l, false
	}
	return transcript.Line{Box: transcript.Around(words), Words: words}, true
}

// readsAsWord reports whether a word of what was left is one: sure for its length, of
// letters and figures in the main, and as high as a line.
func readsAsWord(w transcript.Word, letter int) bool {
	n, all := signs(w.Text), len([]rune(w.Text))
	h := w.Box[3] - w.Box[1]
	if 2*n < all || 2*h < letter || h > 4*letter {
		return false
	}
	return n >= 3 && w.Confidence >= 50 || n == 2 && w.Confidence >= 70 || n == 1 && w.Confidence >= 90
}

// giveWay takes out the words of blocks that were badly read where l stands.
func giveWay(blocks []transcript.Block, l transcript.Line) {
	for i := range blocks {
		for j := range blocks[i].Lines {
			old := &blocks[i].Lines[j]
			old.Words = slices.DeleteFunc(old.Words, func(w transcript.Word) bool {
				return w.Confidence < keptWord && slices.ContainsFunc(l.Words, func(by transcript.Word) bool {
					return by.Confidence > w.Confidence && covers(by.Box, w.Box)
				})
			})
		}
	}
}

// covers reports whether most of b lies in a.
func covers(a, b transcript.Box) bool {
	w, h := min(a[2], b[2])-max(a[0], b[0]), min(a[3], b[3])-max(a[1], b[1])
	return w > 0 && h > 0 && 2*w*h > (b[2]-b[0])*(b[3]-b[1])
}
