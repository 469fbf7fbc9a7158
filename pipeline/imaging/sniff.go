package imaging

import "bytes"

// pdfReach is how far into a file its "%PDF-" may stand behind junk. Readers
// accept 1024 bytes (PDF 1.7, appendix H.3.4.1).
const pdfReach = 1024

// Sniff tells the media type of a file from its first bytes (1 KiB is enough),
// by magic numbers alone. ok is false when the bytes are no format read here.
func Sniff(head []byte) (mediaType string, ok bool) {
	switch {
	case hasAny(head, "II*\x00", "MM\x00*", "II+\x00", "MM\x00+"):
		return TypeTIFF, true
	case hasAny(head, "\xFF\xD8\xFF"):
		return TypeJPEG, true
	case hasAny(head, "\x89PNG\r\n\x1a\n"):
		return TypePNG, true
	case hasAny(head, "\x00\x00\x00\x0CjP  \r\n\x87\n", "\xFF\x4F\xFF\x51"):
		return TypeJP2, true
	case hasAny(head, "GIF87a", "GIF89a"):
		return TypeGIF, true
	case len(head) >= 12 && hasAny(head, "RIFF") && string(head[8:12]) == "WEBP":
		return TypeWebP, true
	case hasAny(head, "\x00\x00\x00\x0CJXL \r\n\x87\n"), len(head) > 12 && hasAny(head, "\xFF\x0A"):
		return TypeJXL, true
	case hasAny(head, "AT&TFORM") && len(head) >= 16 && hasAny(head[12:], "DJVU", "DJVM"):
		return TypeDjVu, true
	case isPCX(head):
		return TypePCX, true
	case isBMP(head):
		return TypeBMP, true
	case isPNM(head):
		return TypePNM, true
	case brand(head) != "":
		return brand(head), true
	case bytes.Contains(head[:min(len(head), pdfReach)], []byte("%PDF-")):
		return TypePDF, true
	}
	return "", false
}

// brand is the type of an ISO media file of still pictures by its brands (ISO/IEC
// 23008-12, annex B): the major one, else the first compatible one that is known.
func brand(head []byte) string {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return ""
	}
	kind := ""
	size := int(min(uint32(head[0])<<24|uint32(head[1])<<16|uint32(head[2])<<8|uint32(head[3]), uint32(len(head))))
	for at := 8; at+4 <= size; at += 4 {
		if at == 12 { // the version of the major brand
			continue
		}
		switch string(head[at : at+4]) {
		case "avif", "avis":
			return TypeAVIF
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "heif":
			return TypeHEIF
		case "mif1", "msf1": // some coding of pictures, which others may name
			kind = TypeHEIF
		}
	}
	return kind
}

func hasAny(head []byte, magics ...string) bool {
	for _, m := range magics {
		if len(head) >= len(m) && string(head[:len(m)]) == m {
			return true
		}
	}
	return false
}

// isBMP asks for more than the two letters, which begin many a text: the size
// of the second header must be one that exists.
func isBMP(head []byte) bool {
	if len(head) < 18 || !hasAny(head, "BM") {
		return false
	}
	switch le32(head[14:]) {
	case 12, 40, 52, 56, 64, 108, 124:
		return true
	}
	return false
}

// isPNM: "P1" to "P6", white space, then a digit or a comment.
func isPNM(head []byte) bool {
	if len(head) < 4 || head[0] != 'P' || head[1] < '1' || head[1] > '6' {
		return false
	}
	rest := bytes.TrimLeft(head[2:], " \t\r\n")
	return len(rest) < len(head)-2 && len(rest) > 0 && (rest[0] == '#' || rest[0] >= '0' && rest[0] <= '9')
}

func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}
