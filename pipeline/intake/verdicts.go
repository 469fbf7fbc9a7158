package intake

import (
	"context"
	"sync"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// mostVerdicts is how many verdicts are remembered, some 400 bytes each: more
// than an item may have pages.
const mostVerdicts = 10_000

// verdicts remembers what intake said of scans. A verdict is written once and
// never changed, and every page of a group that comes asks for those of all its
// others: a group of 2,000 would read four million objects.
type verdicts struct {
	mu    sync.Mutex
	known map[string]archive.Scan
}

// load is LoadScan. Only verdicts are remembered, never that there was none.
func (v *verdicts) load(ctx context.Context, work *store.Bucket, id string) (archive.Scan, error) {
	v.mu.Lock()
	s, ok := v.known[id]
	v.mu.Unlock()
	if ok {
		return s, nil
	}
	s, err := LoadScan(ctx, work, id)
	if err != nil {
		return s, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil || len(v.known) >= mostVerdicts {
		v.known = map[string]archive.Scan{}
	}
	v.known[id] = s
	return s, nil
}
