package store

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/minio/minio-go/v7"

	"nightshift/pipeline/archive"
)

// putOptions carries the digest twice: as a checksum that the server checks
// and as metadata that readers check. The body is signed as a whole, by that
// digest, and not in chunks (which is what DisableContentSha256 turns off): a
// byte that changed on the way is then told as such, not as a wrong signature.
func putOptions(contentType string, d archive.Digest) minio.PutObjectOptions {
	raw, _ := hex.DecodeString(string(d))
	return minio.PutObjectOptions{
		ContentType:          contentType,
		DisableMultipart:     true,
		DisableContentSha256: true,
		UserMetadata: map[string]string{
			digestKey:               string(d),
			"X-Amz-Checksum-Sha256": base64.StdEncoding.EncodeToString(raw),
		},
	}
}

// PutNew puts an object where none may be. If the same bytes are there already
// it returns false and no error, so that work done twice is no failure; other
// bytes wrap ErrConflict. Of several writers at once exactly one creates; one
// whose connection broke after the store had taken the object sees false.
func (b *Bucket) PutNew(ctx context.Context, key string, data []byte, contentType string) (created bool, err error) {
	if err := checkKey(key); err != nil {
		return false, fmt.Errorf("put %s/%s: %w", b.name, key, err)
	}
	d := archive.DigestOf(data)
	opts := putOptions(contentType, d)
	opts.SetMatchETagExcept("*")
	_, err = b.client.api.PutObject(ctx, b.name, key, readerOf(data), int64(len(data)), "", string(d), opts)
	if err == nil {
		return true, nil
	}
	if err = b.sort(ctx, "put", key, err); !errors.Is(err, ErrChanged) {
		return false, err
	}
	_, err = b.agree(ctx, key, d, int64(len(data)))
	return false, err
}

// Replace moves an object that changes: it is written only if the object there
// still has the given entity tag, or, with etag "", if there is none. Otherwise
// it wraps ErrChanged. If what is there is already exactly data (the answer to
// an earlier try was lost), that is success.
func (b *Bucket) Replace(ctx context.Context, key string, data []byte, contentType, etag string) (newETag string, err error) {
	if err := checkKey(key); err != nil {
		return "", fmt.Errorf("replace %s/%s: %w", b.name, key, err)
	}
	d := archive.DigestOf(data)
	opts := putOptions(contentType, d)
	if etag == "" {
		opts.SetMatchETagExcept("*")
	} else {
		opts.SetMatchETag(etag)
	}
	up, err := b.client.api.PutObject(ctx, b.name, key, readerOf(data), int64(len(data)), "", string(d), opts)
	if err == nil {
		return up.ETag, nil
	}
	err = b.sort(ctx, "replace", key, err)
	if errors.Is(err, ErrNotFound) { // If-Match with nothing there
		return "", fmt.Errorf("replace %s/%s: it is gone: %w", b.name, key, ErrChanged)
	}
	if !errors.Is(err, ErrChanged) {
		return "", err
	}
	there, e := b.Stat(ctx, key)
	switch {
	case e == nil && there.SHA256 == d:
		return there.ETag, nil
	case e != nil && !errors.Is(e, ErrNotFound):
		return "", e // whose try came first cannot be told
	}
	return "", err
}

// longestKey and longestLevel are what S3, and the file systems below MinIO and
// the embedded server, can hold, in bytes.
const longestKey, longestLevel = 1024, 255

// checkKey wraps ErrBadKey for keys that some server cannot hold or reads
// otherwise than written.
func checkKey(key string) error {
	if key == "" || len(key) > longestKey || !utf8.ValidString(key) || strings.ContainsRune(key, 0) {
		return fmt.Errorf("%w: %d bytes; it must be UTF-8 of 1 to %d bytes without a zero byte", ErrBadKey, len(key), longestKey)
	}
	for level := range strings.SplitSeq(key, "/") {
		if level == "" || level == "." || level == ".." || len(level) > longestLevel {
			return fmt.Errorf("%w: a level between slashes must be 1 to %d bytes, and not of dots alone", ErrBadKey, longestLevel)
		}
	}
	return nil
}

// agree checks that the object there has the digest and size, by its metadata
// or, for objects put by others, by reading it. Anything else wraps ErrConflict.
func (b *Bucket) agree(ctx context.Context, key string, d archive.Digest, size int64) (Info, error) {
	there, err := b.Stat(ctx, key)
	if err != nil {
		return Info{}, err
	}
	if there.SHA256 == "" && there.Size == size {
		o, err := b.Open(ctx, key, there.ETag)
		if err != nil {
			return Info{}, err
		}
		defer o.Close()
		if there.SHA256, err = o.Digest(ctx); err != nil {
			return Info{}, err
		}
	}
	if there.SHA256 != d || there.Size != size {
		return there, fmt.Errorf("put %s/%s: %d bytes with sha256 %s are there, not %d with %s: %w",
			b.name, key, there.Size, there.SHA256.Short(), size, d.Short(), ErrConflict)
	}
	return there, nil
}
