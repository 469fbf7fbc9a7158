package ocr

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
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/wire"
)

// scan is a Source in memory.
type scan struct{ *bytes.Reader }

func (s scan) Size() int64 { return s.Reader.Size() }

func bytesOf(b []byte) scan { return scan{bytes.NewReader(b)} }

// badPool has children that go wrong.
func badPool(t *testing.T, how string, cfg PoolConfig) *Pool {
	t.Helper()
	cfg.Command = []string{os.Args[0], "bad:" + how}
	if cfg.Children == 0 {
		cfg.Children = 1
	}
	p, err := NewPool(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// Each way of dying has its reason; none is final, for another try may pass;
// and the child after it works.
func TestDeathsHaveReasons(t *testing.T) {
	for how, want := range map[string]struct {
		reason archive.Reason
		detail string
	}{
		"segv": {archive.EngineCrash, "killed"}, "exit": {archive.EngineCrash, "assertion failed"}, "quiet exit": {archive.EngineCrash, "exit status 0"},
		"hang": {archive.DeadlineHit, "deadline"}, "garbage": {archive.EngineCrash, "not a frame"}, "half": {archive.EngineCrash, "cut short"},
		"wrong kind": {archive.EngineCrash, "not a frame"}, "range": {archive.EngineCrash, "range"}, "flood": {archive.EngineCrash, "noise"},
		"own budget": {archive.DeadlineHit, "used up its processor time"},
		"json":       {archive.EngineCrash, "decode"}, "memory": {archive.MemoryHit, "memory limit"},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			deadline := 20 * time.Second
			if how == "hang" {
				deadline = 200 * time.Millisecond
			}
			p := badPool(t, how, PoolConfig{Deadline: deadline, MemoryLimit: 128 << 20})
			_, err := p.Plan(t.Context(), bytesOf([]byte("scan")), "bad", "")
			if pipeline.ReasonOf(err) != want.reason || !strings.Contains(fmt.Sprint(err), want.detail) {
				t.Errorf("%v (reason %q), want %q with %q", err, pipeline.ReasonOf(err), want.reason, want.detail)
			}
			if _, final := pipeline.Rejected(err); final {
				t.Errorf("final: %v", err)
			}
			if _, err := p.Plan(t.Context(), bytesOf([]byte("scan")), "good", ""); err != nil {
				t.Errorf("the page after it: %v", err)
			}
		})
	}
}

// A child that waits longer than its deadline without working is not killed for it.
func TestWaitingIsNotWorking(t *testing.T) {
	t.Parallel()
	p := badPool(t, "wait", PoolConfig{Deadline: 2 * time.Second})
	if plan, err := p.Plan(t.Context(), bytesOf(nil), "bad", ""); err != nil || len(plan) != 1 {
		t.Errorf("%v, %v", plan, err)
	}
}

// One that works is ended when its processor time is used up, whatever the clock says.
func TestProcessorTime(t *testing.T) {
	t.Parallel()
	p := badPool(t, "burn", PoolConfig{})
	c := <-p.slots
	ctx, stop := c.bounded(t.Context(), 100*time.Millisecond)
	defer stop()
	_, err := c.ask(ctx, bytesOf(nil), wire.Order{Op: "plan", Name: "bad"}, wire.Plan)
	if pipeline.ReasonOf(err) != archive.DeadlineHit || !strings.Contains(err.Error(), "processor time") {
		t.Error(err)
	}
	c.dead(err)
	p.slots <- nil
}

func TestNoStart(t *testing.T) {
	cfg := PoolConfig{Command: []string{os.Args[0], "bad:no start"}, Children: 1}
	if _, err := NewPool(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "something is missing") {
		t.Errorf("%v", err)
	}
	cfg.Command = []string{"/nowhere/engine"}
	if _, err := NewPool(t.Context(), cfg); err == nil {
		t.Error("a program that is not there started")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	cfg.Command = []string{os.Args[0], "bad:mute"}
	if _, err := NewPool(ctx, cfg); err == nil {
		t.Error("a child that says nothing counts as started")
	}
}

func TestRecycling(t *testing.T) {
	p := badPool(t, "exit", PoolConfig{Recycle: 3})
	var pids []int
	for range 7 {
		plan, err := p.Plan(t.Context(), bytesOf(nil), "good", "")
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, plan[0].Index)
	}
	if pids[0] != pids[2] || pids[2] == pids[3] || pids[3] != pids[5] || pids[5] == pids[6] {
		t.Errorf("processes of seven pages, three each: %v", pids)
	}
	for _, pid := range []int{pids[0], pids[3]} {
		if alive(pid) {
			t.Errorf("process %d is alive after it was replaced", pid)
		}
	}
	p.Close()
	if alive(pids[6]) {
		t.Error("a child outlived its pool")
	}
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

// Nothing of a hung child's process group is left, not even what it started.
func TestHangLeavesNothing(t *testing.T) {
	p := badPool(t, "hang", PoolConfig{Deadline: 300 * time.Millisecond})
	plan, err := p.Plan(t.Context(), bytesOf(nil), "good", "")
	if err != nil {
		t.Fatal(err)
	}
	group := plan[0].Index
	if _, err := p.Plan(t.Context(), bytesOf(nil), "bad", ""); pipeline.ReasonOf(err) != archive.DeadlineHit {
		t.Fatal(err)
	}
	for until := time.Now().Add(10 * time.Second); len(members(t, group)) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("left of the group: %v", members(t, group))
		}
	}
}

// members are the live processes of a process group.
func members(t *testing.T, group int) (pids []string) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range stats {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // ended meanwhile
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		f := strings.Fields(rest)
		if len(f) > 2 && f[2] == strconv.Itoa(group) && f[0] != "Z" {
			pids = append(pids, name)
		}
	}
	return pids
}

func TestCancelledRequest(t *testing.T) {
	p := badPool(t, "hang", PoolConfig{})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := p.Plan(ctx, bytesOf(nil), "bad", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := p.Plan(t.Context(), bytesOf(nil), "good", ""); err != nil {
		t.Errorf("after it: %v", err)
	}
}

type failing struct{ error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.error }
func (f failing) Size() int64                       { return 100 }

// parent is a program with a pool whose child hangs; it prints the child's
// process and waits to be killed.
func parent() {
	p, err := NewPool(context.Background(), PoolConfig{Command: []string{os.Args[0], "bad:hang"}, Children: 1})
	if err != nil {
		panic(err)
	}
	plan, err := p.Plan(context.Background(), bytesOf(nil), "good", "")
	if err != nil {
		panic(err)
	}
	fmt.Println(plan[0].Index)
	_, err = p.Plan(context.Background(), bytesOf(nil), "bad", "")
	panic(err)
}

// Children die with a parent that is killed.
func TestNoOrphans(t *testing.T) {
	cmd := exec.Command(os.Args[0], "parent")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if !alive(pid) {
		t.Fatal("the child is not there")
	}
	_ = cmd.Process.Kill()
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait()
	for until := time.Now().Add(10 * time.Second); alive(pid) && !zombie(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the child outlived its parent")
		}
	}
}

// zombie tells whether a dead process waits for somebody to look at it: in a
// container without an init nobody does.
func zombie(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(b), ") ")
	return err != nil || strings.HasPrefix(rest, "Z")
}

// Many callers share few children, and a child is used by one at a time.
func TestManyCallers(t *testing.T) {
	p := badPool(t, "exit", PoolConfig{Children: 2})
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			name := "good"
			if i%5 == 0 {
				name = "bad"
			}
			_, err := p.Plan(t.Context(), bytesOf(nil), name, "")
			if (err != nil) != (name == "bad") {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	wg.Wait()
}
