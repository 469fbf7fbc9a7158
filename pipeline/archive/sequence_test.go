package archive

import "testing"

func TestMissingPages(t *testing.T) {
	for _, c := range []struct {
		keys []string
		want string
	}{
		{[]string{"a/m_p001.jpg", "a/m_p003.jpg"}, "2"},
		{[]string{"a/m_p001.jpg", "a/m_p002.jpg"}, ""},
		{[]string{"a/m_p002.jpg", "a/m_p003.jpg", "a/m_p009.jpg"}, "1, 4-8"},
		{[]string{"a/0000.jpg", "a/0001.jpg"}, ""},
		{[]string{"a/IMG_0411.jpg", "a/IMG_0412.jpg"}, ""},
		{[]string{"a/001r.jpg", "a/001v.jpg", "a/002v.jpg", "a/003r.jpg"}, "2r"},
		{[]string{"a/card verso.jpg"}, "r"},
		{[]string{"a/001a.jpg", "a/001b.jpg", "a/002.jpg"}, ""},
		{[]string{"a/memo.jpg", "a/other.pdf"}, ""},
	} {
		if got := MissingPages(c.keys); got != c.want {
			t.Errorf("MissingPages(%q) = %q, want %q", c.keys, got, c.want)
		}
	}
}

func TestCopies(t *testing.T) {
	tiff, jpeg := Scan{Key: "a/m_p001.tif", Type: "image/tiff", Size: 1}, Scan{Key: "a/m_p001.jpg", Type: "image/jpeg", Size: 9}
	if !AreCopies(tiff.Key, jpeg.Key) || AreCopies(tiff.Key, "a/m_p001.TIF") || !BetterCopy(tiff, jpeg) || BetterCopy(jpeg, tiff) {
		t.Error("the TIFF is the master of the JPEG")
	}
}

func TestOrderAsPeopleSaveIt(t *testing.T) {
	plain := `{"pages":["recto.jpg","./Übersicht.tif"]}`
	utf16 := func(big bool, mark bool) string {
		var b []byte
		if mark {
			b = []byte{0xFF, 0xFE}
			if big {
				b = []byte{0xFE, 0xFF}
			}
		}
		for _, r := range plain {
			hi, lo := byte(r>>8), byte(r)
			if big {
				b = append(b, hi, lo)
			} else {
				b = append(b, lo, hi)
			}
		}
		return string(b)
	}
	for name, raw := range map[string]string{"plain": plain, "BOM": "\xEF\xBB\xBF" + plain, "UTF-16LE": utf16(false, true), "UTF-16BE": utf16(true, true), "UTF-16LE bare": utf16(false, false)} {
		o, err := ParseOrder([]byte(raw))
		if err != nil || len(o.Pages) != 2 || o.Pages[1] != "Übersicht.tif" {
			t.Errorf("%s: %q, %v", name, o.Pages, err)
		}
	}
	for _, bad := range []string{"", "{}", `{"pages":["../x.jpg"]}`, `{"pages":["a` + "\xff" + `"]}`} {
		if _, err := ParseOrder([]byte(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	names := []string{"RECTO.JPG", "U\u0308bersicht.tif", "b.tiff", "c.jpg", "C.jpg", "d.png"}
	for page, want := range map[string]string{"recto.jpg": "RECTO.JPG", "Übersicht.tif": "U\u0308bersicht.tif", "b.tif": "b.tiff", "b": "b.tiff", "c.jpg": "c.jpg", "c": "", "d.jpg": "", "e.jpg": ""} {
		if got := Find(page, names); got != want {
			t.Errorf("%q means %q, want %q", page, got, want)
		}
	}
}

func FuzzParseOrder(f *testing.F) {
	f.Add([]byte(`{"pages":["a"]}`))
	f.Add([]byte("\xFF\xFE{\x00}\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if o, err := ParseOrder(raw); err == nil && len(o.Pages) == 0 {
			t.Error("an order without pages was taken")
		}
	})
}

func FuzzPlaceOf(f *testing.F) {
	for _, s := range []string{"a/001r.tif", "letter (1).jpg", "IMG_0411.JPG", "000000000000.png", "()", "recto"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if p := PlaceOf(key, false); p.Locator == "" && key != "" || p.Page < 0 {
			t.Errorf("%q: %+v", key, p)
		}
	})
}
