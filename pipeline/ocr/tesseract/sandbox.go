package tesseract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"

	"nightshift/pipeline/ocr/wire"
)

// forbidden are system calls that reading a page never needs and that code
// which was taken over would: the network, other programs, other processes,
// the kernel's own workings. They fail with EPERM. Threads and memory stay
// allowed: Go, WebAssembly and Tesseract need them.
var forbidden = []string{
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg",
	"execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_open", "pidfd_getfd", "pidfd_send_signal",
	"mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "move_mount", "open_tree", "fsopen", "fsmount", "open_by_handle_at", "name_to_handle_at",
	"init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "quotactl", "syslog",
	"bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "add_key", "request_key", "keyctl",
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "capset", "personality",
	"clock_settime", "settimeofday", "adjtimex", "sethostname", "setdomainname", "iopl", "ioperm", "symlink", "symlinkat", "link", "linkat", "mknod", "mknodat",
}

// enclose takes from this process what it does not need of the system, as far
// as the kernel can without rights: files other than the language data and the
// cache (Landlock, Linux 5.13 and later), and forbidden system calls (seccomp).
// It returns what is in force, for the operator: "landlock 7, seccomp".
func enclose(cfg wire.Config) (string, error) {
	var got []string
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno == 0 && abi > 0 {
		rules := []landlock.Rule{landlock.RWFiles("/dev/null")}
		if cfg.Tessdata != "" { // a child that only makes images has none
			rules = append(rules, landlock.RODirs(cfg.Tessdata))
		}
		if cfg.SecondTessdata != "" {
			rules = append(rules, landlock.RODirs(cfg.SecondTessdata).IgnoreIfMissing())
		}
		if cfg.Cache != "" {
			rules = append(rules, landlock.RWDirs(cfg.Cache).IgnoreIfMissing())
		}
		if err := landlock.V5.BestEffort().RestrictPaths(rules...); err != nil {
			return "", fmt.Errorf("shut the file system off: %w", err)
		}
		got = append(got, fmt.Sprintf("landlock %d", abi))
	}
	if seccomp.Supported() {
		filter := seccomp.Filter{
			NoNewPrivs: true, Flag: seccomp.FilterFlagTSync,
			Policy: seccomp.Policy{
				DefaultAction: seccomp.ActionAllow,
				Syscalls:      []seccomp.SyscallGroup{{Action: seccomp.ActionErrno, Names: known(forbidden)}},
			},
		}
		if err := seccomp.LoadFilter(filter); err != nil {
			return "", fmt.Errorf("forbid system calls: %w", err)
		}
		got = append(got, "seccomp")
	}
	return strings.Join(got, ", "), nil
}

// known are the names that this machine's architecture has.
func known(names []string) []string {
	info, err := arch.GetInfo("")
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		_, ok := info.SyscallNames[n]
		return !ok
	})
}
