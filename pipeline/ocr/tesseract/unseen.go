//go:build cgo

package tesseract

import (
	"cmp"
	"slices"
	"strings"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/vote"
	"nightshift/pipeline/transcript"
)

// Bounds of what is read beside the engine's own lines. Sizes are in heights of the
// page's letters.
const (
	mostStrays  = 3000 // marks in no word; a page with more is drawn or written on all over
	mostUnseen  = 4    // stretches read upright
	mostTurned  = 2    // stretches read up or down the side
	fewestSigns = 3
	fewestSide  = 6 // signs of a number in the side margin
	widestRead  = 30.0
	sureAlone   = 60
)

// unseen are lines beside those of the engine, each to be a block of its own.
type unseen struct {
	head, foot, side []transcript.Line
	within           int // lines that were put among the others
}

func (u unseen) count() int { return len(u.head) + len(u.foot) + len(u.side) + u.within }

// about puts the lines round the blocks of a page.
func (u unseen) about(blocks []transcript.Block) []transcript.Block {
	each := func(lines []transcript.Line) (out []transcript.Block) {
		for _, l := range lines {
			out = append(out, transcript.Block{Box: l.Box, Lines: []transcript.Line{l}})
		}
		return out
	}
	return slices.Concat(each(u.head), blocks, each(u.foot), each(u.side))
}

// readUnseen reads what the engine saw no line in, though it is typed: a page's number,
// a few words that stand alone, a number stamped along the side. blocks come back with
// the words among them. Boxes are in pixels of the page as prepared.
func (c *child) readUnseen(ready *imaging.Prepared, blocks []transcript.Block) ([]transcript.Block, unseen, error) {
	var u unseen
	company := wellRead(blocks)
	if company == nil || ready.Letters == 0 || c.cfg.ReadAgain < 0 {
		return blocks, u, nil
	}
	var err error
	if u.head, u.foot, err = c.readAlone(ready, company, blocks); err != nil {
		return nil, u, err
	}
	strays, err := c.strays(ready, slices.Concat(blocks, u.about(nil)))
	if err != nil || strays == nil {
		return blocks, u, err
	}
	for _, s := range typedRuns(strays, float64(ready.Letters), fewestSigns, mostUnseen) {
		words, err := c.readTwice(ready, company, s, 0)
		if err != nil {
			return nil, u, err
		}
		if len(words) > 0 {
			blocks = placed(blocks, transcript.Line{Box: s.box, Words: words})
			u.within++
		}
	}
	for _, quads := range []int{3, 1} {
		side := turnedMarks(strays, quads, ready.Width(), ready.Height())
		for _, s := range typedRuns(side, float64(ready.Letters), fewestSide, mostTurned) {
			words, err := c.readTwice(ready, company, s, quads)
			if err != nil {
				return nil, u, err
			}
			if numbered(spelled(words)) {
				u.side = append(u.side, transcript.Line{Box: words[0].Box, Words: words})
			}
		}
	}
	return blocks, u, nil
}

// strays are the marks of a sign's size that are in no word; nil if there are too many.
func (c *child) strays(ready *imaging.Prepared, blocks []transcript.Block) ([][4]int, error) {
	marks, err := ready.Marks([4]int{0, 0, ready.Width(), ready.Height()})
	if err != nil {
		return nil, err
	}
	letter := ready.Letters
	marks = slices.DeleteFunc(marks, func(m [4]int) bool {
		w, h := m[2]-m[0], m[3]-m[1]
		return 10*max(w, h) < 4*letter || 10*max(w, h) > 26*letter
	})
	if len(marks) > 5*mostStrays {
		return nil, nil
	}
	var words []transcript.Box
	for _, b := range blocks {
		for _, l := range b.Lines {
			if isNoise(l) {
				continue
			}
			for _, w := range l.Words {
				words = append(words, w.Box)
			}
		}
	}
	slices.SortFunc(words, func(a, b transcript.Box) int { return cmp.Compare(a[1], b[1]) })
	marks = slices.DeleteFunc(marks, func(m [4]int) bool {
		x, y := (m[0]+m[2])/2, (m[1]+m[3])/2
		for _, w := range words {
			if w[1] > y+letter/4 {
				break
			}
			if y <= w[3]+letter/4 && x >= w[0]-letter/4 && x <= w[2]+letter/4 {
				return true
			}
		}
		return false
	})
	if len(marks) > mostStrays {
		return nil, nil
	}
	return marks, nil
}

// turnedMarks are the boxes of marks on the page turned by quads quarters clockwise.
func turnedMarks(marks [][4]int, quads, width, height int) [][4]int {
	out := make([][4]int, len(marks))
	for i, m := range marks {
		if quads == 1 {
			out[i] = [4]int{height - m[3], m[0], height - m[1], m[2]}
		} else {
			out[i] = [4]int{m[1], width - m[2], m[3], width - m[0]}
		}
	}
	return out
}

// typedRuns are the stretches of at least fewest signs that look typed, at most so
// many, those of most signs first: their heights are those of letters, and most stand
// on one line.
func typedRuns(marks [][4]int, letter float64, fewest, most int) []standing {
	type run struct {
		standing
		signs int
	}
	var runs []run
	for _, of := range runsOf(marks, letter) {
		var feet []int
		tops := of[0][1]
		typed := true
		all := of[0]
		for _, m := range of {
			w, h := float64(m[2]-m[0]), float64(m[3]-m[1])
			typed = typed && h <= 2.4*letter && w <= 3*letter
			if h >= 0.6*letter {
				feet = append(feet, m[3])
			}
			tops = min(tops, m[1])
			all = [4]int{min(all[0], m[0]), min(all[1], m[1]), max(all[2], m[2]), max(all[3], m[3])}
		}
		if !typed || len(feet) < fewest || float64(all[2]-all[0]) > widestRead*letter || float64(all[3]-all[1]) > 3*letter {
			continue
		}
		slices.Sort(feet)
		base, on := feet[len(feet)/2], 0
		for _, f := range feet {
			if float64(max(f-base, base-f)) <= 0.25*letter {
				on++
			}
		}
		if 10*on >= 7*len(feet) {
			runs = append(runs, run{standing{box: all, base: base}, len(feet)})
		}
	}
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(b.signs, a.signs) })
	var out []standing
	for _, r := range runs[:min(len(runs), most)] {
		out = append(out, r.standing)
	}
	return out
}

// readTwice reads a stretch of the page, turned by quads quarters clockwise, among well
// read words with both models; nil unless the readings are sure and agree.
func (c *child) readTwice(ready *imaging.Prepared, company []transcript.Word, s standing, quads int) ([]transcript.Word, error) {
	own, back := imaging.Stretch{Of: ready.Pix, X0: s.box[0], X1: s.box[2], Base: s.base}, imaging.Identity()
	if quads != 0 {
		m := ready.Letters
		b := [4]int{s.box[0] - m, s.box[1] - m, s.box[2] + m, s.box[3] + m} // on the turned page
		cut, on, err := ready.CutTurned(turnedMarks([][4]int{b}, 4-quads, turnedSide(ready, quads, 0), turnedSide(ready, quads, 1))[0], quads)
		if err != nil {
			return nil, nil // nothing there
		}
		defer cut.Close()
		back = on
		own = imaging.Stretch{Of: cut, X0: m, X1: cut.Width() - m, Base: m + s.base - s.box[1]}
	}
	r, err := rowOf(ready, company, own, back)
	if r == nil || err != nil {
		return nil, err
	}
	defer r.Close()
	one, err := c.readRow(r, cmp.Or(c.engine.second, c.engine.client), againSize)
	if err != nil || !likely(one) {
		return nil, err
	}
	two, err := c.readRow(r, c.engine.client, 1)
	if err != nil || !likely(two) || !alike(plain(one), plain(two)) {
		return nil, err
	}
	words := vote.Line([][]transcript.Word{two, one})
	if transcript.Confidence([]transcript.Line{{Words: words}}) < sureAlone {
		return nil, nil
	}
	return words, nil
}

// turnedSide is the width (0) or height (1) of the page turned by quads quarters.
func turnedSide(ready *imaging.Prepared, quads, side int) int {
	if (quads+side)%2 == 0 {
		return ready.Width()
	}
	return ready.Height()
}

// likely tells whether words may be worth a second reading.
func likely(words []transcript.Word) bool {
	return len(plain(words)) >= fewestSigns && transcript.Confidence([]transcript.Line{{Words: words}}) >= sureAlone/2
}

// plain are the letters and figures of words.
func plain(words []transcript.Word) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(spelled(words)))
}

// alike tells whether two readings have the same signs, but for one in six.
func alike(a, b string) bool {
	differ := max(len(a)-len(b), len(b)-len(a))
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			differ++
		}
	}
	return 6*differ <= max(len(a), len(b))
}

// numbered tells whether a reading is mostly figures, as the numbers stamped along the
// side of a file's papers are.
func numbered(text string) bool {
	n := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n >= fewestSide && 10*n >= 6*len([]rune(text))
}

// placed puts a line among the blocks of a page: into the one that has its place, or
// before the first that stands lower.
func placed(blocks []transcript.Block, l transcript.Line) []transcript.Block {
	middle := (l.Box[1] + l.Box[3]) / 2
	lower := len(blocks)
	for i := range blocks {
		b := &blocks[i]
		if b.Kind != "" || len(b.Lines) == 0 {
			continue
		}
		if b.Box[1] <= middle && middle <= b.Box[3] && l.Box[0] < b.Box[2] && l.Box[2] > b.Box[0] {
			at := slices.IndexFunc(b.Lines, func(o transcript.Line) bool { return (o.Box[1]+o.Box[3])/2 > middle })
			if at < 0 {
				at = len(b.Lines)
			}
			b.Lines = slices.Insert(slices.Clone(b.Lines), at, l)
			return blocks
		}
		if b.Box[1] > middle && lower == len(blocks) {
			lower = i
		}
	}
	return slices.Insert(slices.Clone(blocks), lower, transcript.Block{Box: l.Box, Lines: []transcript.Line{l}})
}
