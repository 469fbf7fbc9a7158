//go:build cgo

package tesseract

import (
	"slices"

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

// bestReading reads the page once: that is the best of all readings where it can be
// read at all. Only a page that lies otherwise, is in shadow, or reads badly is read in
// another way too; then the better reading is kept, with the lines that the other is
// surer of or has alone, so that neither way of preparing a page costs it text.
func (c *child) bestReading(master *imaging.Pix) (best reading, err error) {
	var how imaging.How
	if best, err = c.reading(master, how, gosseract.PSM_AUTO); err != nil || best.Blank {
		return best, err
	}
	if upright(best.blocks) < turnBelow {
		if best, err = c.turned(master, how, best); err != nil {
			return best, err
		}
	}
	how.Quads = best.Rotation / 90
	bad := best.confidence() < c.cfg.ReadAgain || best.Uneven && c.cfg.ReadAgain >= 0
	if !bad || letters(best.blocks) > manyLetters {
		return best, nil
	}
	return c.otherWay(master, how, best)
}

// reading prepares the master and reads it unless it is blank.
func (c *child) reading(master *imaging.Pix, how imaging.How, mode gosseract.PageSegMode) (reading, error) {
	ready, err := imaging.Prepare(master, how)
	if err != nil || ready.Blank {
		return reading{ready, nil}, err
	}
	return c.recognised(ready, mode)
}

// recognised is the reading of a page as prepared, which is closed if that fails.
func (c *child) recognised(ready *imaging.Prepared, mode gosseract.PageSegMode) (reading, error) {
	blocks, err := c.engine.read(ready.Pix, mode)
	if err != nil {
		ready.Close()
		return reading{}, err
	}
	return reading{ready, blocks}, nil
}

// manyLetters is how many a bad page may have to be read in another way: with more, as
// on a newspaper, the readings might take longer together than a page may. It is a
// count and no time, so that a page reads the same on every machine.
const manyLetters = 10000

// otherWay reads a page with its paper evened out if that is uneven, or else as it is,
// if anything was done to it; and softened where it still reads badly. Of two readings
// the one with more letters in sure words is kept, with the lines that the other is
// surer of or has alone.
func (c *child) otherWay(master *imaging.Pix, how imaging.How, best reading) (reading, error) {
	first := best.Steps
	for _, way := range []imaging.Way{imaging.AsItIs, imaging.Softened} {
		switch {
		case way == imaging.AsItIs && best.Uneven:
			way = imaging.Evened
		case way == imaging.Softened && best.confidence() >= c.cfg.ReadAgain:
			return best, nil
		}
		how.Way = way
		ready, err := imaging.Prepare(master, how)
		if err != nil {
			best.Close()
			return reading{}, err
		}
		if slices.Equal(ready.Steps, first) || ready.Blank && words(best.blocks) > 0 {
			ready.Close()
			continue
		}
		if best, err = c.surerOf(best, ready); err != nil || best.Blank {
			return best, err
		}
	}
	return best, nil
}

// surerOf reads a page that is prepared in another way than first was, and is the surer
// of the two, line by line. It closes what it does not return.
func (c *child) surerOf(first reading, ready *imaging.Prepared) (reading, error) {
	if ready.Blank { // nothing but specks
		first.Close()
		return reading{ready, nil}, nil
	}
	best, err := c.recognised(ready, gosseract.PSM_AUTO)
	if err != nil {
		first.Close()
		return reading{}, err
	}
	other := first
	if best.sureLetters() <= first.sureLetters() {
		best, other = other, best
	}
	defer other.Close()
	toMaster(other.blocks, best.ToMaster.Inverse().After(other.ToMaster), best.Width(), best.Height())
	best.blocks = vote.Page([][]transcript.Block{best.blocks, other.blocks})
	if !slices.Contains(best.Steps, tookSurer) {
		best.Steps = append(best.Steps, tookSurer)
	}
	return best, nil
}

const tookSurer = "took the surer of several readings, line by line"

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
