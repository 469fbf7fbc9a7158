package confine

import "golang.org/x/sys/unix"

// allowed are the system calls that Go, the GNU C library, Tesseract, leptonica and
// compiled WebAssembly make while pages are read; those that are made most come first,
// since the filter is gone through in order. Names that an architecture lacks are
// passed over.
var allowed = []string{
	"futex", "read", "write", "mprotect", "madvise", "munmap", "mremap", "brk", "pread64", "clock_gettime",
	"nanosleep", "clock_nanosleep", "epoll_pwait", "epoll_wait", "sched_yield", "rt_sigprocmask", "rt_sigreturn", "rt_sigaction", "sigaltstack",
	"mmap", "close", "lseek", "fstat", "newfstatat", "fstatat", "statx", "stat", "lstat", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
	"getdents64", "readv", "writev", "pwrite64", "fadvise64", "dup", "dup2", "dup3", "pipe2", "eventfd2",
	"poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_pwait2",
	"getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "getrusage", "getrlimit", "getcwd", "getrandom", "getcpu",
	"sysinfo", "uname", "times", "time", "gettimeofday", "clock_getres", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
	"set_robust_list", "set_tid_address", "rseq", "membarrier", "mincore", "restart_syscall", "exit", "exit_group",
}

// fatal are calls that no library here makes and code which was taken over would: the
// network, other programs and processes, the kernel's own workings, rights. The process
// ends at the first one, and the operator hears of it. What is neither here nor allowed
// is refused, and the process goes on.
var fatal = []string{
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg",
	"execve", "execveat", "fork", "vfork", "setsid", "setpgid", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp",
	"pidfd_open", "pidfd_getfd", "pidfd_send_signal", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo",
	"chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "setxattr", "lsetxattr", "fsetxattr",
	"mknod", "mknodat",
	"mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "open_by_handle_at", "name_to_handle_at",
	"init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog",
	"bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "io_setup", "memfd_secret", "add_key", "request_key", "keyctl",
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capset", "personality",
	"clock_settime", "settimeofday", "adjtimex", "clock_adjtime", "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt", "vmsplice",
	"inotify_init1", "fanotify_init", "mq_open", "shmget", "msgget", "semget",
}

// want is a condition on the low half of an argument: under the mask it has the value.
// The kernel takes no more than that half of the arguments asked for here.
type want struct {
	arg         int
	mask, value uint32
}

// null is a condition on a pointer: that it is none.
func null(arg int) []want {
	return []want{{arg, 1<<32 - 1, 0}, {arg | highHalf, 1<<32 - 1, 0}}
}

func is(arg int, value uint32) want { return want{arg, 1<<32 - 1, value} }

// highHalf marks an argument of which the other half is meant.
const highHalf = 8

// guarded is a call that is allowed where one of the lists of conditions holds as a
// whole, and otherwise ends as it says.
type guarded struct {
	name string
	when [][]want
	or   action
}

// namespaces are the flags of clone that begin a new one.
const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWTIME

// pointsAway are the flags of an open that makes, empties or may write a file.
const pointsAway = unix.O_ACCMODE | unix.O_CREAT | unix.O_TRUNC | unix.O_TMPFILE&^unix.O_DIRECTORY

// guards are the calls of which only a part is needed. pid is this process.
func guards(pid uint32) []guarded {
	opening := func(arg int) [][]want {
		log := uint32(unix.O_WRONLY | unix.O_CREAT) // how Tesseract opens its log, /dev/null: fopen with "a" or "w"
		but := ^uint32(unix.O_CLOEXEC | unix.O_LARGEFILE)
		return [][]want{
			{{arg, pointsAway, unix.O_RDONLY}},
			{{arg, but, log | unix.O_APPEND}},
			{{arg, but, log | unix.O_TRUNC}},
		}
	}
	return []guarded{
		{"openat", opening(2), refuse},
		{"open", opening(1), refuse},
		// Threads, and nothing else; glibc falls back on clone, whose flags can be seen.
		{"clone", [][]want{{{0, unix.CLONE_THREAD | unix.CLONE_VM | namespaces, unix.CLONE_THREAD | unix.CLONE_VM}}}, kill},
		{"clone3", nil, unknown},
		{"openat2", nil, unknown},
		// Go interrupts its own threads; abort and raise signal their own process.
		{"tgkill", [][]want{{is(0, pid)}}, kill},
		{"kill", [][]want{{is(0, pid)}}, kill},
		// Not F_SETOWN and F_SETSIG: they send signals to others.
		{"fcntl", [][]want{{is(1, unix.F_GETFD)}, {is(1, unix.F_SETFD)}, {is(1, unix.F_GETFL)}, {is(1, unix.F_SETFL)}, {is(1, unix.F_DUPFD_CLOEXEC)}, {is(1, unix.F_DUPFD)}}, refuse},
		{"memfd_create", [][]want{{is(1, unix.MFD_CLOEXEC)}}, refuse}, // libtiff reads tiled files so; running one is fatal
		{"ioctl", [][]want{{is(1, unix.TCGETS)}}, refuse},             // isatty
		{"prctl", [][]want{{is(0, unix.PR_SET_NAME)}, {is(0, unix.PR_GET_NAME)}, {is(0, unix.PR_SET_VMA)}, {is(0, unix.PR_GET_SECCOMP)}, {is(0, unix.PR_GET_NO_NEW_PRIVS)}, {is(0, unix.PR_GET_DUMPABLE)}}, refuse},
		// The processor time of the next page; other limits are only read.
		{"prlimit64", [][]want{{is(0, 0), is(1, unix.RLIMIT_CPU)}, append([]want{is(0, 0)}, null(2)...)}, refuse},
	}
}
