package agree

import "slices"

// span is a stretch of letters, half-open.
type span struct{ from, to int }

func (s span) empty() bool { return s.from >= s.to }

// A line must be this much like the stretch of the answer that it is found in:
// lines of English that have nothing to do with each other come to 0.3 to 0.45. Short
// ones must be more like it, and the shortest are looked for between their
// neighbours only.
const (
	likeLong  = 0.60
	likeShort = 0.80
	long      = 24
	short     = 12
)

func needed(letters int) float64 {
	share := float64(min(max(long-letters, 0), long-short)) / (long - short)
	return likeLong + share*(likeShort-likeLong)
}

// tried is how many of the longest lines may miss before the answer is taken to
// be of another page.
const tried = 12

// find looks for lines in the answer, the longest first, each between what was
// found for its neighbours, else anywhere. An empty span: not found. No letter of
// the answer is found twice.
func find(lines [][]letter, answer []letter) []span {
	found := make([]span, len(lines))
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(lines[b]) - len(lines[a]) })
	free := []span{{0, len(answer)}}
	hits := 0
	for n, i := range order {
		if n == tried && hits == 0 {
			return found
		}
		windows := []span{between(found, i, len(answer))}
		if len(lines[i]) >= short {
			windows = append(windows, free...)
		}
		for _, w := range windows {
			if s := best(lines[i], answer, within(free, w)); !s.empty() {
				found[i] = s
				free = without(free, s)
				hits++
				break
			}
		}
	}
	return found
}

// between is the stretch from what was found of the line before to what was
// found of the line after.
func between(found []span, i, end int) span {
	w := span{0, end}
	for j := i - 1; j >= 0; j-- {
		if !found[j].empty() {
			w.from = found[j].to
			break
		}
	}
	for j := i + 1; j < len(found); j++ {
		if !found[j].empty() {
			w.to = found[j].from
			break
		}
	}
	return w
}

// within are the parts of free in w.
func within(free []span, w span) (out []span) {
	for _, f := range free {
		if s := (span{max(f.from, w.from), min(f.to, w.to)}); !s.empty() {
			out = append(out, s)
		}
	}
	return out
}

func without(free []span, s span) (out []span) {
	for _, f := range free {
		for _, part := range []span{{f.from, min(f.to, s.from)}, {max(f.from, s.to), f.to}} {
			if !part.empty() {
				out = append(out, part)
			}
		}
	}
	return out
}

// best is the stretch in one of the windows that is most like the line, if it is
// like enough.
func best(line, answer []letter, windows []span) (found span) {
	most := needed(len(line))
	for _, w := range windows {
		if s, like := infix(line, answer[w.from:w.to]); like >= most {
			most, found = like+1e-9, span{w.from + s.from, w.from + s.to}
		}
	}
	return found
}

// infix is the stretch of text that line costs least to align with (Sellers),
// the first of equals.
func infix(line, text []letter) (span, float64) {
	n := len(line)
	costs, start := make([]int, n+1), make([]int, n+1)
	for i := range costs {
		costs[i] = gapCost * i
	}
	least, found := costs[n], span{}
	for j, t := range text {
		diagonal, from := costs[0], start[0]
		costs[0], start[0] = 0, j+1
		for i := 1; i <= n; i++ {
			up, upFrom := costs[i], start[i] // text has a letter more
			c, s := diagonal+cost(line[i-1].r, t.r), from
			if v := up + gapCost; v < c {
				c, s = v, upFrom
			}
			if v := costs[i-1] + gapCost; v < c {
				c, s = v, start[i-1]
			}
			diagonal, from = up, upFrom
			costs[i], start[i] = c, s
		}
		if costs[n] < least {
			least, found = costs[n], span{start[n], j + 1}
		}
	}
	return found, alike(least, n, found.to-found.from)
}

// whole moves the ends of a stretch to those of words: a word that all but one letter of is in
// it is taken in, others that are cut are left out.
func whole(s span, answer []letter) span {
	first, last := s.from, s.to
	for first > 0 && answer[first-1].word == answer[s.from].word {
		first--
	}
	if s.from-first > 1 {
		for first = s.from; first < s.to && answer[first].word == answer[s.from].word; first++ {
		}
	}
	for last < len(answer) && answer[last].word == answer[s.to-1].word {
		last++
	}
	if last-s.to > 1 {
		for last = s.to; last > first && answer[last-1].word == answer[s.to-1].word; last-- {
		}
	}
	return span{first, last}
}
