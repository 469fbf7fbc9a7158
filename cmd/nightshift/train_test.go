//go:build chaos

package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"nightshift/internal/night"
	"nightshift/pipeline/model/teach/teachtest"
	"nightshift/pipeline/model/versions"
)

// trained is a program and a folder of pages to learn from.
func trained(t *testing.T, pages int) (bin, dir string) {
	t.Helper()
	bin, dir = filepath.Join(t.TempDir(), "nightshift"), filepath.Join(t.TempDir(), "pages")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if err := teachtest.Pages(dir, pages); err != nil {
		t.Fatal(err)
	}
	return bin, dir
}

// A disk that fills in the middle of a training: told, nothing replaced, and gone on with
// when there is room.
func TestFullDiskTrain(t *testing.T) {
	bin, pages := trained(t, 9)
	script := `set -u
mount -t tmpfs -o size=26m tmpfs "$DISK" || exit 99
teach() { "$BIN" train "$PAGES" --lines 60 --data "$DISK/d" 2>&1; echo "code $?"; "$BIN" train --list --data "$DISK/d"; }
echo "== full"
teach
echo "== room"
mount -o remount,size=400m "$DISK"
teach
`
	cmd := exec.Command("unshare", "-rm", "sh", "-c", script)
	cmd.Env = append(cmd.Environ(), "DISK="+t.TempDir(), "BIN="+bin, "PAGES="+pages)
	raw, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	parts := strings.Split(string(raw), "== ")
	if len(parts) != 3 {
		t.Fatalf("got\n%s", raw)
	}
	if !strings.Contains(parts[1], "nothing was changed") || !strings.Contains(parts[1], "full") && !strings.Contains(parts[1], "no space left") || strings.Contains(parts[1], "code 0") || !strings.Contains(parts[1], "*  shipped") {
		t.Errorf("on a full disk:\n%s", parts[1])
	}
	if !strings.Contains(parts[2], "code 0") && !strings.Contains(parts[2], "code 6") || !strings.Contains(parts[2], "shipped lines, print") {
		t.Errorf("with room again:\n%s", parts[2])
	}
}

// A training killed at one instant after another: no version is ever half there, what is
// chosen stays, and it comes to its end.
func TestTrainKilled(t *testing.T) {
	bin, pages := trained(t, 9)
	data := filepath.Join(t.TempDir(), "d")
	for after := 100 * time.Millisecond; ; after = after * 3 / 2 {
		cmd := exec.Command(bin, "train", pages, "--lines", "200", "--data", data)
		var said strings.Builder
		cmd.Stdout, cmd.Stderr = &said, &said
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(after, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		err := cmd.Wait()
		killed := !kill.Stop()
		all, serr := night.Models(data).All()
		n, _, cerr := night.Models(data).Chosen()
		if serr != nil || cerr != nil || len(all) > 1 || killed && n != versions.Shipped && len(all) != 1 {
			t.Fatalf("after %s: %+v, chosen %d, %v, %v", after, all, n, serr, cerr)
		}
		for _, v := range all {
			if v.Trouble != "" {
				t.Fatalf("after %s: version %d: %s", after, v.Number, v.Trouble)
			}
		}
		if !killed {
			if code := cmd.ProcessState.ExitCode(); code != 0 && code != 6 {
				t.Fatalf("it ended with %v\n%s", err, said.String())
			}
			return
		}
		t.Logf("killed after %s", after)
	}
}
