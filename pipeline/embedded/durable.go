package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3response"
	"golang.org/x/sys/unix"
)

// durable is the file backend with what a power cut asks for: an object's bytes
// are on the disk before it has its name, and its attributes and the folders above
// it before its put is acknowledged. (The backend writes and links files without
// syncing them; a name without its bytes would stand in the way of the next try
// for good. Conditional puts it locks by itself, since version 1.8.)
type durable struct {
	*posix.Posix
	root string
	put  func(bucket, key string)
	mu   sync.Mutex // orders calls of put as the puts were acknowledged

	synced synced
}

// PutObject puts, syncs, and tells.
func (d *durable) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	out, err := d.Posix.PutObjectWithPostFunc(ctx, in, (*os.File).Sync)
	if err != nil {
		return out, err
	}
	return out, d.settle(in.Bucket, in.Key)
}

// CompleteMultipartUpload completes, syncs, and tells.
func (d *durable) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	out, version, err := d.Posix.CompleteMultipartUpload(ctx, in)
	if err != nil {
		return out, version, err
	}
	return out, version, d.settle(in.Bucket, in.Key)
}

// ListObjectsV2 lists nothing at once where there is no folder for the prefix.
// The backend would look for one from the bucket's root on and read each folder
// on the way whole: "items/", with an entry for every item, to see that an item
// has no pages yet.
func (d *durable) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input) (s3response.ListObjectsV2Result, error) {
	if in.Bucket == nil || in.Prefix == nil || !d.nothingBelow(*in.Bucket, *in.Prefix) {
		return d.Posix.ListObjectsV2(ctx, in)
	}
	none := *in
	none.MaxKeys = new(int32)
	out, err := d.Posix.ListObjectsV2(ctx, &none)
	out.MaxKeys = in.MaxKeys
	return out, err
}

// nothingBelow tells whether no key of the bucket can begin with prefix, since
// keys are paths and its folder is not there.
func (d *durable) nothingBelow(bucket, prefix string) bool {
	i := strings.LastIndexByte(prefix, '/')
	if i <= 0 || !fs.ValidPath(bucket) || !fs.ValidPath(prefix[:i]) {
		return false
	}
	info, err := os.Stat(filepath.Join(d.root, bucket, filepath.FromSlash(prefix[:i])))
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENOTDIR) || err == nil && !info.IsDir()
}

func (d *durable) settle(bucket, key *string) error {
	if bucket == nil || key == nil {
		return errors.New("a put without bucket or key")
	}
	if err := d.synced.path(d.root, filepath.Join(*bucket, filepath.FromSlash(*key))); err != nil {
		return fmt.Errorf("sync %s/%s: %w", *bucket, *key, err)
	}
	if d.put != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.put(*bucket, *key)
	}
	return nil
}
