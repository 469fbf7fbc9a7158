//go:build cgo

package imaging

// #cgo pkg-config: libopenjp2
// #include <stdlib.h>
// #include <string.h>
// #include <openjpeg.h>
//
// typedef struct { const unsigned char *data; size_t size, at; } jp2_source;
// static OPJ_SIZE_T jp2_read(void *to, OPJ_SIZE_T n, void *user) {
//   jp2_source *s = user;
//   if (s->at >= s->size) return (OPJ_SIZE_T)-1;
//   if (n > s->size - s->at) n = s->size - s->at;
//   memcpy(to, s->data + s->at, n);
//   s->at += n;
//   return n;
// }
// static OPJ_OFF_T jp2_skip(OPJ_OFF_T n, void *user) {
//   jp2_source *s = user;
//   if (n < 0) return -1;
//   if ((size_t)n > s->size - s->at) n = s->size - s->at;
//   s->at += n;
//   return n;
// }
// static OPJ_BOOL jp2_seek(OPJ_OFF_T n, void *user) {
//   jp2_source *s = user;
//   if (n < 0 || (size_t)n > s->size) return OPJ_FALSE;
//   s->at = n;
//   return OPJ_TRUE;
// }
// // The picture of a JPEG 2000 file or codestream. NULL where there is none.
// static opj_image_t *jp2_decode(const unsigned char *data, size_t n, int raw, unsigned long long most) {
//   jp2_source from = {data, n, 0};
//   opj_image_t *image = NULL;
//   opj_dparameters_t how;
//   opj_codec_t *codec = opj_create_decompress(raw ? OPJ_CODEC_J2K : OPJ_CODEC_JP2);
//   opj_stream_t *s = opj_stream_default_create(OPJ_TRUE);
//   int ok = 0;
//   if (codec && s) {
//     opj_stream_set_user_data(s, &from, NULL);
//     opj_stream_set_user_data_length(s, n);
//     opj_stream_set_read_function(s, jp2_read);
//     opj_stream_set_skip_function(s, jp2_skip);
//     opj_stream_set_seek_function(s, jp2_seek);
//     opj_set_default_decoder_parameters(&how);
//     ok = opj_setup_decoder(codec, &how) && opj_read_header(s, codec, &image) && image &&
//          (!most || (unsigned long long)(image->x1 - image->x0) * (image->y1 - image->y0) <= most) &&
//          opj_decode(codec, s, image) && opj_end_decompress(codec, s);
//   }
//   if (s) opj_stream_destroy(s);
//   if (codec) opj_destroy_codec(codec);
//   if (!ok && image) { opj_image_destroy(image); image = NULL; }
//   return image;
// }
// static unsigned jp2_sample(const opj_image_comp_t *c, unsigned x, unsigned y) {
//   long long v = c->data[(size_t)(y < c->h ? y : c->h - 1) * c->w + (x < c->w ? x : c->w - 1)];
//   long long top = (1LL << c->prec) - 1;
//   if (c->sgnd) v += 1LL << (c->prec - 1);
//   if (v < 0) v = 0;
//   if (v > top) v = top;
//   return (unsigned)(v * 255 / top);
// }
// // Rows of red, green, blue and alpha of any depth and subsampling.
// static int jp2_rgba(const opj_image_t *image, unsigned w, unsigned h, unsigned char *out) {
//   unsigned n = image->numcomps;
//   for (unsigned i = 0; i < n; i++)
//     if (!image->comps[i].data || !image->comps[i].w || !image->comps[i].h || !image->comps[i].dx || !image->comps[i].dy || image->comps[i].prec < 1 || image->comps[i].prec > 31) return 0;
//   for (unsigned y = 0; y < h; y++)
//     for (unsigned x = 0; x < w; x++) {
//       unsigned v[3];
//       for (unsigned k = 0; k < 3; k++) {
//         const opj_image_comp_t *c = &image->comps[n < 3 ? 0 : k];
//         v[k] = jp2_sample(c, x * image->comps[0].dx / c->dx, y * image->comps[0].dy / c->dy);
//       }
//       if (n >= 3 && image->color_space == OPJ_CLRSPC_SYCC) {
//         double Y = v[0], cb = v[1] - 128.0, cr = v[2] - 128.0;
//         double p[3] = {Y + 1.402 * cr, Y - 0.344136 * cb - 0.714136 * cr, Y + 1.772 * cb};
//         for (unsigned k = 0; k < 3; k++) v[k] = p[k] < 0 ? 0 : p[k] > 255 ? 255 : (unsigned)p[k];
//       }
//       for (unsigned k = 0; k < 3; k++) *out++ = v[k];
//       *out++ = 255;
//     }
//   return 1;
// }
import "C"

import (
	"bytes"
	"fmt"
	"runtime"
	"unsafe"
)

// decodeJP2 decodes JPEG 2000 of any depth: leptonica knows 8 bits a sample alone.
func decodeJP2(b []byte, maxPixels int64, keep Palette) (*Pix, error) {
	raw := C.int(0)
	if bytes.HasPrefix(b, []byte{0xFF, 0x4F}) {
		raw = 1
	}
	image := C.jp2_decode((*C.uchar)(&b[0]), C.size_t(len(b)), raw, C.ulonglong(max(maxPixels, 0)))
	runtime.KeepAlive(b)
	if image == nil {
		return nil, fmt.Errorf("%w: JPEG 2000", ErrUndecodable)
	}
	defer C.opj_image_destroy(image)
	if image.numcomps == 0 || image.comps == nil {
		return nil, fmt.Errorf("%w: JPEG 2000 without components", ErrUndecodable)
	}
	w, h := int(image.comps.w), int(image.comps.h)
	if err := CheckPixels(w, h, maxPixels); err != nil {
		return nil, err
	}
	out := C.malloc(C.size_t(4 * w * h))
	if out == nil {
		return nil, fmt.Errorf("%w: no memory for %d by %d pixels", ErrTooLarge, w, h)
	}
	defer C.free(out)
	if C.jp2_rgba(image, C.uint(w), C.uint(h), (*C.uchar)(out)) == 0 {
		return nil, fmt.Errorf("%w: JPEG 2000 of samples that make no picture", ErrUndecodable)
	}
	return fromRGBA(unsafe.Slice((*byte)(out), 4*w*h), w, h, 4*w, keep)
}
