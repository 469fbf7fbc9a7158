//go:build chaos

package chaos

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"image"
	"image/color"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"nightshift/internal/night"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store"
)

var (
	pages  = flag.Int("pages", 300, "`pages` of the run with recognition stubbed; 10000 for the real figure")
	bare   = flag.Bool("bare", false, "time the run of -pages against the same puts and publishes in a bare loop")
	slow   = flag.Duration("slow", 10*time.Millisecond, "how `long` each request of the publisher's takes more, in TestSlowPublisher")
	listed = flag.Int("listed", 20000, "`objects` that are swept over; 1000000 for the real figure")
)

// manyPages draws a folder of one-page scans in twenty boxes, no two alike.
func manyPages(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for i := range *pages {
		img := image.NewGray(image.Rect(0, 0, 32, 8))
		for b := range 32 {
			img.SetGray(b, i%8, color.Gray{Y: uint8(255 * (i >> b & 1))})
		}
		write(t, filepath.Join(dir, "many", fmt.Sprintf("box-%02d", i%20), fmt.Sprintf("page %05d x.png", i)), encode(t, img, "png"))
	}
	return dir
}

// TestManyPages takes many pages through every stage, recognition stubbed, and
// looks at what the process uses on the way: it must not grow with the pages.
func TestManyPages(t *testing.T) {
	dir := manyPages(t)
	rig := newRig(t, "all")
	count := filepath.Join(t.TempDir(), "goroutines")
	servers := processorOf(t, rig.servers)
	begin := time.Now()
	p := rig.stagesAt(rig.direct.NATS, rig.direct.Store.URL(), stubVariable+"=0s", countVariable+"="+count)
	ingest := rig.command("ingest", dir)
	rig.untilPublished(p, count, 10, nil)
	if code := ingest.wait(longest); code != 0 {
		t.Errorf("ingest ended with %d: %s", code, ingest.output())
	}
	took := spent{wall: time.Since(begin)}
	p.stop()
	if code := p.wait(time.Minute); code != 0 {
		t.Errorf("the stages ended with %d: %s", code, p.output())
	}
	took.processor = ended(p) + ended(ingest) + processorOf(t, rig.servers) - servers
	t.Logf("%d pages: %s", *pages, took)
	rig.allPublished()
	rig.open(func(s *night.System) {
		if *bare {
			b := againstBare(t, s)
			t.Logf("%d pages: %s; the same puts and publishes in a bare loop: %s; %.2f times its wall, %.2f times its processor time",
				*pages, took, b, took.wall.Seconds()/b.wall.Seconds(), took.processor.Seconds()/b.processor.Seconds())
		}
	})
}

// untilPublished waits until every page of many is published, and looks at what
// the stages use after each of so many parts: it must not grow. Also, if not nil,
// is called while it waits.
func (r *rig) untilPublished(p *started, count string, parts int, also func(*night.System)) {
	t := r.t
	t.Helper()
	s, err := night.Open(background, r.addresses(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var first, last usage
	begin := time.Now()
	for part := 1; part <= parts; part++ {
		done := 0
		eventually(t, time.Hour, "pages are published", func() (bool, error) {
			if also != nil {
				also(s)
			}
			var err error
			done, err = outcomes(s)
			return done >= *pages*part/parts, err
		})
		last = usageOf(t, p, count)
		if part == 1 {
			first = last
		}
		t.Logf("%d pages after %s: %+v", done, time.Since(begin).Round(time.Second), last)
	}
	if last.Goroutines > first.Goroutines+64 {
		t.Errorf("goroutines grew: %+v, then %+v", first, last)
	}
	if last.Files > first.Files+64 || last.Threads > first.Threads+32 {
		t.Errorf("files or threads grew: %+v, then %+v", first, last)
	}
}

// allPublished: every page of many is published, and announced once.
func (r *rig) allPublished() {
	r.t.Helper()
	r.open(func(s *night.System) {
		standings, err := s.Books().Standings(background, "")
		if total := progress.Total(progress.Counts(standings)); err != nil || total.Published != *pages {
			r.t.Errorf("%+v, %v", total, err)
		}
		onceEach(r.t, s.JS)
	})
}

// TestSlowPublisher has the publisher alone be slow, by its bucket, while pages
// are read in no time: what is read and not published stays within its bound,
// the rest waits in its room, and nothing is lost.
func TestSlowPublisher(t *testing.T) {
	const backlog = 50
	dir := manyPages(t)
	rig := newRig(t, "all")
	rig.store.late = func(path string) time.Duration {
		if strings.HasPrefix(path, "/"+archive.RecordsBucket+"/") {
			return *slow
		}
		return 0
	}
	count := filepath.Join(t.TempDir(), "goroutines")
	p := rig.stages(stubVariable+"=0s", countVariable+"="+count, backlogVariable+"="+strconv.Itoa(backlog))
	rig.ingest(dir)
	most, room := 0, 0
	rig.untilPublished(p, count, 3, func(s *night.System) {
		behind := 0
		qs, err := runner.Queues(background, s.JS)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range qs {
			switch q.Stage {
			case pipeline.StageOCR:
				room = max(room, q.Aside)
			case pipeline.StageStructure, pipeline.StagePublish:
				behind += q.Waiting + q.Working
			}
		}
		most = max(most, behind)
	})
	t.Logf("at most %d pages were read and not published, of %d that may be; at most %d waited to be read", most, backlog, room)
	// What was in the queue of stage ocr when the backlog was counted comes on top.
	if inQueue := 8*runtime.NumCPU() + 1 + runtime.NumCPU(); most > backlog+max(inQueue, 16+1+runtime.NumCPU()) {
		t.Errorf("%d pages were read and not published", most)
	}
	rig.allPublished()
}

// outcomes is how many items were published or parked, by the streams' own counts:
// whoever measures must not take the time that is measured.
func outcomes(s *night.System) (n int, err error) {
	for _, name := range []string{pipeline.StreamRecords, pipeline.StreamFailed} {
		stream, err := s.JS.Stream(background, name)
		if err != nil {
			return 0, err
		}
		n += int(stream.CachedInfo().State.Msgs)
	}
	return n, nil
}

// usage is what a process holds, by /proc.
type usage struct {
	Memory     string // resident
	Files      int
	Threads    int
	Goroutines int // as its process says
}

func usageOf(t *testing.T, p *started, count string) usage {
	t.Helper()
	pid := p.cmd.Process.Pid
	var u usage
	_ = os.Remove(count)
	_ = p.cmd.Process.Signal(syscall.SIGUSR1)
	eventually(t, time.Minute, "the stages tell their goroutines", func() (bool, error) {
		raw, err := os.ReadFile(count)
		if err != nil || len(raw) == 0 {
			return false, nil
		}
		u.Goroutines, err = strconv.Atoi(string(raw))
		return err == nil, err
	})
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			u.Memory = strings.TrimSpace(v)
		}
		if v, ok := strings.CutPrefix(line, "Threads:"); ok {
			_, _ = fmt.Sscan(v, &u.Threads)
		}
	}
	fds, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Fatal(err)
	}
	u.Files = len(fds)
	return u
}

// TestSweepOverMany sweeps a bucket of very many scans that have all ended: the
// first sweep of a process looks at each, later ones cost the listing alone.
func TestSweepOverMany(t *testing.T) {
	srv := httptest.NewServer(vast{*listed})
	defer srv.Close()
	c, err := store.Open(store.Config{Endpoint: srv.Listener.Addr().String(), AccessKey: "key", SecretKey: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	s := intake.Sweeper{
		Books: progress.Books{Scans: c.Bucket(archive.ScansBucket), Work: c.Bucket(archive.WorkBucket), Records: c.Bucket(archive.RecordsBucket)},
		Ask: func(_ context.Context, tasks ...pipeline.Task) (int, error) {
			t.Errorf("%d tasks though nothing is new", len(tasks))
			return len(tasks), nil
		},
	}
	for _, which := range []string{"first", "second"} {
		begin := time.Now()
		found, err := s.Sweep(background, func(progress.ScanStanding) string { return which })
		if err != nil || found.Scans != *listed || found.Told+found.Planned > 0 {
			t.Fatalf("%+v, %v", found, err)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		t.Logf("%s sweep over %d objects: %s, %d MiB in use", which, found.Scans, time.Since(begin).Round(time.Millisecond), m.HeapInuse>>20)
	}
}

// vast lists so many scans, page by page, and knows each as ignored. It stands
// for a store of that size, which no test machine holds.
type vast struct{ n int }

func (v vast) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case q.Get("list-type") == "2" && !strings.HasPrefix(r.URL.Path, "/scans"):
		w.Header().Set("Content-Type", "application/xml")
		_, _ = io.WriteString(w, "<ListBucketResult/>") // nothing was marked, nothing published
	case q.Get("list-type") == "2":
		from := 0
		_, _ = fmt.Sscan(q.Get("continuation-token"), &from)
		type object struct {
			Key          string
			LastModified string
			ETag         string
			Size         int
		}
		out := struct {
			XMLName               xml.Name `xml:"ListBucketResult"`
			IsTruncated           bool
			NextContinuationToken string
			Contents              []object
		}{}
		for i := from; i < min(from+1000, v.n); i++ {
			out.Contents = append(out.Contents, object{fmt.Sprintf("collection/box-%04d/folder/scan %07d.xyz", i/1000, i), "2026-01-01T00:00:00.000Z", `"etag"`, 10})
		}
		out.IsTruncated, out.NextContinuationToken = from+1000 < v.n, fmt.Sprint(from+1000)
		w.Header().Set("Content-Type", "application/xml")
		_ = xml.NewEncoder(w).Encode(out)
	case strings.HasPrefix(r.URL.Path, "/work/scans/"):
		raw, _ := json.Marshal(archive.Scan{Version: 1, Verdict: archive.Ignored, Reason: archive.NotAScan})
		w.Header().Set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
		w.Header().Set("ETag", `"etag"`)
		w.Header().Set("Content-Length", fmt.Sprint(len(raw)))
		_, _ = w.Write(raw)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}
