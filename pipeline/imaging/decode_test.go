//go:build cgo

package imaging_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"testing"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/imagingtest"
)

const w, h = 96, 64

// darkCorner is which corner of x is black, and its size: "upper left 96x64".
func darkCorner(t *testing.T, x *imaging.Pix) string {
	t.Helper()
	var found []string
	for name, p := range map[string][2]int{
		"upper left": {4, 4}, "upper right": {x.Width() - 5, 4},
		"lower left": {4, x.Height() - 5}, "lower right": {x.Width() - 5, x.Height() - 5},
	} {
		if x.Dark(p[0], p[1]) {
			found = append(found, name)
		}
	}
	return fmt.Sprintf("%v %dx%d", found, x.Width(), x.Height())
}

const upright = "[upper left] 96x64"

func TestDecodeFormats(t *testing.T) {
	img := imagingtest.Corner(w, h)
	files := map[string][]byte{
		imaging.TypeJPEG: imagingtest.JPEG(t, img, 0), imaging.TypePNG: imagingtest.PNG(t, img), imaging.TypePNM: imagingtest.PNM(img),
		imaging.TypeBMP: imagingtest.Encode(t, img, "bmp", 300, false), imaging.TypeGIF: imagingtest.Encode(t, img, "gif", 300, false),
		imaging.TypeJP2: imagingtest.Encode(t, img, "jp2", 300, false), imaging.TypeWebP: imagingtest.Encode(t, img, "webp", 300, false),
	}
	for mediaType, b := range files {
		if got, ok := imaging.Sniff(b); !ok || got != mediaType {
			t.Errorf("%s sniffed as %q", mediaType, got)
		}
		x, _, err := imaging.Decode(b, mediaType, 0, imaging.Grey)
		if err != nil {
			t.Errorf("%s: %v", mediaType, err)
			continue
		}
		if got := darkCorner(t, x); got != upright {
			t.Errorf("%s: black is %s", mediaType, got)
		}
		x.Close()
		if _, _, err := imaging.Decode(b, mediaType, w*h-1, imaging.Grey); !errors.Is(err, imaging.ErrTooLarge) {
			t.Errorf("%s over the limit of pixels: %v", mediaType, err)
		}
	}
}

// Every cut of a file is refused, or decodes to what the whole file shows.
func TestDecodeCutShort(t *testing.T) {
	img := imagingtest.Page(t, 50, imagingtest.Memo...)
	files := map[string][]byte{
		imaging.TypeJPEG: imagingtest.JPEG(t, img, 0), imaging.TypePNG: imagingtest.PNG(t, img), imaging.TypePNM: imagingtest.PNM(img),
		imaging.TypeBMP: imagingtest.Encode(t, img, "bmp", 300, false), imaging.TypeGIF: imagingtest.Encode(t, img, "gif", 300, false),
		imaging.TypeJP2: imagingtest.Encode(t, img, "jp2", 300, false), imaging.TypeWebP: imagingtest.Encode(t, img, "webp", 300, false),
	}
	for mediaType, b := range files {
		whole, _, err := imaging.Decode(b, mediaType, 0, imaging.Grey)
		if err != nil {
			t.Fatalf("%s: %v", mediaType, err)
		}
		for _, keep := range []int{len(b) - 3, len(b) * 9 / 10, len(b) / 2, len(b) / 10, 40, 12, 1} {
			x, _, err := imaging.Decode(b[:keep], mediaType, 0, imaging.Grey)
			if err == nil {
				if !bytes.Equal(grey(t, x), grey(t, whole)) {
					t.Errorf("%s cut to %d of %d bytes decodes to something else without an error", mediaType, keep, len(b))
				}
				x.Close()
				continue
			}
			if !errors.Is(err, imaging.ErrTruncated) && !errors.Is(err, imaging.ErrUndecodable) {
				t.Errorf("%s cut to %d: %v", mediaType, keep, err)
			}
		}
		whole.Close()
	}
}

func grey(t *testing.T, x *imaging.Pix) []byte {
	t.Helper()
	b, err := x.ForEngine()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeNoImage(t *testing.T) {
	for mediaType, b := range map[string][]byte{
		imaging.TypeJPEG: []byte("\xFF\xD8\xFF\xD9"), imaging.TypePNG: []byte("\x89PNG\r\n\x1a\nIEND"), imaging.TypeGIF: []byte("GIF89a"),
		imaging.TypeBMP: []byte("BM"), imaging.TypePNM: []byte("P5\n"), imaging.TypeWebP: []byte("RIFF"), imaging.TypeJP2: {0xFF, 0x4F}, "": nil,
	} {
		x, _, err := imaging.Decode(b, mediaType, 0, imaging.Grey)
		if x != nil || !errors.Is(err, imaging.ErrUndecodable) && !errors.Is(err, imaging.ErrTruncated) {
			t.Errorf("%s: %v, %v", mediaType, x, err)
		}
	}
}

func TestDecodeOrientation(t *testing.T) {
	img := imagingtest.Corner(w, h)
	for o := 1; o <= 8; o++ {
		x, _, err := imaging.Decode(imagingtest.JPEG(t, imagingtest.Placed(img, o), o), imaging.TypeJPEG, 0, imaging.Grey)
		if err != nil {
			t.Fatal(err)
		}
		if got := darkCorner(t, x); got != upright {
			t.Errorf("JPEG of EXIF orientation %d: black is %s", o, got)
		}
		x.Close()
		b := imagingtest.TIFF{Pages: []imagingtest.TIFFPage{{Image: imagingtest.Placed(img, o), Orientation: o}}}.Bytes()
		if got := onlyPage(t, b); got != upright {
			t.Errorf("TIFF of orientation %d: black is %s", o, got)
		}
	}
}

// onlyPage walks, cuts out and decodes the page of a TIFF.
func onlyPage(t *testing.T, b []byte) string {
	t.Helper()
	pages := walk(t, b)
	if len(pages) != 1 {
		t.Fatalf("%d pages", len(pages))
	}
	x := page(t, b, pages[0])
	defer x.Close()
	if sw, sh := pages[0].Shown(); sw != x.Width() || sh != x.Height() {
		t.Errorf("walked as %d by %d, decoded as %d by %d", sw, sh, x.Width(), x.Height())
	}
	return darkCorner(t, x)
}

func walk(t *testing.T, b []byte) []imaging.TIFFPage {
	t.Helper()
	pages, err := imaging.WalkTIFF(bytes.NewReader(b), int64(len(b)), imaging.TIFFLimits{})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func page(t *testing.T, b []byte, p imaging.TIFFPage) *imaging.Pix {
	t.Helper()
	alone, err := p.Alone(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	x, err := imaging.DecodeTIFF(alone, 0, 0, imaging.Grey)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestDecodeTIFFStructures(t *testing.T) {
	img := imagingtest.Corner(w, h)
	for name, f := range map[string]imagingtest.TIFF{
		"strips":     {Pages: []imagingtest.TIFFPage{{Image: img, RowsPerStrip: 7}}},
		"tiles":      {Pages: []imagingtest.TIFFPage{{Image: img, Tile: 32}}},
		"bilevel":    {Pages: []imagingtest.TIFFPage{{Image: img, Bilevel: true}}},
		"white is 0": {Pages: []imagingtest.TIFFPage{{Image: img, Bilevel: true, WhiteIsZero: true}}},
		"grey white": {Pages: []imagingtest.TIFFPage{{Image: img, WhiteIsZero: true}}},
		"no counts":  {Pages: []imagingtest.TIFFPage{{Image: img, NoCounts: true, RowsPerStrip: 16}}},
	} {
		for _, f.Big = range []bool{false, true} {
			for _, f.Motorola = range []bool{false, true} {
				t.Run(fmt.Sprintf("%s big %v motorola %v", name, f.Big, f.Motorola), func(t *testing.T) {
					if got := onlyPage(t, f.Bytes()); got != upright {
						t.Errorf("black is %s", got)
					}
				})
			}
		}
	}
}

func TestDecodeTIFFCompressions(t *testing.T) {
	img := imagingtest.Corner(w, h)
	for _, format := range []string{"tiff", "tiff-packbits", "tiff-rle", "tiff-g3", "tiff-g4", "tiff-lzw", "tiff-zip", "tiff-jpeg"} {
		bilevel := format == "tiff-packbits" || format == "tiff-rle" || format == "tiff-g3" || format == "tiff-g4"
		b := imagingtest.Encode(t, img, format, 240, bilevel)
		if got := onlyPage(t, b); got != upright {
			t.Errorf("%s: black is %s", format, got)
		}
		if dpi := walk(t, b)[0].DPI; dpi != 240 {
			t.Errorf("%s: %d dpi", format, dpi)
		}
	}
}

func TestDecodeResolution(t *testing.T) {
	img := imagingtest.Corner(w, h)
	for _, c := range []imagingtest.TIFFPage{{Image: img, DPI: 300}, {Image: img, DPI: 300, Centimetres: true}, {Image: img}} {
		b := imagingtest.TIFF{Pages: []imagingtest.TIFFPage{c}}.Bytes()
		x := page(t, b, walk(t, b)[0])
		if x.DPI() != c.DPI {
			t.Errorf("centimetres %v: decoded as %d dpi, want %d", c.Centimetres, x.DPI(), c.DPI)
		}
		x.Close()
	}
}

func TestWalkManyPages(t *testing.T) {
	var f imagingtest.TIFF
	for i := range 5 {
		f.Pages = append(f.Pages, imagingtest.TIFFPage{Image: imagingtest.Corner(w+16*i, h), DPI: 100})
	}
	f.Pages[2].Subfile = 1 // a thumbnail: no page
	b := f.Bytes()
	pages := walk(t, b)
	if len(pages) != 4 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, want := range []int{w, w + 16, w + 48, w + 64} {
		x := page(t, b, pages[i])
		if pages[i].Index != i+1 || x.Width() != want {
			t.Errorf("page %d is number %d and %d wide, want %d", i+1, pages[i].Index, x.Width(), want)
		}
		x.Close()
	}
}

func TestWalkCutShort(t *testing.T) {
	f := imagingtest.TIFF{Pages: []imagingtest.TIFFPage{{Image: imagingtest.Corner(w, h)}, {Image: imagingtest.Corner(w, h)}}}
	b := f.Bytes()
	for n := range b {
		pages, err := imaging.WalkTIFF(bytes.NewReader(b[:n]), int64(n), imaging.TIFFLimits{})
		whole := 0
		for _, p := range pages {
			if !p.Truncated {
				whole++
			}
		}
		if err == nil && whole == 2 && n < len(b)-4 { // the last four bytes are an empty link
			t.Errorf("%d of %d bytes hold two whole pages", n, len(b))
		}
	}
}

func TestWalkLoop(t *testing.T) {
	b := imagingtest.TIFF{Pages: []imagingtest.TIFFPage{{Image: imagingtest.Corner(w, h)}, {Image: imagingtest.Corner(w, h)}}}.Bytes()
	copy(b[len(b)-4:], b[4:8]) // the last page links to the first
	if pages := walk(t, b); len(pages) != 2 {
		t.Errorf("%d pages", len(pages))
	}
}

func TestWalkLimits(t *testing.T) {
	var f imagingtest.TIFF
	for range 3 {
		f.Pages = append(f.Pages, imagingtest.TIFFPage{Image: imagingtest.White(16, 16), RowsPerStrip: 1})
	}
	b := f.Bytes()
	for name, lim := range map[string]imaging.TIFFLimits{"pages": {Pages: 2}, "strips": {Strips: 15}} {
		if _, err := imaging.WalkTIFF(bytes.NewReader(b), int64(len(b)), lim); !errors.Is(err, imaging.ErrTooLarge) {
			t.Errorf("over the limit of %s: %v", name, err)
		}
	}
	if _, err := imaging.WalkTIFF(bytes.NewReader(b), int64(len(b)), imaging.TIFFLimits{Entries: 3}); !errors.Is(err, imaging.ErrUndecodable) {
		t.Errorf("over the limit of tags: %v", err)
	}
}

func TestFromGrey(t *testing.T) {
	img := imagingtest.Corner(w, h).SubImage(image.Rect(0, 0, w-5, h)).(*image.Gray)
	x, err := imaging.FromGrey(img.Pix, w-5, h, img.Stride)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if got := darkCorner(t, x); got != "[upper left] 91x64" {
		t.Errorf("black is %s", got)
	}
	if _, err := imaging.FromGrey(img.Pix[:100], w, h, w); !errors.Is(err, imaging.ErrUndecodable) {
		t.Errorf("too few bytes: %v", err)
	}
}
