package archive

import (
	"cmp"
	"path"
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
	// Part orders what has the same number: "r" and "v" for the two sides of a
	// leaf, a letter after the number; empty for most.
	Part string
}

// Compare orders the pages of a group; places that are equal are told apart by
// their keys.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.Page, q.Page), cmp.Compare(p.Part, q.Part))
}

// PlaceOf says where the scan with this key belongs. Multi says that the file
// is an item by itself whatever its name: a PDF, a text, a TIFF of many pages.
func PlaceOf(key string, multi bool) Place {
	if multi {
		return Place{Locator: Locator(key), Single: true}
	}
	group, n, ok := readNumber(StemOf(path.Base(key)))
	if !ok {
		return Place{Locator: Locator(key), Single: true}
	}
	folder := FolderOf(key)
	l := strings.TrimPrefix(folder+"/"+group, "/")
	switch {
	case group == "" && folder == "":
		l = "pages"
	case group == "":
		l = folder
	}
	return Place{Locator: Locator(l), Page: n.page, Part: n.part}
}

// StemOf is a file's name, or its key, without its extension.
func StemOf(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }
