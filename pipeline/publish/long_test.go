//go:build shared

package publish_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// long is an item of n typed pages of some 300 words, one document, with a
// correction on every page.
func long(t *testing.T, n int) record.Input {
	t.Helper()
	words := strings.Fields("the boats waited at thepier for most of night and lamp was out so harbour master wrote again")
	var pages []transcript.Page
	for i := range n {
		var b strings.Builder
		for line := range 38 {
			if line > 0 && line%8 == 0 {
				b.WriteString("\n")
			}
			for w := range 8 {
				fmt.Fprintf(&b, "%s ", words[(i+line*3+w)%len(words)])
			}
			b.WriteString("\n")
		}
		pages = append(pages, recordtest.Typed(i+1, strings.TrimSpace(b.String())))
	}
	in := recordtest.Item("Harbour/Box 10/long", pages)
	d := &in.Reading.Structure.Documents[0]
	text := []rune(in.Reading.Text)
	for _, p := range in.Reading.Pages {
		d.Sections = append(d.Sections, structure.Section{Kind: "body", Start: p.Start, End: p.End, Confidence: 1})
		at := p.Start + strings.Index(string(text[p.Start:p.End]), "thepier") + 3
		in.Reading.Structure.Corrections = append(in.Reading.Structure.Corrections, clean.Correction{Start: at, End: at, After: " ", Kind: clean.RunTogether,
			Rule: "test", Evidence: []string{"drawn so"}, Confidence: 0.99, Decision: clean.Applied})
	}
	return in
}

// watchHeap samples the heap until the function it returns is called, which says
// by how many MiB it was larger, at most, than at the beginning.
func watchHeap(t *testing.T) (peak func() float64) {
	t.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, m.HeapAlloc
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	}()
	return func() float64 {
		close(stop)
		<-done
		return float64(most-before) / (1 << 20)
	}
}

// TestLongItem: 2,000 pages are published whole and valid. It tells how fast, how
// much memory 400 and 2,000 take, and how large each rendition is; nothing is
// asserted about that.
func TestLongItem(t *testing.T) {
	for _, n := range []int{400, 2000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) { published(t, n) })
	}
}

func published(t *testing.T, n int) {
	d := newDesk(t)
	in := long(t, n)
	task := d.file(&in, 1)
	for _, renditions := range []string{"none", "all"} {
		stage := d.stage(renditions)
		terms, err := publish.InForce(t.Context(), d.Work)
		if err != nil {
			t.Fatal(err)
		}
		todo := task
		for again := range publish.Outdated(t.Context(), d.Records, terms) {
			if again.Item == task.Item {
				todo = again
			}
		}
		peak := watchHeap(t)
		begin := time.Now()
		d.do(stage, todo)
		took := time.Since(begin).Seconds()
		most := peak()
		size := map[string]int64{}
		c := d.current(task.Locator)
		for info, err := range d.Records.List(t.Context(), c.Folder) {
			if err != nil {
				t.Fatal(err)
			}
			kind, _, _ := strings.Cut(strings.TrimPrefix(info.Key, c.Folder), "/")
			size[kind] += info.Size
		}
		for kind := range size {
			size[kind] /= int64(n)
		}
		t.Logf("renditions %-12s %6.0f pages/s; at most %.0f MiB of heap beyond the input's; bytes a page: %v", renditions, float64(n)/took, most, size)
	}
	c := d.current(task.Locator)
	dir := t.TempDir()
	file := func(name string) string {
		to := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(to, d.get(c.Folder+name), 0o600); err != nil {
			t.Fatal(err)
		}
		return to
	}
	recordtest.METS(t, file("mets.xml"))
	recordtest.Jing(t, "tei_all-4.0.0.rng", file("tei.xml"))
	recordtest.IIIF(t, file("manifest.json"))
	recordtest.XMLLint(t, "alto-4-4.xsd", file(fmt.Sprintf("alto/%04d.xml", n)))
	recordtest.Check(t, "record", d.get(c.Folder+"record-1.json"))
	info, err := exec.Command("pdfinfo", file("item.pdf")).CombinedOutput()
	if err != nil || !strings.Contains(string(info), fmt.Sprintf("Pages:           %d\n", n)) {
		t.Errorf("pdfinfo: %v\n%s", err, info)
	}
}
