package progress

import (
	"context"
	"errors"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// MasterOf is the key of a better copy of the page that s shows: an image that is
// an item by itself, beside it, with its name in another format. "" if there is none.
func MasterOf(ctx context.Context, scans, work *store.Bucket, s archive.Scan) (string, error) {
	if s.Multi || !archive.PlaceOf(s.Key, false).Single {
		return "", nil
	}
	best := s
	for info, err := range scans.List(ctx, archive.StemOf(s.Key)+".") {
		if err != nil {
			return "", err
		}
		if !archive.AreCopies(info.Key, s.Key) {
			continue
		}
		c, err := Counting(ctx, work, info)
		if errors.Is(err, store.ErrNotFound) {
			continue // not seen by intake yet
		}
		if err != nil {
			return "", err
		}
		if other := c.Scan; other.Verdict == archive.Taken && !other.Multi && archive.BetterCopy(other, best) {
			best = other
		}
	}
	if best.Key == s.Key {
		return "", nil
	}
	return best.Key, nil
}

// copyOf is the key of the manifest's page that is the better copy of a scan.
func (it *itemBooks) copyOf(scan archive.Scan) string {
	for _, p := range it.manifest.Pages {
		master := archive.Scan{Key: p.Scan, Type: p.Type, Size: p.Size}
		if archive.AreCopies(p.Scan, scan.Key) && archive.BetterCopy(master, scan) {
			return p.Scan
		}
	}
	return ""
}
