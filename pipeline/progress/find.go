package progress

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// itemID is how an ItemID is spelled.
var itemID = regexp.MustCompile(`^i[a-z2-7]{26}$`)

// Find is the locator of the item that a person names: by its locator, by its
// id, or by the beginning of the names of its scans, if no other item's begin
// so. store.ErrNotFound if there is no such item, or more than one.
func (b Books) Find(ctx context.Context, name string) (archive.Locator, error) {
	if itemID.MatchString(name) {
		id := archive.ItemID(name)
		in, _, err := CurrentInput(ctx, b.Work, id)
		if err != nil {
			return "", err
		}
		if in != "" {
			var m archive.Manifest
			err := b.Work.GetJSON(ctx, archive.ManifestKey(id, in), &m)
			return m.Locator, err
		}
	}
	in, _, err := CurrentInput(ctx, b.Work, archive.Locator(name).ID())
	if err != nil {
		return "", err
	}
	if in != "" {
		return archive.Locator(name), nil
	}
	standings, err := b.Standings(ctx, name)
	if err != nil {
		return "", err
	}
	var found []archive.Locator
	for _, s := range standings {
		if s.Locator != "" && (len(found) == 0 || found[len(found)-1] != s.Locator) {
			found = append(found, s.Locator)
		}
	}
	for _, l := range found {
		if strings.TrimSuffix(string(l), path.Ext(string(l))) == name {
			return l, nil
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("there is no item %q: %w", name, store.ErrNotFound)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%q may be %s or %s, among %d items: %w", name, found[0], found[1], len(found), store.ErrNotFound)
}
