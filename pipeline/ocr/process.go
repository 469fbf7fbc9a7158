package ocr

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/tesseract"
	"nightshift/pipeline/ocr/wire"
)

// diagnosticBytes is the size of the file in memory that a child's standard
// error goes to. It is sealed: nothing a decoder prints makes it grow.
const diagnosticBytes = 128 << 10

// process is one engine child. It is used by one goroutine at a time.
type process struct {
	cmd    *exec.Cmd
	in     *os.File // its standard input
	out    *os.File // its standard output
	r      *bufio.Reader
	diag   *os.File
	ended  chan struct{} // closed when it has been waited for
	pages  int           // answered so far
	hello  wire.Greeting
	srcErr error // why the scan's bytes could not be had, for the request at hand
}

// spawn starts a child and waits for its greeting.
func (p *Pool) spawn(ctx context.Context) (*process, error) {
	diag, err := diagnosticFile()
	if err != nil {
		return nil, err
	}
	c := &process{diag: diag, ended: make(chan struct{})}
	if err := c.start(p); err != nil {
		diag.Close()
		return nil, fmt.Errorf("start an engine child: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startDeadline)
	defer cancel()
	stop := context.AfterFunc(ctx, c.kill)
	k, content, err := wire.Read(c.r)
	stop()
	if err == nil && k == wire.Failure {
		err = faultError(content)
	} else if err == nil {
		err = decode(k, wire.Hello, content, &c.hello)
	}
	if err != nil {
		c.kill()
		<-c.ended
		defer c.release()
		if _, ok := pipeline.Rejected(err); ok {
			return nil, err
		}
		return nil, c.death(ctx, err)
	}
	return c, nil
}

// startDeadline is for loading the engine's data from a cold disk.
const startDeadline = 60 * time.Second

func diagnosticFile() (*os.File, error) {
	fd, err := unix.MemfdCreate("nightshift-engine-diagnostics", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("make a file for diagnostics: %w", err)
	}
	f := os.NewFile(uintptr(fd), "diagnostics")
	if err := f.Truncate(diagnosticBytes); err != nil {
		f.Close()
		return nil, fmt.Errorf("size the file for diagnostics: %w", err)
	}
	if _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_GROW|unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL); err != nil {
		f.Close()
		return nil, fmt.Errorf("seal the file for diagnostics: %w", err)
	}
	return f, nil
}

// start runs the command, in a process group of its own that dies with us.
func (c *process) start(p *Pool) error {
	theirIn, in, err := os.Pipe()
	if err != nil {
		return err
	}
	defer theirIn.Close()
	out, theirOut, err := os.Pipe()
	if err != nil {
		in.Close()
		return err
	}
	defer theirOut.Close()
	c.cmd = exec.Command(p.command[0], p.command[1:]...) // #nosec G204 -- this program itself
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = theirIn, theirOut, c.diag
	c.cmd.Env = p.childEnv()
	c.cmd.Dir = "/"
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := p.starter.start(c.cmd); err != nil {
		in.Close()
		out.Close()
		return err
	}
	c.in, c.out, c.r = in, out, bufio.NewReaderSize(out, 64<<10)
	go func() {
		_ = c.cmd.Wait() // the state is read by death
		close(c.ended)
	}()
	return nil
}

// resident is how much memory the child holds, in bytes; 0 if that cannot be seen.
func (c *process) resident() int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", c.cmd.Process.Pid))
	var all, pages int64
	if err != nil {
		return 0
	}
	if _, err := fmt.Sscan(string(b), &all, &pages); err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// kill ends the child and whatever it started. It may be called at any time.
func (c *process) kill() {
	select {
	case <-c.ended:
	default:
		_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL) // not yet reaped: the group is ours
	}
}

// release frees what is left of a child that has ended.
func (c *process) release() {
	c.in.Close()
	c.out.Close()
	c.diag.Close()
}

// retire ends an idle child the gentle way: its input ends. It is killed when
// that does not help.
func (c *process) retire() {
	c.in.Close()
	select {
	case <-c.ended:
	case <-time.After(5 * time.Second):
		c.kill()
		<-c.ended
	}
	c.release()
}

// WallFactor is how many times its deadline a page may take by the clock: a child
// that waits for the scan's bytes, or for a processor on a machine with too much to
// do, works for less than the clock says, and its page is sound.
const WallFactor = 3

var (
	errWall      = fmt.Errorf("%d times its deadline had passed", WallFactor)
	errProcessor = errors.New("its processor time was used up")
)

// lookEvery is how often a child's processor time is looked at.
const lookEvery = 50 * time.Millisecond

// bounded is ctx, cancelled with errProcessor when the child has used d more of
// processor time, until stop is called.
func (c *process) bounded(ctx context.Context, d time.Duration) (bound context.Context, stop func()) {
	bound, cancel := context.WithCancelCause(ctx)
	from, err := c.processorTime()
	if err != nil {
		return bound, func() { cancel(nil) } // the clock bounds it
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(min(lookEvery, max(d/4, time.Millisecond)))
		defer tick.Stop()
		for {
			select {
			case <-bound.Done():
				return
			case <-tick.C:
			}
			if used, err := c.processorTime(); err == nil && used-from >= d {
				cancel(errProcessor)
			}
		}
	}()
	return bound, func() { cancel(nil); <-done }
}

// processorTime is what the child has used so far, in all its threads.
func (c *process) processorTime() (time.Duration, error) {
	var t unix.Timespec
	// The clock of another process: clock_getcpuclockid(3) in the GNU C library.
	const schedClock = 2
	if err := unix.ClockGettime(int32(^c.cmd.Process.Pid<<3|schedClock), &t); err != nil {
		return 0, fmt.Errorf("look at the engine child's processor time: %w", err)
	}
	return time.Duration(t.Nano()), nil
}

// death is the error for a child that ended before it answered. ctx is the one
// that bounded the request.
func (c *process) death(ctx context.Context, cause error) error {
	last := c.lastWords()
	if ctx.Err() != nil {
		cause := context.Cause(ctx)
		if errors.Is(cause, errWall) || errors.Is(cause, errProcessor) || errors.Is(cause, context.DeadlineExceeded) {
			return pipeline.Fail(archive.DeadlineHit, "the engine child was killed at its deadline, %w%s", cause, last)
		}
		return ctx.Err()
	}
	state := c.cmd.ProcessState
	status, _ := state.Sys().(syscall.WaitStatus)
	switch {
	case state.ExitCode() == wire.ExitMemory, strings.Contains(last, "bad_alloc"), strings.Contains(last, "out of memory"), strings.Contains(last, "cannot allocate memory"):
		return pipeline.Fail(archive.MemoryHit, "the engine child went over its memory limit%s", last)
	case state.ExitCode() == wire.ExitTime:
		return pipeline.Fail(archive.DeadlineHit, "the engine child used up its processor time%s", last)
	case errors.Is(cause, wire.ErrFrame): // killed for it, unless it had ended already
		return pipeline.Fail(archive.EngineCrash, "the engine child broke the protocol: %w%s", cause, last)
	case status.Signaled() && status.Signal() == syscall.SIGSYS: // never by a fault of ours that another try mends
		return pipeline.Reject(archive.ForbiddenCall, "the engine child was ended at a system call that reading a page does not need%s", last)
	case status.Signaled():
		return pipeline.Fail(archive.EngineCrash, "the engine child died of %v%s", status.Signal(), last)
	case errors.Is(cause, io.EOF):
		return pipeline.Fail(archive.EngineCrash, "the engine child ended with %v%s", state, last)
	}
	return pipeline.Fail(archive.EngineCrash, "the engine child (%v): %w%s", state, cause, last)
}

// lastWords is what the child's C code printed, for the detail of a failure.
func (c *process) lastWords() string {
	b := make([]byte, 16<<10)
	n, err := c.diag.ReadAt(b, 0)
	if err != nil && n == 0 {
		return ""
	}
	lines := tesseract.Lines(b[:n])
	if len(lines) == 0 {
		return ""
	}
	return ": " + strings.Join(lines[:min(len(lines), 3)], "; ")
}
