package night

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"nightshift/internal/program"
)

// minFree is the default of --min-free: room for what is being worked on to
// end, and for NATS, which must never meet a full disk.
const minFree = 64 << 20

// Free is how many bytes this user may still write on the disk that dir lies
// on, or will lie on when it is made.
func Free(dir string) (int64, error) {
	var st unix.Statfs_t
	err := unix.Statfs(dir, &st)
	if (errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENOTDIR)) && filepath.Dir(dir) != dir {
		return Free(filepath.Dir(dir))
	}
	if err != nil {
		return 0, fmt.Errorf("ask for the free space of %s: %w", dir, err)
	}
	return int64(st.Bavail) * st.Bsize, nil
}

// Attributes is an error unless files on the disk that dir lies on, or will lie
// on, can have extended attributes: the embedded store keeps types and digests
// in them.
func Attributes(dir string) error {
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		if filepath.Dir(dir) == dir {
			return err
		}
		return Attributes(filepath.Dir(dir))
	}
	f, err := os.CreateTemp(dir, ".attributes-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := unix.Fsetxattr(int(f.Fd()), "user.nightshift", []byte("1"), 0); err != nil {
		return fmt.Errorf("files in %s cannot have extended attributes: %w", dir, err)
	}
	return nil
}

// Room is an error with exit code Full unless the disk of the data directory
// has want bytes left beyond what is to stay free. It is nil where there is no
// data directory.
func (a Addresses) Room(want int64) error {
	if a.Data == "" {
		return nil
	}
	free, err := Free(a.Data)
	if err != nil {
		return err
	}
	if free < want+a.MinFree {
		return program.Exit(program.Full, "no space left for %s: %s are free, %s are needed; free some, or lower --min-free (now %s), and run again: it goes on where it was",
			a.Data, size(free), size(want+a.MinFree), size(a.MinFree))
	}
	return nil
}

// size is a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

// Exists tells whether dir is the data directory of an embedded system.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "keys.json"))
	return err == nil
}
