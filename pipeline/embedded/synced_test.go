package embedded

import (
	"os"
	"path/filepath"
	"testing"
)

// What is known of a folder is that its own entry is on the disk: until something
// is deleted, and not if something was while it was synced.
func TestSyncedFoldersAreForgottenBeforeDeletions(t *testing.T) {
	root := t.TempDir()
	put := func(name string) {
		t.Helper()
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var s synced
	knows := func(want bool, folders ...string) {
		t.Helper()
		for _, f := range folders {
			if s.knows(filepath.Join(root, f)) != want {
				t.Errorf("%s is known: %v", f, !want)
			}
		}
	}
	put("work/items/a/page")
	if err := s.path(root, "work/items/a/page"); err != nil {
		t.Fatal(err)
	}
	knows(true, "work", "work/items", "work/items/a")
	put("work/items/b/c/page")
	if err := s.path(root, "work/items/b/c/page"); err != nil {
		t.Fatal(err)
	}
	knows(true, "work/items/b", "work/items/b/c")
	s.forget()
	knows(false, "work", "work/items", "work/items/a")
	s.remember([]string{filepath.Join(root, "work")}, 0) // began before the deletion
	knows(false, "work")
	if err := s.path(root, "work/gone/page"); err != nil {
		t.Errorf("deleted meanwhile: %v", err)
	}
	knows(true, "work")
	knows(false, "work/gone")
}
