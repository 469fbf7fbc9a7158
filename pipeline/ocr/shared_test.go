//go:build shared && cgo

package ocr

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/transcript"
)

type scanFile struct {
	*os.File
	size int64
}

func (f scanFile) Size() int64 { return f.size }

// outcome is what became of one file.
type outcome struct {
	name          string
	pages, read   int
	blank, parked int
	reasons       map[archive.Reason]int
	took          time.Duration
	first         transcript.Page
	damaged       bool // the plan says that something is missing
}

// through takes every file of a folder of ../shared through plan and reading;
// at most most pages of each.
func through(t *testing.T, folder string, most int) []outcome {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(os.Getenv("NIGHTSHIFT_SHARED"), "scans", folder, "*.*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files in scans/%s of NIGHTSHIFT_SHARED: %v", folder, err)
	}
	pool, err := NewPool(t.Context(), PoolConfig{Deadline: 60 * time.Second, MemoryLimit: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	out := make([]outcome, len(names))
	var wg sync.WaitGroup
	gate := make(chan struct{}, 4)
	for i, n := range names {
		wg.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			out[i] = one(t, pool, n, most)
		})
	}
	wg.Wait()
	return out
}

func one(t *testing.T, pool *Pool, name string, most int) outcome {
	o := outcome{name: filepath.Base(name), reasons: map[archive.Reason]int{}}
	began := time.Now()
	defer func() { o.took = time.Since(began) }()
	f, err := os.Open(name)
	if err != nil {
		t.Error(err)
		return o
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Error(err)
		return o
	}
	src := scanFile{f, info.Size()}
	plans, err := pool.Plan(t.Context(), src, name, "")
	if err != nil {
		o.reasons[pipeline.ReasonOf(err)]++
		return o
	}
	o.pages = len(plans)
	for i, p := range plans {
		if i == most {
			break
		}
		if p.Damage != "" {
			o.damaged = true
		}
		page, err := pool.Read(t.Context(), src, name, "", p.Index, Settings{})
		switch {
		case err != nil:
			o.parked++
			o.reasons[pipeline.ReasonOf(err)]++
		case page.Blank:
			o.blank++
		default:
			o.read++
		}
		if i == 0 {
			o.first = page
		}
	}
	o.took = time.Since(began)
	return o
}

func (o outcome) String() string {
	im := o.first.Image
	return fmt.Sprintf("%-62s pages %3d read %d blank %d parked %d %v  %dx%d turned %d  %.1fs", o.name, o.pages, o.read, o.blank, o.parked, o.reasons, im.Width, im.Height, im.Rotation, o.took.Seconds())
}

// Every hostile file ends in a verdict of the closed list; what is cut short is
// never read as if it were whole; and no child's death harms the file after it.
func TestSharedHostile(t *testing.T) {
	cut := map[string]bool{
		"format-corpus-balloon_trunc1.jp2": true, "format-corpus-balloon_trunc2.jp2": true, "format-corpus-balloon_trunc3.jp2": true,
		"sharp-truncated.png": true, "pillow-broken.png": true,
	}
	for _, o := range through(t, "hostile", 1) {
		t.Log(o)
		if o.pages == 0 && len(o.reasons) == 0 {
			t.Errorf("%s: no verdict", o.name)
		}
		for r := range o.reasons {
			if !r.Known() || r == archive.TriesExhausted || r == archive.Internal {
				t.Errorf("%s: reason %q says nothing", o.name, r)
			}
		}
		if cut[o.name] && o.read+o.blank > 0 && !o.damaged {
			t.Errorf("%s is cut short and was read as if whole", o.name)
		}
	}
}
