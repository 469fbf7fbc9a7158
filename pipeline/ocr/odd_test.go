//go:build cgo

package ocr

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging/imagingtest"
	"nightshift/pipeline/transcript"
)

func reasons(p transcript.Page) string {
	var out []string
	for _, o := range p.Oddities {
		out = append(out, string(o.Reason))
	}
	return strings.Join(out, " ")
}

// The resolution that a page is taken at is that of its letters where its tag makes
// no sense, and the text is there.
func TestOddResolutions(t *testing.T) {
	img := imagingtest.Page(t, 200, imagingtest.Memo...)
	sheet := imagingtest.White(1600, 2200)
	copyInto(sheet, img, 100, 100)
	for name, c := range map[string]struct {
		b   []byte
		dpi int
	}{
		"tiff 1225":                    {imagingtest.TIFF{Pages: []imagingtest.TIFFPage{{Image: sheet, DPI: 1225}}}.Bytes(), 200},
		"tiff 1 dpi":                   {imagingtest.TIFF{Pages: []imagingtest.TIFFPage{{Image: sheet, DPI: 1}}}.Bytes(), 200},
		"tiff right":                   {imagingtest.TIFF{Pages: []imagingtest.TIFFPage{{Image: sheet, DPI: 200}}}.Bytes(), 200},
		"pdf page of a film frame":     {imagingtest.PDFParts{Scan: sheet, Width: 72, Height: 99}.Bytes(t), 200},
		"pdf page of 36 dpi":           {imagingtest.PDFParts{Scan: sheet, Width: 3200, Height: 4400}.Bytes(t), 200},
		"pdf page in units of an inch": {imagingtest.PDFParts{Scan: sheet, Width: 8, Height: 11, UserUnit: 72}.Bytes(t), 200},
		"pdf page of its scan's size":  {imagingtest.PDFParts{Scan: sheet, Width: 576, Height: 792}.Bytes(t), 200},
	} {
		p, err := read(t, c.b, 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := textOf(p); got != memo || p.Image.Width != 1600 || p.Image.Height != 2200 || p.Image.DPI != c.dpi {
			t.Errorf("%s: %+v, steps %q, read %q", name, p.Image, p.Steps, got)
		}
	}
}

func copyInto(to, from *image.Gray, x, y int) {
	for j := range from.Rect.Dy() {
		copy(to.Pix[(y+j)*to.Stride+x:], from.Pix[j*from.Stride:j*from.Stride+from.Rect.Dx()])
	}
}

// A PDF's files, fields, notes and stand-ins are read or told.
func TestPDFParts(t *testing.T) {
	cover := imagingtest.Page(t, 200, "For the best experience open this in Acrobat")
	memoPage := imagingtest.Page(t, 200, imagingtest.Memo...)
	inner := imagingtest.PDF(t, false, imagingtest.PDFPage{Scan: memoPage, DPI: 200})
	nested := imagingtest.PDFParts{Scan: cover, Width: 432, Height: 288, Files: map[string][]byte{"scan.png": imagingtest.PNG(t, memoPage)}}.Bytes(t)
	for name, c := range map[string]struct {
		pdf    imagingtest.PDFParts
		pages  int
		last   string // words of the last page
		reason string // of the first
	}{
		"portfolio":          {imagingtest.PDFParts{Files: map[string][]byte{"a.pdf": inner}}, 2, memo, "embedded-files"},
		"portfolio in one":   {imagingtest.PDFParts{Files: map[string][]byte{"b.pdf": nested}}, 3, memo, "embedded-files"},
		"a paper clip":       {imagingtest.PDFParts{Clips: map[string][]byte{"c.png": imagingtest.PNG(t, memoPage)}}, 2, memo, "embedded-files"},
		"a letter attached":  {imagingtest.PDFParts{Files: map[string][]byte{"letter.docx": []byte("PK\x03\x04....")}}, 1, "", "embedded-files"},
		"a broken scan":      {imagingtest.PDFParts{Files: map[string][]byte{"bad.pdf": []byte("%PDF-1.4 nothing")}}, 1, "", "embedded-files"},
		"XFA":                {imagingtest.PDFParts{XFA: true}, 1, "", "placeholder-page"},
		"a field":            {imagingtest.PDFParts{Annotations: []string{"/Subtype/Widget/FT/Tx/T(a)/V(Pemberton of Dunmore)/Rect[40 60 300 84]/DA(/Helv 14 Tf 0 g)/F 4"}}, 1, "Pemberton of Dunmore", ""},
		"a typed note":       {imagingtest.PDFParts{Annotations: []string{"/Subtype/FreeText/Contents(Checked by the registrar)/Rect[40 60 300 84]/DA(/Helv 14 Tf 0 g)/F 4"}}, 1, "Checked by the registrar", ""},
		"a hidden field":     {imagingtest.PDFParts{Annotations: []string{"/Subtype/Widget/FT/Tx/T(a)/V(Pemberton)/Rect[40 60 300 84]/DA(/Helv 14 Tf 0 g)/F 2"}}, 1, "Acrobat", ""},
		"a note stuck to it": {imagingtest.PDFParts{Annotations: []string{"/Subtype/Text/Contents(See box 12)/Rect[40 60 60 80]"}}, 1, "", "notes-on-page"},
	} {
		c.pdf.Scan, c.pdf.Width, c.pdf.Height = cover, 432, 288
		b := c.pdf.Bytes(t)
		plans, err := enginePool(t).Plan(t.Context(), bytesOf(b), "x.pdf", "")
		if err != nil || len(plans) != c.pages {
			t.Errorf("%s: %d pages, %v; want %d", name, len(plans), err, c.pages)
			continue
		}
		first, err := read(t, b, 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		last := first
		if c.pages > 1 {
			if last, err = read(t, b, c.pages); err != nil || last.Image.Index != c.pages {
				t.Errorf("%s: page %d, %v", name, last.Image.Index, err)
			}
			if _, err := enginePool(t).Image(t.Context(), bytesOf(b), "x.pdf", "", c.pages, 400); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !strings.Contains(textOf(last), c.last) || reasons(first) != c.reason {
			t.Errorf("%s: read %q, oddities %+v", name, textOf(last), first.Oddities)
		}
		if name == "a hidden field" && strings.Contains(textOf(last), "Pemberton") {
			t.Errorf("%s is shown: %q", name, textOf(last))
		}
	}
}

// A text layer of a few words on a page full of others counts as none.
func TestSparseLayers(t *testing.T) {
	taker, err := NewPool(t.Context(), PoolConfig{Children: 1, TextLayers: true})
	if err != nil {
		t.Fatal(err)
	}
	defer taker.Close()
	full := imagingtest.Page(t, 200, imagingtest.Memo...)
	few := imagingtest.Page(t, 200, "", "", "", "", "", "", "", "", "", "", "", "APPENDIX A")
	for name, c := range map[string]struct {
		scan  *image.Gray
		layer string
		taken bool
	}{
		"a number": {full, "NARA-000114", false}, "a stamp": {full, "DECLASSIFIED Authority NND 931234 By KB NARA Date 4 June 1998", false},
		"a letter": {full, "I", false}, "all there is": {few, "APPENDIX A", true},
	} {
		b := imagingtest.PDFParts{Scan: c.scan, Width: 432, Height: 288, Layer: c.layer}.Bytes(t)
		p, err := taker.Read(t.Context(), bytesOf(b), "x.pdf", "", 1, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if taken := strings.HasPrefix(strings.Join(p.Steps, ";"), "text layer taken"); taken != c.taken || !taken && !strings.Contains(textOf(p), memo) {
			t.Errorf("%s: steps %q, %q", name, p.Steps, textOf(p))
		}
	}
}

// Pages without writing are pages without text; pages with a little of it are not.
func TestPagesWithoutWriting(t *testing.T) {
	const w, h = 1200, 1600
	drawn := func(f func(x, y int) int) *image.Gray {
		img := imagingtest.White(w, h)
		for y := range h {
			for x := range w {
				img.SetGray(x, y, color.Gray{uint8(min(max(f(x, y), 0), 255))})
			}
		}
		return img
	}
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]float64, 41*41)
	for i := range noise {
		noise[i] = r.Float64()
	}
	hills := func(x, y int) int { // a landscape's tones
		fx, fy := float64(x)/w*39, float64(y)/h*39
		i, j := int(fx), int(fy)
		u, v := fx-float64(i), fy-float64(j)
		at := func(i, j int) float64 { return noise[j*41+i] }
		return int(40 + 180*((1-u)*(1-v)*at(i, j)+u*(1-v)*at(i+1, j)+(1-u)*v*at(i, j+1)+u*v*at(i+1, j+1)))
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 2.5 }
	seal := func(x, y int) int {
		d := math.Hypot(float64(x-w/2), float64(y-h/2))
		if near(d, 300) || near(d, 220) || d < 218 && near(math.Mod(d, 40), 0) {
			return 30
		}
		return 250
	}
	for name, c := range map[string]struct {
		img  *image.Gray
		want transcript.NoText
		text string
	}{
		"photograph":    {drawn(hills), transcript.NoTextPicture, ""},
		"colour target": {drawn(func(x, y int) int { return 30 + 200*(x*6/w+y*4/h*6)/24 }), transcript.NoTextPicture, ""},
		"empty ledger": {drawn(func(x, y int) int {
			if y%60 < 3 || x%300 < 3 && y > 100 {
				return 40
			}
			return 250
		}), transcript.NoTextDrawing, ""},
		"seal": {drawn(seal), transcript.NoTextDrawing, ""},
		"plan": {drawn(func(x, y int) int {
			if x > 200 && x < 1000 && y > 300 && y < 1300 && (near(float64(x), 210) || near(float64(x), 990) || near(float64(y), 310) || near(float64(y), 1290) || near(float64(x+y), 1400) || near(float64(x), 600)) {
				return 20
			}
			return 250
		}), transcript.NoTextDrawing, ""},
		"a few words": {imagingtest.Page(t, 200, "", "", "", "        ANNEX B"), "", "ANNEX B"},
		"two figures": {imagingtest.Page(t, 200, "", "", "", "", "", "", "             27"), "", "27"},
		"a page":      {imagingtest.Page(t, 200, imagingtest.Memo...), "", memo},
	} {
		p, err := read(t, imagingtest.PNG(t, c.img), 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Blank || p.NoText != c.want || c.text != "" && textOf(p) != c.text || c.want != "" && textOf(p) != "" {
			t.Errorf("%s: blank %v, no text %q, odd %+v, ink %.4f, %q", name, p.Blank, p.NoText, p.Oddities, p.InkCoverage, textOf(p))
		}
	}
	p, err := read(t, imagingtest.PNG(t, imagingtest.White(w, h)), 1)
	if err != nil || !p.Blank || p.NoText != "" || len(p.Oddities) > 0 {
		t.Errorf("an empty sheet: %+v, %v", p, err)
	}
	// Faint writing stays writing.
	faint := imagingtest.Page(t, 200, imagingtest.Memo...)
	for i, v := range faint.Pix {
		faint.Pix[i] = 200 + v/5
	}
	if p, err := read(t, imagingtest.PNG(t, faint), 1); err != nil || p.Blank || p.NoText != "" || textOf(p) == "" {
		t.Errorf("faint: %+v, %q, %v", p.NoText, textOf(p), err)
	}
}

// The other formats are read in the confined child too.
func TestReadOtherFormats(t *testing.T) {
	for _, name := range []string{"corner.heic", "corner.avif", "corner.jxl", "corner-16bit.jp2", "pages.djvu"} {
		b, err := os.ReadFile("../imaging/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		pic, err := enginePool(t).Image(t.Context(), bytesOf(b), name, "", 1, 0)
		if err != nil || pic.Width != 96 || pic.Height != 64 {
			t.Errorf("%s: %d by %d, %v", name, pic.Width, pic.Height, err)
		}
		if plans, err := enginePool(t).Plan(t.Context(), bytesOf(b), name, ""); err != nil || len(plans) != 1+strings.Count(name, "pages") {
			t.Errorf("%s: %d pages, %v", name, len(plans), err)
		}
	}
	// Reasons are those of the file, not of its kind.
	empty := append([]byte("AT&TFORM\x00\x00\x00\x40DJVUINFO\x00\x00\x00\x0a"), make([]byte, 40)...)
	if _, err := read(t, empty, 1); err == nil || !strings.Contains(err.Error(), string(archive.Undecodable)) {
		t.Errorf("a DjVu of zeros: %v", err)
	}
}
