package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"github.com/minio/minio-go/v7"
)

// What can be wrong with an object, as opposed to the store being away. Errors
// of this package wrap them and name bucket and key.
var (
	ErrNotFound = errors.New("no such object")
	ErrNoBucket = errors.New("no such bucket")
	ErrConflict = errors.New("another object is there")
	ErrChanged  = errors.New("the object has changed")
	ErrFixity   = errors.New("bytes do not match their digest")
	ErrDenied   = errors.New("access denied")
	ErrTooLarge = errors.New("object over the size limit")
	ErrBadKey   = errors.New("key cannot be stored")
	// ErrNewer: written by a newer version of Nightshift, in a form this one does
	// not know. It is left as it is, for a program that does.
	ErrNewer = errors.New("the object has a newer format than this program reads")
	// ErrUnknownKey and ErrClocks are refusals of whoever asks, whatever is asked.
	ErrUnknownKey = fmt.Errorf("%w: no such access key, or a wrong secret", ErrDenied)
	ErrClocks     = fmt.Errorf("%w: the clocks are too far apart", ErrDenied)
	// ErrFull comes with IsDown true: no space is the store's fault, not the
	// task's, and passes when somebody makes room.
	ErrFull = errors.New("the store is out of space")
)

// away marks an error of the store or the way to it.
type away struct{ err error }

func (a away) Error() string { return "store is away: " + a.err.Error() }
func (a away) Unwrap() error { return a.err }

// IsDown tells whether err means that the store is away: nobody listens, the
// connection broke or timed out, it answers 408, 429 or any 5xx but 501, or it
// is out of space (ErrFull). Such an error says nothing about the object; stages
// hand it on as pipeline.Unavailable. An expired or cancelled context of the
// caller is never IsDown.
func IsDown(err error) bool {
	var a away
	return errors.As(err, &a)
}

// IsStruggling tells whether err means that the store is there but answered with
// an error of its own that may pass, 429 or a 5xx.
func IsStruggling(err error) bool {
	var a away
	var resp minio.ErrorResponse
	return errors.As(err, &a) && errors.As(a.err, &resp)
}

// late marks an error of a caller whose time ran out while the store was
// waited for.
type late struct{ err error }

func (l late) Error() string { return "waiting for the store: " + l.err.Error() }
func (l late) Unwrap() error { return l.err }

// IsLate tells whether the caller's deadline came while the store was waited
// for: it wraps context.DeadlineExceeded and, like IsDown, says nothing about
// the object.
func IsLate(err error) bool {
	var l late
	return errors.As(err, &l)
}

// sort gives err its meaning and says what was being done to what.
func (b *Bucket) sort(ctx context.Context, doing, key string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s/%s: %w", doing, b.name, key, classify(ctx, err))
}

func classify(ctx context.Context, err error) error {
	if e := ctx.Err(); e != nil {
		e = fmt.Errorf("%w (%v)", e, err)
		if errors.Is(e, context.DeadlineExceeded) {
			return late{e}
		}
		return e
	}
	if IsDown(err) {
		return err
	}
	for _, known := range []error{ErrNotFound, ErrNoBucket, ErrConflict, ErrChanged, ErrFixity, ErrDenied, ErrTooLarge, ErrBadKey, ErrNewer, errNoUpload} {
		if errors.Is(err, known) {
			return err
		}
	}
	var resp minio.ErrorResponse
	if errors.As(err, &resp) {
		return classifyResponse(resp)
	}
	if isNetwork(err) {
		return away{err}
	}
	return err
}

var (
	errBroken   = errors.New("the request was broken on its way")
	errNoUpload = errors.New("no such upload in parts")
)

// codes are S3 error codes whose status alone would say too little.
var codes = map[string]error{
	"NoSuchKey":                     ErrNotFound,
	"NoSuchBucket":                  ErrNoBucket,
	"NoSuchUpload":                  errNoUpload,
	"AccessDenied":                  ErrDenied,
	"InvalidAccessKeyId":            ErrUnknownKey,
	"SignatureDoesNotMatch":         ErrUnknownKey,
	"RequestTimeTooSkewed":          ErrClocks,
	"RequestTimeout":                away{errBroken},
	"IncompleteBody":                away{errBroken},
	"PreconditionFailed":            ErrChanged,
	"ConditionalRequestConflict":    ErrChanged,
	"BadDigest":                     ErrFixity,
	"XAmzContentSHA256Mismatch":     ErrFixity,
	"XAmzContentChecksumMismatch":   ErrFixity,
	"KeyTooLongError":               ErrBadKey,
	"XMinioInvalidObjectName":       ErrBadKey,
	"XMinioParentIsObject":          ErrBadKey,
	"XMinioObjectExistsAsDirectory": ErrBadKey,
	"ExistingObjectIsDirectory":     ErrBadKey,
	"ObjectParentIsFile":            ErrBadKey,
	"XMinioStorageFull":             away{ErrFull},
	"NoSpaceLeftOnDevice":           away{ErrFull},
	"QuotaExceeded":                 away{ErrFull},
}

func classifyResponse(r minio.ErrorResponse) error {
	known, ok := codes[r.Code]
	if !ok {
		switch {
		case r.StatusCode == http.StatusNotFound:
			known = ErrNotFound
		case r.StatusCode == http.StatusForbidden, r.StatusCode == http.StatusUnauthorized:
			known = ErrDenied
		case r.StatusCode == http.StatusPreconditionFailed:
			known = ErrChanged
		case r.StatusCode == http.StatusInsufficientStorage:
			known = away{ErrFull}
		case r.StatusCode == http.StatusTooManyRequests, r.StatusCode == http.StatusRequestTimeout,
			r.StatusCode >= 500 && r.StatusCode != http.StatusNotImplemented:
			return away{r}
		default:
			return r
		}
	}
	return fmt.Errorf("%w (%s: %s)", known, r.Code, r.Message)
}

// isNetwork tells whether err comes from the connection rather than from an
// answer.
func isNetwork(err error) bool {
	var op net.Error // also *net.OpError, *net.DNSError and timeouts
	var u *url.Error
	return errors.As(err, &op) || errors.As(err, &u) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNREFUSED)
}
