//go:build cgo

package tesseract

import (
	"fmt"
	"slices"
	"unicode"

	"github.com/otiai10/gosseract/v2"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/transcript"
)

// Bounds of telling writing from what the engine makes of pictures and rulings.
const (
	// surelyWritten is how many characters, in words read well, no picture yields.
	surelyWritten = 12
	// writtenAt is the mean confidence of words that are writing whatever else is there.
	writtenAt = 65
	// rowShare is the share of marks of a letter's size that stand in rows, as writing
	// does and the lines of a drawing do not.
	rowShare = 0.4
	rowSigns = 4 // marks of a row at least
)

// written reports whether what the engine returned of a page is writing.
func written(blocks []transcript.Block, ready *imaging.Prepared) bool {
	lines := transcript.TextLines(blocks)
	well := 0
	for _, l := range lines {
		for _, w := range l.Words {
			if n := signs(w.Text); n >= 3 && w.Confidence >= 70 || n >= 2 && w.Confidence >= sure && digits(w.Text) {
				well += n
			}
		}
	}
	if well >= surelyWritten || well > 0 && transcript.Confidence(lines) >= writtenAt {
		return true
	}
	if ready.Letters == 0 { // so few marks that each may be meant
		for _, l := range lines {
			for _, w := range l.Words {
				if n := signs(w.Text); n >= 2 && w.Confidence >= 40 || n == 1 && w.Confidence >= 70 {
					return true
				}
			}
		}
		return false
	}
	return well >= 3 && !ready.IsPicture()
}

// signs counts the letters and figures of s.
func signs(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func digits(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// withoutText makes of p a page without text, and says of which kind; what the engine
// returned becomes noise. A page whose marks stand in rows has writing that nobody
// could read: it stays a page of writing, and is to be looked at.
func (c *child) withoutText(p *transcript.Page, ready reading, blocks []transcript.Block) error {
	picture := ready.IsPicture()
	rows, err := inRows(ready.Prepared)
	if err != nil {
		return err
	}
	p.Blocks = blocks
	if rows && !picture {
		p.LowQuality = true
		p.Odd(archive.InkUnread, "marks in rows, as of writing, of which no text could be read")
		return nil
	}
	for i := range p.Blocks {
		p.Blocks[i].Kind = "noise"
	}
	p.MeanConfidence, p.ErrorRate, p.Grade, p.LowQuality = 0, 0, "", false
	switch {
	case picture:
		p.NoText = transcript.NoTextPicture
	case ready.Letters == 0 && ready.Ink < 0.002 && !slices.Contains(ready.Steps, "clear border"): // rulings reach the edge
		p.NoText = transcript.NoTextMarks
	default:
		p.NoText = transcript.NoTextDrawing
	}
	return nil
}

// inRows reports whether many marks of a letter's size stand beside each other.
func inRows(ready *imaging.Prepared) (bool, error) {
	if ready.Letters == 0 {
		return false, nil
	}
	marks, err := ready.Marks([4]int{0, 0, ready.Width(), ready.Height()})
	if err != nil {
		return false, err
	}
	var like [][4]int
	for _, m := range marks {
		if w, h := m[2]-m[0], m[3]-m[1]; 2*h >= ready.Letters && h <= 3*ready.Letters && w <= 8*ready.Letters && 4*w >= h {
			like = append(like, m)
		}
	}
	if len(like) > mostStrays*5 {
		return false, nil // a picture of dots
	}
	in := 0
	for _, run := range runsOf(like, float64(ready.Letters)) {
		if len(run) >= rowSigns {
			in += len(run)
		}
	}
	return len(like) >= 20 && float64(in) >= rowShare*float64(len(like)), nil
}

// readFew looks at the few marks of a page that has too few to be cleaned and read as
// a page: a figure or two in the middle of the sheet are writing, a hole at its edge
// is none. The page is no longer blank where there are any.
func (c *child) readFew(p *transcript.Page, master *imaging.Pix, ready reading) error {
	marks, err := master.FewMarks()
	if err != nil || len(marks) == 0 {
		return err
	}
	box := transcript.Box(marks[0])
	for _, m := range marks[1:] {
		box = box.Union(m)
	}
	p.Blank, p.NoText = false, transcript.NoTextMarks
	high := 0
	for _, m := range marks {
		high = max(high, m[3]-m[1])
	}
	f := min(max(32/float64(high), 0.2), 3)
	cut, back, err := master.Cut([4]int{box[0] - high, box[1] - high, box[2] + high, box[3] + high}, high/2+8, f)
	if err != nil {
		return err
	}
	defer cut.Close()
	blocks, err := c.engine.read(cut, gosseract.PSM_SINGLE_BLOCK)
	if err != nil {
		return err
	}
	good := false
	for _, b := range blocks {
		for _, l := range b.Lines {
			for _, w := range l.Words {
				good = good || signs(w.Text) > 0 && w.Confidence >= sureAlone
			}
		}
	}
	if !good {
		p.Odd(archive.InkUnread, fmt.Sprintf("%d marks of a letter's size on a page that has no others", len(marks)))
		return nil
	}
	toMaster(blocks, back, p.Image.Width, p.Image.Height)
	p.NoText, p.Blocks = "", blocks
	p.Steps = append(p.Steps, fmt.Sprintf("read %d marks by themselves", len(marks)))
	p.Judge()
	return nil
}

// sparse reports whether a text layer holds almost nothing of what stands on its page:
// there are more marks of a letter's size outside its words than characters in it.
func (c *child) sparse(master *imaging.Pix, blocks []transcript.Block) (bool, error) {
	marks, err := master.LetterMarks()
	if err != nil {
		return false, err
	}
	outside := 0
	for _, m := range marks {
		x, y := (m[0]+m[2])/2, (m[1]+m[3])/2
		within := false
		for _, b := range blocks {
			for _, l := range b.Lines {
				h := (l.Box[3] - l.Box[1]) / 2
				within = within || x >= l.Box[0]-h && x < l.Box[2]+h && y >= l.Box[1]-h && y < l.Box[3]+h
			}
		}
		if !within {
			outside++
		}
	}
	return outside > max(fewestOutside, letters(blocks)), nil
}

// Bounds of text layers that are looked at: one with more characters than fewLayer is
// the text of a page, and fewestOutside marks are no logo.
const fewLayer, fewestOutside = 600, 40
