package confine

import (
	"fmt"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// action is how a system call ends, as seccomp(2) spells it.
type action uint32

const (
	kill    action = unix.SECCOMP_RET_KILL_PROCESS
	refuse  action = unix.SECCOMP_RET_ERRNO | action(unix.EPERM)
	unknown action = unix.SECCOMP_RET_ERRNO | action(unix.ENOSYS) // the caller goes another way
	allow   action = unix.SECCOMP_RET_ALLOW
)

// Where things lie in struct seccomp_data, on machines whose low byte comes first.
const (
	atNumber = 0
	atArch   = 4
	atArgs   = 16
)

// x32 is the bit of system calls of the 32-bit ABI that runs in 64-bit mode.
const x32 = 0x4000_0000

// program is the filter for the calls of an architecture; pid is the process that it
// is for. A call by another architecture's gate ends the process.
func program(of *arch.Info, pid int) ([]bpf.Instruction, error) {
	p := []bpf.Instruction{
		bpf.LoadAbsolute{Off: atArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(of.ID), SkipTrue: 1},
		ret(kill),
		bpf.LoadAbsolute{Off: atNumber, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: x32, SkipFalse: 1}, // no call of any architecture is as high
		ret(kill),
	}
	known := 0
	plainly := func(names []string, a action) {
		for _, name := range names {
			if n, ok := of.SyscallNames[name]; ok {
				known++
				p = append(p, bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(n), SkipFalse: 1}, ret(a))
			}
		}
	}
	plainly(allowed, allow)
	for _, g := range guards(uint32(pid)) {
		n, ok := of.SyscallNames[g.name]
		if !ok {
			continue
		}
		body := g.instructions()
		if len(body) > 255 {
			return nil, fmt.Errorf("confine: the conditions of %s take %d steps", g.name, len(body))
		}
		p = append(p, bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(n), SkipFalse: uint8(len(body))})
		p = append(p, body...)
	}
	plainly(fatal, kill)
	if known == 0 {
		return nil, fmt.Errorf("confine: no system calls known of %s", of.Name)
	}
	return append(p, ret(refuse)), nil
}

func ret(a action) bpf.Instruction { return bpf.RetConstant{Val: uint32(a)} }

// instructions end on every way: once a call was told by its number, nothing after
// them is looked at.
func (g guarded) instructions() (p []bpf.Instruction) {
	for _, all := range g.when {
		const step = 3 // instructions a condition
		for i, w := range all {
			left := (len(all)-1-i)*step + 1 // of this list, after this condition
			p = append(p,
				bpf.LoadAbsolute{Off: w.offset(), Size: 4},
				bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: w.mask},
				bpf.JumpIf{Cond: bpf.JumpEqual, Val: w.value, SkipFalse: uint8(left)})
		}
		p = append(p, ret(allow))
	}
	return append(p, ret(g.or))
}

func (w want) offset() uint32 {
	at := uint32(atArgs + 8*(w.arg&^highHalf))
	if w.arg&highHalf != 0 {
		at += 4
	}
	return at
}
