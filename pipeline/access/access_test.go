package access_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"sync"
	"testing"

	"golang.org/x/image/tiff"

	"nightshift/pipeline/access"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/embedded"
	"nightshift/pipeline/imaging/imagingtest"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/store"
)

func TestMain(m *testing.M) {
	ocr.ChildMain()
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

var images access.Images

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "access")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	sys, err := embedded.Start(ctx, embedded.Options{Dir: dir})
	if err != nil {
		return 1, err
	}
	defer sys.Close()
	client, err := store.Open(sys.Store())
	if err != nil {
		return 1, err
	}
	for _, b := range []string{archive.ScansBucket, archive.WorkBucket} {
		if err := client.EnsureBucket(ctx, b); err != nil {
			return 1, err
		}
	}
	pool, err := ocr.NewPool(ctx, ocr.PoolConfig{Children: 2, ImagesOnly: true, TessdataDir: "/nowhere"})
	if err != nil {
		return 1, err
	}
	defer pool.Close()
	images = access.Images{Scans: client.Bucket(archive.ScansBucket), Work: client.Bucket(archive.WorkBucket), Maker: pool, Longest: 500}
	return m.Run(), nil
}

// scan puts a scan in as intake would take it, and returns its page.
func scan(t *testing.T, key string, data []byte) archive.ManifestPage {
	t.Helper()
	info, err := images.Scans.Upload(t.Context(), key, bytes.NewReader(data), int64(len(data)), "")
	if err != nil {
		t.Fatal(err)
	}
	p := archive.ManifestPage{Scan: key, SHA256: archive.DigestOf(data), Size: int64(len(data)), Index: 1, Of: 1}
	_, err = images.Work.PutJSON(t.Context(), archive.ScanKeyFor(archive.ScanID(key, info.ETag)), archive.Scan{Version: 1, Key: key, SHA256: p.SHA256})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// drawn is a page of so many pixels with a black bar across its top half.
func drawn(width, height int, grey bool) image.Image {
	bar := func(set func(x, y int)) {
		for y := height / 4; y < height/2; y++ {
			for x := range width {
				set(x, y)
			}
		}
	}
	if grey {
		g := image.NewGray(image.Rect(0, 0, width, height))
		for i := range g.Pix {
			g.Pix[i] = 0xE0
		}
		bar(func(x, y int) { g.SetGray(x, y, color.Gray{}) })
		return g
	}
	p := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
	bar(func(x, y int) { p.SetColorIndex(x, y, 1) })
	return p
}

func encoded(t *testing.T, img image.Image, asJPEG bool) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, img)
	if asJPEG {
		b.Reset()
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPageImage(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int
		grey, asJPEG  bool
		kind          string
		w, h          int
	}{
		{"grey shrinks", 800, 1000, true, true, "image/jpeg", 400, 500},
		{"small stays", 300, 400, true, false, "image/jpeg", 300, 400},
		{"black and white stays", 800, 1000, false, false, "image/png", 800, 1000},
		{"large black and white turns grey", 2000, 1000, false, false, "image/jpeg", 500, 250},
	} {
		p := scan(t, "box/"+c.name+".bin", encoded(t, drawn(c.width, c.height, c.grey), c.asJPEG))
		got, err := images.PageImage(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if got.Type != c.kind || got.Width != c.w || got.Height != c.h {
			t.Errorf("%s: %s of %d by %d", c.name, got.Type, got.Width, got.Height)
		}
		img, _, err := image.Decode(bytes.NewReader(got.Data))
		if err != nil {
			t.Fatal(err)
		}
		bar, _, _, _ := img.At(c.w/2, c.h*3/8).RGBA()
		paper, _, _, _ := img.At(c.w/2, c.h*3/4).RGBA()
		if bar > 0x2000 || paper < 0xC000 {
			t.Errorf("%s: the bar is %x, the paper %x", c.name, bar, paper)
		}
		again, err := images.PageImage(t.Context(), p)
		if err != nil || !bytes.Equal(again.Data, got.Data) || again.Type != got.Type || again.Width != got.Width {
			t.Errorf("%s: the second time differs: %v", c.name, err)
		}
	}
}

// stamped is a grey page in three channels, with a red stamp or without.
func stamped(stamp bool) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 800, 1000))
	draw.Draw(img, img.Bounds(), drawn(800, 1000, true), image.Point{}, draw.Src)
	if stamp {
		draw.Draw(img, image.Rect(100, 700, 300, 780), image.NewUniform(color.RGBA{200, 20, 30, 255}), image.Point{}, draw.Src)
	}
	return img
}

// A master in colours has its image in colours, whatever its form; one whose three
// channels hold the same has it in grey.
func TestColours(t *testing.T) {
	encode := map[string]func(image.Image) []byte{
		"png":  func(m image.Image) []byte { return encoded(t, m, false) },
		"jpeg": func(m image.Image) []byte { return encoded(t, m, true) },
		"tiff": func(m image.Image) []byte {
			var b bytes.Buffer
			if err := tiff.Encode(&b, m, nil); err != nil {
				t.Fatal(err)
			}
			return b.Bytes()
		},
		"pdf": func(m image.Image) []byte {
			return imagingtest.PDF(t, false, imagingtest.PDFPage{Scan: m, DPI: 100})
		},
	}
	for name, in := range encode {
		for _, stamp := range []bool{true, false} {
			got, err := images.PageImage(t.Context(), scan(t, fmt.Sprintf("box/colour-%v.%s", stamp, name), in(stamped(stamp))))
			if err != nil {
				t.Fatal(name, err)
			}
			img, _, err := image.Decode(bytes.NewReader(got.Data))
			if err != nil {
				t.Fatal(name, err)
			}
			r, g, _, _ := img.At(100, 370).RGBA()
			if red := r > 0xA000 && g < 0x5000; red != stamp || got.Width != 400 || got.Type != "image/jpeg" || (img.ColorModel() == color.GrayModel) == stamp {
				t.Errorf("%s, stamp %v: %s %d wide, %x %x at the stamp, %T", name, stamp, got.Type, got.Width, r, g, img)
			}
		}
	}
}

// TestMadeOnce: many who ask at once get the same bytes, and one object is kept.
func TestMadeOnce(t *testing.T) {
	p := scan(t, "box/once.png", encoded(t, drawn(900, 600, true), false))
	var wg sync.WaitGroup
	got := make([]archive.Digest, 6)
	for i := range got {
		wg.Go(func() {
			img, err := images.PageImage(t.Context(), p)
			if err != nil {
				t.Error(err)
			}
			got[i] = archive.DigestOf(img.Data)
		})
	}
	wg.Wait()
	kept, _, err := images.Work.Get(t.Context(), archive.AccessKey(p.SHA256, 1, 500))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range got {
		if d != archive.DigestOf(kept) {
			t.Errorf("somebody got %s, kept is %s", d.Short(), archive.DigestOf(kept).Short())
		}
	}
}

func TestNoImage(t *testing.T) {
	whole := encoded(t, drawn(300, 300, true), true)
	cut := scan(t, "box/cut.jpg", whole[:len(whole)/2])
	gone := cut
	gone.Scan = "box/gone.jpg"
	other := scan(t, "box/other.jpg", whole)
	other.SHA256 = cut.SHA256
	beyond := scan(t, "box/beyond.jpg", encoded(t, drawn(310, 300, true), true))
	beyond.Index = 2
	for name, p := range map[string]archive.ManifestPage{
		"cut off": cut, "gone": gone, "another version": other, "beyond the last page": beyond,
		"text": {Scan: "box/a.txt", Type: archive.TypeText, Index: 1},
	} {
		if _, err := images.PageImage(t.Context(), p); !errors.Is(err, access.ErrNoImage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
