package reader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"nightshift/pipeline/transcript"
)

// command is a program of the archive's own: it gets the image on standard input
// and its media type in READER_IMAGE_TYPE, and prints the text. It is started
// once a page, without a shell, and killed with all that it started at the end of
// its time.
type command struct{ cfg Config }

func (c command) ask(ctx context.Context, img Image) ([]byte, error) {
	args := strings.Fields(c.cfg.Command)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...) // #nosec G204 -- what --reader-command names, which is for an administrator
	cmd.Env = append(environment(), "READER_IMAGE_TYPE="+img.Type, "READER_MODEL="+c.cfg.Model)
	cmd.Dir = "/" // ours lies among the store's files
	cmd.Stdin = bytes.NewReader(img.Data)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	kill := func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.Cancel, cmd.WaitDelay = kill, time.Second
	out := &limited{limit: c.cfg.MaxAnswer, full: func() { _ = kill() }}
	cmd.Stdout = out
	err := cmd.Run()
	if cmd.Process != nil {
		_ = kill() // what it left behind
	}
	switch {
	case out.over:
		return nil, trouble{transcript.OutsideLong, errTooLong}
	case ctx.Err() != nil:
		return nil, gone(ctx, err)
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return nil, trouble{transcript.OutsideAway, fmt.Errorf("%s: %w", args[0], err)}
	}
	return out.b, nil
}

func (command) text(answer []byte) (string, error) { return string(answer), nil }

// environment is ours without what is only ours: addresses and keys.
func environment() []string {
	var out []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "NIGHTSHIFT_") {
			out = append(out, v)
		}
	}
	return out
}

// limited keeps so many bytes and ends the writer at more.
type limited struct {
	b     []byte
	limit int64
	over  bool
	full  func()
}

func (l *limited) Write(p []byte) (int, error) {
	if int64(len(l.b)+len(p)) > l.limit {
		l.over = true
		l.full()
		return 0, errTooLong
	}
	l.b = append(l.b, p...)
	return len(p), nil
}
