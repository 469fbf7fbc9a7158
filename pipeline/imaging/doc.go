// Package imaging turns the bytes of a scan into page images: it tells formats
// apart, finds the pages of a TIFF without decoding them, decodes one page, and
// cleans it up for recognition while keeping the way back to the master's
// pixels. It owns no process, no limit of time, and reads no text.
//
// Telling formats apart and walking directories is plain Go and runs anywhere.
// Decoding is the work of leptonica, libheif, libjxl, djvulibre and openjpeg, cleaning
// leptonica's, in C, on bytes from outside: it is only ever called in an engine child
// (package ocr). Without cgo those calls
// return ErrNoCgo.
package imaging

import "errors"

// Media types as Sniff spells them.
const (
	TypeTIFF = "image/tiff"
	TypeJPEG = "image/jpeg"
	TypePNG  = "image/png"
	TypeJP2  = "image/jp2"
	TypePDF  = "application/pdf"
	TypeGIF  = "image/gif"
	TypeBMP  = "image/bmp"
	TypeWebP = "image/webp"
	TypePNM  = "image/x-portable-anymap"
	TypeHEIF = "image/heic"
	TypeAVIF = "image/avif"
	TypeJXL  = "image/jxl"
	TypeDjVu = "image/vnd.djvu"
	TypePCX  = "image/vnd.zbrush.pcx"
)

// Errors that say what is wrong with an image. They are wrapped with details.
var (
	ErrNoCgo       = errors.New("built without cgo: no image can be decoded")
	ErrUndecodable = errors.New("the image cannot be decoded")
	ErrTruncated   = errors.New("the image ends before its data does")
	ErrTooLarge    = errors.New("the image is over a limit")
)
