package custody

import (
	"os"
	"path/filepath"
	"testing"
)

// A file takes another's place whole, for its owner alone, and leaves nothing behind;
// where it cannot, what was there stays.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "chosen")
	for _, content := range []string{"one", "", "another"} {
		if err := Replace(file, []byte(content)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != content {
			t.Errorf("%q, %v; want %q", got, err, content)
		}
	}
	if at, err := os.Stat(file); err != nil || at.Mode().Perm() != 0o600 {
		t.Errorf("mode of the file: %v, %v", at, err)
	}
	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Replace(folder, []byte("x")); err == nil {
		t.Error("a file took the place of a folder")
	}
	if err := Replace(filepath.Join(dir, "none", "file"), nil); err == nil {
		t.Error("a file was put into a folder that is not there")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}
