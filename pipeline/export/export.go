// Package export copies published records out of the records bucket into
// folders of files. It makes nothing itself: what it writes is what was
// published, byte for byte.
package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Folders gives each item a folder below OUT: the folders of its locator, then
// its name without the extension of a single-file item, unless two items of the
// folder would share it. Folder names are made safe for any file system, and no two
// meet where capitals or the spelling of accents do not count, nor a file of
// another item (distinct.go).
func Folders(items []archive.Locator) map[archive.Locator]string { return folders(items, '%') }

func folders(items []archive.Locator, mark byte) map[archive.Locator]string {
	count := map[string]int{}
	for _, l := range items {
		count[fold(short(l))]++
	}
	all := make([]placed, 0, len(items))
	for _, l := range items {
		name := short(l)
		if count[fold(name)] > 1 {
			name = string(l)
		}
		all = append(all, place(string(l), name, mark))
	}
	distinct(all, ofAnItem)
	out := make(map[archive.Locator]string, len(items))
	for _, p := range all {
		out[archive.Locator(p.of)] = filepath.Join(p.parts...)
	}
	return out
}

// place spells a path as file names.
func place(of, name string, mark byte) placed {
	p := placed{of: of}
	for part := range strings.SplitSeq(name, "/") {
		p.parts = append(p.parts, safe(part, mark))
	}
	return p
}

// short is the locator without a file extension: up to five letters or digits
// after the last dot of its name.
func short(l archive.Locator) string {
	ext := path.Ext(l.Name())
	if n := len(ext); n < 2 || n > 6 || ext == l.Name() || strings.Trim(strings.ToLower(ext[1:]), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return string(l)
	}
	return strings.TrimSuffix(string(l), ext)
}

// safe spells one level of a locator as a file name: what file systems or
// shells stumble over is written as the mark and two digits, %XX, and a name too
// long for them is cut and ends in its digest.
func safe(name string, mark byte) string {
	if name == "" || name == "." || name == ".." {
		return strings.ReplaceAll(string(mark)+name, ".", "2E")
	}
	var b strings.Builder
	for i, r := range name {
		switch {
		case r < ' ' || r == 0x7F || r == rune(mark) || strings.ContainsRune(`\:*?"<>|%`, r), i == 0 && r == '.', i == 0 && r == '-',
			i == len(name)-1 && (r == '.' || r == ' '):
			fmt.Fprintf(&b, "%c%02X", mark, r)
		default:
			b.WriteRune(r)
		}
	}
	const longest = 200 // bytes; most file systems allow 255
	if s := b.String(); len(s) > longest {
		return strings.ToValidUTF8(s[:longest-13], "") + "~" + archive.DigestOf([]byte(name)).Short()
	} else {
		return s
	}
}

// Item writes the files of an item's current version into a folder below out, and
// follows no link that leads out of it. Files that are there with the same bytes are
// left; files of an earlier version that the current one lacks are removed. It returns
// the version, store.ErrNotFound for an item without records.
func Item(ctx context.Context, records *store.Bucket, l archive.Locator, out, folder string) (archive.Current, error) {
	var cur archive.Current
	if err := records.GetJSON(ctx, archive.CurrentKey(l), &cur); err != nil {
		return cur, err
	}
	names := make([]string, 0, len(cur.Files))
	for name := range cur.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	if err := os.MkdirAll(out, 0o755); err != nil {
		return cur, err
	}
	top, err := os.OpenRoot(out)
	if err != nil {
		return cur, err
	}
	defer top.Close()
	for _, name := range names {
		if !filepath.IsLocal(name) {
			return cur, fmt.Errorf("export %s: the file name %q leaves its folder", l, name)
		}
		to := filepath.Join(folder, filepath.FromSlash(name))
		if have, err := top.ReadFile(to); err == nil && archive.DigestOf(have) == cur.Files[name] {
			continue
		}
		raw, _, err := records.Get(ctx, cur.Folder+name)
		if err != nil {
			return cur, fmt.Errorf("export %s: %w", l, err)
		}
		if got := archive.DigestOf(raw); got != cur.Files[name] {
			return cur, fmt.Errorf("export %s: %s has digest %s, its version says %s: %w", l, name, got.Short(), cur.Files[name].Short(), store.ErrFixity)
		}
		if err := write(top, to, raw); err != nil {
			return cur, fmt.Errorf("export %s: %w", l, err)
		}
	}
	return cur, prune(top, folder, cur)
}

// prune removes what an earlier version of the item left: records and renditions
// only, never a file of another name.
func prune(top *os.Root, folder string, cur archive.Current) error {
	for _, pattern := range []string{"record-*.json", "alto/*.xml", "hocr/*.html", "tei.xml", "annotations.json", "item.pdf", "manifest.json", "mets.xml"} {
		old, err := fs.Glob(top.FS(), quoteMeta(filepath.ToSlash(folder))+"/"+pattern)
		if err != nil {
			return err
		}
		for _, f := range old {
			rel, err := filepath.Rel(folder, filepath.FromSlash(f))
			if err != nil {
				return err
			}
			if _, ok := cur.Files[filepath.ToSlash(rel)]; ok {
				continue
			}
			if is, err := top.Lstat(f); err != nil || is.IsDir() {
				continue // another item's folder
			}
			if err := top.Remove(f); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

func quoteMeta(dir string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace(dir)
}

// Write puts raw at to, whole or not at all. The name it is written under until
// then is always the same, so that what a killed process left is used up by the
// next one; a folder is exported to by one process at a time.
func Write(to string, raw []byte) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	top, err := os.OpenRoot(filepath.Dir(to))
	if err != nil {
		return err
	}
	defer top.Close()
	return write(top, filepath.Base(to), raw)
}

// write is Write below a folder that it does not leave by any link.
func write(top *os.Root, to string, raw []byte) error {
	if have, err := top.ReadFile(to); err == nil && bytes.Equal(have, raw) {
		return nil
	}
	if err := top.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	part := filepath.Join(filepath.Dir(to), ".nightshift-"+archive.DigestOf([]byte(filepath.Base(to))).Short())
	if err := top.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := top.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) // never what somebody put there
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = top.Rename(part, to)
	}
	if err != nil {
		_ = top.Remove(part) // a full disk must not keep half a file
	}
	return err
}
