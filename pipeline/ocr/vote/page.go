// Package vote makes one reading of several of the same page, line by line, each
// taken from the reading that is surest of it. It is pure; what is read, how, and how
// often is the engine child's business.
package vote

import (
	"cmp"
	"slices"

	"nightshift/pipeline/transcript"
)

// Bounds of electing lines. They are of confidences, which the engine gives in 0-100.
const (
	// A line that has no word under this is left as the first reading has it.
	inDoubt = 85
	// Another reading of a line is taken that is surer by this and has this part of
	// its letters at least.
	surerBy, atLeast = 10, 0.8
	// A line that only another reading has is taken if one of its words of three
	// letters is this sure, and from its first to its last word over fair.
	sureWord, fair = 80, 50
	// What a surer reading has not is kept from this on: it may be a figure or a label.
	seen = 25
)

// Page is the first reading of a page, each of its doubtful lines in the reading that
// is surest of it, with the lines added that only others are sure of. Boxes of all
// readings are in pixels of the same image. The blocks of the first reading are changed.
func Page(readings [][]transcript.Block) []transcript.Block {
	first := readings[0]
	for _, other := range readings[1:] {
		_, left := placed(first, other)
		for _, l := range left {
			if l, ok := worthAdding(l); ok {
				first = Insert(first, l)
			}
		}
	}
	for _, other := range readings[1:] {
		found, _ := placed(first, other)
		for where, words := range found {
			l := &first[where.block].Lines[where.line]
			if surer(words, l.Words) {
				l.Words = filled(words, l.Words, seen)
			} else if lowest(l.Words) < inDoubt {
				l.Words = filled(l.Words, words, sureWord)
			}
			l.Box = transcript.Around(l.Words)
		}
	}
	return first
}

// at is the place of a line.
type at struct{ block, line int }

// placed finds the line of blocks that each word of other stands in: for each line
// the words of one line of other, the one that has most letters there. left are the
// words that stand in none, line by line.
func placed(blocks, other []transcript.Block) (found map[at][]transcript.Word, left []transcript.Line) {
	found = map[at][]transcript.Word{}
	for _, b := range other {
		for _, l := range b.Lines {
			var alone transcript.Line
			parts := map[at][]transcript.Word{}
			for _, w := range l.Words {
				if where, ok := lineOf(blocks, w.Box); ok {
					parts[where] = append(parts[where], w)
				} else {
					alone.Words = append(alone.Words, w)
				}
			}
			for where, words := range parts {
				if transcript.Letters(words) > transcript.Letters(found[where]) {
					found[where] = words
				}
			}
			if len(alone.Words) > 0 {
				alone.Box = transcript.Around(alone.Words)
				left = append(left, alone)
			}
		}
	}
	return found, left
}

// lineOf is the line that the box stands in: most of the height of the smaller of
// the two lies in the other, and the box is not beyond the line's ends.
func lineOf(blocks []transcript.Block, b transcript.Box) (where at, ok bool) {
	most := 0.0
	for i := range blocks {
		for j := range blocks[i].Lines {
			l := blocks[i].Lines[j].Box
			height := l[3] - l[1]
			if b[2] <= l[0] || l[2] <= b[0] {
				continue
			}
			common := float64(min(b[3], l[3])-max(b[1], l[1])) / float64(max(min(b[3]-b[1], height), 1))
			if common > 0.5 && common > most {
				most, where, ok = common, at{i, j}, true
			}
		}
	}
	return where, ok
}

// surer tells whether words are a better reading of a line than was: surer by far and
// not much shorter.
func surer(words, was []transcript.Word) bool {
	return lowest(was) < inDoubt && sureness(words) > sureness(was)+surerBy && float64(transcript.Letters(words)) > atLeast*float64(transcript.Letters(was))
}

// filled is words with those of other that stand where it has none, if they are as
// sure as that and more than a letter.
func filled(words, other []transcript.Word, sure float64) []transcript.Word {
	out := slices.Clone(words)
	for _, w := range other {
		if w.Confidence < sure || len(w.X0) < 2 || slices.ContainsFunc(words, func(o transcript.Word) bool { return o.Box[0] < w.Box[2] && w.Box[0] < o.Box[2] }) {
			continue
		}
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b transcript.Word) int { return cmp.Compare(a.Box[0], b.Box[0]) })
	return out
}

func sureness(words []transcript.Word) float64 {
	return transcript.Confidence([]transcript.Line{{Words: words}})
}

func lowest(words []transcript.Word) float64 {
	low := 100.0
	for _, w := range words {
		low = min(low, w.Confidence)
	}
	return low
}

// worthAdding is the line from its first to its last fair word, if it has a sure one.
func worthAdding(l transcript.Line) (transcript.Line, bool) {
	isFair := func(w transcript.Word) bool { return w.Confidence >= fair }
	from := slices.IndexFunc(l.Words, isFair)
	if !slices.ContainsFunc(l.Words, func(w transcript.Word) bool {
		return w.Confidence >= sureWord && len(w.X0) >= 3 && w.Box[2]-w.Box[0] > w.Box[3]-w.Box[1]
	}) {
		return l, false
	}
	to := len(l.Words)
	for !isFair(l.Words[to-1]) {
		to--
	}
	l.Words = l.Words[from:to]
	l.Box = transcript.Around(l.Words)
	return l, sureness(l.Words) >= fair
}

// Insert puts a line where it stands among the blocks of text: into the one round it, or
// into one of its own before the first that begins below it. The blocks given are not
// changed.
func Insert(blocks []transcript.Block, l transcript.Line) []transcript.Block {
	middle := l.Box[1] + l.Box[3] // twice that
	before := len(blocks)
	for i := range blocks {
		b := &blocks[i]
		if b.Kind != "" {
			continue
		}
		if len(b.Lines) > 0 && 2*b.Box[1] <= middle && middle <= 2*b.Box[3] && b.Box[0] < l.Box[2] && l.Box[0] < b.Box[2] {
			at := slices.IndexFunc(b.Lines, func(o transcript.Line) bool { return o.Box[1]+o.Box[3] > middle })
			if at < 0 {
				at = len(b.Lines)
			}
			blocks = slices.Clone(blocks)
			blocks[i].Lines = slices.Insert(slices.Clone(b.Lines), at, l)
			return blocks
		}
		if 2*b.Box[1] > middle && before == len(blocks) {
			before = i
		}
	}
	return slices.Insert(slices.Clone(blocks), before, transcript.Block{Box: l.Box, Lines: []transcript.Line{l}})
}
