package storetest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"nightshift/pipeline/store"
)

// operation is one call of the package on a bucket that holds object "there"
// with content content, and something below "many/". It may be called again.
type operation struct {
	name string
	do   func(ctx context.Context, b *store.Bucket, n int) error // n makes keys of its own
}

var content, big = noise(200_000), noise(6 << 20)

func onObject(ctx context.Context, b *store.Bucket, f func(*store.Object) error) error {
	o, err := b.Open(ctx, "there", "")
	if err != nil {
		return err
	}
	defer o.Close()
	return f(o)
}

var operations = []operation{
	{"stat", func(ctx context.Context, b *store.Bucket, _ int) error { return second(b.Stat(ctx, "there")) }},
	{"get", func(ctx context.Context, b *store.Bucket, _ int) error { return third(b.Get(ctx, "there")) }},
	{"list", func(ctx context.Context, b *store.Bucket, _ int) error {
		for _, err := range b.List(ctx, "many/") {
			if err != nil {
				return err
			}
		}
		return nil
	}},
	{"list folder", func(ctx context.Context, b *store.Bucket, _ int) error { return third(b.ListFolder(ctx, "many/")) }},
	{"read at", func(ctx context.Context, b *store.Bucket, _ int) error {
		return onObject(ctx, b, func(o *store.Object) error {
			_, err := o.ReadAt(make([]byte, 100_000), 70_000)
			if (err == nil) != (o.Err() == nil) {
				return fmt.Errorf("read: %w, remembered: %w", err, o.Err())
			}
			return err
		})
	}},
	{"digest", func(ctx context.Context, b *store.Bucket, _ int) error {
		return onObject(ctx, b, func(o *store.Object) error { return second(o.Digest(ctx)) })
	}},
	{"JSON", func(ctx context.Context, b *store.Bucket, n int) error {
		key, v := fmt.Sprintf("json-%d.json.zst", n), 0
		if _, err := b.PutJSON(ctx, key, n); err != nil {
			return err
		}
		return b.GetJSON(ctx, key, &v)
	}},
	{"put", func(ctx context.Context, b *store.Bucket, n int) error {
		return second(b.PutNew(ctx, fmt.Sprintf("put-%d", n), content, "image/tiff"))
	}},
	{"put again", func(ctx context.Context, b *store.Bucket, _ int) error {
		return second(b.PutNew(ctx, "there", content, "image/tiff"))
	}},
	{"replace", func(ctx context.Context, b *store.Bucket, n int) error {
		key := fmt.Sprintf("moves-%d", n)
		etag, err := b.Replace(ctx, key, []byte("1"), "text/plain", "")
		if err == nil {
			_, err = b.Replace(ctx, key, []byte("2"), "text/plain", etag)
		}
		if err == nil { // so that it may be called again
			_, err = b.Upload(ctx, key, bytes.NewReader([]byte("1")), 1, "text/plain", store.Overwrite())
		}
		return err
	}},
	{"upload", func(ctx context.Context, b *store.Bucket, n int) error {
		return second(b.Upload(ctx, fmt.Sprintf("up-%d", n), bytes.NewReader(content), int64(len(content)), "image/tiff"))
	}},
	{"upload in parts", func(ctx context.Context, b *store.Bucket, n int) error {
		return second(b.Upload(ctx, fmt.Sprintf("parts-%d", n), bytes.NewReader(big), int64(len(big)), "image/tiff"))
	}},
	{"upload in parts over another", func(ctx context.Context, b *store.Bucket, n int) error {
		key := fmt.Sprintf("over-%d", n)
		if _, err := b.Upload(ctx, key, bytes.NewReader(content), int64(len(content)), "image/tiff", store.Overwrite()); err != nil {
			return err
		}
		return second(b.Upload(ctx, key, bytes.NewReader(big), int64(len(big)), "image/tiff", store.Overwrite()))
	}},
}

// broken: whichever request of whichever operation the store answers with an
// error of its own, before or after it did what it was asked, the operation
// succeeds or says that the store is away, and succeeds when called again.
func broken(t *testing.T, s suite) {
	s.put(t, "there", content)
	for i := range 3 {
		s.put(t, fmt.Sprintf("many/%d/a", i), []byte("x"))
	}
	for i, c := range []struct {
		done  bool
		tries int
	}{{false, 1}, {true, 1}, {true, 2}} {
		t.Run(fmt.Sprintf("done %v, %d tries", c.done, c.tries), func(t *testing.T) {
			for j, op := range operations {
				t.Run(op.name, func(t *testing.T) {
					t.Parallel() // most of it is waiting for the next try
					s.breakEach(t, op, c.done, c.tries, 10_000*i+100*j)
				})
			}
		})
	}
}

// bodies are what comes with status 500, in turn.
var bodies = []string{
	"",
	"<Error><Code>InternalError</Code><Message>We encountered an internal error</Message></Error>",
	"<Error><Code>Inter",
	"<html><body>Internal Server Error</body></html>",
}

// breakEach breaks the first request of an operation, the second, … until it has
// no more.
func (s suite) breakEach(t *testing.T, op operation, done bool, tries, n int) {
	t.Helper()
	for at := int64(1); ; at++ {
		n++
		var seen atomic.Int64
		var hit atomic.Bool
		var pass http.Handler
		s.cfg.Tries = tries
		_, b := s.through(t, fault{request: func(w http.ResponseWriter, r *http.Request) bool {
			if seen.Add(1) != at {
				return false
			}
			hit.Store(true)
			if done {
				pass.ServeHTTP(httptest.NewRecorder(), r)
			} else {
				_, _ = io.Copy(io.Discard, r.Body)
			}
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, bodies[n%len(bodies)])
			return true
		}, pass: &pass})
		err := op.do(s.ctx, b, n)
		if err != nil && (!store.IsDown(err) || !hit.Load()) {
			t.Errorf("%s, request %d answered 500: %v", op.name, at, err)
		}
		if err != nil && op.name != "replace" {
			if err := op.do(s.ctx, b, n); err != nil {
				t.Errorf("%s again after request %d was answered 500: %v", op.name, at, err)
			}
		}
		if !hit.Load() {
			return
		}
	}
}
