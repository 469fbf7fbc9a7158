package imagingtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

// JPEG encodes img with an EXIF orientation (0: no EXIF).
func JPEG(t testing.TB, img image.Image, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	if orientation == 0 {
		return b.Bytes()
	}
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	exif[6+8+2+9] = byte(orientation)
	out := []byte{0xFF, 0xD8, 0xFF, 0xE1}
	out = binary.BigEndian.AppendUint16(out, uint16(len(exif)+2))
	out = append(out, exif...)
	return append(out, b.Bytes()[2:]...)
}

// PNG encodes img.
func PNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// PNM encodes img as a raw grey map.
func PNM(img *image.Gray) []byte {
	b := img.Bounds()
	return append(fmt.Appendf(nil, "P5\n%d %d\n255\n", b.Dx(), b.Dy()), img.Pix...)
}

// PDFPage is a page of a PDF: one JPEG over the whole sheet, or a line of text.
type PDFPage struct {
	Scan   image.Image // grey, or in colours
	DPI    int         // of the scan
	Cut    int         // bytes missing at the end of its JPEG
	Text   string
	Rotate int
}

// PDF writes pages; encrypted, none but a password not known to anybody opens it.
func PDF(t testing.TB, encrypted bool, pages ...PDFPage) []byte {
	t.Helper()
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.4\n")
	object := func(body string, stream []byte) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\n", len(at), body)
		if stream != nil {
			fmt.Fprintf(&b, "stream\n%s\nendstream\n", stream)
		}
		b.WriteString("endobj\n")
	}
	object("<</Type/Catalog/Pages 2 0 R>>", nil)
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 4+3*i)
	}
	object(fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids, len(pages)), nil)
	object("<</Type/Font/Subtype/Type1/BaseFont/Courier>>", nil)
	for i, p := range pages {
		w, h, content, picture := 432.0, 288.0, fmt.Sprintf("BT /F 12 Tf 36 200 Td (%s) Tj ET", p.Text), []byte{}
		body := "<</Length 0>>"
		if p.Scan != nil {
			r := p.Scan.Bounds()
			w, h = float64(r.Dx())*72/float64(p.DPI), float64(r.Dy())*72/float64(p.DPI)
			content = fmt.Sprintf("q %.3f 0 0 %.3f 0 0 cm /I Do Q", w, h)
			picture = JPEG(t, p.Scan, 0)
			picture = picture[:len(picture)-p.Cut]
			space := "DeviceRGB"
			if _, grey := p.Scan.(*image.Gray); grey {
				space = "DeviceGray"
			}
			body = fmt.Sprintf("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent 8/Filter/DCTDecode/Length %d>>", r.Dx(), r.Dy(), space, len(picture))
		}
		object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.3f %.3f]/Rotate %d/Contents %d 0 R/Resources<</Font<</F 3 0 R>>/XObject<</I %d 0 R>>>>>>", w, h, p.Rotate, 5+3*i, 6+3*i), nil)
		object(fmt.Sprintf("<</Length %d>>", len(content)), []byte(content))
		object(body, picture)
	}
	trailer := fmt.Sprintf("/Size %d/Root 1 0 R", len(at)+1)
	if encrypted {
		key := fmt.Sprintf("<%064x>", 0x5eed)
		trailer += "/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O" + key + "/U" + key + ">>"
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n", trailer, xref)
	return b.Bytes()
}
