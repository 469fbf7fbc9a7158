package imaging

import "testing"

func TestAffineUndoes(t *testing.T) {
	const w, h = 300, 200
	box := [4]int{10, 20, 40, 30}
	for name, c := range map[string]struct {
		m    Affine
		want [4]int
	}{
		"identity": {Identity(), box},
		"twofold":  {scaled(2), [4]int{5, 10, 20, 15}},
		"cut":      {moved(7, 9), [4]int{17, 29, 47, 39}},
		// A quarter turn clockwise of a w by h page: its left edge was the bottom.
		"quarter": {turned(1, w, h), [4]int{20, 160, 30, 190}},
		"half":    {turned(2, w, h), [4]int{260, 170, 290, 180}},
		"three":   {turned(3, w, h), [4]int{270, 10, 280, 40}},
		"both":    {moved(100, 0).After(scaled(2)), [4]int{105, 10, 120, 15}},
		"bounded": {moved(290, 190), [4]int{300, 200, 300, 200}},
		"level":   {rotated(0, w, h), box},
	} {
		if got := c.m.Box(box, w, h); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
