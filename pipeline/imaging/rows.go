package imaging

import (
	"cmp"
	"slices"
)

// rowMates are how many other marks stand beside a letter, on its line and as high,
// before it is taken for one: specks and handwriting seldom have as many.
const rowMates = 2

// rowMarks on one line make others on it that stand alone, as the figures of a table
// do, letters as well.
const rowMarks = 8

// inRows are those of the marks of letters' size, so high, that stand in rows. The order
// of marks is changed.
func inRows(marks [][4]int, letter int) (rows [][4]int) {
	slices.SortFunc(marks, func(a, b [4]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	foot, reach := max(letter/6, 2), 4*letter
	on := map[int]int{} // marks in rows that stand on each line of so many pixels
	var alone [][4]int
	for i, m := range marks {
		mates := 0
		for j := i - 1; j >= 0 && mates < rowMates && marks[j][0] > m[0]-reach; j-- {
			mates += mate(m, marks[j], letter, foot)
		}
		for j := i + 1; j < len(marks) && mates < rowMates && marks[j][0] < m[0]+reach; j++ {
			mates += mate(m, marks[j], letter, foot)
		}
		if mates < rowMates {
			alone = append(alone, m)
			continue
		}
		rows = append(rows, m)
		on[m[3]/foot]++
	}
	for _, m := range alone {
		at := m[3] / foot
		if on[at-1]+on[at]+on[at+1] >= rowMarks {
			rows = append(rows, m)
		}
	}
	return rows
}

// mate is 1 where two marks stand on one line and are as high, else 0.
func mate(a, b [4]int, letter, foot int) int {
	height := (a[3] - a[1]) - (b[3] - b[1])
	if max(a[3]-b[3], b[3]-a[3]) <= foot && 3*max(height, -height) <= letter {
		return 1
	}
	return 0
}
