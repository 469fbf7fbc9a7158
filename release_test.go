package nightshift

import (
	"go/version"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestRelease(t *testing.T) {
	if !version.IsValid(Release()) {
		t.Fatalf("go.mod asks for %q", Release())
	}
	for built, older := range map[string]bool{
		Release(): false, "go1.2.3": true, "go999.1": false, Release() + " X:nodwarf5": false,
		strings.TrimRight(Release(), "0123456789") + "0": true, "devel go1.27-abc": false,
	} {
		if Older(built) != older {
			t.Errorf("%q is older: %v", built, Older(built))
		}
	}
}

// The script that CI looks at built programs with tells those of an older release.
func TestGoReleaseScript(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	check := func(mod string) (int, string) {
		if err := os.WriteFile(dir+"/go.mod", []byte(mod), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("deploy/go-release.sh", dir+"/go.mod", self)
		cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local")
		said, err := cmd.CombinedOutput()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(said)
	}
	if code, said := check("module x\n\ngo 1.20.0\n"); code != 0 {
		t.Errorf("a later release: %d, %s", code, said)
	}
	if code, said := check("module x\n\ngo 1.20.0\n\ntoolchain go1.999.1\n"); code != 77 || !strings.Contains(said, "go1.999.1") {
		t.Errorf("an older one, where the go command is kept to it: %d, %s", code, said)
	}
}
