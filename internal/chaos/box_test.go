//go:build chaos || minio

package chaos

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// scans is the box to run over: -box, or one drawn now.
func scans(t *testing.T) string {
	t.Helper()
	if *box != "" {
		dir, err := filepath.Abs(*box)
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	dir := t.TempDir()
	for name, content := range smallBox(t) {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	return dir
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// smallBox holds one of each way a scan can end, in few pages: read, grouped,
// text, duplicate (before and after its like in order), parked, ignored.
func smallBox(t *testing.T) map[string][]byte {
	t.Helper()
	memo := func(n int) string {
		return fmt.Sprintf("MEMORANDUM\n\nNumber %d.\n\nSubject: The state of the archive on day %d.\n\nThe boxes were counted again.1\n\n1 By hand, in the evening.\n", n, n)
	}
	files := map[string][]byte{
		"north/box-1/memo-01.txt":          []byte(memo(1)),
		"north/box-1/memo-02.txt":          []byte(memo(2)),
		"north/box-1/memo-03.png":          encode(t, page(t, "MEMORANDUM 3", "The keys are with the porter.", "He is in until five."), "png"),
		"north/box-1/memo-04_p001.jpg":     encode(t, page(t, "MEMORANDUM 4", "First page of two."), "jpeg"),
		"north/box-1/memo-04_p002.jpg":     encode(t, page(t, "Second page of two.", "The end."), "jpeg"),
		"north/box-1/again/memo-01.txt":    []byte(memo(1)),
		"north/box-2/aa copy of 06.txt":    []byte(memo(6)),
		"north/box-2/memo-06.txt":          []byte(memo(6)),
		"north/box-2/blank.png":            encode(t, page(t), "png"),
		"north/box-2/notes.xyz":            []byte("\x00\x01nothing that anybody reads"),
		"north/box-2/memo-07+é %41.txt":    []byte(memo(7)),
		"north/box-2/memo-08.png":          encode(t, page(t, "MEMORANDUM 8", "Six chairs, two tables."), "png"),
		"north/box-2/memo-08 twin.png":     encode(t, page(t, "MEMORANDUM 8", "Six chairs, two tables."), "png"),
		"north/box-2/cut off.png":          encode(t, page(t, "MEMORANDUM 9", "This one is cut off."), "png")[:700],
		"north/box-2/no image at all.tiff": []byte("this was never a TIFF, whatever its name says"),
	}
	return files
}

// page draws lines as a typewritten page of 1000 by 700 pixels.
func page(t *testing.T, lines ...string) image.Image {
	t.Helper()
	f, err := opentype.Parse(gomono.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 36, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	img := image.NewGray(image.Rect(0, 0, 1000, 700))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.Black, Face: face}
	for i, l := range lines {
		d.Dot = fixed.P(90, 120+i*60)
		d.DrawString(l)
	}
	return img
}

func encode(t *testing.T, img image.Image, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	if format == "png" {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 85})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tree reads the results below dir: every file but those that hold times.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case d.IsDir() && rel == ".nightshift":
			return filepath.SkipDir
		case d.IsDir(), timed(rel):
			return nil
		}
		raw, err := os.ReadFile(p)
		out[rel] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// timed tells whether a result holds times, and so differs from run to run.
func timed(name string) bool {
	return path.Dir(name) == "." && (strings.HasPrefix(name, "report.") || name == "failures.json")
}

// same compares two trees byte for byte.
func same(t *testing.T, want, got map[string]string) {
	t.Helper()
	for name, w := range want {
		g, ok := got[name]
		switch {
		case !ok:
			t.Errorf("missing: %s", name)
		case g != w:
			t.Errorf("%s differs:\nwanted %.600s\ngot    %.600s", name, from(w, g), from(g, w))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("should not be there: %s", name)
		}
	}
}

// from is a from shortly before it differs from b.
func from(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return a[max(0, min(i, len(a))-80):]
}
