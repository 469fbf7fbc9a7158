// Package ingest puts a folder of scans into the scans bucket, as a scanner
// would, and says when a folder is complete. It decides nothing about what it
// puts in; it never changes or removes a scan that is there.
package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/store"
	"nightshift/pipeline/transcript"
)

// File is one file to put in.
type File struct {
	Path string // on this machine
	Key  string // in the scans bucket
	Size int64
	// Within is the folder that the file is not to be looked for outside, by whatever
	// link that came since; "": links are followed.
	Within string
}

// open opens the file to read.
func (f File) open() (*os.File, error) {
	if f.Within == "" {
		return os.Open(f.Path)
	}
	rel, err := filepath.Rel(f.Within, f.Path)
	if err != nil {
		return nil, err
	}
	return os.OpenInRoot(f.Within, rel)
}

// Passed is a file of the folder that was not taken as it is, and why.
type Passed struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

// Errors of Survey, for which there are exit codes.
var (
	ErrEmpty      = errors.New("the folder holds no files")
	ErrNoScans    = errors.New("the folder holds no scans: no TIFF, JPEG, PNG, JP2, PDF, GIF, BMP, WebP, PNM or text file")
	ErrUnreadable = errors.New("cannot be read")
	ErrName       = errors.New("cannot be used as an object name")
)

// unreadable says which file cannot be read, and why.
func unreadable(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s %w: %w", p.Path, ErrUnreadable, p.Err)
	}
	return fmt.Errorf("%w: %w", ErrUnreadable, err)
}

// Survey lists the files below dir in the order they are to be put in: key
// order, so that a second run is like the first. It opens each, so that what
// cannot be read is told before anything is done. Into is a key prefix, "" for
// none. Links to folders are not followed, and those to files only within dir, unless
// follow says that links may lead anywhere; a file that is passed over for that, or
// put in under another name than its own, is among the second list.
func Survey(dir, into string, follow bool) ([]File, []Passed, error) {
	if st, err := os.Stat(dir); err != nil {
		return nil, nil, unreadable(err)
	} else if !st.IsDir() {
		return nil, nil, fmt.Errorf("%s %w: it is no folder", dir, ErrUnreadable)
	}
	var out []File
	var passed []Passed
	scans := false
	taken := map[string]bool{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return unreadable(err)
		}
		if d.IsDir() {
			return nil
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		f := File{Path: p, Key: path.Join(into, filepath.ToSlash(rel))}
		if !follow {
			f.Within = dir
		}
		if d.Type()&fs.ModeSymlink != 0 {
			if why := f.astray(); why != "" {
				passed = append(passed, Passed{p, why})
				return nil
			}
		}
		st, err := os.Stat(p)
		if err != nil {
			return unreadable(err)
		}
		if !st.Mode().IsRegular() {
			return nil // a socket, a device, a link to a folder
		}
		f.Size = st.Size()
		if key := spelled(f.Key); key != f.Key {
			passed = append(passed, Passed{p, fmt.Sprintf("its name holds what no name of a scan may: put in as %s", key)})
			f.Key = key
		}
		if taken[f.Key] {
			return fmt.Errorf("%w: %q is the name of two files; rename one", ErrName, f.Key)
		}
		taken[f.Key] = true
		if err := Fits(f.Key); err != nil {
			return err
		}
		looks, err := looksLikeScan(f)
		if err != nil {
			return err
		}
		scans = scans || looks
		out = append(out, f)
		return nil
	})
	switch {
	case err != nil:
		return nil, passed, err
	case len(out) == 0:
		return nil, passed, ErrEmpty
	case !scans:
		return nil, passed, ErrNoScans
	}
	slices.SortFunc(out, func(a, b File) int { return strings.Compare(orderKey(a.Key), orderKey(b.Key)) })
	return out, passed, nil
}

// astray is why a link is not followed; "" for one that leads to a file or folder it
// may.
func (f File) astray() string {
	to, err := os.Readlink(f.Path)
	if err != nil {
		return "a link that cannot be read"
	}
	to = strconv.Quote(to)
	if _, err := os.Stat(f.Path); err != nil {
		return "a link to " + to + ", where nothing can be read"
	}
	if f.Within == "" {
		return ""
	}
	root, err := os.OpenRoot(f.Within)
	if err != nil {
		return "a link that cannot be followed"
	}
	defer root.Close()
	rel, err := filepath.Rel(f.Within, f.Path)
	if err == nil {
		_, err = root.Stat(rel)
	}
	if err != nil {
		return "a link out of the folder, to " + to + "; --follow-links takes what it leads to"
	}
	return ""
}

// spelled is a key with what objects' names and lists of them cannot hold, control
// characters and bytes that are no UTF-8, written as %XX; a key that has some has its
// percent signs written so too, so that no two become one.
func spelled(key string) string {
	if utf8.ValidString(key) && !strings.ContainsFunc(key, unicode.IsControl) {
		return key
	}
	var b strings.Builder
	for i := 0; i < len(key); {
		r, n := utf8.DecodeRuneInString(key[i:])
		if r == utf8.RuneError && n == 1 || unicode.IsControl(r) || r == '%' {
			for _, c := range []byte(key[i : i+n]) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		} else {
			b.WriteString(key[i : i+n])
		}
		i += n
	}
	return b.String()
}

// orderKey puts an item.json before the pages it lists, and of two formats of one
// page the master first, so that the other is known to be its copy.
func orderKey(key string) string {
	if path.Base(key) == archive.ItemManifest {
		return archive.FolderOf(key) + "/\x00"
	}
	return archive.StemOf(key) + "." + intake.RankByName(key) + path.Ext(key)
}

// maxKey is S3's own limit for a key, in bytes; records need room below it.
const maxKey = 900

// Fits tells why a key cannot be a scan's; the error wraps ErrName.
func Fits(key string) error {
	switch {
	case !utf8.ValidString(key):
		return fmt.Errorf("%w: %q is not UTF-8; rename it", ErrName, key)
	case len(key) > maxKey:
		return fmt.Errorf("%w: %q is longer than %d bytes", ErrName, key, maxKey)
	}
	return nil
}

// looksLikeScan opens the file, so that it is known to be readable, and tells
// whether intake will take it in.
func looksLikeScan(f File) (bool, error) {
	file, err := f.open()
	if err != nil {
		return false, unreadable(err)
	}
	defer file.Close()
	if archive.IsHidden(f.Key) || archive.IsControl(f.Key) {
		return false, nil
	}
	if intake.NamedAsScan(f.Key) {
		return true, nil
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, unreadable(err)
	}
	_, scan := imaging.Sniff(head[:n])
	_, given := transcript.SniffGiven(head[:n])
	return scan || given, nil
}

// Options of Put.
type Options struct {
	Scans *store.Bucket
	// Replace puts a file in place of a scan with other bytes under the same
	// key; without it that is ErrDiffers.
	Replace bool
	// Done is called after each file.
	Done func(File)
}

// ErrDiffers: a scan with other bytes is there under the key.
var ErrDiffers = errors.New("differs from the scan stored under its name")

// Put puts the files in, one after the other, each folder's marker after its
// last file. What is there already is left alone. Files that differ from what
// is stored do not stop the others; they are returned, joined, as ErrDiffers.
func Put(ctx context.Context, files []File, o Options) error {
	var differ []error
	folders := map[string][]string{}
	for _, f := range files {
		folder := archive.FolderOf(f.Key)
		folders[folder] = append(folders[folder], path.Base(f.Key))
	}
	left := map[string]int{}
	for folder, names := range folders {
		left[folder] = len(names)
	}
	for _, f := range files {
		err := PutFile(ctx, f, o)
		if errors.Is(err, ErrDiffers) {
			differ = append(differ, err)
		} else if err != nil {
			return err
		}
		if o.Done != nil {
			o.Done(f)
		}
		folder := archive.FolderOf(f.Key)
		if left[folder]--; left[folder] == 0 {
			if err := Complete(ctx, folder, folders[folder], o); err != nil {
				return err
			}
		}
	}
	return errors.Join(differ...)
}

// PutFile puts one file in. A scan with other bytes under its key is ErrDiffers.
func PutFile(ctx context.Context, f File, o Options) error {
	file, err := f.open()
	if err != nil {
		return unreadable(err)
	}
	defer file.Close()
	var opts []store.UploadOption
	if o.Replace || path.Base(f.Key) == archive.CompleteMarker {
		opts = append(opts, store.Overwrite())
	}
	_, err = o.Scans.Upload(ctx, f.Key, file, f.Size, "application/octet-stream", opts...)
	if errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("%s: %w; use --replace to put it in as a new version", f.Path, ErrDiffers)
	}
	if err != nil {
		return fmt.Errorf("put %s in: %w", f.Path, err)
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
