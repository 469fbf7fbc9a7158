//go:build cgo

package tesseract

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

// Bare reads image files one after the other in this process, with nothing round
// it, and returns the time of the processor inside the engine's calls alone: what
// all else that a pipeline spends is compared with. Readings are the child's own.
func Bare(cfg wire.Config, names []string) (time.Duration, error) {
	runtime.LockOSThread() // the clock of the engine's time is the thread's
	defer runtime.UnlockOSThread()
	c := &child{cfg: cfg, diag: &diagnostics{fd: -1}}
	var err error
	if c.engine, err = newEngine(cfg); err != nil {
		return 0, err
	}
	defer c.engine.close()
	if err := c.engine.warm(); err != nil {
		return 0, err
	}
	c.engine.spent = 0
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			return 0, err
		}
		kind, ok := imaging.Sniff(b)
		if !ok {
			return 0, fmt.Errorf("read %s: %w", n, imaging.ErrUndecodable)
		}
		master, _, err := imaging.Decode(b, kind, cfg.MaxPixels, imaging.Grey)
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", n, err)
		}
		err = c.recognise(&transcript.Page{}, master)
		master.Close()
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", n, err)
		}
	}
	return c.engine.spent, nil
}

// threadTime is the processor time of this thread so far.
func threadTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
