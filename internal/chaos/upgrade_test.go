//go:build minio

package chaos

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nightshift/internal/night"
	"nightshift/pipeline"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/runner"
)

var previous = flag.String("previous", "HEAD~1", "`commit` whose programs are upgraded to these in the middle of a run")

// build builds the four programs from the source in dir.
func build(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out := t.TempDir()
	cmd := exec.Command("go", append(append([]string{"build", "-trimpath", "-ldflags", "-s -w"}, args...), "-o", out+"/", "./cmd/...")...)
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the programs of %s: %v\n%s", dir, err, said)
	}
	return out
}

// checkout is the source of a commit.
func checkout(t *testing.T, commit string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "source")
	if said, err := exec.Command("git", "worktree", "add", "--detach", dir, commit).CombinedOutput(); err != nil {
		t.Fatalf("check out %s: %v\n%s", commit, err, said)
	}
	t.Cleanup(func() {
		if said, err := exec.Command("git", "worktree", "remove", "--force", dir).CombinedOutput(); err != nil {
			t.Errorf("remove the worktree of %s: %v\n%s", commit, err, said)
		}
	})
	return dir
}

// of makes a site start the programs in dir until the test ends.
func (s *site) of(dir string) { s.programs = dir }

// TestUpgradeInTheMiddleOfARun begins with the previous commit's programs, two
// copies of each, and while pages are being read exchanges one after the other
// for this commit's. Where both versions make the same of the box, so does the
// mixture, byte for byte; in any case everything ends, once.
func TestUpgradeInTheMiddleOfARun(t *testing.T) {
	t.Parallel()
	dir := scans(t)
	want, total := reference(t, dir)
	old := build(t, checkout(t, *previous))
	out := filepath.Join(t.TempDir(), "out")
	p := start(t, filepath.Join(old, "nightshift"), nil, "run", dir, "--out", out)
	if code := p.wait(longest); code != 0 && code != 3 {
		t.Fatalf("the previous version's run ended with %d\n%s", code, p.output())
	}
	alike := equal(want, tree(t, out))
	s := newSite(t)
	s.of(old)
	if code, said := s.as("admin", "init"); code != 0 { // by the newer nightshift: it keeps what is there
		t.Fatalf("init ended with %d\n%s", code, said)
	}
	reading := []string{"--quiet", "15s", "--sweep", "2s"}
	fleet := s.fleet(reading...)
	sys := s.open()
	s.put(dir)
	s.reading(sys)
	s.of(programs)
	for _, p := range fleet {
		stopped(t, []*started{p})
		program := filepath.Base(p.cmd.Path)
		var args []string
		if program == "ocr-worker" {
			args = append([]string{"--children", "1"}, reading...)
		}
		s.start(program, args...)
	}
	if alike {
		s.checked(sys, want, total)
	} else {
		t.Logf("%s makes other records of this box: counts and versions are compared, not bytes", *previous)
		s.counted(sys, total)
	}
	if code, said := s.as("operator", "verify", "--fixity"); code != 0 && code != 3 {
		t.Errorf("verify ended with %d\n%s", code, said)
	}
}

// equal tells whether two trees are the same.
func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, content := range a {
		if other, ok := b[name]; !ok || other != content {
			return false
		}
	}
	return true
}

// counted is checked without the bytes: everything ended as it should, and
// was announced once.
func (s *site) counted(sys *night.System, want progress.Count) {
	s.t.Helper()
	total := s.ended(sys, want.Scans)
	if want.Box = total.Box; total != want {
		s.t.Errorf("counts %+v, embedded %+v", total, want)
	}
	onceEach(s.t, sys.JS)
}

// tomorrows builds this commit's programs as they will be when the format of
// transcript pages, and with it that of objects read, has a second version.
func tomorrows(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for file, edit := range map[string][2]string{
		"pipeline/transcript/transcript.go": {"const FormatVersion = 1\n", "const FormatVersion = 2\n"},
		"pipeline/store/json.go":            {"const newest = 1\n", "const newest = 2\n"},
	} {
		raw, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(raw), edit[0]) {
			t.Fatalf("%s no longer says %q", file, edit[0])
		}
		to := filepath.Join(t.TempDir(), filepath.Base(file))
		write(t, to, []byte(strings.Replace(string(raw), edit[0], edit[1], 1)))
		replace[filepath.Join(root, file)] = to
	}
	raw, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	write(t, overlay, raw)
	return build(t, root, "-overlay", overlay)
}

// TestNewerObjectsWaitForTheirPrograms upgrades in the wrong order: workers that
// write transcripts of a newer form before the programs that read them. Those
// leave them alone and say so; nothing is parked, counted as damaged or lost, and
// when they are upgraded too the work goes on by itself.
func TestNewerObjectsWaitForTheirPrograms(t *testing.T) {
	t.Parallel()
	dir := scans(t)
	_, total := reference(t, dir)
	tomorrow := tomorrows(t)
	s := newSite(t)
	s.prepare()
	todays := []*started{s.start("structurer"), s.start("publisher")}
	s.of(tomorrow)
	s.start("ocr-worker", "--quiet", "5s", "--sweep", "2s")
	sys := s.open()
	s.put(dir)
	eventually(t, longest, "the structurer says that it leaves what is newer", func() (bool, error) {
		return strings.Contains(todays[0].output(), "of a newer version: left for a newer program"), nil
	})
	eventually(t, longest, "only newer work is left", func() (bool, error) {
		_, queues, err := runner.Idle(background, sys.JS)
		for _, q := range queues {
			if q.Stage != pipeline.StageStructure && q.Waiting+q.Working > 0 {
				return false, err
			}
		}
		return err == nil, err
	})
	begin := time.Now()
	standings, err := sys.Books().Standings(background, "")
	if err != nil {
		t.Fatal(err)
	}
	waiting := progress.Total(progress.Counts(standings))
	if waiting.InProgress == 0 || waiting.Parked > total.Parked {
		t.Errorf("beside programs that know them not, newer objects leave %+v", waiting)
	}
	s.start("structurer")
	s.start("publisher")
	stopped(t, todays)
	s.counted(sys, total)
	t.Logf("%d scans waited; all had ended %s after the upgrade", waiting.InProgress, time.Since(begin).Round(time.Second))
}
