package confine

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// place is where the doors lead: made by the test, tried by a process of its own.
type place struct {
	Door     string
	Walls    string // "none", "landlock", "seccomp", "both"
	Mine     string // directory that may be read
	Outside  string // directory that may not
	Parent   int
	TCP      string // address that the test listens on
	Abstract string // abstract socket, likewise
}

const placeEnv = "NIGHTSHIFT_DOOR"

// TestMain makes the test's program the one that tries a door, where it was started so.
func TestMain(m *testing.M) {
	if v := os.Getenv(placeEnv); v != "" {
		tryDoor(v)
	}
	os.Exit(m.Run())
}

// tryDoor shuts this process in and tries one door. It prints what came of it, or is
// killed.
func tryDoor(v string) {
	var p place
	if err := json.Unmarshal([]byte(v), &p); err != nil {
		fmt.Println("test:", err)
		os.Exit(1)
	}
	var w Walls
	var err error
	for _, wall := range map[string][]func() error{
		"none":     nil,
		"landlock": {func() error { return w.shutFiles(Files{Read: []string{p.Mine}}) }},
		"seccomp":  {w.shutCalls},
		"both":     {func() error { w, err = Enclose(Files{Read: []string{p.Mine}}); return err }},
	}[p.Walls] {
		if err := wall(); err != nil {
			fmt.Println("test:", err)
			os.Exit(1)
		}
	}
	for _, d := range doors {
		if d.name != p.Door {
			continue
		}
		var no syscall.Errno
		switch err := d.try(p); {
		case err == nil:
			fmt.Print("open")
		case errors.As(err, &no):
			fmt.Print(unix.ErrnoName(no))
		default:
			fmt.Print(err)
		}
	}
	os.Exit(0)
}

// came is how trying a door ended: "open", the name of an error, or "killed".
func (p place) came(t *testing.T) string {
	t.Helper()
	b, _ := json.Marshal(p)
	cmd := exec.Command(os.Args[0])
	cmd.Env = []string{placeEnv + "=" + string(b), "GOTRACEBACK=none"}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch errors.As(err, &exit); {
	case exit != nil && exit.Sys().(syscall.WaitStatus).Signaled():
		if s := exit.Sys().(syscall.WaitStatus).Signal(); s != unix.SIGSYS {
			t.Errorf("%s, %s: ended by %v", p.Door, p.Walls, s)
		}
		return "killed"
	case err == nil && len(out) == 0: // it runs another program
		return "open"
	case err != nil:
		t.Errorf("%s, %s: %v: %s", p.Door, p.Walls, err, out)
	}
	return string(out)
}

// Every door that code in a child could try is shut by what the kernel offers, and each
// that the test could open without walls is shown to be a door. What this kernel cannot
// show is said.
func TestDoors(t *testing.T) {
	offered := offers(t)
	served := serve(t)
	t.Logf("%-36s %-14s %-14s %-14s %-14s", "door", "no walls", "Landlock", "seccomp", "both")
	came := tryAll(t, served)
	for i, d := range doors {
		got := came[i]
		t.Logf("%-36s %-14s %-14s %-14s %-14s", d.name, got["none"], got["landlock"], got["seccomp"], got["both"])
		if d.needed {
			for walls, came := range got {
				if came != "open" {
					t.Errorf("%s: %s, and reading needs it", d.name, walls)
				}
			}
			continue
		}
		if d.byCalls && offered.calls && !shut(got["seccomp"]) {
			t.Errorf("%s: seccomp let it pass: %s", d.name, got["seccomp"])
		}
		if d.killed && offered.calls && got["seccomp"] != "killed" {
			t.Errorf("%s: by seccomp %s, want killed", d.name, got["seccomp"])
		}
		if d.byFiles > 0 && d.byFiles <= offered.landlock && !shut(got["landlock"]) {
			t.Errorf("%s: Landlock let it pass: %s", d.name, got["landlock"])
		}
		if (d.byCalls && offered.calls || d.byFiles > 0 && d.byFiles <= offered.landlock) && !shut(got["both"]) {
			t.Errorf("%s: open with both walls: %s", d.name, got["both"])
		}
		if shut(got["none"]) {
			t.Logf("NOT CHECKABLE HERE: %s is shut without walls too (%s)", d.name, got["none"])
		}
	}
}

// tryAll tries every door with every set of walls, some at a time, and returns what came
// of each in the order of the doors.
func tryAll(t *testing.T, served place) []map[string]string {
	var mu sync.Mutex
	var all sync.WaitGroup
	some := make(chan struct{}, 8)
	came := make([]map[string]string, len(doors))
	for i, d := range doors {
		came[i] = map[string]string{}
		for _, walls := range []string{"none", "landlock", "seccomp", "both"} {
			p := newPlace(t, served)
			p.Door, p.Walls = d.name, walls
			some <- struct{}{}
			all.Go(func() {
				defer func() { <-some }()
				c := p.came(t)
				mu.Lock()
				defer mu.Unlock()
				came[i][walls] = c
			})
		}
	}
	all.Wait()
	return came
}

// shut reports whether a call did not get to do its work: what the kernel says to
// arguments that make no sense comes after the walls.
func shut(came string) bool {
	return came == "killed" || came == "EPERM" || came == "EACCES" || came == "ENOSYS"
}

type offer struct {
	landlock int
	calls    bool
}

// offers is what this kernel has, said for the record.
func offers(t *testing.T) offer {
	var u unix.Utsname
	_ = unix.Uname(&u)
	status, _ := os.ReadFile("/proc/self/status")
	o := offer{landlock: landlockABI(), calls: strings.Contains(string(status), "\nSeccomp:")}
	t.Logf("Linux %s, Landlock %d, seccomp %v", unix.ByteSliceToString(u.Release[:]), o.landlock, o.calls)
	for _, s := range since {
		if o.landlock < s.abi {
			t.Logf("NOT CHECKABLE HERE: no %s", s.lacking)
		}
	}
	if !o.calls {
		t.Log("NOT CHECKABLE HERE: no seccomp")
	}
	return o
}

// newPlace has folders of its own beside what is served.
func newPlace(t *testing.T, served place) place {
	p := served
	p.Mine, p.Outside = t.TempDir(), t.TempDir()
	for _, dir := range []string{p.Mine, p.Outside} {
		if err := os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// serve is what a door may lead to in this process.
func serve(t *testing.T) place {
	p := place{Parent: os.Getpid(), Abstract: fmt.Sprintf("@nightshift-doors-%d", os.Getpid())}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tcp.Close() })
	p.TCP = tcp.Addr().String()
	abstract, err := net.Listen("unix", p.Abstract)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { abstract.Close() })
	return p
}
