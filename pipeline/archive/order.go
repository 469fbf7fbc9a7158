package archive

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Order is an item.json: it makes its folder one item and lists the pages.
type Order struct {
	Pages     []string `json:"pages"` // file names in reading order
	Languages []string `json:"languages"`
}

// ParseOrder reads an item.json. An error says what cannot be followed.
func ParseOrder(raw []byte) (Order, error) {
	var o Order
	if err := json.Unmarshal(raw, &o); err != nil {
		return Order{}, fmt.Errorf("%s: %w", ItemManifest, err)
	}
	if len(o.Pages) == 0 {
		return Order{}, fmt.Errorf("%s lists no pages", ItemManifest)
	}
	for _, p := range o.Pages {
		if strings.Contains(p, "/") || p == "" {
			return Order{}, fmt.Errorf("%s lists %q, which is no file name", ItemManifest, p)
		}
	}
	return o, nil
}

// Lists tells whether the file of that name is a page of the item.
func (o Order) Lists(name string) bool { return slices.Contains(o.Pages, name) }
