//go:build cgo

package tesseract

import (
	"github.com/otiai10/gosseract/v2"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/vote"
	"nightshift/pipeline/transcript"
)

// reading is one way in which a page was cleaned and read.
type reading struct {
	*imaging.Prepared
	blocks []transcript.Block
}

// sureLetters is how much of the page is well read.
func (r reading) sureLetters() float64 { return upright(r.blocks) * float64(letters(r.blocks)) }

func (r reading) confidence() float64 { return transcript.Confidence(transcript.TextLines(r.blocks)) }

// bestReading reads the page as it comes, and in each other way that what is seen
// of it gives hope for. The best reading is kept; where the page is bad, its lines
// are elected between that and the others.
func (c *child) bestReading(master *imaging.Pix) (best reading, err error) {
	var how imaging.How
	if best, err = c.reading(master, how, gosseract.PSM_AUTO); err != nil {
		return best, err
	}
	if best.Uneven {
		how.Even = true
		if best, err = c.better(master, how, best); err != nil {
			return best, err
		}
		how.Even = !best.Uneven
	}
	if !best.Blank && upright(best.blocks) < turnBelow {
		if best, err = c.turned(master, how, best); err != nil {
			return best, err
		}
	}
	if best.Blank || c.cfg.ReadAgain < 0 || best.confidence() >= badBelow || letters(best.blocks) > manyLetters {
		return best, nil
	}
	how.Quads = best.Rotation / 90
	return c.elected(master, how, best)
}

// reading cleans the master and reads it unless it is blank.
func (c *child) reading(master *imaging.Pix, how imaging.How, mode gosseract.PageSegMode) (reading, error) {
	ready, err := imaging.Prepare(master, how)
	if err != nil || ready.Blank {
		return reading{ready, nil}, err
	}
	blocks, err := c.engine.read(ready.Pix, mode)
	if err != nil {
		ready.Close()
		return reading{}, err
	}
	return reading{ready, blocks}, nil
}

// better reads the page in another way, and returns that reading or the one given,
// whichever has more letters in sure words. The other is closed.
func (c *child) better(master *imaging.Pix, how imaging.How, than reading) (reading, error) {
	r, err := c.reading(master, how, gosseract.PSM_AUTO)
	if err != nil {
		than.Close()
		return r, err
	}
	if r.Blank || r.sureLetters() <= than.sureLetters() {
		r, than = than, r
	}
	than.Close()
	return r, nil
}

// badBelow is the mean confidence of words under which a page is read in other ways
// too. Typed pages on rough paper are above it and lose by being despeckled.
const badBelow = 80

// manyLetters is how many a bad page may have to be read in other ways: with more, as
// on a newspaper, the readings might take longer together than a page may. It is a
// count and no time, so that a page reads the same on every machine.
const manyLetters = 10000

// How many times the sure letters a reading of another kind must have before its
// lines and their order are taken: softened print may lose its finer parts, and what
// is read as one block is read across columns; but on a page full of specks that finds
// lines that nothing else does.
const asSoft, asBlock = 1.4, 1.6

// elected reads a bad page softened, and once more softened and as one block of lines;
// the best of these and the reading given is kept, and each of its lines in doubt is
// taken from the reading that is surest of it.
func (c *child) elected(master *imaging.Pix, how imaging.How, given reading) (best reading, err error) {
	best = given
	var others []reading
	defer func() {
		for _, o := range others {
			o.Close()
		}
	}()
	how.Soft = true
	for _, w := range []struct {
		mode gosseract.PageSegMode
		gain float64
	}{{gosseract.PSM_AUTO, asSoft}, {gosseract.PSM_SINGLE_BLOCK, asBlock}} {
		r, err := c.reading(master, how, w.mode)
		if err != nil {
			best.Close()
			return best, err
		}
		if !r.Blank && r.sureLetters() > w.gain*best.sureLetters() {
			best, r = r, best
		}
		others = append(others, r)
	}
	readings := [][]transcript.Block{best.blocks}
	for _, o := range others {
		if o.Blank {
			continue
		}
		toMaster(o.blocks, best.ToMaster.Inverse().After(o.ToMaster), best.Width(), best.Height())
		readings = append(readings, o.blocks)
	}
	best.blocks = vote.Page(readings)
	best.Steps = append(best.Steps, "took the surest of three readings, line by line")
	return best, nil
}

// turnBelow is the share of letters in words read with confidence under which a
// page may lie on its side or stand on its head: upright print is above it even
// where it is bad, print that does not stand upright is near nothing.
const turnBelow = 0.4

// turned finds out on a sample of the page whether it stands another way, and
// reads all of it that way if so. It returns the better reading and closes the
// other.
func (c *child) turned(master *imaging.Pix, how imaging.How, best reading) (reading, error) {
	quads, err := c.direction(master, how, best.Dense)
	if err != nil {
		best.Close()
		return best, err
	}
	if quads == 0 {
		return best, nil
	}
	how.Quads = quads
	r, err := c.reading(master, how, gosseract.PSM_AUTO)
	if err != nil {
		best.Close()
		return best, err
	}
	if upright(r.blocks) > upright(best.blocks) && letters(r.blocks) >= letters(best.blocks)/2 {
		r, best = best, r
	}
	r.Close()
	return best, nil
}

// direction is how many quarters clockwise the page must be turned for the
// letters within box to stand upright, 0-3; 0 if none of them reads well.
func (c *child) direction(master *imaging.Pix, how imaging.How, box [4]int) (int, error) {
	sample, _, err := master.Cut(box, 0, 1)
	if err != nil {
		return 0, nil // too few letters to tell
	}
	defer sample.Close()
	best, share, count := 0, 0.0, 0
	for _, quads := range []int{0, 2, 1, 3} {
		how.Quads = quads
		r, err := c.reading(sample, how, gosseract.PSM_AUTO)
		if err != nil {
			return 0, err
		}
		r.Close()
		s := upright(r.blocks)
		// Few letters that happen to be sure are no reason to turn a page.
		if quads == 0 || s > share && s >= turnBelow && letters(r.blocks) >= count/2 {
			best, share, count = quads, s, letters(r.blocks)
		}
		if share >= 1.5*turnBelow {
			break
		}
	}
	return best, nil
}

// sure is the confidence from which a word counts as well read.
const sure = 80

// upright is the share of letters that are in words of at least three, read
// with confidence and wider than high; 0-1. The engine reads lines that run up
// or down the page too, but a page of them lies on its side.
func upright(blocks []transcript.Block) float64 {
	good, all := 0, 0
	for _, b := range blocks {
		for _, l := range b.Lines {
			for _, w := range l.Words {
				n := len([]rune(w.Text))
				all += n
				if n >= 3 && w.Confidence >= sure && w.Box[2]-w.Box[0] > w.Box[3]-w.Box[1] {
					good += n
				}
			}
		}
	}
	return float64(good) / float64(max(all, 1))
}

func letters(blocks []transcript.Block) (n int) {
	for _, b := range blocks {
		for _, l := range b.Lines {
			n += transcript.Letters(l.Words)
		}
	}
	return n
}

func words(blocks []transcript.Block) (n int) {
	for _, b := range blocks {
		for _, l := range b.Lines {
			n += len(l.Words)
		}
	}
	return n
}
