//go:build minio

package chaos

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
)

var (
	curve    = flag.String("curve", "", "`numbers` of worker processes to measure throughput with, e.g. 1,2,4,8; none if empty")
	perPages = flag.Int("curve-pages", 150, "`pages` for each worker of the curve, at most 1600 in all")
)

// takes is what the stub needs for a page, of no processor: many workers then fit
// on one machine, as they would on many, and what they share shows its limit.
const takes = "500ms"

// TestCurve measures throughput against the number of worker processes, each with
// every stage and five pages at once, on a NATS and a MinIO of their own. All
// scans are there before the workers start.
func TestCurve(t *testing.T) {
	if *curve == "" {
		t.Skip("-curve names no numbers of workers: make scale does")
	}
	for n := range strings.SplitSeq(*curve, ",") {
		workers, err := strconv.Atoi(n)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(n, func(t *testing.T) { measure(t, workers, min(*perPages*workers, 1600)) })
	}
}

func measure(t *testing.T, workers, pages int) {
	s := newSite(t)
	s.prepare()
	dir := t.TempDir()
	for i := range pages {
		img := image.NewGray(image.Rect(0, 0, 32, 8))
		for b := range 32 {
			img.SetGray(b, i%8, color.Gray{Y: uint8(255 * (i >> b & 1))})
		}
		write(t, filepath.Join(dir, "many", fmt.Sprintf("box-%02d", i%20), fmt.Sprintf("page %05d x.png", i)), encode(t, img, "png"))
	}
	s.put(dir)
	a := s.addresses()
	begin := time.Now()
	var all []*started
	for range workers {
		all = append(all, start(t, self(t), []string{roleVariable + "=stages", natsVariable + "=" + a.NATS, storeVariable + "=" + a.S3, stubVariable + "=" + takes, childrenVariable + "=4"}))
	}
	sys := s.open()
	total := s.ended(sys, pages)
	took := time.Since(begin)
	if total.Published != pages {
		t.Errorf("%+v", total)
	}
	onceEach(t, sys.JS)
	var cpu time.Duration
	for _, p := range all {
		p.kill()
		cpu += p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
	}
	first, last := map[archive.EventKind]time.Time{}, map[archive.EventKind]time.Time{}
	for e, err := range runner.Events(background, sys.JS) {
		if err != nil {
			t.Fatal(err)
		}
		if f, ok := first[e.Kind]; !ok || e.Time.Before(f) {
			first[e.Kind] = e.Time
		}
		if e.Time.After(last[e.Kind]) {
			last[e.Kind] = e.Time
		}
	}
	rate := func(k archive.EventKind) float64 { return float64(pages) / last[k].Sub(first[k]).Seconds() }
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d workers, %d pages, %s: %.1f pages/s in all (at most %d by the stub); intake %.1f, read %.1f, structured %.1f, published %.1f a second; %d ms of processor a page in the workers; %d cores, load %s",
		workers, pages, took.Round(time.Second), float64(pages)/took.Seconds(), workers*10,
		rate(archive.ScanReceived), rate(archive.PageRead), rate(archive.Structured), rate(archive.Published), cpu.Milliseconds()/int64(pages), runtime.NumCPU(), strings.Fields(string(load))[0])
}
