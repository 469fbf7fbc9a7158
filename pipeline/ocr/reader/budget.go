package reader

import (
	"context"
	"fmt"
	"sync"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// budget counts the pages asked about in a night. Each takes a numbered object,
// so that neither a restart nor a second program asks about more.
type budget struct {
	work *store.Bucket
	most int

	mu    sync.Mutex
	night string
	next  int // the first number that may be free
}

// nightOf names the night that a time belongs to by the day on which it began;
// nights change at noon.
func nightOf(t time.Time) string { return t.Add(-12 * time.Hour).Format("2006-01-02") }

// take uses up one page of the night's; false: there is none.
func (b *budget) take(ctx context.Context, now time.Time, page string) (bool, error) {
	if b.most == 0 {
		return true, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	night := nightOf(now)
	if night != b.night {
		n := 0
		for _, err := range b.work.List(ctx, archive.ReaderNightPrefix(night)) {
			if err != nil {
				return false, fmt.Errorf("count the pages asked about: %w", err)
			}
			n++
		}
		b.night, b.next = night, n+1
	}
	for ; b.next <= b.most; b.next++ {
		note := fmt.Sprintf("{\"version\":1,\"page\":%q,\"asked\":%q}\n", page, now.UTC().Format(time.RFC3339Nano))
		created, err := b.work.PutNew(ctx, archive.ReaderNightKey(night, b.next), []byte(note), "application/json")
		switch {
		case created:
			b.next++
			return true, nil
		case err != nil && !isConflict(err):
			return false, fmt.Errorf("take a page of the outside reader's night: %w", err)
		}
	}
	return false, nil
}
