//go:build shared

package tei_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"nightshift/pipeline/record/recordtest"
)

func TestValidTEI(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for i, in := range recordtest.Awkward(t) {
		name := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
		if err := os.WriteFile(name, []byte(write(t, in)), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	recordtest.Jing(t, "tei_all-4.0.0.rng", files...)
}
