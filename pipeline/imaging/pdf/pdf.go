// Package pdf opens PDF files with pdfium compiled to WebAssembly and draws
// their pages, in grey or colours. It owns how large a page is drawn; it decodes in
// a sandbox of its own, without files, and still belongs in an engine child:
// a page can take any time and much memory.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Errors beside those of the reader.
var (
	ErrPassword = errors.New("the PDF needs a password")
	ErrBroken   = errors.New("the PDF cannot be read")
	ErrTooLarge = errors.New("the PDF page is over the limit of pixels")
)

// DefaultDPI is what pages are drawn at that are no scanned image.
const DefaultDPI = 300

// Engine is pdfium, compiled and ready. One use at a time.
type Engine struct {
	pool pdfium.Pool
}

// NewEngine compiles pdfium, or takes it from cacheDir where an earlier process
// compiled it ("": no cache). memory bounds what its documents may take, in
// bytes.
func NewEngine(ctx context.Context, cacheDir string, memory int64) (*Engine, error) {
	rc := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(uint32(min(max(memory, 64<<20), 4<<30) >> 16))
	if cacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(cacheDir)
		if err != nil {
			return nil, fmt.Errorf("open the cache of compiled code: %w", err)
		}
		rc = rc.WithCompilationCache(cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MinIdle: 0, MaxIdle: 1, MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), RuntimeConfig: rc, Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err)
	}
	return &Engine{pool}, nil
}

// Doc is an open PDF.
type Doc struct {
	pdf   pdfium.Pdfium
	ref   references.FPDF_DOCUMENT
	Pages int
}

// Open reads the structure of a PDF of size bytes; pages are fetched from r as
// they are drawn. The instance behind it starts anew for every document.
func (e *Engine) Open(r io.ReaderAt, size int64) (*Doc, error) {
	inst, err := e.pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("start a pdfium instance: %w", err)
	}
	d := &Doc{pdf: inst}
	opened, err := inst.OpenDocument(&requests.OpenDocument{FileReader: io.NewSectionReader(r, 0, size), FileReaderSize: size})
	if err != nil {
		d.Close()
		if errors.Is(err, pdfiumerrors.ErrPassword) || errors.Is(err, pdfiumerrors.ErrSecurity) {
			return nil, fmt.Errorf("%w (%v)", ErrPassword, err)
		}
		return nil, fmt.Errorf("%w: %v", ErrBroken, err)
	}
	d.ref = opened.Document
	n, err := inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.ref})
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("%w: count its pages: %v", ErrBroken, err)
	}
	d.Pages = n.PageCount
	return d, nil
}

// Close frees the document and its instance.
func (d *Doc) Close() {
	if d.ref != "" {
		_, _ = d.pdf.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: d.ref})
	}
	_ = d.pdf.Close() // the instance goes either way
}

// Draft is how a page is going to be drawn.
type Draft struct {
	Index         int // from 1
	Width, Height int // pixels, as shown
	DPI           int
	Scanned       bool // the page is a scanned image, drawn at the image's own resolution
}

// Size is the page's size at DefaultDPI, without looking into it: cheap.
func (d *Doc) Size(index int) (Draft, error) {
	s, err := d.pdf.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: d.ref, Index: index - 1})
	if err != nil {
		return Draft{}, fmt.Errorf("%w: size of page %d: %v", ErrBroken, index, err)
	}
	return draft(index, s.Width, s.Height, DefaultDPI), nil
}

func draft(index int, w, h, dpi float64) Draft {
	px := func(pt float64) int { return int(min(max(math.Round(pt*dpi/72), 1), 1<<24)) }
	return Draft{Index: index, Width: px(w), Height: px(h), DPI: int(math.Round(dpi))}
}

// Page is a page of an open document, loaded.
type Page struct {
	doc   *Doc
	ref   references.FPDF_PAGE
	index int
	w, h  float64 // points

	fields bool     // it has form fields
	added  bool     // it has text that is not in its content: fields, notes typed on it
	notes  []string // texts of notes that no viewer prints
}

// Page loads page index, from 1.
func (d *Doc) Page(index int) (*Page, error) {
	s, err := d.pdf.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: d.ref, Index: index - 1})
	if err != nil {
		return nil, fmt.Errorf("%w: page %d: %v", ErrBroken, index, err)
	}
	p, err := d.pdf.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.ref, Index: index - 1})
	if err != nil {
		return nil, fmt.Errorf("%w: page %d: %v", ErrBroken, index, err)
	}
	page := &Page{doc: d, ref: p.Page, index: index, w: s.Width, h: s.Height}
	page.annotations()
	return page, nil
}

// Close frees the page.
func (p *Page) Close() {
	_, _ = p.doc.pdf.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: p.ref})
}

// Share of the page that images must cover for it to be a scanned page.
const scannedShare = 0.85

// An image over less than this share of the page is a logo or a stamp.
const smallShare = 0.005

// mostObjects bounds how much of a page is looked at.
const mostObjects = 4096

// leastDPI is the least that a page is drawn at to keep within a limit of pixels:
// below, print of the usual size is too small to read.
const leastDPI = 100

// Draft looks at the page's objects. A page covered by images (one scan, or one
// in strips) is drawn at their resolution, so that every pixel of the scan is a
// pixel of the drawing, whatever size the page says it is; any other at DefaultDPI,
// or lower where a large sheet would have more than maxPixels (0: no limit).
func (p *Page) Draft(maxPixels int64) (Draft, error) {
	n, err := p.doc.pdf.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p.page()})
	if err != nil {
		return Draft{}, fmt.Errorf("%w: look at page %d: %v", ErrBroken, p.index, err)
	}
	covered, dpi := 0.0, 0.0
	for i := range min(n.Count, mostObjects) {
		share, res := p.image(i)
		covered += share
		if share > smallShare { // a logo says nothing about the scan
			dpi = max(dpi, res)
		}
	}
	if covered < scannedShare || dpi <= 0 {
		dpi = DefaultDPI
		if room := 72 * math.Sqrt(float64(maxPixels)/(p.w*p.h)); maxPixels > 0 && room < dpi && room >= leastDPI {
			dpi = math.Floor(room) - 1
		}
		return draft(p.index, p.w, p.h, dpi), nil
	}
	d := draft(p.index, p.w, p.h, dpi)
	d.Scanned = true
	return d, nil
}

func (p *Page) page() requests.Page { return requests.Page{ByReference: &p.ref} }

// image is the share of the page that object i covers and its resolution, if it
// is an image; else 0, 0.
func (p *Page) image(i int) (share, dpi float64) {
	o, err := p.doc.pdf.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p.page(), Index: i})
	if err != nil {
		return 0, 0
	}
	kind, err := p.doc.pdf.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o.PageObject})
	if err != nil || kind.Type != enums.FPDF_PAGEOBJ_IMAGE {
		return 0, 0
	}
	size, err := p.doc.pdf.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: o.PageObject})
	if err != nil {
		return 0, 0
	}
	m, err := p.doc.pdf.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o.PageObject})
	if err != nil {
		return 0, 0
	}
	w := math.Hypot(float64(m.Matrix.A), float64(m.Matrix.B))
	h := math.Hypot(float64(m.Matrix.C), float64(m.Matrix.D))
	if w <= 0 || h <= 0 || p.w <= 0 || p.h <= 0 {
		return 0, 0
	}
	return w * h / (p.w * p.h), 72 * max(float64(size.Width)/w, float64(size.Height)/h)
}

// JPEGs calls f with the data of each image on the page, but for small ones, that is
// stored as a JPEG and nothing more, until f returns an error: pdfium draws one that
// is cut short as if the rest were white, and says nothing.
func (p *Page) JPEGs(f func(data []byte) error) error {
	n, err := p.doc.pdf.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p.page()})
	if err != nil {
		return fmt.Errorf("%w: look at page %d: %v", ErrBroken, p.index, err)
	}
	for i := range min(n.Count, mostObjects) {
		if share, _ := p.image(i); share <= smallShare {
			continue
		}
		o, err := p.doc.pdf.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p.page(), Index: i})
		if err != nil {
			continue
		}
		filters, err := p.doc.pdf.FPDFImageObj_GetImageFilterCount(&requests.FPDFImageObj_GetImageFilterCount{ImageObject: o.PageObject})
		if err != nil || filters.Count != 1 {
			continue
		}
		filter, err := p.doc.pdf.FPDFImageObj_GetImageFilter(&requests.FPDFImageObj_GetImageFilter{ImageObject: o.PageObject})
		if err != nil || filter.ImageFilter != "DCTDecode" && filter.ImageFilter != "DCT" {
			continue
		}
		raw, err := p.doc.pdf.FPDFImageObj_GetImageDataRaw(&requests.FPDFImageObj_GetImageDataRaw{ImageObject: o.PageObject})
		if err != nil {
			continue
		}
		if err := f(raw.Data); err != nil {
			return fmt.Errorf("an image on page %d: %w", p.index, err)
		}
	}
	return nil
}

// Drawing is a page as bytes of grey or, where colours were asked for, of red,
// green, blue and alpha. Release must be called when done with Bytes.
type Drawing struct {
	Draft
	Bytes   []byte
	Stride  int
	Release func()
}

// Draw draws the page, with annotations and form fields, as a viewer shows it. Nothing is drawn
// that would have more than maxPixels (0: none).
func (p *Page) Draw(d Draft, maxPixels int64, colours bool) (Drawing, error) {
	if maxPixels > 0 && int64(d.Width) > maxPixels/int64(d.Height) {
		return Drawing{}, fmt.Errorf("%w: %d by %d, allowed are %d in all", ErrTooLarge, d.Width, d.Height, maxPixels)
	}
	format := requests.RenderImageFormatGrayscale
	if colours {
		format = requests.RenderImageFormatRGBA
	}
	res, err := p.doc.pdf.RenderPageInPixels(&requests.RenderPageInPixels{
		Page: p.page(), Width: d.Width, Height: d.Height,
		ImageFormat: format, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
		RenderForm: p.fields, Document: &p.doc.ref,
	})
	if err != nil {
		return Drawing{}, fmt.Errorf("%w: draw page %d: %v", ErrBroken, p.index, err)
	}
	bytes, stride, ok := bytesOf(res.Result.RenderedImage)
	if !ok {
		res.Cleanup()
		return Drawing{}, fmt.Errorf("%w: draw page %d: no picture", ErrBroken, p.index)
	}
	d.Width, d.Height = res.Result.Width, res.Result.Height
	return Drawing{Draft: d, Bytes: bytes, Stride: stride, Release: res.Cleanup}, nil
}
