//go:build cgo

package ocr

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/tesseract"
	"nightshift/pipeline/ocr/wire"
)

func init() { starts["poisonable"] = poisonable }

// poisonable is a real engine child but for scans named "poison:HOW", which do to
// it what a page can do to C code.
func poisonable() {
	cfg, _, err := wire.ChildConfig()
	if err != nil {
		os.Exit(1)
	}
	walls, err := tesseract.Confine(cfg)
	if err != nil {
		os.Exit(1)
	}
	orders, engine := io.Pipe()
	go func() {
		in := bufio.NewReader(os.Stdin)
		for {
			k, content, err := wire.Read(in)
			if err == nil && k == wire.Request {
				for _, how := range []string{"crash", "hang", "memory"} {
					if bytes.Contains(content, []byte(`"poison:`+how+`"`)) {
						poison(how)
					}
				}
			}
			if err == nil {
				err = wire.Write(engine, k, content)
			}
			if err != nil {
				engine.CloseWithError(err)
				return
			}
		}
	}()
	if tesseract.Serve(cfg, walls, orders, os.Stdout, -1) != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

func poison(how string) {
	switch how {
	case "crash":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "hang":
		for n := 0; ; n++ { // burns its core, as a decoder in a loop does
		}
	case "memory":
		takeAll()
	}
}

// poisonRounds is how often each measurement is taken; of an odd number the
// median is one of them.
const poisonRounds = 3

// How long the same good pages take in one child: alone; while the other child
// reads good pages too, which is how a night looks; and while the other gets one
// page after another that crashes it, never ends, or takes all memory it may.
// Ratios of the median times to those beside good pages; 1 is no harm done. Run it
// on a quiet machine of two cores or more: make bench-poison.
func BenchmarkBesidePoison(b *testing.B) {
	img, err := os.ReadFile(filepath.FromSlash("../../testdata/samplebox/Lake Conference 1955/letter-to-ainsley.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	pool, err := NewPool(b.Context(), PoolConfig{
		Command: []string{os.Args[0], "bad:poisonable"}, Children: 2, Deadline: 20 * time.Second, MemoryLimit: 1 << 30,
	})
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	const pages = 12
	want := map[string]archive.Reason{"crash": archive.EngineCrash, "hang": archive.DeadlineHit, "memory": archive.MemoryHit}
	took := map[string][]time.Duration{}
	b.ResetTimer()
	for range b.N {
		for range poisonRounds {
			for _, how := range []string{"alone", "good", "crash", "hang", "memory"} {
				ctx, cancel := context.WithCancel(b.Context())
				var wg sync.WaitGroup
				beside := 0
				if how != "alone" {
					wg.Go(func() { beside = feed(ctx, b, pool, how, img, want[how]) })
				}
				began := time.Now()
				for range pages {
					if p, err := pool.Read(b.Context(), bytesOf(img), "good", "", 1, Settings{}); err != nil || len(p.Blocks) == 0 {
						b.Fatalf("a good page beside %s: %d blocks, %v", how, len(p.Blocks), err)
					}
				}
				t := time.Since(began)
				cancel()
				wg.Wait()
				took[how] = append(took[how], t)
				b.Logf("%-6s %d pages in %5.2f s, %5.1f a minute; %d pages in the other child", how, pages, t.Seconds(), pages/t.Minutes(), beside)
			}
		}
	}
	for _, how := range []string{"alone", "crash", "hang", "memory"} {
		b.ReportMetric(float64(median(took[how]))/float64(median(took["good"])), how+"/good")
	}
}

// feed has the other child take one page after another until ctx ends, good ones or
// such as end it for the reason given, and returns how many that were.
func feed(ctx context.Context, b *testing.B, pool *Pool, how string, img []byte, want archive.Reason) int {
	for n := 0; ; n++ {
		name := "poison:" + how
		if want == "" {
			name = "good"
		}
		_, err := pool.Read(ctx, bytesOf(img), name, "", 1, Settings{})
		if ctx.Err() != nil {
			return n
		}
		if want == "" && err != nil || want != "" && pipeline.ReasonOf(err) != want {
			b.Errorf("a page beside the good ones, %s: %v, want %q", how, err, want)
			return n
		}
	}
}

func median(d []time.Duration) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[len(d)/2]
}
