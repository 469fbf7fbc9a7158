package runner

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// hold is what a worker remembers of a task that it keeps while something is
// away: no delivery and no try is burned meanwhile. It begins with the task.
type hold struct {
	begun time.Time     // of the call at hand
	spent time.Duration // on calls while what is depended on was there for others
	times int
}

// longestHold is the longest distance between two calls of a held task.
const longestHold = 5 * time.Second

// again waits until the held task may be called again. Stopped: ctx ended first.
// Neither: the task has found something away for longer than Patience though
// others are answered.
func (l *loop[In]) again(ctx context.Context, h *hold, cause error) (again, stopped bool) {
	h.spent += time.Since(h.begun)
	if !l.gate.wait(ctx, cause) {
		return false, true
	}
	h.begun = time.Now()
	if h.spent > l.Patience {
		return false, false
	}
	if h.times++; h.times > 1 {
		d := min(100*time.Millisecond<<min(h.times, 10), longestHold)
		if Sleep(ctx, d/2+rand.N(d/2+1)) != nil { // #nosec G404 -- spreads tries; no secret
			return false, true
		}
	}
	return true, false
}

// Patiently calls do until it succeeds, fails with an error that is not away, or
// ctx ends: what a process asks for while it starts is no reason to end when
// NATS or the store happens to be away just then.
func Patiently(ctx context.Context, log *slog.Logger, away func(error) bool, do func() error) error {
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, longestHold) {
		err := do()
		if err == nil || ctx.Err() != nil || !away(err) {
			return err
		}
		if log != nil {
			log.Warn("what is needed to start is away; waiting", "error", err)
		}
		if Sleep(ctx, wait) != nil {
			return err
		}
	}
}

// IsAway tells whether err means that NATS, or its JetStream, does not answer
// now; an answer that refuses is none.
func IsAway(err error) bool {
	for _, e := range []error{
		context.DeadlineExceeded, nats.ErrTimeout, nats.ErrDisconnected, nats.ErrConnectionReconnecting, nats.ErrStaleConnection, nats.ErrNoServers,
		nats.ErrNoResponders, jetstream.ErrNoStreamResponse, jetstream.ErrAsyncPublishTimeout, errNoAck,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	var api *jetstream.APIError
	return errors.As(err, &api) && api.Code >= 500
}
