package traineddata

import "testing"

func unicharset(t testing.TB) []byte {
	t.Helper()
	f, err := Parse(stock(t))
	if err != nil {
		t.Fatal(err)
	}
	return f.Get(Characters)
}

func TestLetters(t *testing.T) {
	raw := unicharset(t)
	got, err := Letters(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range "azAZ09.,-—“£é" {
		if !got[r] {
			t.Errorf("English has no %q", r)
		}
	}
	for _, r := range "ж漢 " {
		if got[r] {
			t.Errorf("English has %q", r)
		}
	}
	for _, bad := range []string{"", "x", "-1\n", "3\na 1\n", "1\na", "99999999999\n"} {
		if _, err := Letters([]byte(bad)); err == nil {
			t.Errorf("%q is a set of characters", bad)
		}
	}
}

func FuzzLetters(f *testing.F) {
	f.Add(unicharset(f))
	f.Add([]byte("2\nNULL 0\na 3 x\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := Letters(raw)
		if err != nil && got != nil {
			t.Error("letters beside an error")
		}
	})
}
