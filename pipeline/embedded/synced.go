package embedded

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/s3response"
)

// foldersKept bounds what is remembered of folders: beyond it all is forgotten,
// which costs a few syncs.
const foldersKept = 50_000

// synced remembers the folders whose own entries are on the disk, so that a put
// into one of them need not sync those above it again. The backend takes away
// folders that a deletion empties: before each deletion everything is forgotten,
// and what was synced while one began is not remembered.
type synced struct {
	mu        sync.Mutex
	folders   map[string]struct{}
	deletions int
}

// forget is called before anything is deleted.
func (s *synced) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deletions++
	clear(s.folders)
}

// path syncs a file, its folder, and the folders above it up to the first whose
// entry is known to be on the disk. A file replaced meanwhile was synced by who
// replaced it.
func (s *synced) path(root, name string) error {
	file := filepath.Join(root, name)
	if _, err := syncOne(file); err != nil {
		return err
	}
	s.mu.Lock()
	before := s.deletions
	s.mu.Unlock()
	var fresh []string
	for p := filepath.Dir(file); ; p = filepath.Dir(p) {
		there, err := syncOne(p)
		if err != nil {
			return err
		}
		if p == root || p == filepath.Dir(p) || there && s.knows(p) {
			break
		}
		if there {
			fresh = append(fresh, p)
		}
	}
	s.remember(fresh, before)
	return nil
}

func (s *synced) knows(folder string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.folders[folder]
	return ok
}

func (s *synced) remember(folders []string, before int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deletions != before {
		return
	}
	if s.folders == nil || len(s.folders) > foldersKept {
		s.folders = map[string]struct{}{}
	}
	for _, p := range folders {
		s.folders[p] = struct{}{}
	}
}

// syncOne syncs a file or folder, and reports whether it was there.
func syncOne(p string) (there bool, err error) {
	f, err := os.Open(p)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	return true, f.Sync()
}

// DeleteObject deletes.
func (d *durable) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	d.synced.forget()
	return d.Posix.DeleteObject(ctx, in)
}

// DeleteObjects deletes.
func (d *durable) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput) (s3response.DeleteResult, error) {
	d.synced.forget()
	return d.Posix.DeleteObjects(ctx, in)
}

// DeleteBucket deletes.
func (d *durable) DeleteBucket(ctx context.Context, bucket string) error {
	d.synced.forget()
	return d.Posix.DeleteBucket(ctx, bucket)
}
