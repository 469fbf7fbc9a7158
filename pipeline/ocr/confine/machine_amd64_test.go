package confine

import (
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// machineDoors are the gates that only this processor has.
func machineDoors() []door {
	return []door{
		{name: "the 32-bit gate (int 0x80), getpid", byCalls: true, killed: true, try: func(place) error { return gate32(20, 0, 0) }},
		{name: "the 32-bit gate, socketcall", byCalls: true, killed: true, try: func(place) error { return gate32(102, 1, 0) }},
		{name: "the 32-bit gate, kill", byCalls: true, killed: true, try: func(p place) error { return gate32(37, uint32(p.Parent), 0) }},
		calling("x32, getpid", 0x40000000|39),
		calling("x32, socket", 0x40000000|41, unix.AF_INET, unix.SOCK_STREAM, 0),
		calling("open, to write", unix.SYS_OPEN, text("/dev/null"), unix.O_RDWR).refused(),
		calling("chmod, the old call", unix.SYS_CHMOD, text("/none/none"), 0o777),
		calling("fork, the old call", unix.SYS_FORK).onlyConfined(),
		calling("ioperm", unix.SYS_IOPERM, minusOne, 0, 0),
		calling("iopl", unix.SYS_IOPL, minusOne),
		calling("modify_ldt", unix.SYS_MODIFY_LDT, 0, 0, 0),
		calling("arch_prctl", unix.SYS_ARCH_PRCTL, 0xffff, 0).refused(),
	}
}

// onlyConfined leaves a door alone where nothing would stop it and it could do harm.
func (d door) onlyConfined() door {
	try := d.try
	d.try = func(p place) error {
		if p.Walls == "none" || p.Walls == "landlock" {
			return unix.EINVAL
		}
		return try(p)
	}
	return d
}

// gate32 makes a system call as a program of 32 bits does, from code that is written
// into memory here, as somebody who took over a decoder would.
func gate32(number, first, second uint32) error {
	code := []byte{
		0x53,             // push rbx
		0x56,             // push rsi
		0xb8, 0, 0, 0, 0, // mov eax, number
		0xbb, 0, 0, 0, 0, // mov ebx, first
		0xb9, 0, 0, 0, 0, // mov ecx, second
		0x31, 0xd2, // xor edx, edx
		0xcd, 0x80, // int 0x80
		0x49, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, // mov r8, where
		0x41, 0x89, 0x00, // mov [r8], eax
		0x5e, // pop rsi
		0x5b, // pop rbx
		0xc3, // ret
	}
	result := new(int32)
	*(*uint32)(unsafe.Pointer(&code[3])) = number
	*(*uint32)(unsafe.Pointer(&code[8])) = first
	*(*uint32)(unsafe.Pointer(&code[13])) = second
	*(*uint64)(unsafe.Pointer(&code[23])) = uint64(uintptr(unsafe.Pointer(result)))
	m, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return err
	}
	copy(m, code)
	if err := unix.Mprotect(m, unix.PROT_READ|unix.PROT_EXEC); err != nil {
		return err
	}
	at := uintptr(unsafe.Pointer(&m[0]))
	entry := &at
	(*(*func())(unsafe.Pointer(&entry)))()
	runtime.KeepAlive(result)
	if *result < 0 {
		return syscall.Errno(-*result)
	}
	return nil
}
