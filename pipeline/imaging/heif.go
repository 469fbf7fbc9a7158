//go:build cgo

package imaging

// #cgo pkg-config: libheif
// #include <stdlib.h>
// #include <libheif/heif.h>
import "C"

import (
	"fmt"
	"unsafe"
)

// heifFile is an open HEIF file: HEIC or AVIF.
type heifFile struct {
	ctx   *C.struct_heif_context
	items []C.heif_item_id // its pictures, in the file's order
}

func openHEIF(b []byte) (*heifFile, error) {
	f := &heifFile{ctx: C.heif_context_alloc()}
	if f.ctx == nil {
		return nil, fmt.Errorf("%w: no memory for a HEIF", ErrTooLarge)
	}
	if e := C.heif_context_read_from_memory(f.ctx, unsafe.Pointer(&b[0]), C.size_t(len(b)), nil); e.code != C.heif_error_Ok {
		f.close()
		return nil, heifError(e)
	}
	n := min(int(C.heif_context_get_number_of_top_level_images(f.ctx)), mostFrames)
	if n <= 0 {
		f.close()
		return nil, fmt.Errorf("%w: a HEIF without a picture", ErrUndecodable)
	}
	f.items = make([]C.heif_item_id, n)
	got := C.heif_context_get_list_of_top_level_image_IDs(f.ctx, &f.items[0], C.int(n))
	f.items = f.items[:got]
	return f, nil
}

func (f *heifFile) close() { C.heif_context_free(f.ctx) }

func heifError(e C.struct_heif_error) error {
	kind := ErrUndecodable
	if e.subcode == C.heif_suberror_End_of_data {
		kind = ErrTruncated
	}
	return fmt.Errorf("%w: HEIF: %s", kind, C.GoString(e.message))
}

func heifPages(b []byte) (int, error) {
	f, err := openHEIF(b)
	if err != nil {
		return 0, err
	}
	defer f.close()
	return len(f.items), nil
}

// decodeHEIF decodes picture index (from 1) as a viewer shows it: turned, cropped.
func decodeHEIF(b []byte, index int, maxPixels int64, keep Palette) (*Pix, error) {
	f, err := openHEIF(b)
	if err != nil {
		return nil, err
	}
	defer f.close()
	if index < 1 || index > len(f.items) {
		return nil, fmt.Errorf("%w: no picture %d in a HEIF of %d", ErrUndecodable, index, len(f.items))
	}
	var handle *C.struct_heif_image_handle
	if e := C.heif_context_get_image_handle(f.ctx, f.items[index-1], &handle); e.code != C.heif_error_Ok {
		return nil, heifError(e)
	}
	defer C.heif_image_handle_release(handle)
	if err := CheckPixels(int(C.heif_image_handle_get_width(handle)), int(C.heif_image_handle_get_height(handle)), maxPixels); err != nil {
		return nil, err
	}
	var img *C.struct_heif_image
	if e := C.heif_decode_image(handle, &img, C.heif_colorspace_RGB, C.heif_chroma_interleaved_RGBA, nil); e.code != C.heif_error_Ok {
		return nil, heifError(e)
	}
	defer C.heif_image_release(img)
	w, h := int(C.heif_image_get_primary_width(img)), int(C.heif_image_get_primary_height(img))
	if err := CheckPixels(w, h, maxPixels); err != nil {
		return nil, err
	}
	var stride C.int
	plane := C.heif_image_get_plane_readonly(img, C.heif_channel_interleaved, &stride)
	if plane == nil || int(stride) < 4*w {
		return nil, fmt.Errorf("%w: a HEIF picture without pixels", ErrUndecodable)
	}
	return fromRGBA(unsafe.Slice((*byte)(unsafe.Pointer(plane)), int(stride)*h), w, h, int(stride), keep)
}
