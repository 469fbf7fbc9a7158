//go:build chaos

package chaos

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"nightshift/pipeline/archive"
)

// TestKilledRuns kills `nightshift run`, the whole process group, at random
// instants, some of them again while it goes on, and runs it to the end.
func TestKilledRuns(t *testing.T) {
	dir := scans(t)
	out := filepath.Join(t.TempDir(), "out")
	begin := time.Now()
	p := start(t, nightshift, nil, "run", dir, "--out", out)
	code := p.wait(longest)
	took := time.Since(begin)
	want := tree(t, out)
	wantFailures := failures(t, out)
	if code != 0 && code != 3 || len(want) == 0 {
		t.Fatalf("the undisturbed run ended with %d and %d files\n%s", code, len(want), p.output())
	}
	wantTotal := verified(t, out)
	t.Logf("undisturbed: %s, %d files, %+v", took.Round(time.Millisecond), len(want), wantTotal)
	r := chance(t)
	for i := range *instants {
		kills := []time.Duration{time.Duration(r.Int64N(int64(took)))}
		if r.IntN(3) == 0 {
			kills = append(kills, time.Duration(r.Int64N(int64(took))))
		}
		t.Run(fmt.Sprintf("%02d", i), func(t *testing.T) {
			t.Logf("killed after %v", kills)
			out := filepath.Join(t.TempDir(), "out")
			for _, after := range kills {
				p := start(t, nightshift, nil, "run", dir, "--out", out)
				select {
				case <-time.After(after):
				case <-p.done:
				}
				p.kill()
			}
			begin := time.Now()
			p := start(t, nightshift, nil, "run", dir, "--out", out)
			if got := p.wait(longest); got != code {
				t.Errorf("ended with %d, not %d\n%s", got, code, p.output())
			}
			t.Logf("went on for %s", time.Since(begin).Round(time.Millisecond))
			same(t, want, tree(t, out))
			if got := failures(t, out); !slices.Equal(got, wantFailures) {
				t.Errorf("failures %v, not %v", got, wantFailures)
			}
			if got := verified(t, out); got != wantTotal {
				t.Errorf("counts %+v, not %+v", got, wantTotal)
			}
			if t.Failed() {
				keep(t, out)
			}
		})
	}
}

// keep leaves a failed trial's log where it can be read.
func keep(t *testing.T, out string) {
	raw, err := os.ReadFile(filepath.Join(out, ".nightshift", "nightshift.log"))
	if err == nil {
		t.Logf("log:\n%.12000s", raw)
	}
}

// failures lists failures.json without what differs from run to run.
func failures(t *testing.T, out string) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(out, "failures.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []archive.Failure
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, f := range all {
		lines = append(lines, fmt.Sprintf("%s %s page %d: %s: %s", f.Stage, f.Locator, f.Page, f.Reason, f.Detail))
	}
	slices.Sort(lines)
	return lines
}
