// Package custody says whose a folder is. What a night relies on lies in folders that
// nobody else may write to: its data, compiled code, uploads on their way. It owns that
// check, and how a file takes another's place there. It knows nothing of what lies in
// them.
package custody

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ErrShared is wrapped by the error for a folder that others may write to.
var ErrShared = errors.New("others may write to it")

// Make makes dir for this user alone where it is missing, and checks it.
func Make(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return Check(dir)
}

// Check returns an error, with what to do, unless dir is a directory of this user or
// of root in which nobody else may make or replace a file. A link on the way to it is
// one that this user or root made.
func Check(dir string) error {
	link, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if link.Mode()&fs.ModeSymlink != 0 {
		if who, ours := owner(link); !ours {
			return fmt.Errorf("%w: %s is a link that %s made; name the folder itself", ErrShared, dir, who)
		}
	}
	at, err := os.Stat(dir)
	switch {
	case err != nil:
		return err
	case !at.IsDir():
		return fmt.Errorf("%s is no directory", dir)
	}
	if who, ours := owner(at); !ours {
		return fmt.Errorf("%w: %s belongs to %s; run as that user, or name a folder of your own", ErrShared, dir, who)
	}
	if at.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%w: %s has mode %04o; chmod go-w it after you have looked at what is there", ErrShared, dir, at.Mode().Perm())
	}
	return nil
}

// owner is whose f is, and whether that is this user or root.
func owner(f fs.FileInfo) (who string, ours bool) {
	s, ok := f.Sys().(*syscall.Stat_t)
	if !ok {
		return "nobody known", true // no such system: nothing to tell by
	}
	id := strconv.FormatUint(uint64(s.Uid), 10)
	if u, err := user.LookupId(id); err == nil {
		id = u.Username
	}
	return id, s.Uid == 0 || int(s.Uid) == os.Geteuid()
}
