package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"nightshift/pipeline/archive"
)

// UploadOption changes what Upload does.
type UploadOption func(*upload)

// Overwrite lets Upload put a new version in place of different bytes.
func Overwrite() UploadOption { return func(u *upload) { u.overwrite = true } }

type upload struct {
	bucket    *Bucket
	key       string
	src       io.ReaderAt
	size      int64
	digest    archive.Digest
	opts      minio.PutObjectOptions
	overwrite bool
}

// Upload streams size bytes of r in. It reads r twice: first for the SHA-256,
// then to send it, checking that r did not change between. Above
// Config.PartSize it goes in parts. Where the same bytes are already there it
// is done; different bytes wrap ErrConflict unless Overwrite is given. An r that
// is shorter or longer than size, or that changes, is an error and leaves
// nothing behind.
func (b *Bucket) Upload(ctx context.Context, key string, r io.ReaderAt, size int64, contentType string, options ...UploadOption) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, fmt.Errorf("upload %s/%s: %w", b.name, key, err)
	}
	u := &upload{bucket: b, key: key, src: r, size: size}
	for _, o := range options {
		o(u)
	}
	h := sha256.New()
	if err := u.hashRange(ctx, h, 0, size); err != nil {
		return Info{}, fmt.Errorf("upload %s/%s: %w", b.name, key, err)
	}
	if n, _ := r.ReadAt(make([]byte, 1), size); n > 0 {
		return Info{}, fmt.Errorf("upload %s/%s: the source is longer than the stated %d bytes: %w", b.name, key, size, ErrFixity)
	}
	u.digest = archive.Digest(hex.EncodeToString(h.Sum(nil)))
	u.opts = putOptions(contentType, u.digest)
	if !u.overwrite {
		u.opts.SetMatchETagExcept("*")
	}
	put := u.whole
	if size > b.client.cfg.PartSize {
		put = u.inParts
	}
	etag, err := put(ctx)
	if err == nil {
		return Info{Key: key, ETag: etag, Size: size, LastModified: time.Now(), ContentType: contentType, SHA256: u.digest}, nil
	}
	err = b.sort(ctx, "upload", key, err)
	switch {
	case errors.Is(err, ErrChanged) && !u.overwrite:
		return b.agree(ctx, key, u.digest, size)
	case errors.Is(err, errNoUpload):
		// The answer to an earlier try was lost. If it did not complete the upload,
		// the server gave the upload up, and it is begun anew later.
		info, e := b.agree(ctx, key, u.digest, size)
		if e == nil || IsDown(e) || !u.overwrite && !errors.Is(e, ErrNotFound) {
			return info, e
		}
		return Info{}, fmt.Errorf("upload %s/%s: %w", b.name, key, away{err})
	}
	return Info{}, err
}

// hashRange writes n bytes of the source from off into h.
func (u *upload) hashRange(ctx context.Context, h hash.Hash, off, n int64) error {
	buf := make([]byte, min(n, 1<<20))
	for done := int64(0); done < n; {
		if err := ctx.Err(); err != nil {
			return err
		}
		got, err := u.src.ReadAt(buf[:min(int64(len(buf)), n-done)], off+done)
		h.Write(buf[:got])
		done += int64(got)
		if err != nil && done < n {
			if err == io.EOF {
				return fmt.Errorf("the source ends after %d of %d bytes: %w", off+done, u.size, ErrFixity)
			}
			return fmt.Errorf("read the source: %w", err)
		}
	}
	return nil
}

// whole sends everything in one request; the server checks it against the
// digest of the first reading.
func (u *upload) whole(ctx context.Context) (etag string, err error) {
	up, err := u.bucket.client.api.PutObject(ctx, u.bucket.name, u.key,
		io.NewSectionReader(u.src, 0, u.size), u.size, "", string(u.digest), u.opts)
	return up.ETag, err
}

// inParts sends parts, each checked by the server, and completes only if the
// parts together are what the first reading saw.
func (u *upload) inParts(ctx context.Context) (etag string, err error) {
	api, bucket := u.bucket.client.api, u.bucket.name
	start := minio.PutObjectOptions{ContentType: u.opts.ContentType,
		UserMetadata: map[string]string{digestKey: string(u.digest)}}
	id, err := api.NewMultipartUpload(ctx, bucket, u.key, start)
	if err != nil {
		return "", err
	}
	parts, err := u.sendParts(ctx, id)
	if err == nil {
		end := minio.PutObjectOptions{}
		if !u.overwrite {
			end.SetMatchETagExcept("*")
		}
		var up minio.UploadInfo
		if up, err = api.CompleteMultipartUpload(ctx, bucket, u.key, id, parts, end); err == nil {
			return up.ETag, nil
		}
	}
	// What remains is swept by the server in time if this fails too.
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_ = api.AbortMultipartUpload(clean, bucket, u.key, id)
	return "", err
}

// maxParts is below S3's 10,000.
const maxParts = 9000

func (u *upload) sendParts(ctx context.Context, id string) ([]minio.CompletePart, error) {
	partSize := max(u.bucket.client.cfg.PartSize, (u.size+maxParts-1)/maxParts)
	all := sha256.New()
	var parts []minio.CompletePart
	for off := int64(0); off < u.size; off += partSize {
		n := min(partSize, u.size-off)
		one := sha256.New()
		if err := u.hashRange(ctx, &tee{one, all}, off, n); err != nil {
			return nil, err
		}
		p, err := u.bucket.client.api.PutObjectPart(ctx, u.bucket.name, u.key, id, len(parts)+1,
			io.NewSectionReader(u.src, off, n), n, minio.PutObjectPartOptions{Sha256Hex: hex.EncodeToString(one.Sum(nil)), DisableContentSha256: true})
		if err != nil {
			return nil, err
		}
		parts = append(parts, minio.CompletePart{PartNumber: p.PartNumber, ETag: p.ETag})
	}
	if got := archive.Digest(hex.EncodeToString(all.Sum(nil))); got != u.digest {
		return nil, fmt.Errorf("the source changed while it was read: %w", ErrFixity)
	}
	return parts, nil
}

// tee feeds two hashes; its own sum is the first's.
type tee struct {
	hash.Hash
	second hash.Hash
}

func (t *tee) Write(p []byte) (int, error) {
	t.second.Write(p)
	return t.Hash.Write(p)
}
