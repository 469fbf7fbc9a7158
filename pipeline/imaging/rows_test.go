package imaging

import (
	"math/rand/v2"
	"testing"
)

// Letters in a row are told from specks strewn about; a figure alone in its column is
// one of the row of the table.
func TestInRows(t *testing.T) {
	const letter = 20
	var table [][4]int
	for row := range 5 {
		for cell := range 3 {
			for i := range 4 {
				x, y := 50+cell*300+i*18, 100+row*40
				table = append(table, [4]int{x, y, x + 14, y + letter})
			}
		}
		table = append(table, [4]int{1200, 100 + row*40, 1212, 120 + row*40})
	}
	n := len(table)
	if got := len(inRows(table, letter)); got != n {
		t.Errorf("%d of %d marks of a table stand in rows", got, n)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var specks [][4]int
	for range 300 {
		x, y, h := r.IntN(2500), r.IntN(3300), 12+r.IntN(40)
		specks = append(specks, [4]int{x, y, x + 5 + r.IntN(40), y + h})
	}
	if got := len(inRows(specks, letter)); got > 6 {
		t.Errorf("%d of 300 specks stand in rows", got)
	}
}
