package traineddata

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func stock(t testing.TB) []byte {
	t.Helper()
	found, _ := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata/eng.traineddata")
	if len(found) == 0 {
		t.Fatal("Debian's tesseract-ocr-eng is not installed: make deps")
	}
	b, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	b := stock(t)
	f, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(f.Bytes(), b) {
		t.Error("what was read is written differently")
	}
	for k := LSTM; k <= Version; k++ {
		if len(f.Get(k)) == 0 {
			t.Errorf("no component %d", k)
		}
	}
}

func TestWith(t *testing.T) {
	f, err := Parse(stock(t))
	if err != nil {
		t.Fatal(err)
	}
	changed, err := Parse(f.With(LSTM, []byte("another")).Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if string(changed.Get(LSTM)) != "another" || !bytes.Equal(changed.Get(Words), f.Get(Words)) || !bytes.Equal(changed.Get(Version), f.Get(Version)) {
		t.Error("a component put in place of another changes others")
	}
	if string(f.Get(LSTM)) == "another" {
		t.Error("the file itself was changed")
	}
}

func TestMalformed(t *testing.T) {
	b := stock(t)
	for _, c := range [][]byte{nil, b[:3], b[:100], b[:1000], append([]byte{200, 0, 0, 0}, b[4:]...), append([]byte{40, 0, 0, 0}, b[4:]...), []byte("a text, no model of any kind")} {
		if _, err := Parse(c); !errors.Is(err, ErrMalformed) {
			t.Errorf("%d bytes: %v", len(c), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add((&File{}).With(LSTM, []byte("network")).With(Version, []byte("4")).Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Parse(b)
		if err != nil {
			return
		}
		again, err := Parse(file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for k := range Kind(kinds) {
			if !bytes.Equal(again.Get(k), file.Get(k)) {
				t.Fatalf("component %d changed", k)
			}
		}
	})
}
