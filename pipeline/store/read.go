package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"nightshift/pipeline/archive"
)

// Info describes an object.
type Info struct {
	Key          string
	ETag         string // without quotes; opaque
	Size         int64
	LastModified time.Time
	// VersionID is set by Versions alone: an object that is opened with it is that
	// version, whatever was put over it. Empty: the newest.
	VersionID   string
	ContentType string
	// SHA256 is what the writer kept with the object; empty for objects put by
	// others and in listings, which do not carry it.
	SHA256 archive.Digest
}

// digestKey is the user metadata that holds the SHA-256.
const digestKey = "Sha256"

func infoOf(key string, o minio.ObjectInfo) Info {
	i := Info{Key: key, ETag: o.ETag, Size: o.Size, LastModified: o.LastModified, ContentType: o.ContentType}
	for k, v := range o.UserMetadata {
		if d := archive.Digest(v); strings.EqualFold(k, digestKey) && d.Valid() {
			i.SHA256 = d
		}
	}
	return i
}

// Stat describes the object, or wraps ErrNotFound.
func (b *Bucket) Stat(ctx context.Context, key string) (Info, error) {
	o, err := b.client.api.StatObject(ctx, b.name, key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, b.sort(ctx, "stat", key, err)
	}
	return infoOf(key, o), nil
}

// Versions are those that the bucket keeps of one key, the oldest first, without
// marks of deletion. Where the bucket keeps none, the object as it is; none at all
// where there is no such object.
func (b *Bucket) Versions(ctx context.Context, key string) ([]Info, error) {
	if b.client.cfg.Unversioned {
		info, err := b.Stat(ctx, key)
		if errors.Is(err, ErrNotFound) {
			return nil, nil
		}
		return []Info{info}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	opts := listing(key, true)
	opts.WithVersions = true
	var out []Info
	for o := range b.client.api.ListObjectsIter(ctx, b.name, opts) {
		switch {
		case o.Err != nil:
			return nil, b.sort(ctx, "list versions of", key, o.Err)
		case o.Key == key && !o.IsDeleteMarker:
			i := infoOf(key, o)
			i.VersionID = o.VersionID
			out = append(out, i)
		}
		if o.Key > key {
			break
		}
	}
	if err := ctx.Err(); err != nil { // the iterator just ends then
		return nil, b.sort(ctx, "list versions of", key, err)
	}
	slices.Reverse(out) // the store lists the newest first
	return out, nil
}

// Get reads a whole object of at most Config.MaxObject bytes and checks it
// against the digest its writer kept: a mismatch wraps ErrFixity. An object
// that was put by others carries no digest and is returned as it is.
func (b *Bucket) Get(ctx context.Context, key string) ([]byte, Info, error) {
	return b.GetLimit(ctx, key, b.client.cfg.MaxObject)
}

// GetLimit is Get for at most limit bytes; a larger object wraps ErrTooLarge.
func (b *Bucket) GetLimit(ctx context.Context, key string, limit int64) ([]byte, Info, error) {
	body, o, _, err := b.client.api.GetObject(ctx, b.name, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, Info{}, b.sort(ctx, "get", key, err)
	}
	defer body.Close()
	info := infoOf(key, o)
	if info.Size > limit {
		return nil, info, fmt.Errorf("get %s/%s: %d bytes, limit %d: %w", b.name, key, info.Size, limit, ErrTooLarge)
	}
	data := make([]byte, max(info.Size, 0))
	if _, err := io.ReadFull(body, data); err != nil {
		return nil, info, b.sort(ctx, "read", key, cut(err))
	}
	if n, _ := io.CopyN(io.Discard, body, 1); n > 0 {
		return nil, info, fmt.Errorf("read %s/%s: longer than its stated %d bytes: %w", b.name, key, info.Size, ErrFixity)
	}
	if got := archive.DigestOf(data); info.SHA256 != "" && got != info.SHA256 {
		return nil, info, fmt.Errorf("read %s/%s: sha256 is %s, was stored as %s: %w", b.name, key, got.Short(), info.SHA256.Short(), ErrFixity)
	}
	return data, info, nil
}

// cut makes a body that ended early a fault of the connection.
func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// List yields every object below prefix in the byte order of keys. It stops
// after the first error.
func (b *Bucket) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		for o := range b.client.api.ListObjectsIter(ctx, b.name, listing(prefix, true)) {
			if o.Err != nil {
				yield(Info{}, b.sort(ctx, "list", prefix, o.Err))
				return
			}
			if !yield(infoOf(o.Key, o), nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil { // the iterator just ends then
			yield(Info{}, b.sort(ctx, "list", prefix, err))
		}
	}
}

// ListFolder lists one level below prefix, which is "" or ends in "/": the
// folders (with their full prefix, ending in "/") and the objects.
func (b *Bucket) ListFolder(ctx context.Context, prefix string) (folders []string, objects []Info, err error) {
	for o := range b.client.api.ListObjectsIter(ctx, b.name, listing(prefix, false)) {
		switch {
		case o.Err != nil:
			return nil, nil, b.sort(ctx, "list", prefix, o.Err)
		case strings.HasSuffix(o.Key, "/") && o.Key != prefix:
			folders = append(folders, o.Key)
		default:
			objects = append(objects, infoOf(o.Key, o))
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, b.sort(ctx, "list", prefix, err)
	}
	return folders, objects, nil
}

func listing(prefix string, recursive bool) minio.ListObjectsOptions {
	no := false
	return minio.ListObjectsOptions{Prefix: prefix, Recursive: recursive, FetchOwner: &no}
}

// readerOf is data as a body that can be sent again on a retry.
func readerOf(data []byte) io.Reader { return bytes.NewReader(data) }
