package pdf

import (
	"strconv"
	"strings"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// Bounds of what is looked at of a page's annotations.
const (
	mostAnnotations = 2000
	mostNotes       = 50
	longestNote     = 500 // characters
)

// annotations looks at what lies on the page: it notes form fields and the texts of
// notes, and sets the text of fields and of typed notes on the page that come without
// a picture of themselves, as viewers do. What cannot be followed is passed over: the
// page itself is still there.
func (p *Page) annotations() {
	n, err := p.doc.pdf.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: p.page()})
	if err != nil {
		return
	}
	for i := range min(n.Count, mostAnnotations) {
		a, err := p.doc.pdf.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: p.page(), Index: i})
		if err != nil {
			continue
		}
		p.annotation(a.Annotation)
		_, _ = p.doc.pdf.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation})
	}
}

// Flags of annotations (PDF 1.7, 12.5.3) that a screen does not show.
const unseen = 1<<1 | 1<<5 // hidden, no view

func (p *Page) annotation(a references.FPDF_ANNOTATION) {
	kind, err := p.doc.pdf.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: a})
	if err != nil {
		return
	}
	if f, err := p.doc.pdf.FPDFAnnot_GetFlags(&requests.FPDFAnnot_GetFlags{Annotation: a}); err == nil && f.Flags&unseen != 0 {
		return
	}
	text := ""
	switch kind.Subtype {
	case enums.FPDF_ANNOT_SUBTYPE_WIDGET:
		p.fields = true
		text = p.value(a, "V")
	case enums.FPDF_ANNOT_SUBTYPE_FREETEXT:
		text = p.value(a, "Contents")
	case enums.FPDF_ANNOT_SUBTYPE_TEXT:
		if note := strings.TrimSpace(p.value(a, "Contents")); note != "" && len(p.notes) < mostNotes {
			p.notes = append(p.notes, shortened(note))
		}
		return
	default:
		return
	}
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	p.added = true
	if p.pictured(a) || p.isButton(a) {
		return
	}
	p.set(a, text)
	// What is set here is not to be drawn by pdfium too, which knows some kinds.
	_, _ = p.doc.pdf.FPDFAnnot_SetFlags(&requests.FPDFAnnot_SetFlags{Annotation: a, Flags: 1 << 1})
}

// Notes are the texts of notes stuck to the page that are not printed on it.
func (p *Page) Notes() []string { return p.notes }

// Added reports whether text stands on the page that is not in its content: filled
// fields, notes typed on it. Text then leaves it out.
func (p *Page) Added() bool { return p.added }

func shortened(s string) string {
	if r := []rune(s); len(r) > longestNote {
		return string(r[:longestNote]) + "…"
	}
	return s
}

func (p *Page) value(a references.FPDF_ANNOTATION, key string) string {
	v, err := p.doc.pdf.FPDFAnnot_GetStringValue(&requests.FPDFAnnot_GetStringValue{Annotation: a, Key: key})
	if err != nil {
		return ""
	}
	return strings.Trim(v.Value, "\x00")
}

// pictured reports whether the annotation says how it looks.
func (p *Page) pictured(a references.FPDF_ANNOTATION) bool {
	v, err := p.doc.pdf.FPDFAnnot_HasKey(&requests.FPDFAnnot_HasKey{Annotation: a, Key: "AP"})
	return err == nil && v.HasKey
}

// isButton reports whether a field is a button or a signature, whose value is no text.
func (p *Page) isButton(a references.FPDF_ANNOTATION) bool {
	kind := p.value(a, "FT")
	return kind == "Btn" || kind == "Sig"
}

// set puts text into the annotation's rectangle as part of the page's content, where
// a viewer would show it: in lines from the top, of the size that its default
// appearance asks for or that fits.
func (p *Page) set(a references.FPDF_ANNOTATION, text string) {
	r, err := p.doc.pdf.FPDFAnnot_GetRect(&requests.FPDFAnnot_GetRect{Annotation: a})
	if err != nil {
		return
	}
	left, bottom, right, top := float64(r.Rect.Left), float64(r.Rect.Bottom), float64(r.Rect.Right), float64(r.Rect.Top)
	if left > right {
		left, right = right, left
	}
	if bottom > top {
		bottom, top = top, bottom
	}
	size := fontSize(p.value(a, "DA"))
	if size <= 0 {
		size = min(max(0.7*(top-bottom), 4), 12)
	}
	lines := wrapped(text, int((right-left)/(0.5*size)))
	y := top - size
	if len(lines) == 1 { // in the middle, as fields of one line have it
		y = (top+bottom)/2 - 0.35*size
	}
	for _, line := range lines {
		p.print(line, size, left+2, y)
		y -= 1.2 * size
	}
}

// fontSize is the size in a default appearance string, "/Helv 12 Tf 0 g"; 0: to be
// fitted.
func fontSize(da string) float64 {
	f := strings.Fields(da)
	for i := range f {
		if f[i] == "Tf" && i > 0 {
			size, err := strconv.ParseFloat(f[i-1], 64)
			if err == nil && size > 0 && size < 200 {
				return size
			}
		}
	}
	return 0
}

// mostLines bounds what is set of one text.
const mostLines = 100

// wrapped are the lines of text, broken at blanks where longer than width characters.
func wrapped(text string, width int) (lines []string) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	for para := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, w := range strings.Fields(para) {
			if line != "" && len([]rune(line))+1+len([]rune(w)) > max(width, 8) {
				lines, line = append(lines, line), ""
			}
			line = strings.TrimSpace(line + " " + w)
		}
		if line != "" {
			lines = append(lines, line)
		}
		if len(lines) >= mostLines {
			return lines[:mostLines]
		}
	}
	return lines
}

// print sets one line of text on the page.
func (p *Page) print(line string, size, x, y float64) {
	o, err := p.doc.pdf.FPDFPageObj_NewTextObj(&requests.FPDFPageObj_NewTextObj{Document: p.doc.ref, Font: "Helvetica", FontSize: float32(size)})
	if err != nil {
		return
	}
	if _, err := p.doc.pdf.FPDFText_SetText(&requests.FPDFText_SetText{PageObject: o.PageObject, Text: line}); err != nil {
		return
	}
	_, _ = p.doc.pdf.FPDFPageObj_TransformF(&requests.FPDFPageObj_TransformF{
		PageObject: o.PageObject, Transform: structs.FPDF_FS_MATRIX{A: 1, D: 1, E: float32(x), F: float32(y)}})
	_, _ = p.doc.pdf.FPDFPage_InsertObject(&requests.FPDFPage_InsertObject{Page: p.page(), PageObject: o.PageObject})
}
