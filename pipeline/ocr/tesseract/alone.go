//go:build cgo

package tesseract

import (
	"cmp"
	"slices"
	"strings"

	"github.com/otiai10/gosseract/v2"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/transcript"
)

// Bounds of what counts as a page's number that stands alone. Sizes are in heights
// of the page's letters: they are of typewriters, whose signs are some two of these
// apart.
const (
	marginShare = 5   // head and foot are each this part of the page
	mostMarks   = 400 // of a letter's size in one of them; more is no margin
	mostAlone   = 3   // stretches of one page that are read
	nextMark    = 3.0 // gap between signs of one stretch: a blank and what lies about it
	widestAlone = 14.0
	// The sizes at which a stretch is read beside its own: the network sees other
	// things at each.
	smaller, larger = 0.6, 1.4
)

// standing is a stretch of marks in a page's margin that may be its number.
type standing struct {
	box    transcript.Box
	base   int // of its tallest mark
	dashes int // marks of a dash's shape at its ends
	head   bool
	seen   *transcript.Line // what the engine made of it by itself; nil: nothing
}

// readAlone reads signs that stand alone in the page's head or foot, as its number
// does. The engine finds no line in so few marks, or reads them badly: its network
// knows letters by their neighbours. So they are set into a line of the same page,
// between words that were read well, and read there; only what stands at their place
// is taken, and only if it looks like a page's number, or the marks do. What the
// engine had read there by itself is taken out of blocks. Boxes are in pixels of the
// page as prepared.
func (c *child) readAlone(ready *imaging.Prepared, company []transcript.Word, blocks []transcript.Block) (head, foot []transcript.Line, err error) {
	found, err := standingAlone(ready, blocks)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range found {
		words, agreed, err := c.readAmong(ready, s, company)
		if err != nil {
			return nil, nil, err
		}
		if !s.number(words, agreed) || s.seen != nil && pageNumber(spelled(s.seen.Words)) && transcript.Confidence([]transcript.Line{*s.seen}) >= transcript.Confidence([]transcript.Line{{Words: words}}) {
			continue
		}
		if s.seen != nil {
			s.seen.Words = nil
		}
		l := transcript.Line{Box: s.box, Words: words}
		if s.head {
			head = append(head, l)
		} else {
			foot = append(foot, l)
		}
	}
	return head, foot, nil
}

// wellRead is two words of a line of the page that were read with the greatest
// confidence; nil if none was read well.
func wellRead(blocks []transcript.Block) []transcript.Word {
	const least = 85
	var best []transcript.Word
	most := float64(least)
	for _, b := range blocks {
		for _, l := range b.Lines {
			for i := 1; i+3 <= len(l.Words); i++ {
				ws := l.Words[i : i+2]
				low := min(ws[0].Confidence, ws[1].Confidence)
				if n := len(spelled(ws)); b.Kind == "" && n >= 8 && n <= 24 && low > most {
					best, most = ws, low
				}
			}
		}
	}
	return best
}

// standingAlone are the stretches of the page's margins worth reading, those with
// dashes first.
func standingAlone(ready *imaging.Prepared, blocks []transcript.Block) ([]standing, error) {
	top, bottom := ready.Height()/marginShare, ready.Height()-ready.Height()/marginShare
	for _, b := range blocks {
		for _, l := range b.Lines {
			if len(l.Words) > 3 && transcript.Confidence([]transcript.Line{l}) >= 60 {
				top, bottom = min(top, l.Box[1]), max(bottom, l.Box[3])
			}
		}
	}
	var found []standing
	for _, strip := range [][4]int{{0, 0, ready.Width(), top}, {0, bottom, ready.Width(), ready.Height()}} {
		marks, err := ready.Marks(strip)
		if err != nil {
			return nil, err
		}
		for _, s := range stretches(marks, float64(ready.Letters)) {
			if s.head = strip[1] == 0; s.takes(blocks, ready.Letters) {
				found = append(found, s)
			}
		}
	}
	middle := ready.Width() / 2
	slices.SortStableFunc(found, func(a, b standing) int {
		return cmp.Or(cmp.Compare(b.dashes, a.dashes), cmp.Compare(distance(a.box, middle), distance(b.box, middle)))
	})
	return found[:min(len(found), mostAlone)], nil
}

func distance(b transcript.Box, x int) int { return max((b[0]+b[2])/2-x, x-(b[0]+b[2])/2) }

// stretches joins marks that stand beside each other, and leaves out what is too large
// for typed signs, or has none of a figure's size.
func stretches(marks [][4]int, letter float64) []standing {
	marks = slices.DeleteFunc(marks, func(m [4]int) bool { return float64(max(m[2]-m[0], m[3]-m[1])) < 0.4*letter })
	if len(marks) > mostMarks {
		return nil
	}
	var out []standing
	for _, of := range runsOf(marks, letter) {
		if s, ok := typedStretch(of, letter); ok {
			out = append(out, s)
		}
	}
	return out
}

// runsOf are the runs of marks that stand beside each other, no further apart than the
// signs of one line, each from left to right.
func runsOf(marks [][4]int, letter float64) (out [][][4]int) {
	slices.SortFunc(marks, func(a, b [4]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	taken := make([]bool, len(marks))
	for i := range marks {
		if taken[i] {
			continue
		}
		of := [][4]int{marks[i]}
		all := transcript.Box(marks[i])
		for j := i + 1; j < len(marks); j++ {
			m := marks[j]
			if float64(m[0]-all[2]) > nextMark*letter {
				break
			}
			if middle := (m[1] + m[3]) / 2; !taken[j] && middle >= all[1]-int(letter/2) && middle <= all[3]+int(letter/2) {
				taken[j] = true
				of = append(of, m)
				all = all.Union(m)
			}
		}
		out = append(out, of)
	}
	return out
}

// typedStretch is a stretch of marks, if they are of the sizes of typed signs and at
// least one is as high as a figure.
func typedStretch(of [][4]int, letter float64) (standing, bool) {
	all := transcript.Box(of[0])
	for _, m := range of[1:] {
		all = all.Union(m)
	}
	s := standing{box: all}
	if float64(all[2]-all[0]) > widestAlone*letter || float64(all[3]-all[1]) > 2.6*letter {
		return s, false
	}
	top := all[3]
	for i, m := range of {
		w, h := float64(m[2]-m[0]), float64(m[3]-m[1])
		switch {
		case h <= 0.6*letter && w >= 1.5*h && w <= 2*letter:
			if i == 0 || i == len(of)-1 {
				s.dashes++
			}
		case w > 4*letter:
			return s, false
		default:
			top, s.base = min(top, m[1]), max(s.base, m[3])
		}
	}
	h := float64(s.base - top)
	return s, h >= 0.8*letter && h <= 2.3*letter
}

// takes tells whether a stretch stands alone, and remembers the line that the engine
// made of it alone.
func (s *standing) takes(blocks []transcript.Block, letter int) bool {
	near := transcript.Box{s.box[0] - 3*letter/2, s.box[1] - letter/4, s.box[2] + 3*letter/2, s.box[3] + letter/4}
	for i := range blocks {
		for j := range blocks[i].Lines {
			l := &blocks[i].Lines[j]
			inside, outside := 0, 0
			for _, w := range l.Words {
				if w.Box[0] < near[2] && w.Box[2] > near[0] && w.Box[1] < near[3] && w.Box[3] > near[1] {
					inside++
				} else {
					outside++
				}
			}
			switch {
			case inside == 0 || outside > 0 && isNoise(*l):
			case outside > 0, s.seen != nil, wellSeen(*l):
				return false
			default:
				s.seen = l
			}
		}
	}
	return true
}

// wellSeen tells whether the engine read a line by itself, as a number or as what is
// none.
func wellSeen(l transcript.Line) bool {
	sure := transcript.Confidence([]transcript.Line{l})
	return sure >= 85 && pageNumber(spelled(l.Words)) || !isNoise(l) && !pageNumber(spelled(l.Words)) && (sure >= 60 || len(spelled(l.Words)) > 8)
}

// readAmong reads a stretch of marks between two copies of words of the page, and
// returns the words at its place, and whether two readings have the same figures: at
// two sizes, and at a third where they do not agree.
func (c *child) readAmong(ready *imaging.Prepared, s standing, company []transcript.Word) (words []transcript.Word, agreed bool, err error) {
	r, err := rowOf(ready, company, imaging.Stretch{Of: ready.Pix, X0: s.box[0], X1: s.box[2], Base: s.base}, imaging.Identity())
	if r == nil || err != nil {
		return nil, false, err
	}
	defer r.Close()
	var numbers, others [][]transcript.Word
	for _, size := range []float64{smaller, 1, larger} {
		if agreed || len(numbers) == 0 && len(others) > s.dashes {
			break // read, or none: marks with a dash on one side get two chances, with two three
		}
		words, err := c.readRow(r, size)
		switch {
		case err != nil:
			return nil, false, err
		case len(words) == 0:
		case pageNumber(spelled(words)):
			for _, n := range numbers {
				agreed = agreed || figures(n) == figures(words)
			}
			numbers = append(numbers, words)
		default:
			others = append(others, words)
		}
	}
	if len(numbers) == 0 {
		numbers = others
	}
	if len(numbers) == 0 {
		return nil, false, nil
	}
	return surest(numbers), agreed, nil
}

// surest is the reading of greatest confidence, the first of equals.
func surest(readings [][]transcript.Word) (best []transcript.Word) {
	most := -1.0
	for _, r := range readings {
		if sure := transcript.Confidence([]transcript.Line{{Words: r}}); sure > most {
			best, most = r, sure
		}
	}
	return best
}

// row is a stretch of marks set between two copies of words of its page.
type row struct {
	*imaging.Pix
	x0, x1 int            // where the stretch is
	back   imaging.Affine // to the page as prepared
	page   [2]int         // width and height of that
}

// rowOf sets own between words that were read well; back maps the pixels of own's image
// to those of the page. It is nil where that cannot be done.
func rowOf(ready *imaging.Prepared, company []transcript.Word, own imaging.Stretch, back imaging.Affine) (*row, error) {
	beside, height, err := standsOn(ready, company)
	if err != nil || height == 0 {
		return nil, err
	}
	up := height * 5 / 4
	own.X0, own.X1 = max(own.X0-height/8, 0), min(own.X1+height/8, own.Of.Width())
	x, at, err := imaging.Row([]imaging.Stretch{beside, own, beside}, up, height/2, height)
	if err != nil {
		return nil, nil // a stretch outside its image is none
	}
	back = back.After(imaging.Affine{A: 1, C: float64(own.X0 - at[1]), E: 1, F: float64(own.Base - up)})
	return &row{x, at[1] - height/2, at[1] + own.X1 - own.X0 + height/2, back, [2]int{ready.Width(), ready.Height()}}, nil
}

// standsOn is the stretch of well-read words with the line that they stand on, and
// their height; 0: no marks to tell by.
func standsOn(ready *imaging.Prepared, words []transcript.Word) (imaging.Stretch, int, error) {
	all := transcript.Around(words)
	marks, err := ready.Marks(all)
	if err != nil {
		return imaging.Stretch{}, 0, err
	}
	var feet []int // most letters stand on the line
	for _, m := range marks {
		if 10*(m[3]-m[1]) > 6*ready.Letters {
			feet = append(feet, m[3])
		}
	}
	if len(feet) == 0 {
		return imaging.Stretch{}, 0, nil
	}
	slices.Sort(feet)
	height := all[3] - all[1]
	return imaging.Stretch{Of: ready.Pix, X0: max(all[0]-height/4, 0), X1: min(all[2]+height/4, ready.Width()), Base: feet[len(feet)/2]}, height, nil
}

// readRow reads a row at a size, and returns the words at the stretch's place.
func (c *child) readRow(r *row, size float64) ([]transcript.Word, error) {
	sized, back, err := r.Cut([4]int{0, 0, r.Width(), r.Height()}, 0, size)
	if err != nil {
		return nil, err
	}
	defer sized.Close()
	blocks, err := c.engine.read(sized, gosseract.PSM_SINGLE_LINE)
	if err != nil {
		return nil, err
	}
	toMaster(blocks, back, r.Width(), r.Height())
	words := between(blocks, r.x0, r.x1)
	toMaster([]transcript.Block{{Lines: []transcript.Line{{Words: words}}}}, r.back, r.page[0], r.page[1])
	return words, nil
}

// between are the words from x0 to x1; nil if one of them goes beyond.
func between(blocks []transcript.Block, x0, x1 int) []transcript.Word {
	var out []transcript.Word
	for _, b := range blocks {
		for _, l := range b.Lines {
			for _, w := range l.Words {
				switch {
				case w.Box[2] <= x0 || w.Box[0] >= x1:
				case w.Box[0] < x0 || w.Box[2] > x1:
					return nil
				default:
					out = append(out, w)
				}
			}
		}
	}
	return out
}

// number tells whether what was read of a stretch may be a page's number: it reads as
// one and has a dash, or was read so twice; or it is short and between dashes, of which
// some were read.
func (s standing) number(words []transcript.Word, agreed bool) bool {
	const few, sure = 8, 70
	text := spelled(words)
	switch {
	case text == "" || len(text) > few:
		return false
	case s.dashes == 2 && strings.ContainsAny(text, dashes[1:]):
		return true
	case !pageNumber(text):
		return false
	case s.dashes > 0 || strings.ContainsAny(text, "-–—~"):
		return true
	}
	// A stroke of the pen reads as a one.
	return agreed && strings.Trim(figures(words), "1") != "" && transcript.Confidence([]transcript.Line{{Words: words}}) >= sure
}

// dashes are the signs that stand about a page's number, and what they are read as.
const dashes = " -–—~_=.«»"

// figures are what is read between the dashes.
func figures(words []transcript.Word) string { return strings.Trim(spelled(words), dashes) }

// pageNumber tells whether a line is a number of up to three figures, with dashes or
// without.
func pageNumber(text string) bool {
	t := strings.Trim(text, dashes)
	return t != "" && len(t) <= 3 && strings.Trim(t, "0123456789") == ""
}

func spelled(words []transcript.Word) string {
	var t []string
	for _, w := range words {
		t = append(t, w.Text)
	}
	return strings.Join(t, " ")
}
