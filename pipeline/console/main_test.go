package console

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"nightshift/internal/night"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ingest"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/runner"
)

// house is the night all tests look at: one embedded system a process.
var house struct {
	sys    *night.System
	stages night.Stages
	viewer *night.Viewer
	dir    string
}

var everything = night.Which{Reading: true, Structuring: true, Publishing: true}

// shippedCost is what a hash costs outside of tests.
var shippedCost int

func TestMain(m *testing.M) {
	ocr.ChildMain()
	shippedCost, cost = cost, bcrypt.MinCost
	flag.Parse()
	if fuzz := flag.Lookup("test.fuzz"); fuzz != nil && fuzz.Value.String() != "" {
		os.Exit(m.Run()) // fuzz targets need no night, and each of their processes would make one
	}
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "console")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	house.dir = dir
	samples, err := filepath.Abs("../../testdata/samplebox")
	if err != nil {
		return 1, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	if house.sys, err = night.Open(ctx, night.Addresses{Data: filepath.Join(dir, "data")}, log); err != nil {
		return 1, err
	}
	defer house.sys.Close()
	house.stages = night.Defaults()
	house.stages.Quiet, house.stages.Sweep = 0, 0
	house.stages.OCR.CacheDir = filepath.Join(dir, "cache")
	if err := before(ctx); err != nil {
		return 1, err
	}
	if err := park(ctx, samples, dir); err != nil {
		return 1, err
	}
	done := make(chan error, 1)
	ready := make(chan struct{})
	go func() { done <- house.sys.Run(ctx, everything, house.stages, func() { close(ready) }) }()
	select {
	case <-ready:
	case err := <-done:
		return 1, err
	}
	house.viewer = house.sys.Viewer(house.stages)
	defer house.viewer.Close()
	if err := hostile(ctx, dir); err != nil {
		return 1, err
	}
	if err := more(ctx, samples); err != nil {
		return 1, err
	}
	code = m.Run()
	cancel()
	return code, errors.Join(<-done)
}

// parkedBox holds one item whose three pages are parked, by a limit that is
// lifted afterwards: they can be replayed.
const parkedBox = "Harbor office/Box 3"

func park(ctx context.Context, samples, dir string) error {
	from := filepath.Join(samples, "Lake Conference 1955", "memorandum-harbor-dues_p002.png")
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	box := filepath.Join(dir, "parked")
	for n := range 3 {
		if err := write(filepath.Join(box, fmt.Sprintf("dues_p%03d.png", n+1)), raw); err != nil {
			return err
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	strict := house.stages
	strict.OCR.MaxPixels = 1000
	done := make(chan error, 1)
	go func() { done <- house.sys.Run(ctx, everything, strict, nil) }()
	if err := put(ctx, box, parkedBox); err != nil {
		return err
	}
	stop()
	return <-done
}

// The names and the text of an attacker.
const (
	hostileBox  = `<b>Box</b> "9" & 'co'`
	hostileName = `"><img src=x onerror=document.title='taken'>.txt`
	turnedName  = "cod\u202etxt.exe"
	hostileText = "<script>document.title='taken'</script>\n\nMemorandum of Conversation\n\n</div><img src=x onerror=\"document.title='taken'\"> The Minister\u2018s car {{.Token}} javascript:alert(1) \u202ederorrim\u202c and theUSSR delegation.\n"
)

func hostile(ctx context.Context, dir string) error {
	box := filepath.Join(dir, "hostile")
	for name, text := range map[string]string{
		hostileName:          hostileText,
		turnedName + ".txt":  "Text under a name that turns around.\n",
		"million.txt":        strings.Repeat("endless ", 125000),
		"<script>alert(1).x": "not a scan",
		"minutes.docx":       "PK\x03\x04 of a kind that is not read",
	} {
		if err := write(filepath.Join(box, name), []byte(text)); err != nil {
			return err
		}
	}
	return put(ctx, box, hostileBox)
}

func write(file string, raw []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, raw, 0o644)
}

// put puts a folder in and waits until nothing is left to do.
func put(ctx context.Context, dir, into string) error {
	files, _, err := ingest.Survey(dir, into, false)
	if err != nil {
		return err
	}
	if _, err := ingest.Put(ctx, files, ingest.Options{Scans: house.sys.Scans}); err != nil {
		return err
	}
	return settle(ctx)
}

// settle waits until nothing waits or is worked on.
func settle(ctx context.Context) error {
	for quiet := 0; quiet < 3; {
		idle, _, err := runner.Idle(ctx, house.sys.JS)
		if err != nil {
			return err
		}
		if quiet++; !idle {
			quiet = 0
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil
}

// shared is the console that most tests look at: each new one counts anew.
var shared = sync.OnceValues(func() (*Server, error) {
	s, err := Listen("127.0.0.1:0", options())
	if err == nil {
		go s.Serve(context.Background()) // until the process ends
		err = s.counted()
	}
	return s, err
})

func options() Options {
	return Options{
		System: house.sys, Images: house.viewer, Person: "tester@here", SessionIdle: time.Hour, SessionMax: time.Hour,
		Where: "--data DIR", Version: "test", Log: slog.New(slog.DiscardHandler), Index: filepath.Join(house.dir, "search"), Spool: filepath.Join(house.dir, "uploads"), MaxBytes: 64 << 20,
	}
}

// counted waits until the objects were counted for the first time.
func (s *Server) counted() error {
	for end := time.Now().Add(time.Minute); s.board.last().At.IsZero(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			return errors.New("the objects were never counted")
		}
	}
	return nil
}

// open gives a console over the house: the shared one, or with a change to its
// options one of the test's own.
func open(t testing.TB, change func(*Options)) *Server {
	t.Helper()
	if change == nil {
		s, err := shared()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	o := options()
	change(&o)
	s, err := Listen("127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, s)
	return s
}

// serve serves until the test ends, and waits for the first count.
func serve(t testing.TB, s *Server) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	if err := s.counted(); err != nil {
		t.Fatal(err)
	}
}

// itemAt is the address of an item's page.
func itemAt(key string) string { return "/items/" + string(archive.Locator(key).ID()) }

// people are accounts, one of each role, with the password "<role> has a long one".
func people(t testing.TB) func() ([]Account, error) {
	t.Helper()
	if _, err := everybody(); err != nil {
		t.Fatal(err)
	}
	return everybody
}

// everybody is made once: hashes take their time.
var everybody = sync.OnceValues(func() ([]Account, error) {
	var list []Account
	for _, r := range []Role{Viewer, Reviewer, Operator} {
		a, err := NewAccount(r.String(), r, r.String()+" has a long one")
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
})

// client keeps cookies and follows no redirect.
func client(t testing.TB) *http.Client {
	t.Helper()
	return &http.Client{Jar: newJar(t), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// waitFor waits until something is so.
func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); !is(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s never came", what)
		}
	}
}
