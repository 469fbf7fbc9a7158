package reader

import (
	"sync"
	"time"
)

// failuresInARow are how many pages a reader that is away or slow may cost the
// time of, before it is left alone for a while.
const failuresInARow = 3

// rest leaves a reader alone that fails again and again.
type rest struct {
	after int
	wait  time.Duration

	mu     sync.Mutex
	failed int
	until  time.Time
}

func (r *rest) resting(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.until)
}

// went notes how a question went. After a rest one failure is enough for the next.
func (r *rest) went(now time.Time, well bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if well {
		r.failed = 0
		return
	}
	if r.failed++; r.failed >= r.after {
		r.until = now.Add(r.wait)
	}
}
