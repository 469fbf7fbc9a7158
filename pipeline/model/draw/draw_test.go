package draw

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"

	"nightshift/pipeline/model/lines"
)

func drawer(t testing.TB) *Drawer {
	t.Helper()
	d, err := Open(facesForTest(t))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func kinds(d *Drawer) map[string]func(*rand.Rand) lines.Line {
	return map[string]func(*rand.Rand) lines.Line{"typed": d.Typed, "printed": d.Printed, "fine": d.Fine, "photocopied": d.Photocopied}
}

func seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 7)) }

// The same seed draws the same pictures and texts, whatever was drawn before.
func TestSameSeedSameBytes(t *testing.T) {
	one, other := drawer(t), drawer(t)
	for kind, draw := range kinds(one) {
		again := kinds(other)[kind]
		for seed := range uint64(12) {
			a := draw(seeded(seed))
			again(seeded(seed + 100))
			b := again(seeded(seed))
			if a.Text != b.Text || a.Source != b.Source || a.Image.Rect != b.Image.Rect || !bytes.Equal(a.Image.Pix, b.Image.Pix) {
				t.Errorf("%s %d: %q and %q, or their pictures, differ", kind, seed, a.Text, b.Text)
			}
			c, d := Wear(seeded(seed), a), Wear(seeded(seed), b)
			if !bytes.Equal(c.Image.Pix, d.Image.Pix) {
				t.Errorf("%s %d: worn copies differ", kind, seed)
			}
		}
	}
}

// A line's picture holds its text: room for each letter, dark on light, and the
// text is one line of letters that a face has.
func TestTextFitsPicture(t *testing.T) {
	d := drawer(t)
	for kind, draw := range kinds(d) {
		for seed := range uint64(150) {
			l := draw(seeded(seed))
			n := utf8.RuneCountInString(l.Text)
			w, h := l.Image.Rect.Dx(), l.Image.Rect.Dy()
			if h < 12 || h > 250 || w < n*3 || w < h/4 {
				t.Errorf("%s %d: %q in %d by %d", kind, seed, l.Text, w, h)
			}
			if n == 0 || strings.TrimSpace(l.Text) != l.Text || strings.Contains(l.Text, "  ") {
				t.Errorf("%s %d: text %q", kind, seed, l.Text)
			}
			if out := strings.Trim(l.Text, Letters+Printed+" "); out != "" {
				t.Errorf("%s %d: %q is not drawn", kind, seed, out)
			}
			if dark := darkShare(l.Image); dark < 0.005 || dark > 0.75 {
				t.Errorf("%s %d: %.3f of %q is dark", kind, seed, dark, l.Text)
			}
		}
	}
}

func darkShare(g *image.Gray) float64 {
	lo, hi := percentiles(inkOf(g), 1, 90)
	n := 0
	for _, v := range g.Pix {
		if int(v) < (lo+hi)/2 {
			n++
		}
	}
	return float64(n) / float64(len(g.Pix))
}

// Wear leaves the line as it was and gives copies that differ from each other.
func TestWear(t *testing.T) {
	l := lines.Line{Source: "typed/a_01", Image: image.NewGray(image.Rect(0, 0, 400, 70)), Margin: 20, Text: "a line"}
	for i := range l.Image.Pix {
		l.Image.Pix[i] = uint8(200 + i%20)
	}
	for y := 22; y < 48; y++ {
		for x := 30; x < 370; x++ {
			if x%12 < 4 {
				l.Image.SetGray(x, y, color.Gray{Y: 30})
			}
		}
	}
	before := bytes.Clone(l.Image.Pix)
	seen := map[string]bool{}
	for seed := range uint64(40) {
		w := Wear(seeded(seed), l)
		if w.Text != l.Text || w.Source != l.Source || w.Margin != cutMargin {
			t.Errorf("%d: %q of %s with %d", seed, w.Text, w.Source, w.Margin)
		}
		if b := w.Image.Rect; b.Dx() < 100 || b.Dy() < 14 {
			t.Errorf("%d: %v", seed, b)
		}
		seen[string(w.Image.Pix)] = true
	}
	if !bytes.Equal(before, l.Image.Pix) {
		t.Error("the line itself was worn")
	}
	if len(seen) < 39 {
		t.Errorf("only %d of 40 copies differ", len(seen))
	}
	tiny := lines.Line{Image: image.NewGray(image.Rect(0, 0, 3, 2)), Margin: 20}
	if w := Wear(seeded(1), tiny); w.Image == nil {
		t.Error("nothing came of a tiny picture")
	}
}

// A folder without faces, or with one that is none, is an error that names it.
func TestOpenErrors(t *testing.T) {
	t.Setenv("FACES", "")
	dir := facesForTest(t)
	if _, err := Open(filepath.Join(dir, "none")); err == nil {
		t.Error("a missing folder was opened")
	}
	if err := os.WriteFile(filepath.Join(dir, "print", "bad.ttf"), []byte("no face"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "bad.ttf") {
		t.Errorf("a broken face: %v", err)
	}
}

func BenchmarkDraw(b *testing.B) {
	d := drawer(b)
	for kind, draw := range kinds(d) {
		b.Run(kind, func(b *testing.B) {
			for i := range b.N {
				draw(seeded(uint64(i)))
			}
		})
	}
}

// facesForTest is a folder of the faces that come with Go's image library, or the
// one in FACES.
func facesForTest(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("FACES"); dir != "" {
		return dir
	}
	dir := t.TempDir()
	for name, b := range map[string][]byte{"typewriter/Mono.ttf": gomono.TTF, "typewriter/MonoBold.ttf": gomonobold.TTF, "print/Regular.ttf": goregular.TTF, "print/Italic.ttf": goitalic.TTF} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
