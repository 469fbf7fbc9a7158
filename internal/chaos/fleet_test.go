//go:build minio

package chaos

import (
	"bytes"
	"cmp"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"nightshift/internal/night"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/runner/natstest"
	"nightshift/pipeline/store/miniotest"
)

// site is a NATS server and a MinIO that notifies it.
type site struct {
	t     *testing.T
	nats  *natstest.Server
	minio *miniotest.Server
	urls  string // of NATS, where nats is none
	ca    string // file of the authority of both, where they have certificates and nobody has keys
	// programs is the folder of the programs it starts; "": those under test.
	programs string
	keys     string // folder of each service's keys; "": everybody may do everything
}

func newSite(t *testing.T) *site {
	t.Helper()
	n := natstest.Start(t)
	u, err := url.Parse(n.URL())
	if err != nil {
		t.Fatal(err)
	}
	return &site{t: t, nats: n, minio: miniotest.Start(t, miniotest.Options{Env: miniotest.NotifyNATS(u.Host, pipeline.SubjectScans)})}
}

// env is what a service is told of where things are, and its keys.
func (s *site) env(service string) []string {
	s.t.Helper()
	if s.keys == "" {
		a := s.addresses()
		return []string{"NIGHTSHIFT_NATS=" + a.NATS, "NIGHTSHIFT_S3=" + a.S3, "NIGHTSHIFT_NATS_CA=" + s.ca, "NIGHTSHIFT_S3_CA=" + s.ca}
	}
	raw, err := os.ReadFile(filepath.Join(s.keys, service+".env"))
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Fields(string(raw))
}

// as runs a command of nightshift with a service's keys to its end.
func (s *site) as(service string, args ...string) (code int, said string) {
	s.t.Helper()
	p := start(s.t, nightshift, s.env(service), args...)
	return p.wait(longest), p.output()
}

// prepare makes streams and buckets.
func (s *site) prepare() {
	s.t.Helper()
	if code, said := s.as("admin", "init"); code != 0 {
		s.t.Fatalf("init ended with %d\n%s", code, said)
	}
}

func (s *site) addresses() night.Addresses {
	url := s.urls
	if s.nats != nil {
		url = s.nats.URL()
	}
	return night.Addresses{NATS: url, NATSCA: s.ca, S3: s.minio.Config().URL(), S3CA: s.ca, Given: true}
}

// start starts one of the programs on the site and waits until it is ready.
func (s *site) start(program string, args ...string) *started {
	s.t.Helper()
	p := start(s.t, filepath.Join(cmp.Or(s.programs, programs), program), append(s.env(program), "NIGHTSHIFT_LOG_LEVEL=info"), args...)
	eventually(s.t, time.Minute, program+" ready", func() (bool, error) {
		select {
		case <-p.done:
			s.t.Fatalf("%s ended with %d\n%s", program, p.code, p.output())
		default:
		}
		return strings.Contains(p.output(), `"msg":"ready"`), nil
	})
	return p
}

// fleet starts two copies of each of the three stage programs.
func (s *site) fleet(reading ...string) []*started {
	s.t.Helper()
	var all []*started
	for range 2 {
		all = append(all, s.start("ocr-worker", append([]string{"--children", "1"}, reading...)...), s.start("structurer"), s.start("publisher"))
	}
	return all
}

func (s *site) open() *night.System {
	s.t.Helper()
	sys, err := night.Open(background, s.addresses(), slog.New(slog.DiscardHandler))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { sys.Close() })
	return sys
}

// put puts a folder in as a scanner with any S3 client does: file after file,
// with no mark of ours.
func (s *site) put(dir string) {
	s.t.Helper()
	files := filesBelow(s.t, dir)
	for _, key := range files {
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(key)))
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := s.minio.Client().PutObject(background, "scans", key, bytes.NewReader(raw), int64(len(raw)), minio.PutObjectOptions{}); err != nil {
			s.t.Fatal(err)
		}
	}
}

func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var keys []string
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		keys = append(keys, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	return keys
}

// ended waits until no scan is in progress and nothing waits for any stage.
func (s *site) ended(sys *night.System, scans int) progress.Count {
	s.t.Helper()
	var total progress.Count
	eventually(s.t, longest, "all scans have ended", func() (bool, error) {
		standings, err := sys.Books().Standings(background, "")
		if err != nil {
			return false, err
		}
		total = progress.Total(progress.Counts(standings))
		if total.InProgress > 0 || total.Scans < scans {
			return false, nil
		}
		idle, _, err := runner.Idle(background, sys.JS)
		return idle, err
	})
	if !total.Adds() || total.Scans != scans {
		s.t.Errorf("the counts do not add up over %d scans: %+v", scans, total)
	}
	return total
}

// reference is what an embedded run makes of a folder.
func reference(t *testing.T, dir string) (files map[string]string, total progress.Count) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	p := start(t, nightshift, nil, "run", dir, "--out", out)
	if code := p.wait(longest); code != 0 && code != 3 {
		t.Fatalf("the embedded run ended with %d\n%s", code, p.output())
	}
	return tree(t, out), verified(t, out)
}

// checked compares what the site holds with what the embedded run made.
func (s *site) checked(sys *night.System, want map[string]string, wantTotal progress.Count) {
	s.t.Helper()
	total := s.ended(sys, wantTotal.Scans)
	if wantTotal.Box = total.Box; total != wantTotal {
		s.t.Errorf("counts %+v, embedded %+v", total, wantTotal)
	}
	out := filepath.Join(s.t.TempDir(), "out")
	if code, said := s.as("operator", "export", "--out", out); code != 0 {
		s.t.Fatalf("export ended with %d\n%s", code, said)
	}
	got := tree(s.t, out)
	files := map[string]string{}
	for name, content := range want {
		if !timed(name) {
			files[name] = content
		}
	}
	if len(files) == 0 {
		s.t.Fatal("the embedded run made nothing")
	}
	same(s.t, files, got)
	onceEach(s.t, sys.JS)
}

// TestThreeProgramsOnMinIO runs two copies of each stage program, first told of
// scans by MinIO alone, then by the sweep alone, then `nightshift up`: each time
// the same records, byte for byte, as an embedded run.
func TestThreeProgramsOnMinIO(t *testing.T) {
	dir := scans(t)
	want, total := reference(t, dir)
	// Single pages are complete after a quiet time: nobody says that all are in.
	quiet := []string{"--quiet", "15s"}
	t.Run("notifications", func(t *testing.T) {
		s := newSite(t)
		s.prepare()
		s.fleet(append(quiet, "--sweep", "0")...)
		s.minio.Notify("scans")
		s.put(dir)
		s.checked(s.open(), want, total)
	})
	t.Run("sweep", func(t *testing.T) {
		s := newSite(t)
		s.prepare()
		fleet := s.fleet(append(quiet, "--sweep", "2s")...)
		s.put(dir)
		s.checked(s.open(), want, total)
		stopped(t, fleet)
	})
	t.Run("up", func(t *testing.T) {
		s := newSite(t)
		up := s.start("nightshift", append([]string{"up", "--sweep", "0"}, quiet...)...)
		s.minio.Notify("scans")
		s.put(dir)
		s.checked(s.open(), want, total)
		stopped(t, []*started{up})
	})
}

// TestStoppedPrograms tells one copy of each program to stop in the middle of
// its work: what they held is finished or handed to the others, as no try.
func TestStoppedPrograms(t *testing.T) {
	dir := scans(t)
	want, total := reference(t, dir)
	s := newSite(t)
	s.prepare()
	fleet := s.fleet("--quiet", "15s", "--sweep", "2s")
	sys := s.open()
	s.put(dir)
	s.reading(sys)
	stopped(t, fleet[:3])
	s.checked(sys, want, total)
	for event, err := range runner.Events(background, sys.JS) {
		if err != nil {
			t.Fatal(err)
		}
		if event.Kind == archive.Retried || event.Delivery > 1 {
			t.Errorf("the stop cost a try: %+v", event)
		}
	}
	stopped(t, fleet[3:])
}

// reading waits until pages are being read.
func (s *site) reading(sys *night.System) {
	s.t.Helper()
	eventually(s.t, longest, "a page being read", func() (bool, error) {
		_, queues, err := runner.Idle(background, sys.JS)
		for _, q := range queues {
			if q.Stage == pipeline.StageOCR && q.Working > 0 {
				return true, nil
			}
		}
		return false, err
	})
}

// stopped stops programs at once and wants each to end well.
func stopped(t *testing.T, all []*started) {
	t.Helper()
	var wg sync.WaitGroup
	for _, p := range all {
		wg.Go(func() {
			p.stop()
			if code := p.wait(30 * time.Second); code != 0 {
				t.Errorf("%v: told to stop, it ended with %d\n%s", p.cmd.Args, code, p.output())
			}
			if u, ok := p.cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
				t.Logf("%s held %d MB at most, engine processes apart, and took %s of a processor", filepath.Base(p.cmd.Path), u.Maxrss>>10,
					(p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()).Round(100*time.Millisecond))
			}
		})
	}
	wg.Wait()
}
