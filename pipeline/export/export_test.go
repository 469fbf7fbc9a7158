package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
)

func TestFolders(t *testing.T) {
	long := strings.Repeat("ä", 150)
	items := []archive.Locator{"c/b/memo.tif", "c/b/memo.pdf", "c/b/letter.jpg", "c/b/group", "../x/..", "a:b/.hidden/no. 7", archive.Locator("c/" + long + ".pdf")}
	got := Folders(items)
	for l, want := range map[archive.Locator]string{
		"c/b/memo.tif": "c/b/memo.tif", "c/b/memo.pdf": "c/b/memo.pdf", "c/b/letter.jpg": "c/b/letter",
		"c/b/group": "c/b/group", "../x/..": "%2E2E/x/%2E2E", "a:b/.hidden/no. 7": "a%3Ab/%2Ehidden/no. 7",
	} {
		if got[l] != filepath.FromSlash(want) {
			t.Errorf("%s lies in %q, want %q", l, got[l], want)
		}
	}
	seen := map[string]bool{}
	for l, dir := range got {
		if !filepath.IsLocal(dir) || seen[dir] || len(filepath.Base(dir)) > 255 {
			t.Errorf("%s: folder %q", l, dir)
		}
		seen[dir] = true
	}
}

func TestWrite(t *testing.T) {
	to := filepath.Join(t.TempDir(), "a", "b.txt")
	for _, s := range []string{"one", "two", "two"} {
		if err := Write(to, []byte(s)); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(to); string(got) != s {
			t.Errorf("read %q, want %q", got, s)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(to), ".nightshift-*")); len(left) > 0 {
		t.Errorf("temporary files left: %q", left)
	}
}

func TestWriteUsesUpWhatAKillLeft(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "a.txt")
	if err := os.Mkdir(to, 0o755); err != nil { // so that the renaming fails
		t.Fatal(err)
	}
	if err := Write(to, []byte("whole")); err == nil {
		t.Fatal("a file was written over a folder")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("a failed write left %d entries, not only the folder", len(left))
	}
}

// A link that somebody put where a file is to be is not written through.
func TestWriteFollowsNoLinkOut(t *testing.T) {
	dir, other := t.TempDir(), filepath.Join(t.TempDir(), "theirs")
	if err := os.WriteFile(other, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	part := ".nightshift-" + archive.DigestOf([]byte("a.txt")).Short()
	for _, name := range []string{part, "a.txt"} {
		if err := os.Symlink(other, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Write(filepath.Join(dir, "a.txt"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(other); string(got) != "kept" {
		t.Errorf("a file outside holds %q", got)
	}
	if got, err := os.Lstat(filepath.Join(dir, "a.txt")); err != nil || !got.Mode().IsRegular() {
		t.Errorf("%v, %v", got, err)
	}
}
