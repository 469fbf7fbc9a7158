package confine

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"unsafe"

	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Files are what a confined process may open.
type Files struct {
	Read  []string // directories, of which those that are not there are passed over
	Write []string // directories; for a process that nothing from outside reaches
}

// Walls say what holds a process.
type Walls struct {
	Hold  []string `json:"hold"`            // such as "landlock 7", "seccomp"
	Lacks []string `json:"lacks,omitempty"` // what this kernel cannot do, in words for the operator
}

func (w Walls) String() string { return strings.Join(w.Hold, ", ") }

// Enclose takes from this process, with all its threads and for good, what reading
// pages does not need: files other than those named, the network, other processes and
// programs. It does what the kernel offers; the walls say what that is.
func Enclose(files Files) (Walls, error) {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return Walls{}, fmt.Errorf("give up new rights: %w", err)
	}
	w := Walls{Hold: []string{"no new privileges"}}
	if err := w.shutFiles(files); err != nil {
		return w, err
	}
	if len(files.Write) > 0 { // a file that is new wants more than the filter allows
		return w, nil
	}
	return w, w.shutCalls()
}

// landlockABI is what the kernel offers; 0: nothing.
func landlockABI() int {
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(abi)
}

// since is what Landlock learned with which version of its interface, and which kernel
// has it.
var since = []struct {
	abi     int
	lacking string
}{
	{1, "Landlock (Linux 5.13): it can open any file that its user may read, and append to or empty any that it may write"},
	{3, "Landlock's guard of truncation (Linux 6.2)"},
	{4, "Landlock's guard of TCP (Linux 6.7)"},
	{6, "Landlock's scopes for signals and abstract sockets (Linux 6.12)"},
}

func (w *Walls) shutFiles(files Files) error {
	abi := landlockABI()
	for _, s := range since {
		if abi < s.abi {
			w.Lacks = append(w.Lacks, s.lacking)
			if s.abi == 1 {
				return nil // which all others need
			}
		}
	}
	rules := []landlock.Rule{landlock.RWFiles(os.DevNull)}
	if len(files.Read) > 0 {
		rules = append(rules, landlock.RODirs(files.Read...).IgnoreIfMissing())
	}
	if len(files.Write) > 0 {
		rules = append(rules, landlock.RWDirs(files.Write...))
	}
	if err := landlock.V11.BestEffort().Restrict(rules...); err != nil {
		return fmt.Errorf("shut the file system off: %w", err)
	}
	w.Hold = append(w.Hold, fmt.Sprintf("landlock %d", abi))
	return nil
}

func (w *Walls) shutCalls() error {
	of, err := arch.GetInfo("")
	if err != nil {
		w.Lacks = append(w.Lacks, "a list of system calls for "+runtime.GOARCH)
		return nil
	}
	p, err := program(of, os.Getpid())
	if err != nil {
		return err
	}
	raw, err := bpf.Assemble(p)
	if err != nil {
		return fmt.Errorf("assemble the filter of system calls: %w", err)
	}
	filter := make([]unix.SockFilter, len(raw))
	for i, r := range raw {
		filter[i] = unix.SockFilter{Code: r.Op, Jt: r.Jt, Jf: r.Jf, K: r.K}
	}
	runtime.LockOSThread() // no_new_privs is a thread's; the filter takes it to the others
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up new rights: %w", err)
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	thread, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog))) // #nosec G103 -- the call takes a pointer, kept alive by its use here
	switch {
	case errno == unix.ENOSYS, errno == unix.EINVAL: // built without it
		w.Lacks = append(w.Lacks, "seccomp filters: it can make any system call")
		return nil
	case errno != 0:
		return fmt.Errorf("allow only some system calls: %w", errno)
	case thread != 0:
		return fmt.Errorf("allow only some system calls: thread %d has a filter of its own", thread)
	}
	w.Hold = append(w.Hold, "seccomp")
	return nil
}
