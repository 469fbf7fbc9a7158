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
	mostTurned  = 3    // stretches read up or down the side
	fewestSigns = 3
	fewestSide  = 6 // signs of a number in the side margin
	// fewestFigures are in what may be such a number, misread or not.
	fewestFigures = 4
	widestRead    = 30.0
	sureAlone     = 60
)

// unseen are lines beside those of the engine, each to be a block of its own.
type unseen struct {
	head, foot, side []transcript.Line
	within           int // lines that were put among the others
}

func (u unseen) count() int { return len(u.head) + len(u.foot) + len(u.side) + u.within }

// about puts the lines round the blocks of a page. A number along the side comes first:
// behind the last it would stand within a paragraph that goes on over the page.
func (u unseen) about(blocks []transcript.Block) []transcript.Block {
	each := func(lines []transcript.Line) (out []transcript.Block) {
		for _, l := range lines {
			out = append(out, transcript.Block{Box: l.Box, Lines: []transcript.Line{l}})
		}
		return out
	}
	for _, l := range u.head {
		blocks = vote.Insert(blocks, l) // a marking may stand above it
	}
	return slices.Concat(each(u.side), blocks, each(u.foot))
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
	strays, frames, err := c.strays(ready, slices.Concat(blocks, u.about(nil)))
	if err != nil || strays == nil {
		return blocks, u, err
	}
	for _, s := range typedRuns(framed(strays, frames), float64(ready.Letters), fewestSigns, mostUnseen) {
		words, err := c.readTwice(ready, company, s)
		if err != nil {
			return nil, u, err
		}
		if len(words) > 0 {
			blocks = vote.Insert(blocks, transcript.Line{Box: s.box, Words: words})
			u.within++
		}
	}
	for _, quads := range []int{3, 1} {
		side := turnedMarks(strays, quads, ready.Width(), ready.Height())
		for _, s := range typedRuns(side, float64(ready.Letters), fewestSide, mostTurned) {
			words, err := c.readOnEnd(ready, company, s, quads)
			if err != nil {
				return nil, u, err
			}
			if len(words) > 0 {
				withoutEnds(blocks, transcript.Around(words))
				u.side = append(u.side, transcript.Line{Box: transcript.Around(words), Words: words})
			}
		}
	}
	return blocks, u, nil
}

// strays are the marks of a sign's size that are in no word, nil if there are too many,
// and the frames that stamps have.
func (c *child) strays(ready *imaging.Prepared, blocks []transcript.Block) (marks, frames [][4]int, err error) {
	marks, err = ready.Marks([4]int{0, 0, ready.Width(), ready.Height()})
	if err != nil {
		return nil, nil, err
	}
	letter := ready.Letters
	for _, m := range marks {
		if w, h := m[2]-m[0], m[3]-m[1]; w > 6*letter && h > 3*letter && 2*w < ready.Width() {
			frames = append(frames, m)
		}
	}
	marks = slices.DeleteFunc(marks, func(m [4]int) bool {
		w, h := m[2]-m[0], m[3]-m[1]
		return 10*max(w, h) < 4*letter || 10*max(w, h) > 26*letter
	})
	if len(marks) > 5*mostStrays {
		return nil, nil, nil
	}
	var words []transcript.Box
	for _, b := range blocks {
		for _, l := range b.Lines {
			if isNoise(l) {
				continue
			}
			for _, w := range l.Words {
				if !onEnd(w) {
					words = append(words, w.Box)
				}
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
		return nil, nil, nil
	}
	return marks, frames, nil
}

// framed are the marks that are in no frame.
func framed(marks, frames [][4]int) [][4]int {
	return slices.DeleteFunc(slices.Clone(marks), func(m [4]int) bool {
		return slices.ContainsFunc(frames, func(f [4]int) bool { return m[0] >= f[0] && m[2] <= f[2] && m[1] >= f[1] && m[3] <= f[3] })
	})
}

// onEnd tells whether a word is what the engine makes of signs that run up or down the
// page.
func onEnd(w transcript.Word) bool {
	return w.Confidence < sure && len([]rune(w.Text)) > 1 && w.Box[3]-w.Box[1] > w.Box[2]-w.Box[0]
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
		all := transcript.Box(of[0])
		for _, m := range of {
			w, h := float64(m[2]-m[0]), float64(m[3]-m[1])
			typed = typed && h <= 2.4*letter && w <= 3*letter
			if h >= 0.6*letter {
				feet = append(feet, m[3])
			}
			tops = min(tops, m[1])
			all = all.Union(m)
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

// readTwice reads a stretch of the page among well read words at two sizes; nil
// unless the readings are sure and agree.
func (c *child) readTwice(ready *imaging.Prepared, company []transcript.Word, s standing) ([]transcript.Word, error) {
	end := s.box[2] + ready.Letters/2 // a stop or colon may follow
	r, err := rowOf(ready, company, imaging.Stretch{Of: ready.Pix, X0: s.box[0], X1: end, Base: s.base}, imaging.Identity())
	if r == nil || err != nil {
		return nil, err
	}
	defer r.Close()
	one, err := c.readRow(r, smaller)
	if err != nil || !likely(one) {
		return nil, err
	}
	two, err := c.readRow(r, 1)
	if err != nil || !likely(two) || !alike(one, two) {
		return nil, err
	}
	words := surest([][]transcript.Word{two, one})
	if transcript.Confidence([]transcript.Line{{Words: words}}) < sureAlone {
		return nil, nil
	}
	return words, nil
}

// readOnEnd reads a stretch of the page turned by quads quarters clockwise; nil unless
// it is a file's number, which nothing else reads like.
func (c *child) readOnEnd(ready *imaging.Prepared, company []transcript.Word, s standing, quads int) ([]transcript.Word, error) {
	m := ready.Letters
	b := [4]int{s.box[0] - m, s.box[1] - m, s.box[2] + m, s.box[3] + m} // on the turned page
	cut, back, err := ready.CutTurned(turnedMarks([][4]int{b}, 4-quads, turnedSide(ready, quads, 0), turnedSide(ready, quads, 1))[0], quads)
	if err != nil {
		return nil, nil // nothing there
	}
	defer cut.Close()
	r, err := rowOf(ready, company, imaging.Stretch{Of: cut, X0: m, X1: cut.Width() - m, Base: m + s.base - s.box[1]}, back)
	if r == nil || err != nil {
		return nil, err
	}
	defer r.Close()
	var numbers [][]transcript.Word
	for i, size := range []float64{smaller, 1, larger} {
		words, err := c.readRow(r, size)
		if err != nil {
			return nil, err
		}
		text := strings.ReplaceAll(spelled(words), " ", "")
		if i == 0 && figuresIn(text) < fewestFigures {
			return nil, nil
		}
		if fileNumber(text) {
			numbers = append(numbers, words)
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	return surest(numbers), nil
}

// turnedSide is the width (0) or height (1) of the page turned by quads quarters.
func turnedSide(ready *imaging.Prepared, quads, side int) int {
	if (quads+side)%2 == 0 {
		return ready.Width()
	}
	return ready.Height()
}

// likely tells whether words may be worth a look of their own.
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

// alike tells whether two readings have the same signs, but for one in six, or for one
// where either is very sure.
func alike(one, two []transcript.Word) bool {
	a, b := plain(one), plain(two)
	differ := max(len(a)-len(b), len(b)-len(a))
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			differ++
		}
	}
	best := max(transcript.Confidence([]transcript.Line{{Words: one}}), transcript.Confidence([]transcript.Line{{Words: two}}))
	return 6*differ <= max(len(a), len(b)) || differ == 1 && best >= sure
}

// withoutEnds takes out of the lines the words that run along a box's side and lie in it.
func withoutEnds(blocks []transcript.Block, b transcript.Box) {
	for i := range blocks {
		for j := range blocks[i].Lines {
			l := &blocks[i].Lines[j]
			l.Words = slices.DeleteFunc(l.Words, func(w transcript.Word) bool {
				x, y := (w.Box[0]+w.Box[2])/2, (w.Box[1]+w.Box[3])/2
				return onEnd(w) && x > b[0] && x < b[2] && y > b[1] && y < b[3]
			})
		}
	}
}

// fileNumber tells whether a reading is a decimal file number as it was stamped along
// the side of papers: 611.61/2-361.
func fileNumber(text string) bool {
	class, rest, point := strings.Cut(text, ".")
	subject, paper, stroke := strings.Cut(rest, "/")
	return point && stroke && len(class) <= 4 && 2*figuresIn(class) > len(class) && len(subject) <= 8 && 2*figuresIn(subject) > len(subject) &&
		len(paper) <= 9 && 2*figuresIn(paper) > len(paper)
}

func figuresIn(s string) (n int) {
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}
