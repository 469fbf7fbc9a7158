package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// A Bagger writes a bag: a folder with its own list of digests, as BagIt 1.0
// (RFC 8493) has it, for handing records over to a repository.
type Bagger struct {
	Records *store.Bucket
	Scans   *store.Bucket // nil: the bag is without masters
	// Info are the lines of bag-info.txt beside those that follow from the bag:
	// Source-Organization, External-Identifier, Bagging-Date …
	Info [][2]string
}

// Master is a scan to put into the bag.
type Master struct {
	Key    string
	ETag   string // of the version taken in; "" for whatever is there
	SHA256 archive.Digest
	// VersionID and Size, in bytes, are of a scan that another was put over.
	VersionID string
	Size      int64
}

// bagMark stands in the names of a bag's files before the digits of a character
// that file systems stumble over. RFC 8493 has a percent sign in a name written
// as %25 in the manifest, and validators in use (the Library of Congress's for
// Python, npm's bagit-tools) look for a file of that name: with a percent sign in
// no name a bag is valid to all of them.
const bagMark = '='

// ErrNotEmpty: the folder for the bag holds something already.
var ErrNotEmpty = errors.New("the folder of a bag must be new or empty")

// Bag writes the items' current versions below dir/data/records and the masters
// below dir/data/scans, each by its locator. It returns how many items had
// records. The bag's manifest comes last: a bag cut short by an error is no
// valid bag.
func (b Bagger) Bag(ctx context.Context, items []archive.Locator, masters []Master, dir string) (int, error) {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return 0, fmt.Errorf("%s: %w", dir, ErrNotEmpty)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	n := 0
	for l, folder := range folders(items, bagMark) {
		_, err := Item(ctx, b.Records, l, filepath.Join(dir, "data", "records"), folder)
		switch {
		case errors.Is(err, store.ErrNotFound):
			continue
		case err != nil:
			return n, err
		}
		n++
	}
	if n == 0 {
		return 0, nil
	}
	if b.Scans != nil {
		at := mastersAt(masters)
		for _, m := range masters {
			if err := b.master(ctx, m, filepath.Join(dir, "data", "scans", at[m.Key])); err != nil {
				return n, err
			}
		}
	}
	return n, b.seal(dir)
}

// mastersAt gives each scan a place by its key, none in another's way.
func mastersAt(masters []Master) map[string]string {
	var all []placed
	seen := map[string]bool{}
	for _, m := range masters {
		if !seen[m.Key] {
			seen[m.Key] = true
			all = append(all, place(m.Key, m.Key, bagMark))
		}
	}
	distinct(all, nil)
	at := map[string]string{}
	for _, p := range all {
		at[p.of] = filepath.Join(p.parts...)
	}
	return at
}

// master copies a scan to a file, checking it against the digest that was taken in.
func (b Bagger) master(ctx context.Context, m Master, to string) error {
	var o *store.Object
	var err error
	if m.VersionID != "" {
		o = b.Scans.OpenAs(ctx, store.Info{Key: m.Key, ETag: m.ETag, Size: m.Size, VersionID: m.VersionID})
	} else if o, err = b.Scans.Open(ctx, m.Key, m.ETag); err != nil {
		return fmt.Errorf("bag %q: %w", m.Key, err)
	}
	defer o.Close()
	r, err := o.Reader(ctx)
	if err != nil {
		return fmt.Errorf("bag %q: %w", m.Key, err)
	}
	defer r.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, h), r)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("bag %q: %w", m.Key, err)
	}
	if got := archive.Digest(hex.EncodeToString(h.Sum(nil))); got != m.SHA256 {
		return fmt.Errorf("bag %q: its digest is %s, taken in was %s: %w", m.Key, got.Short(), m.SHA256.Short(), store.ErrFixity)
	}
	return nil
}

// seal writes the tag files over the payload as it is on disk.
func (b Bagger) seal(dir string) error {
	manifest, bytes, files, err := digests(dir, filepath.Join(dir, "data"))
	if err != nil {
		return err
	}
	info := append(slices.Clone(b.Info), [2]string{"Payload-Oxum", fmt.Sprintf("%d.%d", bytes, files)})
	var lines strings.Builder
	for _, l := range info {
		fmt.Fprintf(&lines, "%s: %s\n", l[0], strings.Join(strings.Fields(l[1]), " "))
	}
	tags := map[string]string{
		"bagit.txt":           "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
		"bag-info.txt":        lines.String(),
		"manifest-sha256.txt": manifest,
	}
	var list strings.Builder
	for _, name := range []string{"bag-info.txt", "bagit.txt", "manifest-sha256.txt"} {
		fmt.Fprintf(&list, "%s  %s\n", archive.DigestOf([]byte(tags[name])), name)
	}
	tags["tagmanifest-sha256.txt"] = list.String()
	for _, name := range []string{"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"} {
		if err := Write(filepath.Join(dir, name), []byte(tags[name])); err != nil {
			return err
		}
	}
	return nil
}

// digests lists the files below dir with their digests, as paths from root, and
// counts them.
func digests(root, dir string) (list string, bytes int64, files int, err error) {
	var b strings.Builder
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		f, err := os.Open(name) // #nosec G122 -- the bag that was just written, in a folder that was new
		if err != nil {
			return err
		}
		defer f.Close()
		h := sha256.New()
		n, err := io.Copy(h, f)
		if err != nil {
			return err
		}
		bytes, files = bytes+n, files+1
		fmt.Fprintf(&b, "%x  %s\n", h.Sum(nil), filepath.ToSlash(rel))
		return nil
	})
	return b.String(), bytes, files, err
}
