// Package storetest is what a store must do for Nightshift, as one suite that
// runs against every S3 server: the embedded one by default, a MinIO process
// with build tag minio. It owns the promises of package store; it starts no
// server.
package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"nightshift/pipeline/store"
)

// Run runs the suite. open gives the store to test, over plain HTTP and with
// rights to everything; the suite makes buckets of its own with names that are
// new each time.
func Run(t *testing.T, open func(t *testing.T) store.Config) {
	cfg := open(t)
	cfg.PartSize, cfg.BlockSize, cfg.CacheSize = 5<<20, 64<<10, 512<<10
	client, err := store.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	for _, c := range []struct {
		name string
		run  func(*testing.T, suite)
	}{
		{"ping", ping}, {"put once", putOnce}, {"put once at the same time", putOnceRace},
		{"replace", replace}, {"replace at the same time", replaceRace},
		{"keys", keys}, {"keys that cannot be", badKeys}, {"list", list}, {"list many", listMany},
		{"get", get}, {"put by others", putByOthers},
		{"upload", upload}, {"upload in parts", uploadParts}, {"upload at the same time", uploadRace},
		{"a source that changes", changingSource}, {"read in pieces", readPieces},
		{"an object that moves", movedObject}, {"JSON", jsonObjects}, {"JSON of a newer version", newerObjects},
		{"denied", denied}, {"cancelled", cancelled},
		{"a bit flipped on the way", flipped}, {"a connection cut", cut}, {"an answer lost", answerLost},
		{"nobody answers", silent}, {"answers of a store in trouble", trouble},
		{"errors of the store's own", broken},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			name := "t-" + strings.ToLower(rand.Text())
			if err := client.EnsureBucket(ctx, name); err != nil {
				t.Fatal(err)
			}
			c.run(t, suite{ctx, cfg, client, client.Bucket(name)})
		})
	}
}

type suite struct {
	ctx    context.Context
	cfg    store.Config
	client *store.Client
	bucket *store.Bucket
}

// as is the suite's bucket through a client of another configuration.
func (s suite) as(t *testing.T, cfg store.Config) (*store.Client, *store.Bucket) {
	t.Helper()
	c, err := store.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, c.Bucket(s.bucket.Name())
}

// put stores data at a key that is new, or ends the test.
func (s suite) put(t *testing.T, key string, data []byte) {
	t.Helper()
	if created, err := s.bucket.PutNew(s.ctx, key, data, "text/plain"); err != nil || !created {
		t.Fatalf("put %q: created %v, %v", key, created, err)
	}
}

// expect ends the test unless key holds data.
func (s suite) expect(t *testing.T, key string, data []byte) store.Info {
	t.Helper()
	got, info, err := s.bucket.Get(s.ctx, key)
	if err != nil {
		t.Fatalf("get %q: %v", key, err)
	}
	if !bytes.Equal(got, data) {
		t.Fatalf("get %q: %d bytes, other than the %d put", key, len(got), len(data))
	}
	return info
}

// noise is n bytes that compress badly and differ from call to call.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// second and third are the error of calls that return more.
func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }
