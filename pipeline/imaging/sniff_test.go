package imaging_test

import (
	"bytes"
	"errors"
	"testing"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/imagingtest"
)

func TestSniff(t *testing.T) {
	for head, want := range map[string]string{
		"II*\x00": imaging.TypeTIFF, "MM\x00+": imaging.TypeTIFF, "\xFF\xD8\xFF\xE0": imaging.TypeJPEG, "GIF89a": imaging.TypeGIF,
		"%PDF-1.4": imaging.TypePDF, "junk\n%PDF-1.4": imaging.TypePDF, "P5 3 3 255\n": imaging.TypePNM, "P4\n#": imaging.TypePNM,
		"RIFF\x00\x00\x00\x00WEBP": imaging.TypeWebP,
		"BM, dear colleague, you ": "", "P5": "", "Paris": "", "": "", "II": "", "plain text": "", "RIFF\x00\x00\x00\x00WAVE": "",
	} {
		if got, ok := imaging.Sniff([]byte(head)); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", head, got, ok, want)
		}
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("P5\n"))
	f.Add([]byte("BM                "))
	f.Fuzz(func(t *testing.T, b []byte) {
		kind, ok := imaging.Sniff(b)
		if ok != (kind != "") {
			t.Errorf("%q, %v", kind, ok)
		}
		_, _ = imaging.CheckWhole(b, kind)
	})
}

// FuzzCheckWhole looks for a panic in the walks through JPEG, PNG, JP2 and WebP.
func FuzzCheckWhole(f *testing.F) {
	img := imagingtest.Corner(16, 16)
	f.Add(imagingtest.JPEG(f, img, 6), 0)
	f.Add(imagingtest.PNG(f, img), 1)
	f.Add([]byte("\x00\x00\x00\x0CjP  \r\n\x87\n\x00\x00\x00\x00jp2c\xFF\x4F\xFF\x51\x00\x02\xFF\x90\x00\x0A\x00\x00\x00\x00\x00\x00\xFF\xD9"), 2)
	f.Add([]byte("RIFF\x04\x00\x00\x00WEBP"), 3)
	kinds := []string{imaging.TypeJPEG, imaging.TypePNG, imaging.TypeJP2, imaging.TypeWebP}
	f.Fuzz(func(t *testing.T, b []byte, kind int) {
		facts, err := imaging.CheckWhole(b, kinds[uint(kind)%4])
		if facts.Orientation < 1 || facts.Orientation > 8 || facts.DPI < 0 {
			t.Errorf("facts %+v", facts)
		}
		if err != nil && !errors.Is(err, imaging.ErrTruncated) && !errors.Is(err, imaging.ErrUndecodable) {
			t.Errorf("an error of no kind: %v", err)
		}
	})
}

// FuzzWalkTIFF walks any bytes and cuts out each page that is found: what comes
// out walks to that page again.
func FuzzWalkTIFF(f *testing.F) {
	for _, big := range []bool{false, true} {
		f.Add(imagingtest.TIFF{Big: big, Motorola: big, Pages: []imagingtest.TIFFPage{
			{Image: imagingtest.Corner(32, 32), RowsPerStrip: 8, DPI: 300, Orientation: 6}, {Image: imagingtest.Corner(32, 32), Tile: 16},
		}}.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		lim := imaging.TIFFLimits{Pages: 100, Strips: 1000}
		pages, err := imaging.WalkTIFF(bytes.NewReader(b), int64(len(b)), lim)
		if err != nil && !errors.Is(err, imaging.ErrTruncated) && !errors.Is(err, imaging.ErrUndecodable) && !errors.Is(err, imaging.ErrTooLarge) {
			t.Errorf("an error of no kind: %v", err)
		}
		for i, p := range pages {
			if p.Index != i+1 || p.Width <= 0 || p.Height <= 0 || p.Orientation < 1 || p.Orientation > 8 || p.Bytes() > 4*int64(len(b)) {
				t.Fatalf("page %d: %+v", i+1, p)
			}
			alone, err := p.Alone(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				continue
			}
			again, err := imaging.WalkTIFF(bytes.NewReader(alone), int64(len(alone)), imaging.TIFFLimits{})
			if err != nil || len(again) != 1 || again[0].Width != p.Width || again[0].Height != p.Height || again[0].Orientation != p.Orientation {
				t.Fatalf("page %d by itself walks to %+v, %v", i+1, again, err)
			}
		}
	})
}
