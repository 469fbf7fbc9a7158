package imaging

// sampleSide is the side of a sample of a page, in heights of its letters: some
// forty letters in twenty lines, enough to tell which way up they stand.
const sampleSide = 40

// densest is the square of the given side with the most points in it, of those
// half a side apart, cut to a page of width by height. The topmost of equals.
func densest(points [][2]int, side, width, height int) [4]int {
	half := max(side/2, 1)
	cols, rows := (width+half-1)/half, (height+half-1)/half
	cells := make([]int, cols*rows)
	for _, p := range points {
		c, r := min(max(p[0]/half, 0), cols-1), min(max(p[1]/half, 0), rows-1)
		cells[r*cols+c]++
	}
	cell := func(r, c int) int {
		if r >= rows || c >= cols {
			return 0
		}
		return cells[r*cols+c]
	}
	best, at := -1, [2]int{}
	for r := range rows {
		for c := range cols {
			if n := cell(r, c) + cell(r, c+1) + cell(r+1, c) + cell(r+1, c+1); n > best {
				best, at = n, [2]int{c, r}
			}
		}
	}
	x, y := at[0]*half, at[1]*half
	return [4]int{x, y, min(x+2*half, width), min(y+2*half, height)}
}
