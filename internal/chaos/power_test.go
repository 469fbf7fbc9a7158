//go:build chaos

package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"nightshift/pipeline/archive"
)

// TestPowerCut cuts the power in the middle of a run: what the file system has
// not been asked to sync is gone, and the run goes on from what is left to the
// same end. The data directory lies on a file system of its own in an image. At
// the instant every process is stopped and the image copied: of what was only in
// the page cache the copy has nothing, as a disk would. The copy is mounted, which
// plays back its journal. A file written just before, and not synced, shows that
// the cut was one.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	cuts := 1
	if *long {
		cuts = 12
	}
	r := chance(t)
	for i := range cuts {
		after := time.Duration(r.Int64N(int64(3 * time.Second)))
		t.Run(fmt.Sprintf("%02d", i), func(t *testing.T) {
			place := t.TempDir()
			image, left := filepath.Join(place, "disk.img"), filepath.Join(place, "left.img")
			command(t, "truncate", "--size=400M", image)
			command(t, "mkfs.ext4", "-q", "-F", image)
			disk := mounted(t, image)
			data := filepath.Join(disk, "data")
			p := start(t, nightshift, nil, "run", dir, "--out", filepath.Join(place, "first"), "--data", data, "--min-free", "0")
			eventually(t, time.Minute, "the run has begun", func() (bool, error) {
				_, err := os.Stat(filepath.Join(data, "s3", archive.WorkBucket, "scans"))
				return err == nil, nil
			})
			time.Sleep(after)
			write(t, filepath.Join(disk, "unsynced"), make([]byte, 64<<10))
			p.signal(syscall.SIGSTOP)
			command(t, "cp", "--sparse=always", image, left)
			p.kill()

			disk = mounted(t, left)
			if info, err := os.Stat(filepath.Join(disk, "unsynced")); err == nil && info.Size() > 0 {
				t.Error("the cut was none: what was not synced is there")
			}
			t.Logf("cut %s after the first work: %d objects were left", after.Round(time.Millisecond), countFiles(t, filepath.Join(disk, "data", "s3")))
			out := filepath.Join(place, "out")
			p = start(t, nightshift, nil, "run", dir, "--out", out, "--data", filepath.Join(disk, "data"), "--min-free", "0")
			if code := p.wait(longest); code != 3 {
				t.Errorf("after the cut the run ended with %d: %s", code, p.output())
			}
			same(t, want.tree, tree(t, out))
			if got := verifiedIn(t, filepath.Join(disk, "data")); got != want.total {
				t.Errorf("counts %+v, not %+v", got, want.total)
			}
		})
	}
}

// mounted mounts an image until the test ends. Its journal is committed when
// something is synced, and by itself only after ten minutes.
func mounted(t *testing.T, image string) string {
	t.Helper()
	at := image + ".d"
	if err := os.Mkdir(at, 0o755); err != nil {
		t.Fatal(err)
	}
	command(t, "mount", "-o", "loop,commit=600", image, at)
	t.Cleanup(func() { _ = exec.Command("umount", "-l", at).Run() })
	return at
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
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
