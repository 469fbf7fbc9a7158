//go:build cgo

package imaging_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"os"
	"testing"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/imagingtest"
)

func stored(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Formats with decoders of their own are known by content, decode to the picture, are
// refused over a limit before they are decoded, and are seen to be cut short.
func TestOtherFormats(t *testing.T) {
	for name, kind := range map[string]string{
		"corner.heic": imaging.TypeHEIF, "corner.avif": imaging.TypeAVIF, "corner.jxl": imaging.TypeJXL,
		"corner-16bit.jp2": imaging.TypeJP2, "pages.djvu": imaging.TypeDjVu,
	} {
		b := stored(t, name)
		if got, ok := imaging.Sniff(b); !ok || got != kind {
			t.Errorf("%s sniffed as %q", name, got)
		}
		for _, keep := range []imaging.Palette{imaging.Grey, imaging.Colour} {
			x, _, err := imaging.DecodePage(b, kind, 1, 0, keep)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if got := darkCorner(t, x); got != upright {
				t.Errorf("%s: black is %s", name, got)
			}
			x.Close()
		}
		if _, _, err := imaging.DecodePage(b, kind, 1, w*h-1, imaging.Grey); !errors.Is(err, imaging.ErrTooLarge) {
			t.Errorf("%s over the limit of pixels: %v", name, err)
		}
		for _, n := range []int{20, len(b) / 2} {
			if _, _, err := imaging.DecodePage(b[:n], kind, 1, 0, imaging.Grey); !errors.Is(err, imaging.ErrTruncated) && !errors.Is(err, imaging.ErrUndecodable) {
				t.Errorf("%s of %d bytes: %v", name, n, err)
			}
		}
	}
}

func TestDjVuPages(t *testing.T) {
	b := stored(t, "pages.djvu")
	if n, err := imaging.Pages(b, imaging.TypeDjVu); n != 2 || err != nil {
		t.Fatalf("%d pages, %v", n, err)
	}
	x, _, err := imaging.DecodePage(b, imaging.TypeDjVu, 2, 0, imaging.Grey)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if x.Dark(4, 4) || !x.Dark(w-5, h-5) || x.DPI() != 200 {
		t.Errorf("page 2: %s at %d dpi", darkCorner(t, x), x.DPI())
	}
	if _, _, err := imaging.DecodePage(b, imaging.TypeDjVu, 3, 0, imaging.Grey); err == nil {
		t.Error("a third page of two")
	}
	// The pages of an index lie elsewhere: it must end, whatever it says.
	if _, _, err := imaging.DecodePage(stored(t, "index.djvu"), imaging.TypeDjVu, 1, 0, imaging.Grey); err == nil {
		t.Error("a page of an index without its files")
	}
	empty := append([]byte("AT&TFORM\x00\x00\x00\x40DJVUINFO\x00\x00\x00\x0a"), make([]byte, 40)...)
	if _, err := imaging.Pages(empty, imaging.TypeDjVu); err != nil && !errors.Is(err, imaging.ErrUndecodable) {
		t.Errorf("a DjVu of zeros: %v", err)
	}
}

// cornerPCX writes the corner in a way of PCX: bits and planes, a palette or none.
func cornerPCX(bits, planes int, palette bool) []byte {
	img := imagingtest.Corner(w, h)
	line := (bits*w + 15) / 16 * 2
	b := make([]byte, 128)
	copy(b, []byte{10, 5, 1, byte(bits)})
	binary.LittleEndian.PutUint16(b[8:], w-1)
	binary.LittleEndian.PutUint16(b[10:], h-1)
	binary.LittleEndian.PutUint16(b[12:], 300)
	binary.LittleEndian.PutUint16(b[14:], 300)
	b[65] = byte(planes)
	binary.LittleEndian.PutUint16(b[66:], uint16(line))
	copy(b[16:], []byte{0, 0, 0, 255, 255, 255}) // colour 0 black, 1 white
	for i := 6; i < 48; i++ {
		b[16+i] = 255
	}
	for y := range h {
		row := make([]byte, line*planes)
		for p := range planes {
			for x := range w {
				light := img.GrayAt(x, y).Y > 127
				if light {
					at := x * bits
					row[p*line+at/8] |= byte(1<<bits-1) << (8 - bits - at%8)
				}
			}
		}
		for i := 0; i < len(row); {
			n := 1
			for i+n < len(row) && n < 63 && row[i+n] == row[i] {
				n++
			}
			b = append(b, 0xC0|byte(n), row[i])
			i += n
		}
	}
	if palette {
		b = append(b, 12)
		for i := range 256 {
			b = append(b, byte(i), byte(i), byte(i))
		}
	}
	return b
}

func TestPCX(t *testing.T) {
	for _, c := range []struct {
		bits, planes int
		palette      bool
	}{{1, 1, false}, {1, 3, false}, {1, 4, false}, {2, 1, false}, {4, 1, false}, {8, 1, true}, {8, 1, false}, {8, 3, false}} {
		b := cornerPCX(c.bits, c.planes, c.palette)
		if got, _ := imaging.Sniff(b); got != imaging.TypePCX {
			t.Errorf("%+v sniffed as %q", c, got)
		}
		x, _, err := imaging.DecodePage(b, imaging.TypePCX, 1, 0, imaging.Grey)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		if got := darkCorner(t, x); got != upright || x.DPI() != 300 {
			t.Errorf("%+v: black is %s at %d dpi", c, got, x.DPI())
		}
		x.Close()
		if _, _, err := imaging.DecodePage(b[:140], imaging.TypePCX, 1, 0, imaging.Grey); !errors.Is(err, imaging.ErrTruncated) {
			t.Errorf("%+v cut short: %v", c, err)
		}
	}
}

func FuzzPCX(f *testing.F) {
	f.Add(cornerPCX(1, 1, false))
	f.Add(cornerPCX(8, 1, true))
	f.Add(cornerPCX(1, 4, false))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, _, err := imaging.DecodePage(b, imaging.TypePCX, 1, 1<<20, imaging.Grey)
		if err == nil {
			x.Close()
		} else if !errors.Is(err, imaging.ErrTruncated) && !errors.Is(err, imaging.ErrUndecodable) && !errors.Is(err, imaging.ErrTooLarge) {
			t.Errorf("an error of no kind: %v", err)
		}
	})
}

// frames is a GIF of the corner and, over a part of it, its negative.
func frames(t testing.TB) []byte {
	t.Helper()
	palette := color.Palette{color.White, color.Black}
	one, two := image.NewPaletted(image.Rect(0, 0, w, h), palette), image.NewPaletted(image.Rect(w/2, h/2, w, h), palette)
	for y := range h / 4 {
		for x := range w / 4 {
			one.SetColorIndex(x, y, 1)
		}
	}
	for i := range two.Pix {
		two.Pix[i] = 1
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{one, two}, Delay: []int{0, 0}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFrames(t *testing.T) {
	b := frames(t)
	if n, err := imaging.Pages(b, imaging.TypeGIF); n != 2 || err != nil {
		t.Fatalf("%d pages, %v", n, err)
	}
	x, _, err := imaging.DecodePage(b, imaging.TypeGIF, 2, 0, imaging.Grey)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if !x.Dark(4, 4) || !x.Dark(w-5, h-5) || x.Dark(w-5, 4) {
		t.Errorf("the second picture lies over the first: %s", darkCorner(t, x))
	}
	if _, _, err := imaging.DecodePage(b, imaging.TypeGIF, 3, 0, imaging.Grey); err == nil {
		t.Error("a third picture of two")
	}
}

func FuzzGIFFrames(f *testing.F) {
	f.Add(frames(f))
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, _ := imaging.GIFFrames(b); n < 0 || n > len(b) {
			t.Errorf("%d pictures in %d bytes", n, len(b))
		}
	})
}

// FuzzCodecs looks for a crash in what goes to the decoders of other formats.
func FuzzCodecs(f *testing.F) {
	kinds := []string{imaging.TypeHEIF, imaging.TypeAVIF, imaging.TypeJXL, imaging.TypeDjVu, imaging.TypeJP2}
	for i, name := range []string{"corner.heic", "corner.avif", "corner.jxl", "pages.djvu", "corner-16bit.jp2"} {
		f.Add(stored(f, name), i)
	}
	f.Fuzz(func(t *testing.T, b []byte, kind int) {
		_, _ = imaging.Pages(b, kinds[uint(kind)%5])
		if x, _, err := imaging.DecodePage(b, kinds[uint(kind)%5], 1, 1<<20, imaging.Grey); err == nil {
			x.Close()
		}
	})
}
