package agree

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"nightshift/pipeline/transcript"
)

// When a word of the answer stands in for the engine's. Nobody has measured these:
// they are set so that the engine's reading has the last word where it has one.
const (
	sureOf     = 85   // confidence from which the engine's word stays
	doubtful   = 60   // confidence below which a word may be less like the answer's
	likeWord   = 0.5  // how like the engine's a word must be
	likeDoubt  = 0.3  // and below doubtful
	mostTaken  = 90.0 // the most confidence that a word which the engine read otherwise gets
	digitDoubt = 50.0 // the most of a word whose digits the two read differently
)

// fewest is the share of a page's letters whose lines the answer must have: less, and
// it is the text of another page, or none.
const fewest = 0.25

// Longer than this the answer is no page's that has so many letters: some models
// repeat themselves without end.
const longest, longestFree = 3, 1000

// Result is what came of an answer.
type Result struct {
	Lines    int // of the page, that the answer has
	Taken    int // lines of which words were taken
	Doubtful int // words whose digits differ
	Refused  transcript.OutsideRefusal
}

// Take puts words of the answer into the page where its own reading supports
// them, marks them, and judges the page anew. The page's blocks are
// changed in place.
func Take(p *transcript.Page, answer string) Result {
	words := Words(answer)
	theirs := spell(words)
	lines := lettered(p)
	all := 0
	for _, l := range lines {
		all += len(l.letters)
	}
	if len(theirs) > longest*all+longestFree {
		return Result{Refused: transcript.OutsideLong}
	}
	letters := make([][]letter, len(lines))
	for i, l := range lines {
		letters[i] = l.letters
	}
	found := find(letters, theirs)
	hit := 0
	for i, s := range found {
		if !s.empty() {
			hit += len(letters[i])
		}
	}
	if float64(hit) < fewest*float64(all) || hit == 0 {
		return Result{Refused: transcript.OutsideOther}
	}
	var r Result
	for i, s := range found {
		if s.empty() {
			continue
		}
		r.Lines++
		s = whole(s, theirs)
		taken, doubts := lines[i].take(theirs[s.from:s.to], words, p.Image.Rotation == 0)
		r.Doubtful += doubts
		if taken {
			r.Taken++
		}
	}
	if r.Taken+r.Doubtful > 0 {
		p.Judge()
	}
	return r
}

// line is a line of the page with its letters, each of which knows its word.
type line struct {
	*transcript.Line
	letters []letter
}

// lettered are the lines that are text.
func lettered(p *transcript.Page) (out []line) {
	for i := range p.Blocks {
		if k := p.Blocks[i].Kind; k != "" && k != "text" {
			continue
		}
		for j := range p.Blocks[i].Lines {
			l := &p.Blocks[i].Lines[j]
			words := make([]string, len(l.Words))
			for k := range l.Words {
				words[k] = l.Words[k].Text
			}
			if letters := spell(words); len(letters) > 0 {
				out = append(out, line{l, letters})
			}
		}
	}
	return out
}

// take goes through the groups of a line that was found in the answer.
func (l line) take(theirs []letter, words []string, upright bool) (taken bool, doubts int) {
	if len(theirs) == 0 {
		return false, 0
	}
	var out []transcript.Word
	for _, g := range pair(l.letters, theirs) {
		ours := l.Words[g.ours.from:g.ours.to]
		if len(ours) == 0 {
			continue // words that the engine has nothing for
		}
		text := words[g.theirs.from:g.theirs.to]
		switch {
		case len(text) == 0 || same(ours, text):
			out = append(out, ours...)
		case !slices.Equal(digits(spelled(ours)), digits(strings.Join(text, " "))):
			out = append(out, doubted(ours, text)...)
			doubts++
		case g.supports(ours):
			out = append(out, l.stead(g, theirs, words, upright)...)
			taken = true
		default:
			out = append(out, ours...)
		}
	}
	was := spelled(l.Words)
	l.Words = out
	if taken {
		l.Was = was
	}
	return taken, doubts
}

// supports reports whether the engine's reading of the group speaks for the answer's.
func (g group) supports(ours []transcript.Word) bool {
	like, sure := g.alike(), sureness(ours)
	switch {
	case g.cost == 0:
		return true // the same letters in other words
	case sure >= sureOf || g.letters[1] > 2*g.letters[0]+1:
		return false
	case sure < doubtful:
		return like >= likeDoubt
	}
	return like >= likeWord
}

func (g group) alike() float64 { return alike(g.cost, g.letters[0], g.letters[1]) }

func sureness(words []transcript.Word) float64 {
	return transcript.Confidence([]transcript.Line{{Words: words}})
}

func same(ours []transcript.Word, theirs []string) bool {
	return slices.EqualFunc(ours, theirs, func(w transcript.Word, s string) bool { return w.Text == s })
}

func spelled(words []transcript.Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}

var digitGroup = regexp.MustCompile(`\p{Nd}+`)

func digits(s string) []string { return digitGroup.FindAllString(s, -1) }

// doubted are the engine's words, in doubt, the first with the answer's beside it.
func doubted(ours []transcript.Word, theirs []string) []transcript.Word {
	out := slices.Clone(ours)
	for i := range out {
		out[i].Confidence = min(out[i].Confidence, digitDoubt)
	}
	out[0].Other = strings.Join(theirs, " ")
	return out
}

// stead are the answer's words in the places of the engine's. Where single
// letters of theirs lie is not known.
func (l line) stead(g group, theirs []letter, words []string, upright bool) []transcript.Word {
	ours := l.Words[g.ours.from:g.ours.to]
	confidence := sureness(ours)
	if g.cost > 0 {
		confidence = min(100*g.alike(), mostTaken)
	}
	var out []transcript.Word
	for w := g.theirs.from; w < g.theirs.to; w++ {
		var under []int // letters of ours
		for _, p := range g.pairs {
			if theirs[p[1]].word == w {
				under = append(under, p[0])
			}
		}
		if len(under) == 0 {
			return ours // a word of which the engine has no letter
		}
		box, was := l.place(under, upright)
		out = append(out, transcript.Word{Text: words[w], Box: box, Confidence: math.Round(confidence*100) / 100, Was: was})
	}
	return out
}

// place is the box of some letters, and what they spell.
func (l line) place(under []int, upright bool) (box transcript.Box, was string) {
	first := 0 // letter of the line that its word begins with
	for n, i := range under {
		w := l.letters[i].word
		for first = i; first > 0 && l.letters[first-1].word == w; first-- {
		}
		b := l.Words[w].Box
		if upright {
			b[0], b[2] = extent(&l.Words[w], i-first)
		}
		if n == 0 {
			box = b
		} else {
			box = box.Union(b)
			if l.letters[under[n-1]].word != w {
				was += " "
			}
		}
		was += string(l.letters[i].r)
	}
	return box, was
}

// extent is from where to where the i-th letter of a word lies, by its own place
// where that is known, else by even steps.
func extent(w *transcript.Word, i int) (x0, x1 int) {
	n := len([]rune(w.Text))
	if len(w.X0) == n && len(w.X1) == n && w.X0[i] < w.X1[i] {
		return w.X0[i], w.X1[i]
	}
	width := w.Box[2] - w.Box[0]
	x0, x1 = w.Box[0]+width*i/n, w.Box[0]+width*(i+1)/n
	return x0, max(x1, x0+1)
}
