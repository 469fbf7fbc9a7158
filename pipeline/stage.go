package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nightshift/pipeline/archive"
)

// A Task is the input of a stage and, as an output, a message for the next.
type Task interface {
	// Subject is where the message is published.
	Subject() string
	// MessageID is the same for the same work: JetStream drops the second.
	MessageID() string
	// About names what the task is for, in logs, ledger and parked failures.
	About() About
}

// About says what a task is for. Page is 0 for a whole item.
type About struct {
	Item    archive.ItemID
	Locator archive.Locator
	Page    int
	Replay  string
}

// Result is what a stage did.
type Result struct {
	Next   []Task          // published in order, before the acknowledgement
	Events []archive.Event // appended to the ledger; time, stage, item and delivery are filled in where empty
}

// Stage is one step of the pipeline: a typed function with a stable name. Do
// may be called again with the same input, also at the same time elsewhere; its
// effects must be the same (deterministic keys, put-if-absent).
//
// What Do returns decides what the runner does: nil acknowledges after
// publishing Result; Reject parks; RetryAfter comes back later without burning
// a try; Newer leaves it to a newer program; Unavailable stops pulling until
// Probe of the runner succeeds; any other error is tried again with growing delay and parked after the last try.
type Stage[In Task] struct {
	Name string
	// Deadline bounds one call of Do; 0 is the runner's default.
	Deadline time.Duration
	Do       func(ctx context.Context, in In) (Result, error)
	// Parked is called before a task is parked, to leave a mark among the
	// objects and let the item go on without what failed. May be nil. An error
	// makes the runner come back to it; it never loses the failure.
	Parked func(ctx context.Context, in In, f archive.Failure) (Result, error)
}

type rejection struct {
	reason archive.Reason
	err    error
}

func (r rejection) Error() string { return fmt.Sprintf("%s: %v", r.reason, r.err) }
func (r rejection) Unwrap() error { return r.err }

// Reject says that the input can never succeed: the runner parks it at once.
func Reject(reason archive.Reason, format string, args ...any) error {
	return rejection{reason, fmt.Errorf(format, args...)}
}

// Rejected returns the reason if err is, or wraps, a rejection.
func Rejected(err error) (archive.Reason, bool) {
	var r rejection
	if errors.As(err, &r) {
		return r.reason, true
	}
	return "", false
}

type failing struct {
	reason archive.Reason
	err    error
}

func (f failing) Error() string { return fmt.Sprintf("%s: %v", f.reason, f.err) }
func (f failing) Unwrap() error { return f.err }

// Fail is an ordinary error with the reason to park it under if it is still
// there on the last try (a crash of a child, say, which may pass).
func Fail(reason archive.Reason, format string, args ...any) error {
	return failing{reason, fmt.Errorf(format, args...)}
}

// ReasonOf is the reason to park err under after its last try.
func ReasonOf(err error) archive.Reason {
	if r, ok := Rejected(err); ok {
		return r
	}
	var f failing
	if errors.As(err, &f) {
		return f.reason
	}
	return archive.TriesExhausted
}

type later struct {
	after time.Duration
	why   string
}

func (l later) Error() string { return fmt.Sprintf("again after %s: %s", l.after, l.why) }

// RetryAfter says that it is too early: the runner comes back after d and
// burns no try.
func RetryAfter(d time.Duration, why string) error { return later{d, why} }

// Later returns the delay if err is, or wraps, a RetryAfter.
func Later(err error) (time.Duration, bool) {
	var l later
	if errors.As(err, &l) {
		return l.after, true
	}
	return 0, false
}

type newer struct{ err error }

func (n newer) Error() string { return string(archive.NewerFormat) + ": " + n.err.Error() }
func (n newer) Unwrap() error { return n.err }

// Newer says that the task, or an object it needs, was written by a newer
// version in a form that this program does not know: the runner leaves it to a
// program that does, burns no try, and comes back to it.
func Newer(err error) error { return newer{err} }

// IsNewer tells whether err is, or wraps, Newer.
func IsNewer(err error) bool {
	var n newer
	return errors.As(err, &n)
}

type unavailable struct{ err error }

func (u unavailable) Error() string { return "unavailable: " + u.err.Error() }
func (u unavailable) Unwrap() error { return u.err }

// Unavailable says that something the stage depends on (the store, NATS) is
// down: the runner gives the task back, burns no try, and stops pulling until
// it is there again.
func Unavailable(err error) error { return unavailable{err} }

// IsUnavailable tells whether err is, or wraps, Unavailable.
func IsUnavailable(err error) bool {
	var u unavailable
	return errors.As(err, &u)
}
