package intake

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// above finds scans whose keys lie below another scan's key, "memo.pdf/page.tif"
// below "memo.pdf". Stores over files refuse them; MinIO takes them and lists
// them nowhere, so that neither a sweep nor verify would ever see them: their
// notification is the only sign, and intake leaves a mark.
type above struct {
	scans *store.Bucket
	mu    sync.Mutex
	free  map[string]time.Time // folders that were no object then
}

// freeFor is how long a folder that was looked at counts as no object.
const freeFor = time.Minute

// of is the key of the scan that key lies below; "" if there is none.
func (a *above) of(ctx context.Context, key string) (string, error) {
	for i := range len(key) {
		if key[i] != '/' || i == 0 {
			continue
		}
		folder := key[:i]
		if a.known(folder) {
			continue
		}
		_, err := a.scans.Stat(ctx, folder)
		if err == nil {
			return folder, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return "", err
		}
		a.note(folder)
	}
	return "", nil
}

func (a *above) known(folder string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Since(a.free[folder]) < freeFor
}

// note remembers that folder was no object; the whole memory is bounded.
func (a *above) note(folder string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.free == nil || len(a.free) >= 1000 {
		a.free = map[string]time.Time{}
	}
	a.free[folder] = time.Now()
}

// taken forgets what was thought of a key that is an object now.
func (a *above) taken(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.free, strings.TrimSuffix(key, "/"))
}

// below leaves the mark of such a scan, and rejects it.
func (o Options) below(ctx context.Context, info store.Info, scan string) error {
	m := archive.Below{Version: 1, Key: info.Key, ETag: info.ETag, Scan: scan}
	if _, err := o.Work.PutJSON(ctx, archive.BelowKey(archive.ScanID(info.Key, info.ETag)), m); err != nil && !errors.Is(err, store.ErrConflict) {
		return err
	}
	return pipeline.Reject(archive.BelowScan, "%s", m.Detail())
}
