package imagingtest

import (
	"bytes"
	"fmt"
	"image"
	"testing"
)

// PDFParts is a PDF of one page with what PDFs have beside it.
type PDFParts struct {
	Scan          image.Image // over the whole page
	Width, Height float64     // of the page in points
	Layer         string      // unseen text in its lower corner
	Annotations   []string    // dictionaries, without their Type
	Files         map[string][]byte
	Clips         map[string][]byte // files on the page
	XFA           bool
	UserUnit      float64
}

// Bytes is the file.
func (p PDFParts) Bytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.7\n")
	add := func(body string, stream []byte) string {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\n", len(at), body)
		if stream != nil {
			fmt.Fprintf(&b, "stream\n%s\nendstream\n", stream)
		}
		b.WriteString("endobj\n")
		return fmt.Sprintf("%d 0 R", len(at))
	}
	spec := func(name string, data []byte) string {
		f := add(fmt.Sprintf("<</Type/EmbeddedFile/Length %d>>", len(data)), data)
		return add(fmt.Sprintf("<</Type/Filespec/F(%s)/UF(%s)/EF<</F %s>>>>", name, name, f), nil)
	}
	r := p.Scan.Bounds()
	jpeg := JPEG(t, p.Scan, 0)
	img := add(fmt.Sprintf("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length %d>>", r.Dx(), r.Dy(), len(jpeg)), jpeg)
	font := add("<</Type/Font/Subtype/Type1/BaseFont/Courier>>", nil)
	content := fmt.Sprintf("q %.3f 0 0 %.3f 0 0 cm /I Do Q", p.Width, p.Height)
	if p.Layer != "" {
		content += fmt.Sprintf(" BT 3 Tr /F 10 Tf 20 12 Td (%s) Tj ET", p.Layer)
	}
	text := add(fmt.Sprintf("<</Length %d>>", len(content)), []byte(content))
	annotations := ""
	for _, a := range p.Annotations {
		annotations += add("<</Type/Annot"+a+">>", nil) + " "
	}
	fields := annotations
	for name, data := range p.Clips {
		annotations += add("<</Type/Annot/Subtype/FileAttachment/Rect[10 10 20 20]/FS "+spec(name, data)+">>", nil) + " "
	}
	names := ""
	for name, data := range p.Files {
		names += fmt.Sprintf("(%s) %s ", name, spec(name, data))
	}
	unit := ""
	if p.UserUnit > 0 {
		unit = fmt.Sprintf("/UserUnit %.3f", p.UserUnit)
	}
	page := len(at) + 1
	add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.3f %.3f]%s/Contents %s/Annots[%s]/Resources<</Font<</F %s>>/XObject<</I %s>>>>>>",
		page+1, p.Width, p.Height, unit, text, annotations, font, img), nil)
	add(fmt.Sprintf("<</Type/Pages/Kids[%d 0 R]/Count 1>>", page), nil)
	form := ""
	if p.XFA {
		x := `<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template/></xdp:xdp>`
		form = "/XFA " + add(fmt.Sprintf("<</Length %d>>", len(x)), []byte(x))
	}
	catalog := fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/AcroForm<</Fields[%s]/DR<</Font<</Helv %s>>>>%s>>", page+1, fields, font, form)
	if names != "" {
		catalog += "/Collection<</View/D>>/Names<</EmbeddedFiles<</Names[" + names + "]>>>>"
	}
	root := add(catalog+">>", nil)
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %s>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, root, xref)
	return b.Bytes()
}
