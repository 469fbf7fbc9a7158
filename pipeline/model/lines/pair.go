package lines

import (
	"cmp"
	"image"
	"slices"
	"strings"
)

// A Pair is a stretch of a found line and the words of the truth that stand there.
type Pair struct {
	Box   image.Rectangle // as Tesseract cuts it, pixels of the page
	Text  string          // of the truth, as it stands
	Read  string          // what the reading had, folded
	Alike float64         // how much of that is the truth, 0-1
	Whole bool            // a whole line of both
}

// Bounds of what is taken for a pair. They are of how wrong a reading can be and
// still be of the same words, not of any collection; a doubtful pair teaches the
// wrong letters and is worth less than none.
const (
	// wideGap parts a line into stretches, in heights of its letters: the columns
	// of a form are lines of their own in most truths.
	wideGap = 1.6
	// least likeness of stretches, of short ones, and of such as are a whole line
	// of the truth on neither or one side.
	leastAlike, leastShort, leastPart = 0.62, 0.8, 0.72
	shortText                         = 8
	// leastFill is for a line between two that have their pairs.
	leastFill = 0.4
	// sureAlike is the likeness from which the shape of the cut is not looked at.
	sureAlike = 0.85
	// Bounds of a cut, in pixels, and of its height in that of a line.
	lowest, highest, narrowest = 12, 140, 10
	tall                       = 2.1
)

// pairing binds the lines of one page; words of the truth are given out once, over
// all readings of the page.
type pairing struct {
	truth []truthLine
	given map[[2]int]bool // words of the truth that have their pair: line, word
}

// candidate is a stretch of a found line, from word i to j, and one of the truth,
// from word p to q of line t.
type candidate struct {
	score, alike          float64
	line, i, j, t, p, q   int
	whole                 bool
	firstPart, behindPart int // parts of the line that it takes
}

// of pairs a reading's lines with what is left of the truth.
func (g *pairing) of(found []Found) []Pair {
	all := make([][]int, len(found))
	var cands []candidate
	for n, f := range found {
		all[n] = parts(f)
		cands = append(cands, g.candidates(n, f, all[n])...)
	}
	slices.SortFunc(cands, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.line, b.line), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j),
			cmp.Compare(a.t, b.t), cmp.Compare(a.p, b.p), cmp.Compare(a.q, b.q))
	})
	taken := make([][]candidate, len(found))
	used := map[[2]int]bool{}
	for _, c := range cands {
		if g.free(c) && !slices.ContainsFunc(partsOf(c), func(at [2]int) bool { return used[at] }) {
			for _, at := range partsOf(c) {
				used[at] = true
			}
			g.give(c)
			taken[c.line] = append(taken[c.line], c)
		}
	}
	g.fill(found, taken)
	var out []Pair
	for n, cs := range taken {
		slices.SortFunc(cs, func(a, b candidate) int { return cmp.Compare(a.i, b.i) })
		for _, c := range cs {
			if p, ok := g.pair(found[n], c); ok {
				out = append(out, p)
			}
		}
	}
	return out
}

func partsOf(c candidate) (out [][2]int) {
	for k := c.firstPart; k < c.behindPart; k++ {
		out = append(out, [2]int{c.line, k})
	}
	return out
}

func (g *pairing) free(c candidate) bool {
	for k := c.p; k < c.q; k++ {
		if g.given[[2]int{c.t, k}] {
			return false
		}
	}
	return true
}

func (g *pairing) give(c candidate) {
	for k := c.p; k < c.q; k++ {
		g.given[[2]int{c.t, k}] = true
	}
}

// unbound is how many lines of the truth have no word in a pair.
func (g *pairing) unbound() (n int) {
	with := map[int]bool{}
	for at := range g.given {
		with[at[0]] = true
	}
	return len(g.truth) - len(with)
}

// parts are where a line's stretches between wide gaps begin, and its end.
func parts(f Found) []int {
	at := []int{0}
	for i := 1; i < len(f.Words); i++ {
		if float64(f.Words[i].Box.Min.X-f.Words[i-1].Box.Max.X) > wideGap*f.Size {
			at = append(at, i)
		}
	}
	return append(at, len(f.Words))
}

// mostParts bounds how much of a line of many parts is tried: a ruling read as
// letters is in no truth.
const mostParts = 24

func (g *pairing) candidates(n int, f Found, parts []int) (out []candidate) {
	last := min(len(parts)-1, mostParts)
	for a := range last {
		for b := a + 1; b <= last; b++ {
			read := []rune(f.text(parts[a], parts[b]))
			if len(read) < 2 {
				continue
			}
			whole := float64(0)
			if a == 0 {
				whole++
			}
			if b == len(parts)-1 {
				whole++
			}
			for _, c := range g.stretches(read) {
				c.line, c.i, c.j, c.firstPart, c.behindPart = n, parts[a], parts[b], a, b
				c.whole = c.whole && whole == 2
				c.score += 0.02 * whole
				out = append(out, c)
			}
		}
	}
	return out
}

// stretches are those of the truth that read may be a reading of.
func (g *pairing) stretches(read []rune) (out []candidate) {
	var of counts
	of.add(read, 1)
	for t, l := range g.truth {
		for p := range l.folded {
			var text []rune
			var have counts
			for q := p + 1; q <= len(l.folded); q++ {
				w := []rune(l.folded[q-1])
				if strings.Contains(l.words[q-1], Unreadable) || g.given[[2]int{t, q - 1}] {
					break
				}
				if q > p+1 {
					text, have[' '&63] = append(text, ' '), have[' '&63]+1
				}
				text = append(text, w...)
				have.add(w, 1)
				if n := float64(len(text)); n > 1.5*float64(len(read))+2 {
					break
				} else if n < 0.6*float64(len(read))-1 {
					continue
				}
				if 1-float64(fewestEdits(&of, &have))/float64(max(len(text), len(read))) < leastAlike {
					continue
				}
				ends := 0.0
				if p == 0 {
					ends++
				}
				if q == len(l.folded) {
					ends++
				}
				if s := alike(text, read); likely(s, text, read, ends) {
					out = append(out, candidate{t: t, p: p, q: q, alike: s, whole: ends == 2,
						score: s + 0.03*ends + 0.004*float64(min(len(text), 40))})
				}
			}
		}
	}
	return out
}

// likely reports whether a reading so much alike is one of that text; ends is on how
// many sides the text ends where its line does.
func likely(s float64, text, read []rune, ends float64) bool {
	switch {
	case len(text) < 3:
		return s == 1
	case s < leastAlike, len(text) <= shortText && s < leastShort:
		return false
	}
	return ends == 2 || s >= leastPart && endsMeet(text, read)
}

// fill binds a line without a pair between two that have theirs to the line of the
// truth between those: it is known by its place, however badly it is read.
func (g *pairing) fill(found []Found, taken [][]candidate) {
	for n := 1; n+1 < len(found); n++ {
		above, below := taken[n-1], taken[n+1]
		if len(taken[n]) > 0 || len(above) == 0 || len(below) == 0 {
			continue
		}
		t := above[len(above)-1].t + 1
		if below[0].t != t+1 || g.truth[t].unreadable() {
			continue
		}
		c := candidate{line: n, j: len(found[n].Words), t: t, q: len(g.truth[t].words), whole: true}
		text, read := []rune(strings.Join(g.truth[t].folded, " ")), []rune(found[n].text(0, c.j))
		c.alike = alike(text, read)
		if g.free(c) && c.alike >= leastFill && max(len(text)-len(read), len(read)-len(text)) <= max(3, len(text)*15/100) {
			g.give(c)
			taken[n] = []candidate{c}
		}
	}
}

// pair is the candidate as a pair, unless its cut does not look like one line of
// that text.
func (g *pairing) pair(f Found, c candidate) (Pair, bool) {
	p := Pair{Box: f.cut(c.i, c.j), Read: f.text(c.i, c.j), Alike: c.alike, Whole: c.whole}
	p.Text = strings.Join(g.truth[c.t].words[c.p:c.q], " ")
	if h := p.Box.Dy(); h < lowest || h > highest || p.Box.Dx() < narrowest {
		return p, false
	}
	if p.Alike < sureAlike && (float64(p.Box.Dy()) > tall*f.Size || !endsMeet([]rune(Fold(p.Text)), []rune(p.Read))) {
		return p, false
	}
	return p, true
}
