//go:build cgo

package imaging

// #cgo pkg-config: ddjvuapi
// #include <stdlib.h>
// #include <libdjvu/ddjvuapi.h>
//
// // Takes what messages there are. A document that asks for other files, of which it is
// // only the index, is told that there are none.
// static void djvu_messages(ddjvu_context_t *c, int wait) {
//   const ddjvu_message_t *m;
//   if (wait) ddjvu_message_wait(c);
//   while ((m = ddjvu_message_peek(c))) {
//     if (m->m_any.tag == DDJVU_NEWSTREAM && m->m_newstream.streamid > 0)
//       ddjvu_stream_close(m->m_any.document, m->m_newstream.streamid, 1);
//     ddjvu_message_pop(c);
//   }
// }
// static ddjvu_document_t *djvu_open(ddjvu_context_t *c, const char *data, unsigned long n) {
//   ddjvu_document_t *d = ddjvu_document_create(c, NULL, 0);
//   if (!d) return NULL;
//   ddjvu_stream_write(d, 0, data, n);
//   ddjvu_stream_close(d, 0, 0);
//   while (!ddjvu_document_decoding_done(d)) djvu_messages(c, 1);
//   if (ddjvu_document_decoding_error(d)) { ddjvu_document_release(d); return NULL; }
//   return d;
// }
// static int djvu_info(ddjvu_context_t *c, ddjvu_document_t *d, int page, ddjvu_pageinfo_t *info) {
//   ddjvu_status_t s;
//   while ((s = ddjvu_document_get_pageinfo(d, page, info)) < DDJVU_JOB_OK) djvu_messages(c, 1);
//   return s == DDJVU_JOB_OK;
// }
// static ddjvu_page_t *djvu_page(ddjvu_context_t *c, ddjvu_document_t *d, int page) {
//   ddjvu_page_t *p = ddjvu_page_create_by_pageno(d, page);
//   if (!p) return NULL;
//   while (!ddjvu_page_decoding_done(p)) djvu_messages(c, 1);
//   if (ddjvu_page_decoding_error(p)) { ddjvu_page_release(p); return NULL; }
//   return p;
// }
// static int djvu_draw(ddjvu_page_t *p, int w, int h, char *out) {
//   unsigned masks[4] = {0x000000ff, 0x0000ff00, 0x00ff0000, 0xff000000}; // red lowest, alpha all ones
//   ddjvu_rect_t r = {0, 0, (unsigned)w, (unsigned)h};
//   ddjvu_format_t *f = ddjvu_format_create(DDJVU_FORMAT_RGBMASK32, 4, masks);
//   int ok = 0;
//   if (!f) return 0;
//   ddjvu_format_set_row_order(f, 1);
//   ok = ddjvu_page_render(p, DDJVU_RENDER_COLOR, &r, &r, f, (unsigned long)w * 4, out);
//   ddjvu_format_release(f);
//   return ok;
// }
import "C"

import (
	"fmt"
	"sync"
	"unsafe"
)

// djvuFile is an open DjVu document.
type djvuFile struct {
	ctx *C.ddjvu_context_t
	doc *C.ddjvu_document_t
	n   int
}

// djvuContext is the library's state, made once: it looks at the disk, which a child
// has no more when it comes to a file. One use at a time.
var djvuContext = sync.OnceValue(func() *C.ddjvu_context_t {
	name := C.CString("nightshift")
	defer C.free(unsafe.Pointer(name))
	return C.ddjvu_context_create(name)
})

var djvuInUse sync.Mutex

func openDjVu(b []byte) (*djvuFile, error) {
	djvuInUse.Lock()
	f := &djvuFile{ctx: djvuContext()}
	if f.ctx == nil {
		djvuInUse.Unlock()
		return nil, fmt.Errorf("%w: no memory for a DjVu", ErrTooLarge)
	}
	if f.doc = C.djvu_open(f.ctx, (*C.char)(unsafe.Pointer(&b[0])), C.ulong(len(b))); f.doc == nil {
		f.close()
		return nil, fmt.Errorf("%w: a DjVu document", ErrUndecodable)
	}
	if f.n = int(C.ddjvu_document_get_pagenum(f.doc)); f.n <= 0 {
		f.close()
		return nil, fmt.Errorf("%w: a DjVu document without a page", ErrUndecodable)
	}
	return f, nil
}

func (f *djvuFile) close() {
	if f.doc != nil {
		C.ddjvu_job_release(C.ddjvu_document_job(f.doc))
	}
	djvuInUse.Unlock()
}

func djvuPages(b []byte) (int, error) {
	f, err := openDjVu(b)
	if err != nil {
		return 0, err
	}
	defer f.close()
	return f.n, nil
}

// decodeDjVu draws page index (from 1) at its own resolution.
func decodeDjVu(b []byte, index int, maxPixels int64, keep Palette) (*Pix, error) {
	f, err := openDjVu(b)
	if err != nil {
		return nil, err
	}
	defer f.close()
	if index < 1 || index > f.n {
		return nil, fmt.Errorf("%w: no page %d in a DjVu of %d", ErrUndecodable, index, f.n)
	}
	var info C.ddjvu_pageinfo_t
	if C.djvu_info(f.ctx, f.doc, C.int(index-1), &info) == 0 {
		return nil, fmt.Errorf("%w: page %d of a DjVu", ErrUndecodable, index)
	}
	if err := CheckPixels(int(info.width), int(info.height), maxPixels); err != nil {
		return nil, err
	}
	page := C.djvu_page(f.ctx, f.doc, C.int(index-1))
	if page == nil {
		return nil, fmt.Errorf("%w: page %d of a DjVu", ErrUndecodable, index)
	}
	defer C.ddjvu_job_release(C.ddjvu_page_job(page))
	w, h := int(C.ddjvu_page_get_width(page)), int(C.ddjvu_page_get_height(page))
	if err := CheckPixels(w, h, maxPixels); err != nil {
		return nil, err
	}
	out := C.malloc(C.size_t(4 * w * h))
	if out == nil {
		return nil, fmt.Errorf("%w: no memory for %d by %d pixels", ErrTooLarge, w, h)
	}
	defer C.free(out)
	if C.djvu_draw(page, C.int(w), C.int(h), (*C.char)(out)) == 0 {
		return nil, fmt.Errorf("%w: page %d of a DjVu", ErrUndecodable, index)
	}
	x, err := fromRGBA(unsafe.Slice((*byte)(out), 4*w*h), w, h, 4*w, keep)
	if err == nil {
		x.SetDPI(int(info.dpi))
	}
	return x, err
}
