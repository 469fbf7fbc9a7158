//go:build shared && cgo

package ocr

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

var update = flag.Bool("update", false, "write the verdicts of hostile files anew")

// The limits that each hostile file is held to. That of the parent is far
// under the size of a page in memory: it never holds one.
const (
	hostileDeadline    = 60 * time.Second
	hostileChildMemory = 1 << 30
	hostileParentMore  = 32 << 20 // of the parent, beyond what it held before the file
)

// hostileOutcome is what became of one file: of its plan, and of its first page.
type hostileOutcome struct {
	name          string
	bytes         int64
	pages         int
	verdict       string // "read", "blank", "no-text-" and why, "read+" and what is odd, or a reason; "+damaged" where the plan says that the page is cut
	took          time.Duration
	child, parent int64 // largest resident size while it was at work, in bytes
	before        int64 // resident size of the parent before the file
}

func (o hostileOutcome) String() string {
	return fmt.Sprintf("%-72s %9d bytes %4d pages  %-22s %6.2f s  child %4d MB  parent %3d MB", o.name, o.bytes, o.pages, o.verdict, o.took.Seconds(), o.child>>20, o.parent>>20)
}

// Every hostile file ends in the verdict on record (-update after it was looked
// at), of the closed list, within its time and its memory, the child's and the
// parent's; and no child's death harms the file after it.
func TestSharedHostile(t *testing.T) {
	pool, err := NewPool(t.Context(), PoolConfig{Children: 1, Deadline: hostileDeadline, MemoryLimit: hostileChildMemory})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	dir := filepath.Join(os.Getenv("NIGHTSHIFT_SHARED"), "scans", "hostile")
	names, err := filepath.Glob(filepath.Join(dir, "*.*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	got := map[string]string{}
	var took time.Duration
	var child, parent int64
	for _, n := range names {
		o := hostile(t, pool, n)
		t.Log(o)
		got[o.name] = fmt.Sprintf("%d %s", o.pages, o.verdict)
		took, child, parent = max(took, o.took), max(child, o.child), max(parent, o.parent)
		switch {
		case o.took > 2*hostileDeadline+startDeadline: // plan and page have a deadline each
			t.Errorf("%s: %v", o.name, o.took)
		case o.child > hostileChildMemory+hostileChildMemory/4: // looked at every 10 ms
			t.Errorf("%s: its child held %d MB", o.name, o.child>>20)
		case o.parent > o.before+hostileParentMore:
			t.Errorf("%s: the parent went from %d to %d MB", o.name, o.before>>20, o.parent>>20)
		}
	}
	t.Logf("%d files; most: %.2f s, child %d MB, parent %d MB", len(names), took.Seconds(), child>>20, parent>>20)
	checkVerdicts(t, got)
}

// hostile takes one file through plan and the reading of its first page.
func hostile(t *testing.T, pool *Pool, name string) hostileOutcome {
	t.Helper()
	src := openScan(t, name)
	o := hostileOutcome{name: filepath.Base(name), bytes: src.size}
	childPeak := peakOfChild(t, pool)
	o.before = memoryLine(t, os.Getpid(), "VmRSS")
	clearPeak(t, os.Getpid())
	began := time.Now()
	plans, err := pool.Plan(t.Context(), src, o.name, "")
	o.child = childPeak()
	o.pages = len(plans)
	if err != nil {
		o.verdict = verdict(t, o.name, err)
	} else {
		childPeak = peakOfChild(t, pool)
		page, err := pool.Read(t.Context(), src, o.name, "", plans[0].Index, Settings{})
		o.child = max(o.child, childPeak())
		switch {
		case err != nil:
			o.verdict = verdict(t, o.name, err)
		case page.Blank:
			o.verdict = "blank"
		case page.NoText != "":
			o.verdict = "no-text-" + string(page.NoText)
		case len(page.Oddities) > 0:
			o.verdict = "read+" + string(page.Oddities[0].Reason)
		default:
			o.verdict = "read"
		}
		if plans[0].Damage != "" {
			o.verdict += "+damaged"
		}
	}
	o.took = time.Since(began)
	o.parent = memoryLine(t, os.Getpid(), "VmHWM")
	return o
}

func verdict(t *testing.T, name string, err error) string {
	t.Helper()
	r := pipeline.ReasonOf(err)
	if !r.Known() || r == archive.TriesExhausted || r == archive.Internal {
		t.Errorf("%s: reason %q says nothing: %v", name, r, err)
	}
	return string(r)
}

// peakOfChild starts to watch the pool's one child; the function it returns
// ends that and says how much the child held at most, in bytes. The kernel
// keeps the mark; it is looked at on the way for the sake of children that die.
func peakOfChild(t *testing.T, pool *Pool) func() int64 {
	t.Helper()
	c := <-pool.slots
	if c == nil {
		var err error
		if c, err = pool.spawn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	pid := c.cmd.Process.Pid
	clearPeak(t, pid)
	pool.slots <- c
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		var peak int64
		for last := false; ; {
			peak = max(peak, memoryLine(t, pid, "VmHWM"))
			if last {
				most <- peak
				return
			}
			select {
			case <-stop:
				last = true
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() int64 { close(stop); return <-most }
}

// clearPeak makes the kernel's mark of a process's largest resident size anew.
func clearPeak(t *testing.T, pid int) {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
}

// memoryLine is a figure of a process's status, in bytes; 0 once it has ended.
func memoryLine(t *testing.T, pid int, name string) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	var kb int64
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, name+":"); ok {
			if _, err := fmt.Sscan(v, &kb); err != nil {
				t.Error(err)
			}
		}
	}
	return kb << 10
}

// checkVerdicts compares with testdata/hostile.txt, a line a file: name, pages
// that the plan found, verdict.
func checkVerdicts(t *testing.T, got map[string]string) {
	t.Helper()
	const record = "testdata/hostile.txt"
	if *update {
		var b strings.Builder
		for _, name := range slices.Sorted(maps.Keys(got)) {
			fmt.Fprintln(&b, name, got[name])
		}
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(record, []byte(b.String()), 0o644)); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(record)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("no %s: run with -update", record)
	}
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		name, v, _ := strings.Cut(s.Text(), " ")
		want[name] = v
	}
	for name, v := range got {
		if want[name] != v {
			t.Errorf("%s: pages and verdict %q, on record %q", name, v, want[name])
		}
	}
	if len(want) != len(got) {
		t.Errorf("%d files, %d on record", len(got), len(want))
	}
}
