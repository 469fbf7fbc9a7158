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
	// ErrFull comes with IsDown true: no space is the store's fault, not the
	// task's, and passes when somebody makes room.
	ErrFull = errors.New("the store is out of space")
)

// away marks an error of the store or the way to it.
type away struct{ err error }

func (a away) Error() string { return "store is away: " + a.err.Error() }
func (a away) Unwrap() error { return a.err }

// IsDown tells whether err means that the store is away: nobody listens, the
// connection broke or timed out, it answers 429, 502, 503 or 504, or it is out
// of space (ErrFull). Such an error says nothing about the object; stages hand
// it on as pipeline.Unavailable. An expired or cancelled context of the caller
// is never IsDown.
func IsDown(err error) bool {
	var a away
	return errors.As(err, &a)
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
		return fmt.Errorf("%w (%v)", e, err)
	}
	for _, known := range []error{ErrNotFound, ErrNoBucket, ErrConflict, ErrChanged, ErrFixity, ErrDenied, ErrTooLarge, ErrBadKey, ErrNewer} {
		if errors.Is(err, known) {
			return err
		}
	}
	if IsDown(err) {
		return err
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

// codes are S3 error codes whose status alone would say too little.
var codes = map[string]error{
	"NoSuchKey":                     ErrNotFound,
	"NoSuchBucket":                  ErrNoBucket,
	"AccessDenied":                  ErrDenied,
	"InvalidAccessKeyId":            ErrDenied,
	"SignatureDoesNotMatch":         ErrDenied,
	"RequestTimeTooSkewed":          ErrDenied,
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
		switch r.StatusCode {
		case http.StatusNotFound:
			known = ErrNotFound
		case http.StatusForbidden, http.StatusUnauthorized:
			known = ErrDenied
		case http.StatusPreconditionFailed:
			known = ErrChanged
		case http.StatusInsufficientStorage:
			known = away{ErrFull}
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
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
