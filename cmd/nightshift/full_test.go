//go:build chaos

package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A disk that is full: the run ends with its code and a sentence, and goes on
// when there is space again, to the same result. The disks are file systems in
// memory, in a name space of their own; making one needs root, or a kernel that
// lets users make name spaces.
func TestFullDisk(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "nightshift")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	box, err := filepath.Abs("../../testdata/samplebox")
	if err != nil {
		t.Fatal(err)
	}
	disk := t.TempDir()
	script := `set -u
mount -t tmpfs -o size=1200k tmpfs "$DISK" || exit 99
run() { "$BIN" run "$BOX" --out "$DISK/out" --min-free "$1" --renditions none 2>&1; echo "code $?"; }
echo "== no room for the scans"
run 1000000
ls -A "$DISK" | sed 's/^/left: /'
echo "== room for the scans, not for the work"
run 150000
echo "== room again"
mount -o remount,size=40m "$DISK"
run 150000
`
	cmd := exec.Command("unshare", "-rm", "sh", "-c", script)
	cmd.Env = append(cmd.Environ(), "DISK="+disk, "BIN="+bin, "BOX="+box)
	raw, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	parts := strings.Split(string(raw), "== ")
	if len(parts) != 4 {
		t.Fatalf("got\n%s", raw)
	}
	for i, want := range [][]string{{"no space left", "code 8"}, {"no space left", "code 8"}, {"12 published, 1 parked", "code 3"}} {
		for _, w := range want {
			if !strings.Contains(parts[i+1], w) {
				t.Errorf("no %q in\n%s", w, parts[i+1])
			}
		}
	}
	if strings.Contains(parts[1], "left: ") {
		t.Errorf("a run without room left something behind:\n%s", parts[1])
	}
}
