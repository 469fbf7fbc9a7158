package archive

import "testing"

func TestPlaceOf(t *testing.T) {
	for _, c := range []struct {
		key   string
		multi bool
		want  Place
	}{
		{"a/b/memo-021_p003.tif", false, Place{"a/b/memo-021", false, 3}},
		{"a/b/memo-021-0003.jpg", false, Place{"a/b/memo-021", false, 3}},
		{"a/b/0003.png", false, Place{"a/b", false, 3}},
		{"0003.png", false, Place{"pages", false, 3}},
		{"a/b/memo-021.tif", true, Place{"a/b/memo-021.tif", true, 0}},
		{"a/b/letter.jpg", false, Place{"a/b/letter.jpg", true, 0}},
		{"a/letter-1938.jpg", false, Place{"a/letter-1938.jpg", true, 0}},
		{"a/letter_p1938.jpg", false, Place{"a/letter", false, 1938}},
		{"a/EHX-19380718.jpg", false, Place{"a/EHX-19380718.jpg", true, 0}},
		{"a/EHX-19380718_EN_01.jpg", false, Place{"a/EHX-19380718_EN", false, 1}},
		{"a/note page 7.jpeg", false, Place{"a/note", false, 7}},
		{"a/104-10004-10143.png", false, Place{"a/104-10004-10143.png", true, 0}},
	} {
		if got := PlaceOf(c.key, c.multi); got != c.want {
			t.Errorf("PlaceOf(%q, %v) = %+v, want %+v", c.key, c.multi, got, c.want)
		}
	}
}

func TestLocator(t *testing.T) {
	for l, want := range map[Locator][3]string{
		"c/b/f/item": {"c/b", "c", "item"}, "c/item": {"c", "c", "item"}, "item": {".", ".", "item"},
	} {
		if got := [3]string{l.Box(), l.Collection(), l.Name()}; got != want {
			t.Errorf("%q: box, collection, name = %q, want %q", l, got, want)
		}
	}
	if a, b := Locator("a/b").ID(), Locator("a/b").ID(); a != b || len(a) != 27 {
		t.Errorf("identifier %q, %q", a, b)
	}
}

func TestEveryReasonIsExplained(t *testing.T) {
	for r := range explanations {
		if what, todo := r.Explain(); what == "" || todo == "" {
			t.Errorf("%s is not explained", r)
		}
	}
}
