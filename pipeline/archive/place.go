package archive

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Names of the orders that lie beside scans. They are not scans themselves.
const (
	ItemManifest   = "item.json" // lists the pages of the item that its folder is
	CompleteMarker = "_COMPLETE" // everything of this folder is there
)

// IsControl tells whether key is an order to us rather than a scan.
func IsControl(key string) bool {
	name := path.Base(key)
	return name == ItemManifest || name == CompleteMarker
}

// IsHidden tells whether key is a file that operating systems leave in folders.
func IsHidden(key string) bool {
	for part := range strings.SplitSeq(key, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" {
			return true
		}
	}
	switch name := strings.ToLower(path.Base(key)); {
	case name == "thumbs.db", name == "desktop.ini", name == "ehthumbs.db", strings.HasPrefix(name, "~$"):
		return true
	}
	return false
}

// FolderOf is the part of an object key before its last slash, "" at the top.
func FolderOf(key string) string {
	i := strings.LastIndexByte(key, '/')
	if i < 0 {
		return ""
	}
	return key[:i]
}

// Place is where a scan belongs by its name: its item, and its page number
// within a group of single-page files.
type Place struct {
	Locator Locator
	// Single: the scan is an item by itself; its locator is its key, extension
	// and all, so that memo.tif and memo.pdf stay two items.
	Single bool
	// Page is the number in the name; it orders the pages of a group.
	Page int
}

// A page number is up to four digits at the end of a name, alone or after a
// separator and perhaps a "p", "pg", "page": memo-021_p003, memo-021-0003,
// letter_12, 0003. Four digits that read as a year (1500-2099) without a "p"
// are part of the name, and so are longer numbers (file numbers, dates).
var pageNumber = regexp.MustCompile(`(?i)^(.*?)(?:[ _.\-]+(p|pg|page|seite|folio|f)?[ _.\-]*)(\d{1,4})$`)
var onlyDigits = regexp.MustCompile(`^(?i:p|pg|page)?[ _.\-]*(\d{1,6})$`)

// PlaceOf says where the scan with this key belongs. Multi says that the file
// is an item by itself whatever its name: a PDF, a text, a TIFF of many pages.
func PlaceOf(key string, multi bool) Place {
	if multi {
		return Place{Locator: Locator(key), Single: true}
	}
	folder, name := FolderOf(key), path.Base(key)
	stem := strings.TrimSuffix(name, path.Ext(name))
	join := func(s string) Locator {
		if folder == "" {
			return Locator(s)
		}
		return Locator(folder + "/" + s)
	}
	if m := onlyDigits.FindStringSubmatch(stem); m != nil {
		n, _ := strconv.Atoi(m[1])
		if folder == "" {
			return Place{Locator: "pages", Page: n}
		}
		return Place{Locator: Locator(folder), Page: n}
	}
	if m := pageNumber.FindStringSubmatch(stem); m != nil && m[1] != "" {
		n, _ := strconv.Atoi(m[3])
		year := len(m[3]) == 4 && n >= 1500 && n < 2100 && m[2] == ""
		if !year {
			return Place{Locator: join(m[1]), Page: n}
		}
	}
	return Place{Locator: Locator(key), Single: true}
}
