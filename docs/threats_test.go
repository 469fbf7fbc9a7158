// Package docs holds the threat model against the tests that it names.
package docs

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	named  = regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9_]*)`")
	tested = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z][A-Za-z0-9_]*)\(`)
)

// TestEveryTestOfTheThreatModelIsThere, whatever its build tag.
func TestEveryTestOfTheThreatModelIsThere(t *testing.T) {
	there := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		raw, err := os.ReadFile(path)
		for _, m := range tested.FindAllSubmatch(raw, -1) {
			there[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("threats.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range named.FindAllSubmatch(page, -1) {
		if name := string(m[1]); !there[name] {
			t.Errorf("the threat model names %s, which is not there", name)
		}
	}
	// Each line of a promise ends in what holds it.
	for n, line := range bytes.Split(page, []byte("\n")) {
		if cells := bytes.Split(line, []byte(" | ")); bytes.HasPrefix(line, []byte("| ")) && len(cells) == 3 && len(bytes.Trim(cells[2], " |")) < 2 {
			t.Errorf("line %d says nothing of what holds it", n+1)
		}
	}
}
