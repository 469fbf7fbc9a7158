//go:build chaos

package chaos

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"nightshift/internal/night"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/replay"
	"nightshift/pipeline/runner"
)

// TestDiskFull fills the volume of the data directory in the middle of a run,
// then makes room: the run ends with a word, and the next one goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	volume := t.TempDir()
	if err := unix.Mount("tmpfs", volume, "tmpfs", 0, "size=64m"); err != nil {
		t.Fatalf("a volume of its own needs root: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(volume, unix.MNT_DETACH) })
	out, data, ballast := filepath.Join(t.TempDir(), "out"), filepath.Join(volume, "data"), filepath.Join(volume, "ballast")
	p := start(t, nightshift, nil, "run", dir, "--out", out, "--data", data, "--min-free", "0")
	eventually(t, time.Minute, "the run has begun", func() (bool, error) {
		_, err := os.Stat(filepath.Join(data, "s3", archive.WorkBucket, "scans"))
		return err == nil, nil
	})
	fill(t, ballast)
	select {
	case <-p.done:
		t.Logf("on a full disk the run ended with %d: %.300s", p.code, p.output())
	case <-time.After(15 * time.Second): // it waits for room
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(90 * time.Second):
		p.kill()
	}
	if p.code != 3 {
		p = start(t, nightshift, nil, "run", dir, "--out", out, "--data", data, "--min-free", "0")
		if code := p.wait(longest); code != 3 {
			t.Errorf("with room again the run ended with %d: %s", code, p.output())
		}
	}
	same(t, want.tree, tree(t, out))
	if got := verifiedIn(t, data); got != want.total {
		t.Errorf("counts %+v, not %+v", got, want.total)
	}
}

func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 64<<10); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
}

// TestClock sets the clock of the stages off by an hour, either way.
func TestClock(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	lib, err := filepath.Glob("/usr/lib/*/faketime/libfaketime.so.1")
	if err != nil || len(lib) == 0 {
		t.Fatal("libfaketime is missing: apt-get install libfaketime")
	}
	offsets := []string{"+3600", "-3600"}
	if !*long {
		offsets = offsets[:1]
	}
	for _, by := range offsets {
		t.Run(by, func(t *testing.T) {
			rig := newRig(t, "all")
			nats, s3 := rig.proxied()
			// Signed requests are refused by the store when clocks are so far apart,
			// so the stages cannot work: nothing may be parked for it, and another
			// process with a right clock does all.
			off := start(t, nightshift, []string{"LD_PRELOAD=" + lib[0], "FAKETIME=" + by + "s", "FAKETIME_DONT_FAKE_MONOTONIC=1"}, "up", "--nats", nats, "--s3", s3)
			rig.ingest(dir)
			time.Sleep(3 * time.Second)
			rig.stages()
			time.Sleep(3 * time.Second)
			off.kill()
			rig.settled(want)
		})
	}
}

// TestFlippedBit changes one bit of a stored object: it is told, by what reads
// it and by verify --fixity, and stops nothing else.
func TestFlippedBit(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	rig := newRig(t, "all")
	p := rig.stages()
	rig.ingest(dir)
	rig.settled(want)
	p.kill()
	rig.servers.kill()
	var flipped []string
	for _, pattern := range []string{"scans/north/box-1/memo-02.txt", "work/items/*/pages/*/*.json.zst", "records/north/box-1/memo-02.txt/*/record-1.json"} {
		found, err := filepath.Glob(filepath.Join(rig.place, "s3", pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no object %s (%v)", pattern, err)
		}
		raw, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		raw[len(raw)/2] ^= 4
		f, err := os.OpenFile(found[0], os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(raw); err != nil {
			t.Fatal(err)
		}
		f.Close()
		rel, err := filepath.Rel(filepath.Join(rig.place, "s3"), found[0])
		if err != nil {
			t.Fatal(err)
		}
		flipped = append(flipped, filepath.ToSlash(rel))
	}
	rig.up()
	v := rig.command("verify", "--fixity")
	if code := v.wait(longest); code != 11 {
		t.Errorf("verify --fixity ended with %d, not 11", code)
	}
	for _, f := range flipped {
		if !strings.Contains(v.output(), "NOT SOUND  "+f) {
			t.Errorf("not told of %s:\n%s", f, v.output())
		}
	}
	if n := strings.Count(v.output(), "NOT SOUND"); n != len(flipped) {
		t.Errorf("%d objects told of, not %d:\n%s", n, len(flipped), v.output())
	}
}

// TestFlippedBlock changes one bit in the middle of a block of every stream of
// JetStream's, while work is under way: what is lost with it is found again.
func TestFlippedBlock(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	rig := newRig(t, "all")
	p := rig.stages()
	rig.ingest(dir)
	time.Sleep(700 * time.Millisecond)
	p.kill()
	rig.servers.kill()
	blocks, err := filepath.Glob(filepath.Join(rig.place, "nats", "jetstream", "*", "streams", "*", "msgs", "*.blk"))
	if err != nil || len(blocks) < 3 {
		t.Fatalf("blocks %q (%v)", blocks, err)
	}
	flipped := 0
	for _, name := range blocks {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) == 0 {
			continue
		}
		raw[len(raw)/2] ^= 4
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		flipped++
	}
	t.Logf("%d blocks flipped", flipped)
	rig.up()
	rig.stages()
	rig.settled(want)
}

// TestReplayTwice replays all failures from two processes at once, beside the
// stages: each is tried once more, parked once more, and nothing else changes.
func TestReplayTwice(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	rig := newRig(t, "all")
	rig.stages()
	rig.ingest(dir)
	eventually(t, time.Minute, "something is parked", func() (bool, error) { return len(rig.outstanding()) > 0, nil })
	for range 3 { // while the night still goes on, and after
		one, two := rig.command("replay", "--all"), rig.command("replay", "--all")
		if one.wait(longest) != 0 || two.wait(longest) != 0 {
			t.Errorf("replay ended with %d and %d: %s%s", one.code, two.code, one.output(), two.output())
		}
		rig.settled(want)
	}
	rig.open(func(s *night.System) {
		all, err := s.Failures(background)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(replay.Latest(all)); n != want.total.Parked {
			t.Errorf("%d things are parked, not %d", n, want.total.Parked)
		}
		tried := map[string]int{}
		for _, f := range all {
			var of pipeline.Ref
			if err := json.Unmarshal(f.Task, &of); err != nil {
				t.Fatal(err)
			}
			tried[fmt.Sprintf("%s %s page %d, replay %q", f.Stage, f.Locator, f.Page, of.Replay)]++
		}
		for what, n := range tried {
			if n != 1 {
				t.Errorf("parked %d times: %s", n, what)
			}
		}
		if len(tried) <= want.total.Parked {
			t.Errorf("nothing was replayed: %v", tried)
		}
	})
}

// TestReplayOfWhatIsDone runs every stage again over what is published: the
// preview says that nothing would change, and nothing does, nor is it announced.
func TestReplayOfWhatIsDone(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	rig := newRig(t, "all")
	rig.stages()
	rig.ingest(dir)
	rig.settled(want)
	diff := rig.command("replay", "--done", "--all", "--diff")
	if code := diff.wait(longest); code != 0 || !strings.Contains(diff.output(), "the records of 0 items of") {
		t.Errorf("replay --diff ended with %d: %s", code, diff.output())
	}
	for _, stage := range []string{"ocr", "structure", "publish"} {
		p := rig.command("replay", "--done", "--stage", stage, "--box", "north/box-1")
		if code := p.wait(longest); code != 0 {
			t.Errorf("replay of stage %s ended with %d: %s", stage, code, p.output())
		}
		rig.settled(want)
	}
	for args, code := range map[string]int{"--done --box nowhere": 6, "--reason nonsense": 2, "--done --stage intake": 2, "--box nowhere": 6} {
		p := rig.command(append([]string{"replay"}, strings.Fields(args)...)...)
		if got := p.wait(longest); got != code {
			t.Errorf("replay %s ended with %d, not %d: %s", args, got, code, p.output())
		}
	}
}

// TestOldDuplicate has a task come again after JetStream forgot that its output
// was announced: the version is not announced a second time.
func TestOldDuplicate(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	rig := newRig(t, "all")
	s, err := night.Open(background, night.Addresses{NATS: rig.direct.NATS, S3: rig.direct.Store.URL(), Dedupe: time.Second}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	victim := rig.stages(pointVariable + "=publish:published:3")
	rig.ingest(dir)
	<-victim.done
	rig.servers.kill()
	time.Sleep(3 * time.Second) // longer than the window
	rig.up()
	rig.stages()
	rig.settled(want)
}

// TestPoison feeds bombs, garbage and pages that crash or never end among good
// ones: each is parked under its reason, and the good are published.
func TestPoison(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := smallBox(t)
	rotten := encode(t, page(t, "MEMORANDUM 5"), "png")
	files["north/box-3/empty.tif"] = nil
	files["north/box-3/zeros.pdf"] = make([]byte, 100<<10)
	files["north/box-3/bomb.png"] = bomb(t)
	files["north/box-3/crash.png"] = rotten
	files["north/box-3/hang.png"] = append([]byte{}, append(rotten, 0)...)
	for name, content := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	out := filepath.Join(t.TempDir(), "out")
	p := start(t, nightshift, nil, "run", dir, "--out", out, "--max-pixels", "4000000", "--page-deadline", "3s", "--tries", "2")
	// The engine is killed, or stopped so that it never ends, whenever it holds
	// the page that the name says it dies of.
	stop := make(chan struct{})
	var wg sync.WaitGroup
	eventually(t, time.Minute, "the run has begun", func() (bool, error) {
		_, err := os.Stat(filepath.Join(out, ".nightshift", "s3", archive.WorkBucket, "scans"))
		return err == nil, nil
	})
	wg.Go(func() { assassin(p.cmd.Process.Pid, stop) })
	code := p.wait(longest)
	close(stop)
	wg.Wait()
	if code != 3 {
		t.Errorf("ended with %d: %s", code, p.output())
	}
	total := verified(t, out)
	if total.Published < 8 || total.Parked < 5 || total.InProgress != 0 {
		t.Errorf("counts %+v", total)
	}
	t.Logf("%+v\n%s", total, strings.Join(failures(t, out), "\n"))
}

// assassin stops one engine child and kills another now and then.
func assassin(parent int, stop chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-time.After(400 * time.Millisecond):
		}
		out, err := exec.Command("pgrep", "-P", fmt.Sprint(parent)).Output()
		if err != nil {
			continue
		}
		for i, pid := range strings.Fields(string(out)) {
			var child int
			if _, err := fmt.Sscan(pid, &child); err != nil || i != n%2 {
				continue
			}
			sig := unix.SIGKILL
			if n%3 == 0 {
				sig = unix.SIGSTOP
			}
			_ = unix.Kill(child, sig)
		}
		if n > 12 {
			return
		}
	}
}

// bomb is a PNG of a few kilobytes that claims 40,000 by 40,000 pixels.
func bomb(t *testing.T) []byte {
	t.Helper()
	raw := encode(t, page(t), "png")
	copy(raw[16:24], []byte{0, 0, 0x9C, 0x40, 0, 0, 0x9C, 0x40})
	return raw
}

// TestHeldBack: a stream that is full holds the stages up until there is room,
// and loses nothing.
func TestHeldBack(t *testing.T) {
	t.Parallel()
	dir, want := shelved(t)
	rig := newRig(t, "all")
	limit := func(bytes int64) {
		rig.open(func(s *night.System) {
			if err := runner.EnsureTopology(background, s.JS, runner.Topology{MaxBytes: bytes}); err != nil {
				t.Fatal(err)
			}
		})
	}
	limit(6 << 10)
	rig.stages()
	ingest := rig.command("ingest", dir)
	time.Sleep(8 * time.Second)
	limit(64 << 20)
	if code := ingest.wait(longest); code != 0 {
		t.Errorf("ingest ended with %d: %s", code, ingest.output())
	}
	rig.settled(want)
}
