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
	case isBMP(head):
		return TypeBMP, true
	case isPNM(head):
		return TypePNM, true
	case bytes.Contains(head[:min(len(head), pdfReach)], []byte("%PDF-")):
		return TypePDF, true
	}
	return "", false
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
