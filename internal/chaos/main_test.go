//go:build chaos || minio

package chaos

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"nightshift/pipeline/ocr"
)

var (
	instants = flag.Int("instants", 4, "random `instants` at which a run is killed")
	seed     = flag.Uint64("seed", 0, "`seed` of what is random; 0: by the clock. It is printed")
	long     = flag.Bool("long", false, "try every fault, and each for longer")
	cutOff   = flag.Duration("away", 0, "how `long` NATS is cut off, three times; 0: 3 s, with -long 1 minute")
	box      = flag.String("box", "", "`folder` of scans to run over; a small one is drawn if empty")
)

// programs is the folder of the four programs under test, nightshift the one
// that most tests run.
var programs, nightshift string

// work is a directory for what tests share.
var work string

func TestMain(m *testing.M) {
	ocr.ChildMain() // this binary is started again as an engine child
	if role := os.Getenv(roleVariable); role != "" {
		os.Exit(play(role))
	}
	flag.Parse()
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "nightshift-chaos-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		work = dir
		programs, nightshift = dir, filepath.Join(dir, "nightshift")
		if out, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", dir+"/", "../../cmd/...").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the programs: %v\n%s", err, out)
			return 1
		}
		if *seed == 0 {
			*seed = uint64(time.Now().UnixNano())
		}
		fmt.Println("seed", *seed)
		return m.Run()
	}())
}

// chance is the source of what is random in a test: the same for the same seed.
func chance(t *testing.T) *rand.Rand {
	h := uint64(0)
	for _, c := range t.Name() {
		h = h*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(*seed, h))
}

// started is a program of ours, in a process group of its own.
type started struct {
	t    *testing.T
	cmd  *exec.Cmd
	log  string
	done chan struct{}
	code int
}

// start starts a program; what it prints goes to a file that is shown when the
// test fails.
func start(t *testing.T, program string, env []string, args ...string) *started {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "out-*.log")
	if err != nil {
		t.Fatal(err)
	}
	p := &started{t: t, cmd: exec.Command(program, args...), log: f.Name(), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = f, f
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait() // its state says how it ended
		p.code = p.cmd.ProcessState.ExitCode()
		f.Close()
	}()
	t.Cleanup(p.end)
	return p
}

// waited: something was waited for in vain, so that a program may hang.
var waited atomic.Bool

// end ends what a test leaves running. Where the test failed it shows what each
// program said, and has one that may hang say what its goroutines are at.
func (p *started) end() {
	if !p.t.Failed() {
		p.kill()
		return
	}
	state := "still alive"
	select {
	case <-p.done:
		state = fmt.Sprintf("ended with %d", p.code)
	default:
		if !waited.Load() || p.role() == "servers" {
			break
		}
		_ = p.cmd.Process.Signal(syscall.SIGQUIT)
		select {
		case <-p.done:
		case <-time.After(5 * time.Second):
		}
	}
	p.kill()
	if raw, err := os.ReadFile(p.log); err == nil {
		p.t.Logf("%v %s (%s), said:\n%s", p.cmd.Args, p.role(), state, raw[max(0, len(raw)-longestWords):])
	}
}

// role is what this binary plays, where the program is this binary.
func (p *started) role() string {
	for _, e := range p.cmd.Env {
		if v, ok := strings.CutPrefix(e, roleVariable+"="); ok {
			return v
		}
	}
	return ""
}

// longestWords is as much of a hung program's output as is shown, in bytes.
const longestWords = 256 << 10

// signal sends s to the whole process group.
func (p *started) signal(s syscall.Signal) {
	select {
	case <-p.done:
	default:
		_ = syscall.Kill(-p.cmd.Process.Pid, s)
	}
}

// stop asks the program alone to stop, as systemd and container runtimes do.
func (p *started) stop() {
	select {
	case <-p.done:
	default:
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
	}
}

// kill ends the group at once and waits for it.
func (p *started) kill() {
	p.signal(syscall.SIGKILL)
	<-p.done
}

// wait waits for the program's own end and returns its exit code.
func (p *started) wait(limit time.Duration) int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(limit):
		p.t.Fatalf("%v did not end within %s\n%s", p.cmd.Args, limit, p.output())
	}
	return p.code
}

func (p *started) output() string {
	raw, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	if len(raw) > 8<<10 {
		raw = raw[len(raw)-8<<10:]
	}
	return string(raw)
}

// eventually waits until ok, asking ever so often.
func eventually(t *testing.T, limit time.Duration, what string, ok func() (bool, error)) {
	t.Helper()
	var last error
	for until := time.Now().Add(limit); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		done, err := ok()
		if done && err == nil {
			return
		}
		last = err
	}
	waited.Store(true)
	t.Fatalf("not within %s: %s (%v)", limit, what, last)
}

// free is an address nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// self is this binary, which plays parts.
func self(t *testing.T) string {
	t.Helper()
	p, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// longest is more than any run here takes, waits after a kill included.
const longest = 10 * time.Minute

var background = context.Background()
