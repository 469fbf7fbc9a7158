package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Order is an item.json: it makes its folder one item and lists the pages.
type Order struct {
	Pages     []string `json:"pages"` // file names in reading order
	Languages []string `json:"languages"`
}

// ParseOrder reads an item.json, in UTF-8 or UTF-16, with a byte order mark or
// without. An error says what cannot be followed.
func ParseOrder(raw []byte) (Order, error) {
	var o Order
	raw, err := inUTF8(raw)
	if err != nil {
		return Order{}, fmt.Errorf("%s: %w", ItemManifest, err)
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		return Order{}, fmt.Errorf("%s: %w", ItemManifest, err)
	}
	if len(o.Pages) == 0 {
		return Order{}, fmt.Errorf("%s lists no pages", ItemManifest)
	}
	for i, p := range o.Pages {
		name := strings.TrimSpace(strings.ReplaceAll(p, `\`, "/"))
		name = strings.TrimPrefix(name, "./")
		if strings.Contains(name, "/") || name == "" {
			return Order{}, fmt.Errorf("%s lists %q, which is no file name of its folder", ItemManifest, p)
		}
		o.Pages[i] = name
	}
	return o, nil
}

// inUTF8 takes a byte order mark off and decodes UTF-16, which JSON without a
// mark gives away by its zero bytes.
func inUTF8(raw []byte) ([]byte, error) {
	big := bytes.HasPrefix(raw, []byte{0xFE, 0xFF}) || len(raw) > 1 && raw[0] == 0 && raw[1] != 0
	little := bytes.HasPrefix(raw, []byte{0xFF, 0xFE}) || len(raw) > 1 && raw[0] != 0 && raw[1] == 0
	if !big && !little {
		raw = bytes.TrimPrefix(raw, []byte{0xEF, 0xBB, 0xBF})
		if !utf8.Valid(raw) {
			return nil, errors.New("neither UTF-8 nor UTF-16; save it as UTF-8")
		}
		return raw, nil
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		u := uint16(raw[i])<<8 | uint16(raw[i+1])
		if little {
			u = uint16(raw[i+1])<<8 | uint16(raw[i])
		}
		units = append(units, u)
	}
	return []byte(strings.TrimPrefix(string(utf16.Decode(units)), "\uFEFF")), nil
}

// Find is the one file among names that the item.json means by page: the file of
// that very name, else the only one whose name differs in case or normal form,
// else the only one that differs in its extension besides. "" if there is none,
// or more than one.
func Find(page string, names []string) string {
	if slices.Contains(names, page) {
		return page
	}
	for _, same := range []func(a, b string) bool{sameName, sameStem} {
		found := ""
		for _, n := range names {
			switch {
			case !same(page, n):
			case found != "":
				return ""
			default:
				found = n
			}
		}
		if found != "" {
			return found
		}
	}
	return ""
}

// folded is a name with what people do not see in it made equal.
func folded(name string) string { return strings.ToLower(norm.NFKC.String(strings.TrimSpace(name))) }

func sameName(a, b string) bool { return folded(a) == folded(b) }

// sameStem reports whether names differ in the spelling of their extension at
// most, or one has none.
func sameStem(a, b string) bool {
	x, y := folded(path.Ext(a)), folded(path.Ext(b))
	return folded(StemOf(a)) == folded(StemOf(b)) && (x == y || spellings[x] != "" && spellings[x] == spellings[y]) ||
		folded(a) == folded(StemOf(b))
}

// spellings are extensions that mean one format.
var spellings = map[string]string{".tif": "tiff", ".tiff": "tiff", ".jpg": "jpeg", ".jpeg": "jpeg", ".jpe": "jpeg", ".jp2": "jp2", ".j2k": "jp2", ".jpf": "jp2", ".jpx": "jp2"}

// Lists reports whether the file of that name is a page of the item by that very
// name.
func (o Order) Lists(name string) bool { return slices.Contains(o.Pages, name) }

// MayList reports whether the item.json may mean the file of that name; which
// file it means is Find's to say, which sees them all.
func (o Order) MayList(name string) bool {
	return slices.ContainsFunc(o.Pages, func(p string) bool { return p == name || sameName(p, name) || sameStem(p, name) })
}
