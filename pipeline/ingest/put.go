package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/store"
)

// Options of Put.
type Options struct {
	Scans *store.Bucket
	// Replace puts a file in place of a scan with other bytes under the same
	// key; without it that is ErrDiffers. That a person said so is noted in Work:
	// a scan that is put over another in other ways does not count.
	Replace bool
	Work    *store.Bucket // asked only with Replace
	// Done is called after each file.
	Done func(File)
}

// ErrDiffers: a scan with other bytes is there under the key.
var ErrDiffers = errors.New("differs from the scan stored under its name")

// Put puts the files in, one after the other, each folder's marker after its
// last file. What is there already is left alone. Files that cannot be read, or that
// change meanwhile, stop no other; they are returned, and named in no marker. Nor do
// files that differ from what is stored; they are joined in an ErrDiffers.
func Put(ctx context.Context, files []File, o Options) ([]Passed, error) {
	var differ []error
	var passed []Passed
	left := map[string]int{}
	for _, f := range files {
		left[archive.FolderOf(f.Key)]++
	}
	put := map[string][]string{} // names by folder
	for _, f := range files {
		folder := archive.FolderOf(f.Key)
		err := PutFile(ctx, f, o)
		switch {
		case errors.Is(err, ErrUnreadable):
			passed = append(passed, f.leftOut(whyUnread(err)))
		case errors.Is(err, ErrDiffers):
			differ = append(differ, err)
		case err != nil:
			return passed, err
		}
		if !errors.Is(err, ErrUnreadable) {
			put[folder] = append(put[folder], path.Base(f.Key))
		}
		if o.Done != nil {
			o.Done(f)
		}
		if left[folder]--; left[folder] == 0 {
			if err := Complete(ctx, folder, put[folder], o); err != nil {
				return passed, err
			}
		}
	}
	return passed, errors.Join(differ...)
}

// PutFile puts one file in. A scan with other bytes under its key is ErrDiffers; one
// that cannot be read to its end as it was is ErrUnreadable.
func PutFile(ctx context.Context, f File, o Options) error {
	file, err := f.open()
	if err != nil {
		return unreadable(err)
	}
	defer file.Close()
	before, err := file.Stat()
	if err != nil {
		return unreadable(err)
	}
	var opts []store.UploadOption
	if o.Replace || path.Base(f.Key) == archive.CompleteMarker {
		opts = append(opts, store.Overwrite())
	}
	src := &watched{File: file}
	if o.Replace {
		if err := o.allow(ctx, f, src); err != nil {
			return err
		}
	}
	_, err = o.Scans.Upload(ctx, f.Key, src, f.Size, "application/octet-stream", opts...)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if why := src.changed(before, f.Size); why != nil {
		return unreadable(&fs.PathError{Op: "read", Path: f.Path, Err: why})
	}
	if errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("%s: %w; use --replace to put it in as a new version", f.Path, ErrDiffers)
	}
	return fmt.Errorf("put %s in: %w", f.Path, err)
}

// allow notes that the file is to count in place of what is under its key, if
// anything is.
func (o Options) allow(ctx context.Context, f File, src io.ReaderAt) error {
	if archive.IsControl(f.Key) {
		return nil // orders: the newest counts
	}
	if _, err := o.Scans.Stat(ctx, f.Key); err != nil {
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return fmt.Errorf("put %s in: %w", f.Path, err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(src, 0, f.Size)); err != nil {
		return unreadable(err)
	}
	r := archive.Replaced{Version: 1, Key: f.Key, SHA256: archive.Digest(hex.EncodeToString(h.Sum(nil)))}
	if _, err := o.Work.PutJSON(ctx, archive.ReplacedKey(r.Key, r.SHA256), r); err != nil {
		return fmt.Errorf("note that %s replaces a scan: %w", f.Path, err)
	}
	return nil
}

// watched is a file that remembers that it could not be read.
type watched struct {
	*os.File
	mu  sync.Mutex
	err error
}

func (w *watched) ReadAt(p []byte, off int64) (int, error) {
	n, err := w.File.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.err = err
	}
	return n, err
}

// changed says why the file could not be sent, if that was the file's doing.
func (w *watched) changed(before fs.FileInfo, size int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		var p *fs.PathError
		if errors.As(w.err, &p) {
			return p.Err
		}
		return w.err
	}
	now, err := w.Stat()
	if err != nil {
		return err
	}
	if now.Size() != size || before.Size() != size || !now.ModTime().Equal(before.ModTime()) {
		return errors.New("it changes while it is read; put it in when it is whole")
	}
	return nil
}

// Complete says that the folder is complete, if it holds pages of a group and
// nobody's own marker. The marker names the files, so that it is a new one when
// a later run brings more.
func Complete(ctx context.Context, folder string, names []string, o Options) error {
	groups := false
	for _, n := range names {
		if n == archive.CompleteMarker {
			return nil
		}
		groups = groups || n == archive.ItemManifest || intake.NamedAsScan(n) && !archive.PlaceOf(n, false).Single
	}
	if !groups {
		return nil
	}
	slices.Sort(names)
	raw, err := json.Marshal(intake.Marker{Files: names})
	if err != nil {
		return err
	}
	key := strings.TrimPrefix(folder+"/"+archive.CompleteMarker, "/")
	if old, _, err := o.Scans.Get(ctx, key); err == nil && string(old) == string(raw) {
		return nil
	}
	_, err = o.Scans.Upload(ctx, key, strings.NewReader(string(raw)), int64(len(raw)), "application/json", store.Overwrite())
	if err != nil {
		return fmt.Errorf("mark %q complete: %w", folder, err)
	}
	return nil
}
