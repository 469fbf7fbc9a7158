package archive

import "testing"

func TestPlaceOf(t *testing.T) {
	for _, c := range []struct {
		key   string
		multi bool
		want  Place
	}{
		{"a/b/memo-021_p003.tif", false, Place{"a/b/memo-021", false, 3, ""}},
		{"a/b/memo-021-0003.jpg", false, Place{"a/b/memo-021", false, 3, ""}},
		{"a/b/0003.png", false, Place{"a/b", false, 3, ""}},
		{"0003.png", false, Place{"pages", false, 3, ""}},
		{"a/b/memo-021.tif", true, Place{"a/b/memo-021.tif", true, 0, ""}},
		{"a/b/letter.jpg", false, Place{"a/b/letter.jpg", true, 0, ""}},
		{"a/letter-1938.jpg", false, Place{"a/letter-1938.jpg", true, 0, ""}},
		{"a/letter_p1938.jpg", false, Place{"a/letter", false, 1938, ""}},
		{"a/EHX-19380718.jpg", false, Place{"a/EHX-19380718.jpg", true, 0, ""}},
		{"a/EHX-19380718_EN_01.jpg", false, Place{"a/EHX-19380718_EN", false, 1, ""}},
		{"a/note page 7.jpeg", false, Place{"a/note", false, 7, ""}},
		{"a/104-10004-10143.png", false, Place{"a/104-10004-10143.png", true, 0, ""}},
		{"PPN829394/00000001.tif", false, Place{"PPN829394", false, 1, ""}},
		{"a/PPN829394_00000012.tif", false, Place{"a/PPN829394", false, 12, ""}},
		{"a/01051938.jpg", false, Place{"a/01051938.jpg", true, 0, ""}},
		{"a/letter_010238.jpg", false, Place{"a/letter_010238.jpg", true, 0, ""}},
		{"a/folio_001r.jpg", false, Place{"a/folio", false, 1, "r"}},
		{"a/001v.jpg", false, Place{"a", false, 1, "v"}},
		{"a/MS 12 f. 7v.tif", false, Place{"a/MS 12", false, 7, "v"}},
		{"a/0012_verso.tif", false, Place{"a", false, 12, "v"}},
		{"a/card recto.jpg", false, Place{"a/card", false, 0, "r"}},
		{"a/card-12/Back.jpg", false, Place{"a/card-12", false, 0, "v"}},
		{"a/feedback.jpg", false, Place{"a/feedback.jpg", true, 0, ""}},
		{"a/letter (2).jpg", false, Place{"a/letter", false, 2, ""}},
		{"a/letter (1938).jpg", false, Place{"a/letter (1938).jpg", true, 0, ""}},
		{"a/(3).jpg", false, Place{"a", false, 3, ""}},
		{"a/memo 1 of 3.jpg", false, Place{"a/memo", false, 1, ""}},
		{"a/IMG_0411.JPG", false, Place{"a/IMG", false, 411, ""}},
		{"a/IMG_1938.JPG", false, Place{"a/IMG", false, 1938, ""}},
		{"a/DSC01234.JPG", false, Place{"a/DSC", false, 1234, ""}},
		{"a/P1010412.JPG", false, Place{"a/P101", false, 412, ""}},
		{"a/IMG_20240501_101500.jpg", false, Place{"a/IMG_20240501_101500.jpg", true, 0, ""}},
		{"a/scan0001a.tif", false, Place{"a/scan", false, 1, "a"}},
		{"a/scan12.tif", false, Place{"a/scan", false, 12, ""}},
		{"a/A0001.tif", false, Place{"a/A", false, 1, ""}},
		{"a/letter12.jpg", false, Place{"a/letter12.jpg", true, 0, ""}},
		{"a/Brief Seite 3.jpg", false, Place{"a/Brief", false, 3, ""}},
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
