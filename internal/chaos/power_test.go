//go:build chaos

package chaos

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// TestPowerCut cuts the power in the middle of a run whose data directory lies on
// a disk of the test's own: of what was not synced by then any part is there, in
// any order, block by block. The run goes on from what is left to the same end.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	cuts := 4
	if *long {
		cuts = 60
	}
	on := func(t *testing.T, at string) *started {
		return start(t, nightshift, nil, "run", dir, "--out", filepath.Join(t.TempDir(), "out"), "--data", filepath.Join(at, "data"), "--min-free", "0")
	}
	whole, at, unmount := newDisk(t)
	if p := on(t, at); p.wait(longest) != 3 {
		t.Fatalf("on the test's own disk the run ended with %d: %s", p.code, p.output())
	}
	unmount()
	r := chance(t)
	for i := range cuts {
		after, lot := 1+r.IntN(whole.changes()*9/10), rand.New(rand.NewPCG(r.Uint64(), 0))
		t.Run(fmt.Sprintf("%02d", i), func(t *testing.T) {
			place := t.TempDir()
			left := filepath.Join(place, "left")
			d, at, unmount := newDisk(t)
			cut := d.cutAt(after, lot, left)
			p := on(t, at)
			select {
			case err := <-cut:
				if err != nil {
					t.Fatal(err)
				}
			case <-p.done:
				t.Fatalf("the run was over before %d changes, with %d: %s", after, p.code, p.output())
			}
			p.kill()
			unmount()
			t.Logf("cut after %d changes of some %d: %d objects were left", after, whole.changes(), countFiles(t, filepath.Join(left, "data", "s3")))
			out := filepath.Join(place, "out")
			p = start(t, nightshift, nil, "run", dir, "--out", out, "--data", filepath.Join(left, "data"), "--min-free", "0")
			if code := p.wait(longest); code != 3 {
				t.Errorf("after the cut the run ended with %d: %s", code, p.output())
			}
			same(t, want.tree, tree(t, out))
			if got := verifiedIn(t, filepath.Join(left, "data")); got != want.total {
				t.Errorf("counts %+v, not %+v", got, want.total)
			}
		})
	}
}

// TestDisk holds the disk that power cuts are made with to what it says: what was
// synced is there after every cut, and what was not is, over many, lost, there, and
// there in part.
func TestDisk(t *testing.T) {
	d, at, _ := newDisk(t)
	name := filepath.Join(at, "folder", "file")
	old, young := bytes.Repeat([]byte{1}, 3*block), bytes.Repeat([]byte{2}, 3*block)
	write(t, name, old)
	for _, p := range []string{name, filepath.Dir(name), at} {
		f, err := os.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(young); err != nil {
		t.Fatal(err)
	}
	write(t, name+".new", young)
	if err := errors.Join(f.Close(), os.Rename(name+".new", name+".moved")); err != nil {
		t.Fatal(err)
	}
	r, seen := chance(t), map[string]int{}
	for i := range 200 {
		left := filepath.Join(t.TempDir(), fmt.Sprint(i))
		d.mu.Lock()
		err := d.cut(r, left)
		d.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(left, "folder", "file"))
		if err != nil || len(got) != len(old) || bytes.ContainsRune(got, 0) {
			t.Fatalf("what was synced is lost: %d bytes, %v", len(got), err)
		}
		ones := bytes.Count(got, []byte{1})
		seen[fmt.Sprintf("%d of 3 blocks old", ones/block)]++
		moved, err := os.ReadFile(filepath.Join(left, "folder", "file.moved"))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			seen["not moved"]++
		case bytes.Equal(moved, young):
			seen["moved whole"]++
		default:
			seen["moved without its data"]++
		}
	}
	for _, what := range []string{"0 of 3 blocks old", "1 of 3 blocks old", "2 of 3 blocks old", "3 of 3 blocks old", "not moved", "moved whole", "moved without its data"} {
		if seen[what] == 0 {
			t.Errorf("never seen: %s; %v", what, seen)
		}
	}
}

func countFiles(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return n
}
