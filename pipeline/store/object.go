package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/minio/minio-go/v7"

	"nightshift/pipeline/archive"
)

// Object is an object opened at one entity tag, for reading in pieces. Every
// request is guarded by If-Match: once the object moves, reads wrap ErrChanged
// and never mix two versions. ReadAt keeps a bounded number of blocks and reads
// further ahead the longer it is used in sequence. It is safe for concurrent
// use; reads that miss the cache follow one another.
type Object struct {
	bucket *Bucket
	info   Info
	ctx    context.Context // of Open; io.ReaderAt has no place for one

	mu     sync.Mutex
	blocks map[int64]*block
	tick   int64 // grows with each use of a block; the least recently used goes first
	next   int64 // block after the last fetch
	ahead  int64 // blocks to fetch at once while reading on
	err    error // of the first fetch that failed
}

type block struct {
	data []byte
	used int64
}

// maxAhead bounds read-ahead: 16 blocks, 4 MiB by default.
const maxAhead = 16

// Open opens an object at the entity tag, or at whatever it has now with etag
// "". A different tag wraps ErrChanged. ctx bounds all reads of ReadAt.
func (b *Bucket) Open(ctx context.Context, key, etag string) (*Object, error) {
	info, err := b.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	if etag != "" && info.ETag != etag {
		return nil, fmt.Errorf("open %s/%s: its entity tag is %s, not %s: %w", b.name, key, info.ETag, etag, ErrChanged)
	}
	return b.OpenAs(ctx, info), nil
}

// OpenAs opens an object that was described a moment ago, without asking: that
// it is another one by now, or gone, shows when it is read.
func (b *Bucket) OpenAs(ctx context.Context, info Info) *Object {
	return &Object{bucket: b, info: info, ctx: ctx, blocks: map[int64]*block{}, ahead: 1, next: -1}
}

// Size is the object's length in bytes.
func (o *Object) Size() int64 { return o.info.Size }

// Info describes the object as it was opened.
func (o *Object) Info() Info { return o.info }

// Err is the error of the first read of ReadAt that the store did not answer,
// nil if all were: a decoder that read through the Object may have taken its
// error for one of the file.
func (o *Object) Err() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// Close gives the cache back. Reads after it fail.
func (o *Object) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.blocks = nil
	return nil
}

// ReadAt reads as io.ReaderAt says.
func (o *Object) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fmt.Errorf("read %s/%s: negative offset", o.bucket.name, o.info.Key)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.blocks == nil {
		return 0, fmt.Errorf("read %s/%s: already closed", o.bucket.name, o.info.Key)
	}
	size := o.bucket.client.cfg.BlockSize
	for n < len(p) {
		at := off + int64(n)
		if at >= o.info.Size {
			return n, io.EOF
		}
		want := (int64(len(p)-n) + at%size + size - 1) / size
		blk, err := o.block(at/size, want)
		if err != nil {
			if o.err == nil {
				o.err = err
			}
			return n, err
		}
		n += copy(p[n:], blk[at%size:])
	}
	return n, nil
}

// block returns block i, fetching it if need be, and with it up to want blocks
// or as many as reading ahead suggests.
func (o *Object) block(i, want int64) ([]byte, error) {
	o.tick++
	if b := o.blocks[i]; b != nil {
		b.used = o.tick
		return b.data, nil
	}
	cfg := o.bucket.client.cfg
	if i == o.next {
		o.ahead = min(o.ahead*2, maxAhead)
	} else {
		o.ahead = 1
	}
	room := max(cfg.CacheSize/cfg.BlockSize, 1)
	run := min(max(want, o.ahead), max(room/2, 1))
	for k := int64(1); k < run; k++ { // stop before what is already here
		if o.blocks[i+k] != nil {
			run = k
		}
	}
	first := i * cfg.BlockSize
	data, err := o.fetch(first, min(run*cfg.BlockSize, o.info.Size-first))
	if err != nil {
		return nil, err
	}
	o.evict(room - run)
	for k := int64(0); k*cfg.BlockSize < int64(len(data)); k++ {
		part := data[k*cfg.BlockSize : min((k+1)*cfg.BlockSize, int64(len(data)))]
		// A copy, so that one kept block does not hold a whole run in memory.
		o.blocks[i+k] = &block{data: append([]byte(nil), part...), used: o.tick}
	}
	o.next = i + run
	return o.blocks[i].data, nil
}

// evict drops the least recently used blocks until at most keep are left.
func (o *Object) evict(keep int64) {
	for int64(len(o.blocks)) > max(keep, 0) {
		oldest, used := int64(-1), int64(0)
		for i, b := range o.blocks {
			if oldest < 0 || b.used < used {
				oldest, used = i, b.used
			}
		}
		delete(o.blocks, oldest)
	}
}

// Bytes reads the whole object.
func (o *Object) Bytes(ctx context.Context) ([]byte, error) {
	r, err := o.Reader(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data := make([]byte, o.info.Size)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, o.bucket.sort(ctx, "read", o.info.Key, cut(err))
	}
	return data, nil
}

// fetch reads n bytes from off, at the entity tag.
func (o *Object) fetch(off, n int64) ([]byte, error) {
	opts := minio.GetObjectOptions{}
	if err := opts.SetRange(off, off+n-1); err != nil {
		return nil, fmt.Errorf("read %s/%s: %w", o.bucket.name, o.info.Key, err)
	}
	body, err := o.get(o.ctx, opts)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data := make([]byte, n)
	if _, err := io.ReadFull(body, data); err != nil {
		return nil, o.bucket.sort(o.ctx, "read", o.info.Key, cut(err))
	}
	return data, nil
}

func (o *Object) get(ctx context.Context, opts minio.GetObjectOptions) (io.ReadCloser, error) {
	if err := opts.SetMatchETag(o.info.ETag); err != nil {
		return nil, fmt.Errorf("read %s/%s: %w", o.bucket.name, o.info.Key, err)
	}
	opts.VersionID = o.info.VersionID
	body, got, _, err := o.bucket.client.api.GetObject(ctx, o.bucket.name, o.info.Key, opts)
	if err != nil {
		err = o.bucket.sort(ctx, "read", o.info.Key, err)
		if errors.Is(err, ErrNotFound) {
			err = fmt.Errorf("%w: %w", ErrChanged, err)
		}
		return nil, err
	}
	if got.ETag != o.info.ETag {
		body.Close()
		return nil, fmt.Errorf("read %s/%s: its entity tag is now %s: %w", o.bucket.name, o.info.Key, got.ETag, ErrChanged)
	}
	return body, nil
}

// Reader streams the whole object from its beginning, past the cache unless that
// holds all of it. A body
// that ends early is an error that IsDown, never a short success.
func (o *Object) Reader(ctx context.Context) (io.ReadCloser, error) {
	if o.info.Size == 0 {
		return io.NopCloser(readerOf(nil)), nil
	}
	o.mu.Lock()
	first := o.blocks[0]
	o.mu.Unlock()
	if first != nil && int64(len(first.data)) == o.info.Size {
		return io.NopCloser(readerOf(first.data)), nil
	}
	body, err := o.get(ctx, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	return &whole{ctx: ctx, o: o, body: body, left: o.info.Size}, nil
}

type whole struct {
	ctx  context.Context
	o    *Object
	body io.ReadCloser
	left int64
}

func (w *whole) Read(p []byte) (int, error) {
	if w.left == 0 {
		return 0, io.EOF
	}
	n, err := w.body.Read(p[:min(int64(len(p)), w.left)])
	w.left -= int64(n)
	if err == nil || w.left == 0 {
		return n, nil
	}
	return n, w.o.bucket.sort(w.ctx, "read", w.o.info.Key, cut(err))
}

func (w *whole) Close() error { return w.body.Close() }

// Digest reads the whole object and returns its SHA-256. If its writer kept a
// digest that differs, the error wraps ErrFixity.
func (o *Object) Digest(ctx context.Context) (archive.Digest, error) {
	r, err := o.Reader(ctx)
	if err != nil {
		return "", err
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	d := archive.Digest(hex.EncodeToString(h.Sum(nil)))
	if kept := o.info.SHA256; kept != "" && kept != d {
		return d, fmt.Errorf("read %s/%s: sha256 is %s, was stored as %s: %w", o.bucket.name, o.info.Key, d.Short(), kept.Short(), ErrFixity)
	}
	return d, nil
}
