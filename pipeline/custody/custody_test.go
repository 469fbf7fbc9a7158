package custody

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	top := t.TempDir()
	made := func(name string, mode os.FileMode, uid int) string {
		dir := filepath.Join(top, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		if uid != os.Getuid() {
			if err := os.Chown(dir, uid, -1); err != nil {
				t.Logf("NOT CHECKED: a folder of user %d: %v", uid, err)
				return ""
			}
		}
		return dir
	}
	me := os.Getuid()
	for _, c := range []struct {
		dir  string
		want string // of the error; "" none
	}{
		{made("private", 0o700, me), ""},
		{made("readable", 0o755, me), ""},
		{made("group", 0o770, me), "mode 0770"},
		{made("world", 0o777, me), "mode 0777"},
		{made("sticky", 0o1777, me), "mode 0777"},
		{made("foreign", 0o700, 65534), "belongs to"},
	} {
		if c.dir == "" {
			continue
		}
		err := Check(c.dir)
		if (err == nil) != (c.want == "") || err != nil && (!errors.Is(err, ErrShared) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.dir, err, c.want)
		}
	}
	link := filepath.Join(top, "link")
	if err := os.Symlink(filepath.Join(top, "private"), link); err != nil {
		t.Fatal(err)
	}
	if err := Check(link); err != nil {
		t.Errorf("a link of one's own: %v", err)
	}
	if err := os.Lchown(link, 65534, -1); err != nil {
		t.Logf("NOT CHECKED: a link of somebody else's: %v", err)
	} else if err := Check(link); !errors.Is(err, ErrShared) {
		t.Errorf("a link of somebody else's: %v", err)
	}
}

func TestMake(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := Make(dir); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Stat(dir); err != nil || f.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", f.Mode(), err)
	}
	if err := Check(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
