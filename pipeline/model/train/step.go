package train

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"nightshift/pipeline/custody"
	"nightshift/pipeline/model/network"
)

// advance runs the trainer from one checkpoint to the next. It works in a folder
// that is thrown away, on a copy: lstmtraining writes over its checkpoint in place.
func (t *Trainer) advance(ctx context.Context, s Stage, dir string, from, to int, m *meter) error {
	work := filepath.Join(dir, "work")
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	if err := os.Mkdir(work, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(work)
	at := filepath.Join(work, "m_checkpoint") // where lstmtraining looks for it
	if from > 0 {
		if err := copyFile(checkpointName(dir, from), at); err != nil {
			return err
		}
	}
	if err := t.train(ctx, s, dir, to, m); err != nil {
		return err
	}
	raw, err := os.ReadFile(at)
	if err != nil {
		return fmt.Errorf("lstmtraining ended without a checkpoint: %w", err)
	}
	n, err := network.ParseCheckpoint(raw)
	if err != nil {
		return fmt.Errorf("the checkpoint that lstmtraining wrote: %w", err)
	}
	if int(n.Iterations) < to {
		return fmt.Errorf("lstmtraining ended after %d iterations, before the %d it was asked for", n.Iterations, to)
	}
	return custody.Replace(checkpointName(dir, to), raw)
}

// train runs lstmtraining once, for all iterations up to the given one.
func (t *Trainer) train(ctx context.Context, s Stage, dir string, to int, m *meter) error {
	program := t.Program
	if program == "" {
		program = "lstmtraining"
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cmd := exec.CommandContext(ctx, program, // #nosec G204 -- a developer's command
		"--model_output", filepath.Join(dir, "work", "m"), "--continue_from", filepath.Join(dir, beginFile), "--traineddata", t.Model,
		"--train_listfile", filepath.Join(dir, listFile), "--max_iterations", strconv.Itoa(to), "--target_error_rate", "-1",
		"--learning_rate", strconv.FormatFloat(s.Rate, 'g', -1, 64), "--reset_learning_rate", "--debug_interval", "0")
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1", "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	cmd.Stdout = cmd.Stderr
	// The death signal comes when the thread ends that started the child.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return fmt.Errorf("%w: it is part of Debian's tesseract-ocr", err)
		}
		return err
	}
	if t.Nice > 0 {
		_ = unix.Setpriority(unix.PRIO_PROCESS, cmd.Process.Pid, t.Nice) // a slower machine is no reason to stop
	}
	last := follow(out, m, stop)
	if err := cmd.Wait(); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return fmt.Errorf("lstmtraining: %w; it said: %s", err, last)
	}
	return nil
}

// unreadable is how lstmtraining tells of a file of lines that it cannot read. It
// goes on with the others, and for ever if there are none.
const unreadable = "Deserialize failed"

// lastLines is how many of the trainer's lines an error repeats.
const lastLines = 4

// follow reads what the trainer says until it ends, and returns the last of it. The
// trainer is stopped if it cannot read what it is to learn from.
func follow(out io.Reader, m *meter, stop context.CancelCauseFunc) string {
	var last []string
	r := bufio.NewReaderSize(out, 64<<10)
	for {
		line, err := r.ReadSlice('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 && !m.read(string(line)) {
			if len(last) == lastLines {
				last = last[1:]
			}
			last = append(last, string(line[:min(len(line), 300)]))
			if bytes.HasPrefix(line, []byte(unreadable)) {
				stop(fmt.Errorf("lstmtraining cannot read its lines: %s", last[len(last)-1]))
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return strings.Join(last, "; ")
		}
	}
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o644)
}
