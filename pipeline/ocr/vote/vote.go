// Package vote makes one reading of several: of the same line of print letter by
// letter, each reading having a say as loud as it was sure, and of the same page
// line by line, each taken from the reading that is surest of it. It is
// pure; what is read, how, and how often is the engine child's business.
package vote

import (
	"slices"

	"nightshift/pipeline/transcript"
)

// letter is one character of a reading; a blank stands between words.
type letter struct {
	r      rune
	x0, x1 int     // extent, pixels of the master image
	sure   float64 // 0-1
	word   float64 // confidence of its word, 0-1
}

// column is what the readings have at one place of the line, in their order;
// a letter whose r is 0 means that the reading has none there.
type column []letter

// spell makes letters of a line's words.
func spell(words []transcript.Word) []letter {
	var out []letter
	for i, w := range words {
		if i > 0 {
			last := &out[len(out)-1]
			out = append(out, letter{r: ' ', x0: last.x1, x1: max(w.Box[0], last.x1), sure: 0.9, word: min(last.word, w.Confidence/100)})
		}
		runes := []rune(w.Text)
		for n, r := range runes {
			l := letter{r: r, sure: w.Confidence / 100, word: w.Confidence / 100}
			if n < len(w.X0) {
				l.x0, l.x1, l.sure = w.X0[n], w.X1[n], float64(w.CharConf[n])/100
			} else { // no boxes: in even steps
				span := w.Box[2] - w.Box[0]
				l.x0, l.x1 = w.Box[0]+span*n/len(runes), w.Box[0]+span*(n+1)/len(runes)
			}
			out = append(out, l)
		}
	}
	return out
}

// Costs of the alignment, in edits. A letter that both readings have costs
// nothing where they have it; the same letter a way off may be another one.
const (
	gapCost   = 0.9
	otherCost = 1.0
	apartCost = 0.7 // per letter's width between the two, at most two
)

// distance is what it costs to put l into col.
func distance(col column, l letter, width float64) float64 {
	same, at, n := false, 0.0, 0.0
	for _, c := range col {
		if c.r == 0 {
			continue
		}
		same = same || c.r == l.r
		at, n = at+float64(c.x0+c.x1)/2, n+1
	}
	if n == 0 {
		return gapCost
	}
	off := at/n - float64(l.x0+l.x1)/2
	if off < 0 {
		off = -off
	}
	cost := apartCost * min(max(off/width-0.5, 0), 2)
	if !same {
		cost += otherCost
		if l.r == ' ' {
			cost += 0.5
		}
	}
	return cost
}

// Steps of an alignment.
const (
	both = iota
	left // only the columns have something
	fresh
)

// align adds a reading to the columns of those before it.
func align(cols []column, next []letter, before int, width float64) []column {
	n, m := len(cols), len(next)
	step := make([][]uint8, n+1)
	cost, last := make([]float64, m+1), make([]float64, m+1)
	for i := range step {
		step[i] = make([]uint8, m+1)
		cost, last = last, cost
		for j := range cost {
			switch {
			case i == 0 && j == 0:
				cost[j] = 0
			case i == 0:
				cost[j], step[i][j] = cost[j-1]+gapCost, fresh
			case j == 0:
				cost[j], step[i][j] = last[j]+gapCost, left
			default:
				cost[j] = last[j-1] + distance(cols[i-1], next[j-1], width)
				if c := last[j] + gapCost; c < cost[j] {
					cost[j], step[i][j] = c, left
				}
				if c := cost[j-1] + gapCost; c < cost[j] {
					cost[j], step[i][j] = c, fresh
				}
			}
		}
	}
	out := make([]column, 0, n+8)
	for i, j := n, m; i > 0 || j > 0; {
		switch step[i][j] {
		case both:
			i, j = i-1, j-1
			out = append(out, append(cols[i], next[j]))
		case left:
			i--
			out = append(out, append(cols[i], letter{}))
		default:
			j--
			out = append(out, append(make(column, before, before+1), next[j]))
		}
	}
	slices.Reverse(out)
	return out
}

// columns aligns readings letter by letter.
func columns(readings [][]letter) []column {
	width, n := 0.0, 0.0
	for _, r := range readings {
		for _, l := range r {
			width, n = width+float64(l.x1-l.x0), n+1
		}
	}
	width = max(width/max(n, 1), 1)
	var cols []column
	for i, r := range readings {
		cols = align(cols, r, i, width)
	}
	return cols
}
