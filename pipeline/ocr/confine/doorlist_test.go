package confine

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// door is one way out of a process. try returns nil where it led out, or the error that
// the kernel gave. It harms nothing where it does: signals are 0, arguments of what
// would change the machine make no sense.
type door struct {
	name    string
	byCalls bool // the allowed system calls shut it
	killed  bool // and end the process
	byFiles int  // from this version of Landlock on, that does too; 0: never
	needed  bool // no door: reading pages needs it
	try     func(place) error
}

// call makes a system call as it is.
func call(n uintptr, args ...uintptr) error {
	var a [6]uintptr
	copy(a[:], args)
	_, _, no := syscall.RawSyscall6(n, a[0], a[1], a[2], a[3], a[4], a[5])
	if no != 0 {
		return no
	}
	return nil
}

// calling is a door that is one system call with arguments.
func calling(name string, n uintptr, args ...uintptr) door {
	return door{name: name, byCalls: true, killed: true, try: func(place) error { return call(n, args...) }}
}

// refused is a door at which the process goes on.
func (d door) refused() door { d.killed = false; return d }

func text(s string) uintptr {
	p, _ := unix.BytePtrFromString(s)
	kept = append(kept, p)
	return uintptr(unsafe.Pointer(p))
}

// kept holds what addresses were given away of.
var kept []*byte

// minusOne is a descriptor, process or address that is none.
const minusOne = ^uintptr(0)

// here is the directory of relative names.
const here = minusOne - 99 // AT_FDCWD

var doors = append(machineDoors(), []door{
	// The network.
	calling("socket, TCP", unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM, 0),
	calling("socket, UDP", unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_DGRAM, 0),
	calling("socket, IPv6", unix.SYS_SOCKET, unix.AF_INET6, unix.SOCK_STREAM, 0),
	calling("socket, Unix", unix.SYS_SOCKET, unix.AF_UNIX, unix.SOCK_STREAM, 0),
	calling("socket, netlink", unix.SYS_SOCKET, unix.AF_NETLINK, unix.SOCK_RAW, 0),
	calling("socket, packets", unix.SYS_SOCKET, unix.AF_PACKET, unix.SOCK_RAW, 0),
	calling("socketpair", unix.SYS_SOCKETPAIR, unix.AF_UNIX, unix.SOCK_STREAM, 0, 0),
	{name: "connect to a TCP server", byCalls: true, killed: true, byFiles: 4, try: func(p place) error { return dial("tcp", p.TCP) }},
	{name: "connect to an abstract socket", byCalls: true, killed: true, byFiles: 6, try: func(p place) error { return dial("unix", p.Abstract) }},
	{name: "listen on TCP", byCalls: true, killed: true, byFiles: 4, try: func(place) error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0) // Go's own listens by MPTCP, which Landlock leaves alone
		if err != nil {
			return err
		}
		return unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	}},
	// Other processes.
	{name: "signal the parent (kill)", byCalls: true, killed: true, byFiles: 6, try: func(p place) error { return call(unix.SYS_KILL, uintptr(p.Parent), 0) }},
	{name: "signal the parent (tgkill)", byCalls: true, killed: true, byFiles: 6, try: func(p place) error { return call(unix.SYS_TGKILL, uintptr(p.Parent), uintptr(p.Parent), 0) }},
	{name: "signal the parent (tkill)", byCalls: true, killed: true, byFiles: 6, try: func(p place) error { return call(unix.SYS_TKILL, uintptr(p.Parent), 0) }},
	{name: "signal every process (kill -1)", byCalls: true, killed: true, try: func(p place) error { return call(unix.SYS_KILL, minusOne, 0) }},
	{name: "signal the group (kill 0)", byCalls: true, killed: true, try: func(p place) error { return call(unix.SYS_KILL, 0, 0) }},
	calling("signal by rt_sigqueueinfo", unix.SYS_RT_SIGQUEUEINFO, 1, 0, 0),
	{name: "signal by fcntl F_SETOWN", byCalls: true, try: func(p place) error { return call(unix.SYS_FCNTL, 1, unix.F_SETOWN, uintptr(p.Parent)) }},
	{name: "pidfd of the parent", byCalls: true, killed: true, try: func(p place) error { return call(unix.SYS_PIDFD_OPEN, uintptr(p.Parent), 0) }},
	{name: "limits of the parent (prlimit)", byCalls: true, try: func(p place) error { return call(unix.SYS_PRLIMIT64, uintptr(p.Parent), unix.RLIMIT_NOFILE, 0, 0) }},
	{name: "raise its own limits (prlimit)", byCalls: true, try: func(place) error {
		var l unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
			return err
		}
		return call(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, uintptr(unsafe.Pointer(&l)), 0)
	}},
	{name: "ptrace the parent", byCalls: true, killed: true, try: func(p place) error { return call(unix.SYS_PTRACE, unix.PTRACE_ATTACH, minusOne-1, 0, 0) }},
	calling("read another's memory", unix.SYS_PROCESS_VM_READV, minusOne-1, 0, 0, 0, 0, 0),
	calling("write another's memory", unix.SYS_PROCESS_VM_WRITEV, minusOne-1, 0, 0, 0, 0, 0),
	calling("kcmp", unix.SYS_KCMP, minusOne-1, minusOne-1, 0, 0, 0),
	// Other programs.
	{name: "fork", byCalls: true, killed: true, try: func(place) error { return cloned(uintptr(unix.SIGCHLD)) }},
	{name: "clone, a new user namespace", byCalls: true, killed: true, try: func(place) error { return cloned(uintptr(unix.SIGCHLD | unix.CLONE_NEWUSER)) }},
	calling("clone, a thread in a network of its own", unix.SYS_CLONE, unix.CLONE_THREAD|unix.CLONE_VM|unix.CLONE_NEWNET),
	calling("clone3", unix.SYS_CLONE3, 0, 0).refused(),
	calling("setsid", unix.SYS_SETSID),
	calling("setpgid", unix.SYS_SETPGID, minusOne, 0),
	{name: "execve", byCalls: true, killed: true, byFiles: 1, try: func(place) error { return unix.Exec("/bin/true", []string{"true"}, nil) }},
	calling("execveat", unix.SYS_EXECVEAT, minusOne, text("none"), 0, 0, 0),
	{name: "run a file in memory (memfd)", byCalls: true, killed: true, try: func(place) error {
		fd, err := unix.MemfdCreate("x", unix.MFD_CLOEXEC)
		if err != nil {
			return err
		}
		return unix.Exec(fmt.Sprintf("/proc/self/fd/%d", fd), []string{"x"}, nil)
	}},
	calling("a file in memory that others may seal", unix.SYS_MEMFD_CREATE, text("x"), unix.MFD_ALLOW_SEALING).refused(),
	// Files.
	{name: "read a file outside", byFiles: 1, try: func(p place) error { return open(filepath.Join(p.Outside, "file"), unix.O_RDONLY) }},
	{name: "read /etc/passwd", byFiles: 1, try: func(place) error { return open("/etc/passwd", unix.O_RDONLY) }},
	{name: "read the parent's environment", byFiles: 1, try: func(p place) error { return open(fmt.Sprintf("/proc/%d/environ", p.Parent), unix.O_RDONLY) }},
	{name: "write what may be read", byCalls: true, byFiles: 1, try: func(p place) error { return open(filepath.Join(p.Mine, "file"), unix.O_RDWR) }},
	{name: "make a file beside it", byCalls: true, byFiles: 1, try: func(p place) error { return open(filepath.Join(p.Mine, "new"), unix.O_RDWR|unix.O_CREAT|unix.O_EXCL) }},
	{name: "append to what may be read", byFiles: 1, try: func(p place) error {
		return open(filepath.Join(p.Mine, "file"), unix.O_WRONLY|unix.O_CREAT|unix.O_APPEND)
	}},
	{name: "empty what may be read", byCalls: true, byFiles: 1, try: func(p place) error { return open(filepath.Join(p.Mine, "file"), unix.O_RDONLY|unix.O_TRUNC) }},
	{name: "a file without a name", byCalls: true, byFiles: 1, try: func(p place) error { return open(p.Mine, unix.O_RDWR|unix.O_TMPFILE) }},
	{name: "openat2", byCalls: true, try: func(p place) error {
		_, err := unix.Openat2(unix.AT_FDCWD, filepath.Join(p.Mine, "file"), &unix.OpenHow{})
		return err
	}},
	{name: "unlink", byCalls: true, byFiles: 1, try: func(p place) error { return unix.Unlinkat(unix.AT_FDCWD, filepath.Join(p.Mine, "file"), 0) }},
	{name: "rename", byCalls: true, byFiles: 1, try: func(p place) error { return unix.Rename(filepath.Join(p.Mine, "file"), filepath.Join(p.Mine, "other")) }},
	{name: "mkdir", byCalls: true, byFiles: 1, try: func(p place) error { return unix.Mkdirat(unix.AT_FDCWD, filepath.Join(p.Mine, "dir"), 0o700) }},
	{name: "symlink", byCalls: true, byFiles: 1, try: func(p place) error { return unix.Symlinkat("/etc", unix.AT_FDCWD, filepath.Join(p.Mine, "link")) }},
	{name: "link", byCalls: true, byFiles: 1, try: func(p place) error {
		return unix.Linkat(unix.AT_FDCWD, filepath.Join(p.Mine, "file"), unix.AT_FDCWD, filepath.Join(p.Mine, "hard"), 0)
	}},
	{name: "truncate", byCalls: true, byFiles: 3, try: func(p place) error { return unix.Truncate(filepath.Join(p.Mine, "file"), 0) }},
	{name: "chmod", byCalls: true, killed: true, try: func(p place) error { return unix.Fchmodat(unix.AT_FDCWD, filepath.Join(p.Mine, "file"), 0o777, 0) }},
	{name: "fchmod", byCalls: true, killed: true, try: func(place) error { return call(unix.SYS_FCHMOD, minusOne, 0o777) }},
	{name: "chown", byCalls: true, killed: true, try: func(p place) error {
		return unix.Fchownat(unix.AT_FDCWD, filepath.Join(p.Mine, "file"), os.Getuid(), os.Getgid(), 0)
	}},
	{name: "set an attribute", byCalls: true, killed: true, try: func(p place) error { return unix.Setxattr(filepath.Join(p.Mine, "file"), "user.x", []byte("y"), 0) }},
	calling("mknod", unix.SYS_MKNODAT, here, text("/none/none"), unix.S_IFREG, 0),
	calling("chdir", unix.SYS_CHDIR, text("/")).refused(),
	calling("name_to_handle_at", unix.SYS_NAME_TO_HANDLE_AT, here, text("/none"), 0, 0, 0),
	calling("open_by_handle_at", unix.SYS_OPEN_BY_HANDLE_AT, minusOne, 0, 0),
	// The kernel's own workings.
	calling("mount", unix.SYS_MOUNT, text("none"), text("/none"), text("tmpfs"), 0, 0),
	calling("umount", unix.SYS_UMOUNT2, text("/none"), 0),
	calling("fsopen", unix.SYS_FSOPEN, text("none"), minusOne),
	calling("open_tree", unix.SYS_OPEN_TREE, minusOne, text("none"), minusOne),
	calling("pivot_root", unix.SYS_PIVOT_ROOT, text("/none"), text("/none")),
	calling("chroot", unix.SYS_CHROOT, text("/none")),
	calling("unshare", unix.SYS_UNSHARE, minusOne),
	calling("setns", unix.SYS_SETNS, minusOne, 0),
	calling("bpf", unix.SYS_BPF, minusOne, 0, 0),
	calling("perf_event_open", unix.SYS_PERF_EVENT_OPEN, 0, 0, 0, 0, 0),
	calling("userfaultfd", unix.SYS_USERFAULTFD, 0),
	calling("io_uring_setup", unix.SYS_IO_URING_SETUP, 0, 0),
	calling("io_uring_enter", unix.SYS_IO_URING_ENTER, minusOne, 0, 0, 0, 0, 0),
	calling("io_setup", unix.SYS_IO_SETUP, 0, 0),
	calling("keyctl", unix.SYS_KEYCTL, 0, minusOne-3, 0),
	calling("add_key", unix.SYS_ADD_KEY, 0, 0, 0, 0, 0),
	calling("init_module", unix.SYS_FINIT_MODULE, minusOne, 0, 0),
	calling("kexec_load", unix.SYS_KEXEC_LOAD, 0, minusOne, 0, 0),
	calling("reboot", unix.SYS_REBOOT, 0, 0, 0, 0),
	calling("swapon", unix.SYS_SWAPON, text("/none"), 0),
	calling("acct", unix.SYS_ACCT, text("/none")),
	calling("syslog", unix.SYS_SYSLOG, 10, 0, 0),
	calling("set the clock", unix.SYS_CLOCK_SETTIME, minusOne, 0),
	calling("adjtimex", unix.SYS_ADJTIMEX, 0),
	calling("sethostname", unix.SYS_SETHOSTNAME, 0, minusOne),
	calling("personality", unix.SYS_PERSONALITY, 0xffffffff),
	calling("vmsplice", unix.SYS_VMSPLICE, minusOne, 0, 0, 0),
	calling("fanotify_init", unix.SYS_FANOTIFY_INIT, minusOne, 0),
	calling("shared memory (shmget)", unix.SYS_SHMGET, 0, 4096, 0o600),
	// Rights.
	calling("setuid", unix.SYS_SETUID, uintptr(os.Getuid())),
	calling("setgroups", unix.SYS_SETGROUPS, 0, 0),
	calling("capset", unix.SYS_CAPSET, 0, 0),
	calling("undo seccomp (prctl)", unix.SYS_PRCTL, unix.PR_SET_SECCOMP, 0, 0).refused(),
	calling("another filter (seccomp)", unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, 0).refused(),
	calling("be seen by debuggers (prctl)", unix.SYS_PRCTL, unix.PR_SET_DUMPABLE, 1).refused(),
	calling("outlive the parent (prctl)", unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, 0).refused(),
	calling("adopt processes (prctl)", unix.SYS_PRCTL, unix.PR_SET_CHILD_SUBREAPER, 0).refused(),
	calling("type into the terminal (ioctl)", unix.SYS_IOCTL, 1, unix.TIOCSTI, 0).refused(),
	calling("another Landlock", unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, 1).refused(),
	// What reading needs.
	{name: "a file of the language data", needed: true, try: func(p place) error { return open(filepath.Join(p.Mine, "file"), unix.O_RDONLY|unix.O_CLOEXEC) }},
	{name: "Tesseract's log, /dev/null", needed: true, try: func(place) error { return open(os.DevNull, unix.O_WRONLY|unix.O_CREAT|unix.O_APPEND) }},
	{name: "a file in memory, for tiled TIFFs", needed: true, try: func(place) error {
		fd, err := unix.MemfdCreate("x", unix.MFD_CLOEXEC)
		if err != nil {
			return err
		}
		if _, err := unix.Write(fd, make([]byte, 2<<20)); err != nil {
			return err
		}
		return unix.Close(fd)
	}},
	{name: "a thread", needed: true, try: func(place) error {
		done := make(chan error)
		go func() {
			runtime.LockOSThread() // ends with it
			done <- call(unix.SYS_GETPID)
		}()
		return <-done
	}},
	{name: "compiled code", needed: true, try: func(place) error {
		m, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		if err != nil {
			return err
		}
		return unix.Mprotect(m, unix.PROT_READ|unix.PROT_EXEC)
	}},
	{name: "a signal to a thread of its own", needed: true, try: func(place) error { return unix.Tgkill(os.Getpid(), unix.Gettid(), 0) }},
	{name: "processor time for the next page", needed: true, try: func(place) error {
		return unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: 1000, Max: unix.RLIM_INFINITY})
	}},
}...)

func dial(network, address string) error {
	c, err := net.Dial(network, address)
	if err == nil {
		c.Close()
	}
	return err
}

func open(name string, flags int) error {
	fd, err := unix.Open(name, flags, 0o600)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

// cloned starts a process that ends at once.
func cloned(flags uintptr) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pid, _, no := syscall.RawSyscall6(unix.SYS_CLONE, flags, 0, 0, 0, 0, 0)
	if no != 0 {
		return no
	}
	if pid == 0 {
		syscall.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
	}
	return nil
}
