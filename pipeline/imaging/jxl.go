//go:build cgo

package imaging

// #cgo pkg-config: libjxl
// #include <stdlib.h>
// #include <jxl/decode.h>
//
// // The first picture as rows of red, green, blue and alpha. 0: done; else why not.
// static int jxl_decode(const uint8_t *data, size_t n, uint64_t most, uint32_t *w, uint32_t *h, uint8_t **out) {
//   JxlDecoder *d = JxlDecoderCreate(NULL);
//   JxlPixelFormat format = {4, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
//   JxlBasicInfo info;
//   size_t size = 0;
//   int result = 1;
//   if (!d) return 3;
//   if (JxlDecoderSubscribeEvents(d, JXL_DEC_BASIC_INFO | JXL_DEC_FULL_IMAGE) != JXL_DEC_SUCCESS ||
//       JxlDecoderSetInput(d, data, n) != JXL_DEC_SUCCESS) goto end;
//   JxlDecoderCloseInput(d);
//   for (;;) {
//     switch (JxlDecoderProcessInput(d)) {
//     case JXL_DEC_BASIC_INFO:
//       if (JxlDecoderGetBasicInfo(d, &info) != JXL_DEC_SUCCESS) goto end;
//       *w = info.xsize; *h = info.ysize;
//       if (!info.xsize || !info.ysize) goto end;
//       if (most && info.xsize > most / info.ysize) { result = 3; goto end; }
//       break;
//     case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
//       if (JxlDecoderImageOutBufferSize(d, &format, &size) != JXL_DEC_SUCCESS || size < (size_t)*w * *h * 4 || *out) goto end;
//       if (!(*out = malloc(size))) { result = 3; goto end; }
//       if (JxlDecoderSetImageOutBuffer(d, &format, *out, size) != JXL_DEC_SUCCESS) goto end;
//       break;
//     case JXL_DEC_FULL_IMAGE:
//       result = 0;
//       goto end;
//     case JXL_DEC_NEED_MORE_INPUT:
//       result = 2;
//       goto end;
//     default:
//       goto end;
//     }
//   }
// end:
//   JxlDecoderDestroy(d);
//   return result;
// }
import "C"

import (
	"fmt"
	"runtime"
	"unsafe"
)

// decodeJXL decodes the first picture of a JPEG XL file as a viewer shows it.
func decodeJXL(b []byte, maxPixels int64, keep Palette) (*Pix, error) {
	var w, h C.uint32_t
	var out *C.uint8_t
	status := C.jxl_decode((*C.uint8_t)(&b[0]), C.size_t(len(b)), C.uint64_t(max(maxPixels, 0)), &w, &h, &out)
	runtime.KeepAlive(b)
	defer C.free(unsafe.Pointer(out))
	switch status {
	case 0:
	case 2:
		return nil, fmt.Errorf("%w: a JPEG XL of %d bytes", ErrTruncated, len(b))
	case 3:
		return nil, fmt.Errorf("%w: a JPEG XL of %d by %d pixels", ErrTooLarge, w, h)
	default:
		return nil, fmt.Errorf("%w: a JPEG XL", ErrUndecodable)
	}
	return fromRGBA(unsafe.Slice((*byte)(unsafe.Pointer(out)), 4*int(w)*int(h)), int(w), int(h), 4*int(w), keep)
}
