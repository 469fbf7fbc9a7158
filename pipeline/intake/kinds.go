package intake

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"

	"nightshift/pipeline/transcript"
)

// unreadKind is a kind of file that is not taken in: what a person calls it, and
// what makes it readable. Without a remedy it is no scan and holds no text of one.
type unreadKind struct{ what, remedy string }

// Remedies that several kinds share.
const (
	asImage = "save it as TIFF, JPEG or PNG"
	asPDF   = "print or save it as PDF"
	unpack  = "unpack it and put in the files that it holds"
	takeOCR = "take it in with --take-ocr, or put in the page images"
)

// byContent knows kinds by their first bytes.
var byContent = []struct {
	at    int
	magic string
	kind  unreadKind
}{
	{0, "AT&TFORM", unreadKind{"DjVu", "convert it to PDF with ddjvu -format=pdf"}},
	{0, "\xff\x0a", unreadKind{"JPEG XL image", asImage}},
	{0, "\x00\x00\x00\x0cJXL ", unreadKind{"JPEG XL image", asImage}},
	{0, "8BPS", unreadKind{"Photoshop image", asImage}},
	{0, "II\xbc\x01", unreadKind{"JPEG XR image", asImage}},
	{0, "IIRO", unreadKind{"camera raw image", asImage}}, {0, "FUJIFILMCCD-RAW", unreadKind{"camera raw image", asImage}},
	{0, "IIU\x00", unreadKind{"camera raw image", asImage}},
	{0, "\x97JB2", unreadKind{"JBIG2 image", asImage}},
	{0, "gimp xcf", unreadKind{"GIMP image", asImage}},
	{0, "\x01\x00\x00\x00", unreadKind{"Windows metafile", asImage}}, {0, "\xd7\xcd\xc6\x9a", unreadKind{"Windows metafile", asImage}},
	{0, "\x59\xa6\x6a\x95", unreadKind{"Sun raster image", asImage}}, {0, "\x01\xda", unreadKind{"SGI image", asImage}},
	{0, "v/1\x01", unreadKind{"OpenEXR image", asImage}}, {0, "#?RADIANCE", unreadKind{"HDR image", asImage}},
	{0, "SIMPLE  =", unreadKind{"FITS image", asImage}}, {128, "DICM", unreadKind{"DICOM image", asImage}},
	{0, "msid", unreadKind{"MrSID image", asImage}},
	{2048, "PCD_IPI", unreadKind{"Photo CD image", asImage}},
	{0, "%!PS", unreadKind{"PostScript", "convert it to PDF with ps2pdf"}}, {0, "\xc5\xd0\xd3\xc6", unreadKind{"PostScript", "convert it to PDF with ps2pdf"}},
	{0, "Rar!", unreadKind{"RAR archive", unpack}}, {0, "7z\xbc\xaf\x27\x1c", unreadKind{"7-Zip archive", unpack}},
	{0, "\x1f\x8b", unreadKind{"gzip archive", unpack}}, {257, "ustar", unreadKind{"tar archive", unpack}},
	{0, "BZh", unreadKind{"bzip2 archive", unpack}}, {0, "\xfd7zXZ", unreadKind{"xz archive", unpack}},
	{0, "{\\rtf", unreadKind{"RTF document", asPDF}},
	{0, "\xffWPC", unreadKind{"WordPerfect document", asPDF}},
	{0, "\xef\xbb\xbf{\\rtf", unreadKind{"RTF document", asPDF}},
}

// byName knows kinds whose bytes say little, or less than the name.
var byName = map[string]unreadKind{
	".heic": {"HEIC photograph", asImage}, ".heif": {"HEIF photograph", asImage}, ".avif": {"AVIF image", asImage},
	".jxl": {"JPEG XL image", asImage}, ".djvu": {"DjVu", "convert it to PDF with ddjvu -format=pdf"}, ".djv": {"DjVu", "convert it to PDF with ddjvu -format=pdf"},
	".pcx": {"PCX image", asImage}, ".dcx": {"DCX fax", asImage}, ".psd": {"Photoshop image", asImage}, ".tga": {"Targa image", asImage},
	".cr2": {"camera raw image", asImage}, ".cr3": {"camera raw image", asImage}, ".nef": {"camera raw image", asImage}, ".arw": {"camera raw image", asImage},
	".dng": {"camera raw image", asImage}, ".orf": {"camera raw image", asImage}, ".raf": {"camera raw image", asImage}, ".rw2": {"camera raw image", asImage},
	".g3": {"raw fax", asImage}, ".g4": {"raw fax", asImage}, ".fax": {"raw fax", asImage}, ".cal": {"CALS image", asImage}, ".cals": {"CALS image", asImage},
	".jb2": {"JBIG2 image", asImage}, ".jbig2": {"JBIG2 image", asImage}, ".jbg": {"JBIG image", asImage}, ".jxr": {"JPEG XR image", asImage}, ".wdp": {"JPEG XR image", asImage},
	".mdi": {"Microsoft Document Imaging", asImage}, ".max": {"PaperPort scan", asImage}, ".xif": {"XIFF scan", asImage}, ".pcd": {"Photo CD image", asImage},
	".sid": {"MrSID image", asImage}, ".ecw": {"ECW image", asImage}, ".svg": {"SVG drawing", asImage}, ".wmf": {"Windows metafile", asImage}, ".emf": {"Windows metafile", asImage},
	".xcf": {"GIMP image", asImage}, ".pict": {"PICT image", asImage}, ".pct": {"PICT image", asImage}, ".iff": {"IFF image", asImage}, ".ico": {"icon", ""},
	".ps": {"PostScript", "convert it to PDF with ps2pdf"}, ".eps": {"PostScript", "convert it to PDF with ps2pdf"}, ".xps": {"XPS document", asPDF}, ".oxps": {"XPS document", asPDF},
	".doc": {"Word document", asPDF}, ".docx": {"Word document", asPDF}, ".docm": {"Word document", asPDF}, ".dot": {"Word document", asPDF}, ".odt": {"OpenDocument text", asPDF}, ".wpd": {"WordPerfect document", asPDF},
	".wps": {"Works document", asPDF}, ".rtf": {"RTF document", asPDF}, ".pages": {"Pages document", asPDF}, ".sxw": {"OpenOffice document", asPDF}, ".wri": {"Write document", asPDF},
	".xls": {"spreadsheet", asPDF}, ".xlsx": {"spreadsheet", asPDF}, ".ods": {"spreadsheet", asPDF}, ".ppt": {"presentation", asPDF}, ".pptx": {"presentation", asPDF}, ".odp": {"presentation", asPDF}, ".pub": {"Publisher document", asPDF},
	".epub": {"EPUB book", asPDF}, ".mobi": {"e-book", asPDF}, ".eml": {"e-mail", asPDF}, ".msg": {"e-mail", asPDF}, ".mbox": {"mailbox", asPDF},
	".html": {"web page", asPDF}, ".htm": {"web page", asPDF}, ".mht": {"web page", asPDF}, ".mhtml": {"web page", asPDF},
	".cbz": {"comic archive", unpack}, ".cbr": {"comic archive", unpack}, ".zip": {"ZIP archive", unpack}, ".rar": {"RAR archive", unpack}, ".7z": {"7-Zip archive", unpack},
	".tar": {"tar archive", unpack}, ".tgz": {"tar archive", unpack}, ".gz": {"gzip archive", unpack}, ".bz2": {"bzip2 archive", unpack}, ".xz": {"xz archive", unpack},
	".md": {"text", "save it as .txt"}, ".text": {"text", "rename it to .txt"}, ".asc": {"text", "rename it to .txt"},
	".part": {"unfinished copy", "copy it again in whole"}, ".crdownload": {"unfinished download", "load it again in whole"}, ".partial": {"unfinished copy", "copy it again in whole"},
	".xml": {"XML", ""}, ".json": {"JSON", ""}, ".csv": {"table of values", ""}, ".md5": {"checksums", ""}, ".sha256": {"checksums", ""}, ".sha1": {"checksums", ""},
	".log": {"log", ""}, ".ini": {"settings", ""}, ".db": {"database", ""}, ".exe": {"program", ""}, ".lnk": {"shortcut", "put in the file that it points to"},
	".mp3": {"sound", ""}, ".wav": {"sound", ""}, ".m4a": {"sound", ""}, ".mp4": {"film", ""}, ".mov": {"film", ""}, ".avi": {"film", ""},
}

// kindOf names the kind of a file that is not taken in, by its first bytes and
// by its name.
func kindOf(key string, head []byte) (unreadKind, bool) {
	if given, ok := transcript.SniffGiven(head); ok {
		return unreadKind{"OCR of another program (" + given + ")", takeOCR}, true
	}
	if brand, ok := heifBrand(head); ok {
		return unreadKind{brand, asImage}, true
	}
	for _, c := range byContent {
		if len(head) >= c.at+len(c.magic) && string(head[c.at:c.at+len(c.magic)]) == c.magic {
			return c.kind, true
		}
	}
	name, named := byName[strings.ToLower(path.Ext(key))]
	switch {
	case named:
		return name, true
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return unreadKind{"ZIP archive", unpack}, true
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return unreadKind{"Office document", asPDF}, true
	case isPCX(head):
		return unreadKind{"PCX image", asImage}, true
	}
	return unreadKind{}, false
}

// heifBrand names what an ISO base media file holds, where it is pictures.
func heifBrand(head []byte) (string, bool) {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return "", false
	}
	size := min(int(binary.BigEndian.Uint32(head)), len(head))
	for at := 8; at+4 <= size; at += 4 {
		switch string(head[at : at+4]) {
		case "avif", "avis":
			return "AVIF image", true
		case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1":
			if bytes.Contains(head[:size], []byte("avif")) {
				return "AVIF image", true
			}
			return "HEIC photograph", true
		case "crx ":
			return "camera raw image", true
		}
	}
	return "", false
}

// isPCX reports whether the header is that of a PCX image.
func isPCX(head []byte) bool {
	return len(head) >= 128 && head[0] == 0x0A && head[1] <= 5 && head[2] <= 1 && (head[3] == 1 || head[3] == 2 || head[3] == 4 || head[3] == 8)
}
