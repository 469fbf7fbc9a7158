package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
)

// unmarshaler is a task that reads the message as it is.
type unmarshaler interface {
	UnmarshalTask(raw []byte, sequence uint64) error
}

// decode reads a task. One of a newer version, by its message or by itself, is a
// pipeline.Newer, and its Ref is read where it is where it was.
func decode[In pipeline.Task](version string, raw []byte, sequence uint64) (In, error) {
	var in In
	if v, err := strconv.Atoi(version); err == nil && v > format {
		_ = json.Unmarshal(raw, &in) // as far as it goes, to name its item
		return in, pipeline.Newer(fmt.Errorf("a message in format %d, this program reads %d", v, format))
	}
	if u, ok := any(&in).(unmarshaler); ok {
		return in, u.UnmarshalTask(raw, sequence)
	}
	var ref pipeline.Ref
	if json.Unmarshal(raw, &ref) == nil && ref.Version > taskVersion {
		_ = json.Unmarshal(raw, &in)
		return in, pipeline.Newer(fmt.Errorf("a task of version %d, this program reads %d", ref.Version, taskVersion))
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return in, fmt.Errorf("the task cannot be read: %w", err)
	}
	if in.About().Item == "" {
		return in, errors.New("the task names no item")
	}
	if s, ok := any(in).(interface{ Sound() error }); ok {
		if err := s.Sound(); err != nil {
			return in, fmt.Errorf("the task is damaged: %w", err)
		}
	}
	return in, nil
}

func jsonObject(raw []byte) bool { return len(raw) > 0 && raw[0] == '{' && json.Valid(raw) }

// longest detail of a failure, in bytes.
const longestDetail = 4 << 10

func short(s string) string {
	if len(s) <= longestDetail {
		return s
	}
	return strings.ToValidUTF8(s[:longestDetail], "") + " …"
}

// detail is the error without the reason code that Reject and Fail put before it.
func detail(err error) string {
	return strings.TrimPrefix(err.Error(), string(pipeline.ReasonOf(err))+": ")
}

// giveBack returns a task for later without burning a try: the delivery is
// noted as none.
func (l *loop[In]) giveBack(ctx context.Context, msg jetstream.Msg, meta *jetstream.MsgMetadata, after time.Duration) {
	key := triesKey(meta)
	n := l.free(ctx, meta) + 1
	if _, err := l.kv.Put(ctx, key, []byte(strconv.Itoa(n))); err != nil {
		l.Log.Warn("a free delivery could not be noted; it counts as a try", "error", err)
	}
	if err := msg.NakWithDelay(after); err != nil {
		l.Log.Warn("task not given back; it comes again by itself", "error", err)
	}
}

// handBack gives a task that this process was told to stop in the middle of to
// another at once; it burns no try. Where NATS is away it comes again by itself.
func (l *loop[In]) handBack(msg jetstream.Msg, meta *jetstream.MsgMetadata) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	l.giveBack(ctx, msg, meta, 0)
}

// free is how many deliveries of the message were no tries.
func (l *loop[In]) free(ctx context.Context, meta *jetstream.MsgMetadata) int {
	if meta.NumDelivered <= 1 {
		return 0
	}
	e, err := l.kv.Get(ctx, triesKey(meta))
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(string(e.Value()))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func triesKey(meta *jetstream.MsgMetadata) string {
	return fmt.Sprintf("%s.%s.%d", meta.Stream, meta.Consumer, meta.Sequence.Stream)
}

// gate is the circuit breaker of one stage's workers: while what they depend on
// is away none pulls, and those that hold a task wait with it.
type gate struct {
	healthy func(context.Context) error
	log     *slog.Logger
	mu      sync.Mutex
	open    chan struct{} // non-nil while closed; closed when it opens again
}

// closed tells whether the gate is.
func (g *gate) closed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open != nil
}

// wait returns at once while all is well; with a cause, or while the gate is
// closed, it waits until what is depended on answers. False: ctx ended first.
func (g *gate) wait(ctx context.Context, cause error) bool {
	g.mu.Lock()
	open, first := g.open, false
	if cause != nil && open == nil {
		open, first = make(chan struct{}), true
		g.open = open
	}
	g.mu.Unlock()
	if open == nil {
		return ctx.Err() == nil
	}
	if first {
		g.log.Warn("what the stage depends on is away; waiting", "error", cause)
		go g.probe(open)
	}
	select {
	case <-ctx.Done():
		return false
	case <-open:
		return true
	}
}

// probe asks until the answer is good, at growing distances up to 5 s, then
// opens the gate. It ends by itself when nobody can answer for ten minutes: the
// next task closes the gate again.
func (g *gate) probe(open chan struct{}) {
	wait := 100 * time.Millisecond
	for until := time.Now().Add(10 * time.Minute); time.Now().Before(until); wait = min(2*wait, 5*time.Second) {
		time.Sleep(wait)
		if g.healthy == nil || g.ask() == nil {
			break
		}
	}
	g.mu.Lock()
	g.open = nil
	g.mu.Unlock()
	close(open)
}

func (g *gate) ask() error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	return g.healthy(ctx)
}
