package confine

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// needed are the calls that no architecture can do without.
var needed = []string{"futex", "read", "write", "mmap", "munmap", "mprotect", "openat", "clone", "clone3", "tgkill", "exit_group", "prlimit64", "rt_sigreturn", "rseq"}

// What each call gets, on the architectures that Nightshift is built for, whatever runs
// the test.
func TestProgram(t *testing.T) {
	const pid = 4711
	for _, of := range []*arch.Info{arch.X86_64, arch.AARCH64} {
		p, err := program(of, pid)
		if err != nil {
			t.Fatal(err)
		}
		if raw, err := bpf.Assemble(p); err != nil || len(raw) > 4096 {
			t.Fatalf("%s: %d instructions, %v", of.Name, len(raw), err)
		}
		vm, err := bpf.NewVM(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range needed {
			if _, ok := of.SyscallNames[name]; !ok {
				t.Errorf("%s: no number of %s known", of.Name, name)
			}
		}
		threads := uint64(unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD | unix.CLONE_SYSVSEM)
		for _, c := range []struct {
			name string
			args []uint64
			want action
		}{
			{"read", nil, allow},
			{"socket", []uint64{unix.AF_INET}, kill},
			{"getsockname", nil, refuse},
			{"memfd_create", []uint64{0xdead, unix.MFD_CLOEXEC}, allow},
			{"memfd_create", []uint64{0xdead, unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING}, refuse},
			{"clone", []uint64{threads}, allow},
			{"clone", []uint64{threads | unix.CLONE_NEWNET}, kill},
			{"clone", []uint64{threads | unix.CLONE_NEWUSER}, kill},
			{"clone", []uint64{unix.CLONE_THREAD}, kill},
			{"clone", []uint64{uint64(unix.SIGCHLD)}, kill},
			{"clone3", nil, unknown},
			{"kill", []uint64{pid, 9}, allow},
			{"kill", []uint64{pid + 1, 9}, kill},
			{"kill", []uint64{1<<64 - 1, 9}, kill},
			{"kill", []uint64{0, 9}, kill},
			{"kill", []uint64{1<<64 - pid, 9}, kill},
			{"kill", []uint64{1<<32 | pid, 9}, allow}, // the kernel looks at the same half
			{"tgkill", []uint64{pid, 4712, 23}, allow},
			{"tgkill", []uint64{1, 1, 23}, kill},
			{"openat", []uint64{0, 0, unix.O_RDONLY | unix.O_CLOEXEC}, allow},
			{"openat", []uint64{0, 0, unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW}, allow},
			{"openat", []uint64{0, 0, unix.O_WRONLY | unix.O_CREAT | unix.O_APPEND}, allow},
			{"openat", []uint64{0, 0, unix.O_RDWR}, refuse},
			{"openat", []uint64{0, 0, unix.O_WRONLY}, refuse},
			{"openat", []uint64{0, 0, unix.O_RDONLY | unix.O_TRUNC}, refuse},
			{"openat", []uint64{0, 0, unix.O_RDWR | unix.O_TMPFILE}, refuse},
			{"prlimit64", []uint64{0, unix.RLIMIT_CPU, 0xdead, 0}, allow},
			{"prlimit64", []uint64{0, unix.RLIMIT_NOFILE, 0, 0xdead}, allow},
			{"prlimit64", []uint64{0, unix.RLIMIT_NOFILE, 1 << 32, 0}, refuse},
			{"prlimit64", []uint64{1, unix.RLIMIT_CPU, 0, 0xdead}, refuse},
			{"fcntl", []uint64{1, unix.F_GETFL}, allow},
			{"fcntl", []uint64{1, unix.F_SETOWN, 1}, refuse},
			{"ioctl", []uint64{1, unix.TCGETS}, allow},
			{"ioctl", []uint64{1, unix.TIOCSTI}, refuse},
			{"prctl", []uint64{unix.PR_SET_NAME}, allow},
			{"prctl", []uint64{unix.PR_SET_DUMPABLE, 1}, refuse},
		} {
			n, ok := of.SyscallNames[c.name]
			if !ok {
				t.Errorf("%s: no number of %s known", of.Name, c.name)
				continue
			}
			if got := run(t, vm, of.ID, uint32(n), c.args); got != c.want {
				t.Errorf("%s: %s%x: %x, want %x", of.Name, c.name, c.args, got, c.want)
			}
		}
		if got := run(t, vm, arch.I386.ID, uint32(of.SyscallNames["read"]), nil); got != kill {
			t.Errorf("%s: by the gate of i386: %x", of.Name, got)
		}
		if got := run(t, vm, of.ID, x32|uint32(of.SyscallNames["read"]), nil); got != kill {
			t.Errorf("%s: with the bit of x32: %x", of.Name, got)
		}
		if got := run(t, vm, of.ID, 100_000, nil); got != refuse {
			t.Errorf("%s: a call of a newer kernel: %x", of.Name, got)
		}
	}
}

// run is what the filter says to a call. The machine of package bpf reads the high byte
// first, so the data is written so, word by word.
func run(t *testing.T, vm *bpf.VM, id arch.AuditArch, number uint32, args []uint64) action {
	t.Helper()
	b := make([]byte, atArgs+6*8)
	binary.BigEndian.PutUint32(b[atNumber:], number)
	binary.BigEndian.PutUint32(b[atArch:], uint32(id))
	for i, a := range args {
		binary.BigEndian.PutUint32(b[atArgs+8*i:], uint32(a))
		binary.BigEndian.PutUint32(b[atArgs+8*i+4:], uint32(a>>32))
	}
	got, err := vm.Run(b)
	if err != nil {
		t.Fatal(err)
	}
	return action(uint32(got))
}

// No call is in two lists: the first would hide the other.
func TestListsAreApart(t *testing.T) {
	all := slices.Concat(allowed, fatal)
	for _, g := range guards(1) {
		all = append(all, g.name)
	}
	seen := map[string]bool{}
	for _, name := range all {
		if seen[name] {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
		_, here := arch.X86_64.SyscallNames[name]
		_, there := arch.AARCH64.SyscallNames[name]
		if !here && !there {
			t.Errorf("%s is a call of neither architecture", name)
		}
	}
}
