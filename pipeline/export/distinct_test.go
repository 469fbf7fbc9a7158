package export

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
)

// No item lies where another one, or a file of its records, does, on any file system.
func TestFoldersAreDistinct(t *testing.T) {
	items := []archive.Locator{
		"a.txt", "a/record-1.json.txt", "a/alto.txt", "a/alto/0001.xml.txt", "a/memo.txt", "a/RECORD-2.JSON.txt",
		"report.json.txt", "alto/plain.txt", "record-1.json/inner.txt",
		"Box/Memo.txt", "box/memo.txt", "B/caf\u00e9.txt", "B/cafe\u0301.txt", "B/stra\u00dfe.txt", "B/STRASSE.txt",
		"x.txt", "x.pdf", "X.TXT", "new\nline.txt",
	}
	got := Folders(items)
	seen := map[string]archive.Locator{}
	for _, l := range items {
		dir := filepath.ToSlash(got[l])
		if other, ok := seen[fold(dir)]; ok {
			t.Errorf("%q and %q both lie in %q", l, other, dir)
		}
		seen[fold(dir)] = l
		if !filepath.IsLocal(dir) || strings.ContainsAny(dir, "\n") {
			t.Errorf("%q lies in %q", l, dir)
		}
	}
	for l, dir := range got {
		parts := strings.Split(filepath.ToSlash(dir), "/")
		for n := range parts {
			_, item := seen[fold(strings.Join(parts[:n], "/"))]
			if (n == 0 || item) && ofAnItem(fold(parts[n])) {
				t.Errorf("%q lies in %q, where records' files lie", l, dir)
			}
		}
	}
	for l, want := range map[archive.Locator]string{"a.txt": "a", "a/memo.txt": "a/memo"} {
		if got[l] != filepath.FromSlash(want) {
			t.Errorf("%s lies in %q, want %q as before", l, got[l], want)
		}
	}
	slices.Reverse(items)
	for l, dir := range Folders(items) {
		if dir != got[l] {
			t.Errorf("%q lies in %q and, in another order, in %q", l, got[l], dir)
		}
	}
}

// Scans of a bag, of which one may lie below another's name.
func TestMastersAreDistinct(t *testing.T) {
	var masters []Master
	keys := []string{"a", "a/b.tif", "A/B.TIF", "c.tif", "C.tif", "d\tx.tif"}
	for _, k := range keys {
		masters = append(masters, Master{Key: k})
	}
	at := mastersAt(masters)
	seen := map[string]bool{}
	for _, k := range keys {
		seen[fold(at[k])] = true
	}
	if len(seen) != len(keys) {
		t.Errorf("%d places of %d scans: %q", len(seen), len(keys), at)
	}
	for _, k := range keys {
		for dir := filepath.Dir(fold(at[k])); dir != "."; dir = filepath.Dir(dir) {
			if seen[dir] {
				t.Errorf("%q lies below the file %q", at[k], dir)
			}
		}
	}
}
