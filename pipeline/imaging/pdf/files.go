package pdf

import (
	"fmt"
	"strings"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// File is a file within a PDF: of a portfolio, or attached to the document or a page.
type File struct {
	Name string
	Data []byte // nil: it cannot be read, or is over the limit
}

// mostFiles bounds the files of one document.
const mostFiles = 1000

// Files are the files that the document holds, in its own order. Those over maxBytes
// together come without their data.
func (d *Doc) Files(maxBytes int64) ([]File, error) {
	n, err := d.pdf.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: d.ref})
	if err != nil {
		return nil, nil // a document without a list of them
	}
	var out []File
	for i := range min(n.AttachmentCount, mostFiles) {
		a, err := d.pdf.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: d.ref, Index: i})
		if err != nil {
			out = append(out, File{Name: fmt.Sprintf("file %d", i+1)})
			continue
		}
		out = append(out, d.file(a.Attachment, i, &maxBytes))
	}
	for page := range d.Pages {
		if len(out) >= mostFiles {
			break
		}
		out = append(out, d.filesOn(page, &maxBytes)...)
	}
	return out, nil
}

// file reads one, taking its size from what is left.
func (d *Doc) file(a references.FPDF_ATTACHMENT, i int, left *int64) File {
	f := File{Name: fmt.Sprintf("file %d", i+1)}
	if name, err := d.pdf.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: a}); err == nil && name.Name != "" {
		f.Name = shortened(strings.ToValidUTF8(strings.Trim(name.Name, "\x00"), "\uFFFD"))
	}
	if *left <= 0 {
		return f
	}
	data, err := d.pdf.FPDFAttachment_GetFile(&requests.FPDFAttachment_GetFile{Attachment: a})
	if err != nil || int64(len(data.Contents)) > *left {
		return f
	}
	f.Data = data.Contents
	*left -= int64(len(f.Data))
	return f
}

// filesOn are the files that lie on a page (from 0) as paper clips do.
func (d *Doc) filesOn(page int, left *int64) (out []File) {
	at := requests.Page{ByIndex: &requests.PageByIndex{Document: d.ref, Index: page}}
	n, err := d.pdf.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: at})
	if err != nil {
		return nil
	}
	for i := range min(n.Count, mostAnnotations) {
		a, err := d.pdf.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: at, Index: i})
		if err != nil {
			continue
		}
		kind, err := d.pdf.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: a.Annotation})
		if err == nil && kind.Subtype == enums.FPDF_ANNOT_SUBTYPE_FILEATTACHMENT {
			if f, err := d.pdf.FPDFAnnot_GetFileAttachment(&requests.FPDFAnnot_GetFileAttachment{Document: d.ref, Annotation: a.Annotation}); err == nil {
				out = append(out, d.file(f.Attachment, i, left))
			}
		}
		_, _ = d.pdf.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation})
	}
	return out
}

// Placeholder reports whether the pages only stand in for a form that the reader
// here cannot lay out (XFA, of which only Adobe's own programs know).
func (d *Doc) Placeholder() bool {
	t, err := d.pdf.FPDF_GetFormType(&requests.FPDF_GetFormType{Document: d.ref})
	return err == nil && (t.FormType == enums.FPDF_FORMTYPE_XFA_FULL || t.FormType == enums.FPDF_FORMTYPE_XFA_FOREGROUND)
}
