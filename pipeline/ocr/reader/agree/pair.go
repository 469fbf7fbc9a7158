package agree

import "slices"

// group is a run of a line's words and the run of the answer's words that stands
// for it: neither can be cut into smaller ones that do. Either may be empty.
type group struct {
	ours, theirs span     // words
	pairs        [][2]int // letters that are put beside each other, of the line and of the stretch
	cost         int
	letters      [2]int // how many each has
}

// pair aligns a line with its stretch, letter by letter, and groups the words.
func pair(line, theirs []letter) []group {
	n, m := len(line), len(theirs)
	costs := make([][]int, n+1)
	for i := range costs {
		costs[i] = make([]int, m+1)
		for j := range costs[i] {
			switch {
			case i == 0:
				costs[i][j] = gapCost * j
			case j == 0:
				costs[i][j] = gapCost * i
			default:
				costs[i][j] = min(costs[i-1][j-1]+cost(line[i-1].r, theirs[j-1].r), costs[i-1][j]+gapCost, costs[i][j-1]+gapCost)
			}
		}
	}
	// The way back, in (i, j) after each step; groups end where both sides have a
	// word's end.
	var out []group
	var pairs [][2]int
	i, j, endI, endJ := n, m, n, m
	cut := func() {
		if i == endI && j == endJ {
			return
		}
		slices.Reverse(pairs)
		out = append(out, group{
			ours: words(line, i, endI), theirs: words(theirs, j, endJ), pairs: pairs,
			cost: costs[endI][endJ] - costs[i][j], letters: [2]int{endI - i, endJ - j},
		})
		pairs, endI, endJ = nil, i, j
	}
	for i > 0 || j > 0 {
		switch {
		case i > 0 && j > 0 && costs[i][j] == costs[i-1][j-1]+cost(line[i-1].r, theirs[j-1].r):
			i, j = i-1, j-1
			pairs = append(pairs, [2]int{i, j})
		case i > 0 && costs[i][j] == costs[i-1][j]+gapCost:
			i--
		default:
			j--
		}
		if starts(line, i) && starts(theirs, j) {
			cut()
		}
	}
	slices.Reverse(out)
	return out
}

// starts reports whether a word starts at letter i, or none is there.
func starts(l []letter, i int) bool {
	return i == 0 || i == len(l) || l[i].word != l[i-1].word
}

// words are those that letters from to to are of.
func words(l []letter, from, to int) span {
	if from == to {
		return span{}
	}
	return span{l[from].word, l[to-1].word + 1}
}
