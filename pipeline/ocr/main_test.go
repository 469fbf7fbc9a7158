package ocr

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/tesseract"
	"nightshift/pipeline/ocr/wire"
)

// TestMain makes the test program an engine child where it was started as one,
// and a child that behaves badly where its argument says how.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && strings.HasPrefix(os.Args[1], "bad:") {
		misbehave(strings.TrimPrefix(os.Args[1], "bad:"))
	}
	if len(os.Args) == 2 && os.Args[1] == "parent" {
		os.Unsetenv(wire.ChildEnv)
		parent()
	}
	ChildMain()
	os.Exit(m.Run())
}

// starts are ways to go wrong that need the real engine: its tests put them in.
var starts = map[string]func(){}

// misbehave greets as a child does and then goes wrong at the first request.
// A scan named "good" is answered, so that recycling can be counted.
func misbehave(how string) {
	if start := starts[how]; start != nil {
		start()
	}
	if how == "mute" {
		time.Sleep(time.Hour)
	}
	if how == "no start" {
		os.Stderr.WriteString("something is missing\n")
		os.Exit(9)
	}
	cfg, _, err := wire.ChildConfig()
	if err != nil {
		os.Exit(1)
	}
	_ = wire.WriteJSON(os.Stdout, wire.Hello, wire.Greeting{Version: "bad"})
	in := bufio.NewReader(os.Stdin)
	for {
		_, order, err := wire.Read(in)
		if err != nil {
			os.Exit(0)
		}
		if bytes.Contains(order, []byte(`"good"`)) {
			_ = wire.WriteJSON(os.Stdout, wire.Plan, []wire.PagePlan{{Index: os.Getpid()}})
			continue
		}
		wrong(how, cfg)
	}
}

func wrong(how string, cfg wire.Config) {
	switch how {
	case "segv":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		time.Sleep(time.Hour)
	case "exit":
		os.Stderr.WriteString("assertion failed: x > 0\n")
		os.Exit(3)
	case "quiet exit":
		os.Exit(0)
	case "hang":
		// What it started hangs too, and holds the pipe open.
		c := exec.Command("sleep", "3600")
		c.Stdout = os.Stdout
		_ = c.Start()
		time.Sleep(time.Hour)
	case "burn":
		for n := 0; ; n++ {
		}
	case "own budget": // with the pool that keeps the deadline away
		if _, err := tesseract.Confine(cfg); err != nil {
			os.Exit(1)
		}
		_ = unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: 1, Max: unix.RLIM_INFINITY})
		for n := 0; ; n++ {
		}
	case "wait":
		time.Sleep(cfg.Deadline * 3 / 2)
		_ = wire.WriteJSON(os.Stdout, wire.Plan, []wire.PagePlan{{Index: 1}})
	case "garbage":
		os.Stdout.WriteString("Segmentation fault\n")
		time.Sleep(time.Hour)
	case "half":
		os.Stdout.WriteString("\x00\x00\x10\x00P{\"version\"")
		os.Exit(0)
	case "wrong kind":
		_ = wire.WriteJSON(os.Stdout, wire.Hello, wire.Greeting{})
		time.Sleep(time.Hour)
	case "range":
		_ = wire.Write(os.Stdout, wire.Ranges, wire.EncodeRange(1<<40, 100))
		time.Sleep(time.Hour)
	case "flood":
		for range 1 << 14 {
			os.Stderr.WriteString(strings.Repeat("noise ", 100))
		}
		os.Exit(3)
	case "json":
		_ = wire.Write(os.Stdout, wire.Plan, []byte(`[{"index":"one"}]`))
	case "break out":
		if _, err := tesseract.Confine(cfg); err != nil {
			os.Exit(1)
		}
		_, err := net.Dial("tcp", "127.0.0.1:1")
		_ = wire.WriteJSON(os.Stdout, wire.Failure, wire.Fault{Detail: fmt.Sprint("it lives on: ", err), Final: true, Reason: archive.Undecodable})
	case "memory":
		if _, err := tesseract.Confine(cfg); err != nil {
			os.Exit(1)
		}
		takeAll()
	}
}

// takeAll takes memory, and uses it, until the process is ended for it.
func takeAll() {
	var kept [][]byte
	for len(kept) < 1<<20 { // far over any limit
		b := make([]byte, 8<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		kept = append(kept, b)
		time.Sleep(time.Millisecond)
	}
}
