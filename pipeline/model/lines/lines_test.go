package lines

import (
	"bytes"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// typed is a page of lines in the size of a typewriter's at 200 dpi.
func typed(t *testing.T, text ...string) *image.Gray {
	t.Helper()
	face := func() font.Face {
		f, err := opentype.Parse(gomono.TTF)
		if err != nil {
			t.Fatal(err)
		}
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 12, DPI: 200})
		if err != nil {
			t.Fatal(err)
		}
		return face
	}()
	page := white(1400, 200+60*len(text))
	d := font.Drawer{Dst: page, Src: image.Black, Face: face}
	for i, s := range text {
		d.Dot = fixed.P(120, 140+60*i)
		d.DrawString(s)
	}
	return page
}

// line is one line as training takes it.
func line(t *testing.T, source, text string) Line {
	t.Helper()
	page := typed(t, text)
	return Line{Source: source, Image: crop(page, image.Rect(110, 100, 1390, 160), 20), Margin: 20, Text: text}
}

func TestDocument(t *testing.T) {
	for source, want := range map[string]string{"typed/A-19_01": "typed/A-19", "drawn/courier/17": "drawn/courier/17", "box/a_b": "box/a_b"} {
		if got := (Line{Source: source}).Document(); got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}

// What is written is read again: the text, the name, and the picture with Padding
// round it. The same seed gives the same bytes, another another order.
func TestWriteRead(t *testing.T) {
	dir := t.TempDir()
	want := map[string]Line{}
	var s Set
	for _, text := range []string{"one", "two and \u201ctwo\u201d", "three", "four", "five"} {
		l := line(t, "drawn/"+text, text)
		if err := s.Add(l); err != nil {
			t.Fatal(err)
		}
		want[text] = l
	}
	list, err := s.Write(dir, "a", 2, 7)
	if err != nil {
		t.Fatal(err)
	}
	order := readList(t, list)
	if len(order) != len(want) || s.Len() != len(want) {
		t.Fatalf("%d lines of %d", len(order), len(want))
	}
	for _, l := range order {
		w, ok := want[l.Text]
		if !ok || l.Source != w.Source || l.Margin != Padding {
			t.Errorf("%q of %s", l.Text, l.Source)
			continue
		}
		cut := w.Cut()
		if l.Image.Rect.Size() != image.Pt(1280+2*Padding, 60+2*Padding) || !bytes.Equal(l.Image.Pix, pixels(cut)) {
			t.Errorf("%q: its picture is not the one written: %v", l.Text, l.Image.Rect)
		}
	}
	if same := readList(t, must(s.Write(dir, "b", 2, 7))); texts(same) != texts(order) {
		t.Error("the same seed gives another order")
	}
	if other := readList(t, must(s.Write(dir, "c", 2, 8))); texts(other) == texts(order) {
		t.Error("another seed gives the same order")
	}
	if _, err := (&Set{}).Write(dir, "none", 2, 7); err == nil {
		t.Error("no lines are written")
	}
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

func pixels(g *image.Gray) []byte {
	var out []byte
	for y := g.Rect.Min.Y; y < g.Rect.Max.Y; y++ {
		out = append(out, g.Pix[g.PixOffset(g.Rect.Min.X, y):g.PixOffset(g.Rect.Max.X, y)]...)
	}
	return out
}

func texts(ls []Line) string {
	var out []string
	for _, l := range ls {
		out = append(out, l.Text)
	}
	return strings.Join(out, "\n")
}

func readList(t *testing.T, list string) (out []Line) {
	t.Helper()
	raw, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(string(raw)) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		ls, err := Read(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, ls...)
	}
	return out
}

// Tesseract's own program takes the files, and reads in them near to what they say.
func TestTesseractTakes(t *testing.T) {
	dir := t.TempDir()
	var s Set
	for _, text := range []string{"The Chairman has written to the Minister", "and asked for an answer within a week."} {
		if err := s.Add(line(t, "drawn/x", text)); err != nil {
			t.Fatal(err)
		}
	}
	list := must(s.Write(dir, "x", 10, 1))
	eng, err := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata/eng.traineddata")
	if err != nil || len(eng) == 0 {
		t.Fatal("no eng.traineddata of Debian's", err)
	}
	if out, err := exec.Command("combine_tessdata", "-e", eng[0], filepath.Join(dir, "eng.lstm")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := exec.Command("lstmeval", "--model", filepath.Join(dir, "eng.lstm"), "--traineddata", eng[0], "--eval_listfile", list)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := cmd.CombinedOutput()
	for _, want := range []string{"Loaded 2/2 lines", "Truth:The Chairman", "Chairman has written to the Minister", "BCER eval="} {
		if err != nil || !bytes.Contains(out, []byte(want)) {
			t.Errorf("no %q: %v: %s", want, err, out)
		}
	}
}

func FuzzRead(f *testing.F) {
	page := white(60, 40)
	for _, n := range []int{1, 3} {
		var s Set
		for range n {
			if err := s.Add(Line{Source: "a/b_01", Image: page, Margin: 10, Text: "word"}); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(document(s.encoded))
	}
	f.Add([]byte{255, 255, 255, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		ls, err := Read(bytes.NewReader(raw))
		if err == nil {
			for _, l := range ls {
				if l.Image == nil {
					t.Fatal("a line without a picture")
				}
			}
		}
	})
}
