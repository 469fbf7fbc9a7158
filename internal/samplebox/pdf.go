package samplebox

import (
	"bytes"
	"fmt"
)

// pdfG4 is a PDF as a scanner writes it: each page one image in CCITT Group 4,
// no text.
func pdfG4(dpi int, pages ...bilevel) []byte {
	var b bytes.Buffer
	var at []int
	object := func(format string, args ...any) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(at))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 3+3*i)
	}
	object("<< /Type /Pages /Count %d /Kids [ %s] >>", len(pages), kids)
	for i, p := range pages {
		w, h := p.w*72/dpi, p.h*72/dpi
		paint := fmt.Sprintf("q %d 0 0 %d 0 0 cm /Scan Do Q", w, h)
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /XObject << /Scan %d 0 R >> >> /Contents %d 0 R >>",
			w, h, 5+3*i, 4+3*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(paint), paint)
		data := p.g4()
		object("<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode"+
			" /DecodeParms << /K -1 /Columns %d /Rows %d >> /Length %d >>\nstream\n%s\nendstream", p.w, p.h, p.w, p.h, len(data), data)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}
