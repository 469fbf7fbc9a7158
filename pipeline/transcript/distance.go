package transcript

// Distance is the Levenshtein distance of two texts in code points.
func Distance(a, b []rune) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 || len(b) == 0 {
		return max(len(a), len(b))
	}
	var room [160]int // most lines need no memory of their own
	row := room[:0]
	for j := range len(b) + 1 {
		row = append(row, j)
	}
	for i, c := range a {
		last := row[0]
		row[0] = i + 1
		for j, d := range b {
			cost := last
			if c != d {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(last+1, row[j]+1, cost)
		}
	}
	return row[len(b)]
}
