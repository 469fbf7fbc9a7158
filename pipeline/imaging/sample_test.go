package imaging

import "testing"

func TestDensest(t *testing.T) {
	for name, c := range map[string]struct {
		points [][2]int
		want   [4]int
	}{
		"where most are":      {[][2]int{{10, 10}, {210, 320}, {260, 390}, {299, 350}}, [4]int{200, 300, 300, 400}},
		"cut at the edge":     {[][2]int{{10, 10}, {480, 480}, {490, 499}, {600, 600}}, [4]int{400, 400, 500, 500}},
		"cut short":           {[][2]int{{470, 470}, {475, 475}}, [4]int{400, 400, 500, 500}},
		"the first of equals": {[][2]int{{10, 10}, {480, 480}}, [4]int{0, 0, 100, 100}},
	} {
		if got := densest(c.points, 100, 500, 500); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := densest([][2]int{{5, 5}}, 1000, 30, 40); got != [4]int{0, 0, 30, 40} {
		t.Errorf("a page smaller than the sample: %v", got)
	}
}
