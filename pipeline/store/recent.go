package store

import (
	"sync"
	"time"
)

// recent holds what PutJSON stored lately. Such objects never change, and the
// next stage, often in the same process, reads them at once.
type recent struct {
	max  int64 // bytes held at most
	mu   sync.Mutex
	held int64
	byID map[string]kept
	old  []string // in the order they came
}

type kept struct {
	raw []byte
	at  time.Time
}

// recentFor is how long it counts as lately: objects that somebody takes out of
// the store are missed soon.
const recentFor = time.Minute

func (r *recent) put(id string, raw []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, there := r.byID[id]; there || int64(len(raw)) > r.max/8 {
		return
	}
	if r.byID == nil {
		r.byID = map[string]kept{}
	}
	now := time.Now()
	r.byID[id], r.old = kept{raw, now}, append(r.old, id)
	r.held += int64(len(raw))
	for len(r.old) > 0 && (r.held > r.max || now.Sub(r.byID[r.old[0]].at) > recentFor) {
		r.held -= int64(len(r.byID[r.old[0]].raw))
		delete(r.byID, r.old[0])
		r.old = r.old[1:]
	}
}

// get is what was stored; nil: ask the store.
func (r *recent) get(id string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.byID[id]
	if time.Since(k.at) > recentFor {
		return nil
	}
	return k.raw
}
