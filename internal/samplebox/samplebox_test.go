package samplebox

import (
	"bytes"
	"image"
	"image/color"
	_ "image/jpeg"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"testing"

	"golang.org/x/image/ccitt"
)

// The committed box is what the generator draws. JPEG data may differ between
// Go versions, so of JPEG files the pictures are compared.
func TestCommitted(t *testing.T) {
	want, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.FromSlash("../../testdata")
	for _, top := range []string{Box, Truth} {
		err := filepath.WalkDir(filepath.Join(root, top), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			rel, err := filepath.Rel(root, p)
			if err != nil {
				return err
			}
			name := filepath.ToSlash(rel)
			data, ok := want[name]
			delete(want, name)
			got, err := os.ReadFile(p)
			switch {
			case err != nil:
				return err
			case !ok:
				t.Errorf("%s is not drawn by the generator", name)
			case path.Ext(name) == ".jpg":
				alike(t, name, got, data)
			case !bytes.Equal(got, data):
				t.Errorf("%s differs from what `go generate ./internal/samplebox` draws", name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range want {
		t.Errorf("%s is drawn by the generator but not committed", name)
	}
}

// alike fails unless two JPEG files show the same page: by 1 of 255 greys a
// pixel at most, on the average.
func alike(t *testing.T, name string, a, b []byte) {
	t.Helper()
	pa, _, err := image.Decode(bytes.NewReader(a))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	pb, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if pa.Bounds() != pb.Bounds() {
		t.Errorf("%s: %v, drawn %v", name, pa.Bounds(), pb.Bounds())
		return
	}
	ga, gb := pa.(*image.Gray), pb.(*image.Gray)
	sum := 0
	for i := range ga.Pix {
		sum += max(int(ga.Pix[i]), int(gb.Pix[i])) - min(int(ga.Pix[i]), int(gb.Pix[i]))
	}
	if sum > len(ga.Pix) {
		t.Errorf("%s: pages differ by %.2f greys a pixel", name, float64(sum)/float64(len(ga.Pix)))
	}
}

// G4 data is read back by another's decoder, for pages with long runs, noise
// and every column width that ends within a byte.
func TestG4(t *testing.T) {
	hand := noise(5)
	for _, w := range []int{1, 7, 64, 129, 2561, 5300} {
		p := bilevel{w, 40, make([]byte, 40*w)}
		for y := 10; y < 40; y++ {
			run, black := 0, byte(0)
			for x := range w {
				if run == 0 {
					run, black = 1+hand.upTo(1+hand.upTo(1+y*y*3)), 1-black
				}
				p.pix[y*w+x] = black
				run--
			}
		}
		img := image.NewGray(image.Rect(0, 0, w, 40))
		data := p.g4()
		if err := ccitt.DecodeIntoGray(img, bytes.NewReader(data), ccitt.MSB, ccitt.Group4, nil); err != nil {
			t.Errorf("width %d: %v", w, err)
			continue
		}
		for i, v := range p.pix {
			x, y := i%w, i/w
			if black := img.GrayAt(x, y) == (color.Gray{}); black != (v == 1) {
				t.Errorf("width %d: pixel %d,%d came back as another", w, x, y)
				break
			}
		}
		r := ccitt.NewReader(bytes.NewReader(data), ccitt.MSB, ccitt.Group4, w, ccitt.AutoDetectHeight, nil)
		if raw, err := io.ReadAll(r); err != nil || len(raw) != 40*((w+7)/8) {
			t.Errorf("width %d: end of block: %d bytes, %v", w, len(raw), err)
		}
	}
}

// The memos hold what the box is for.
func TestBox(t *testing.T) {
	files, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, data := range files {
		total += len(data)
	}
	if total > 1<<20 {
		t.Errorf("the box has grown to %d bytes", total)
	}
	text := files[Box+"/"+Legation+"/memcon-ratification.txt"]
	for _, part := range []string{"theUSSR", "wasnʼt", "ago.2", "votes [Page 118] to", "Tallmadge,whom"} {
		if !bytes.Contains(text, []byte(part)) {
			t.Errorf("the text file has no %q", part)
		}
	}
}
