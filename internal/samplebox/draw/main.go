// Command draw writes the sample box and its truth below the folder given.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"nightshift/internal/samplebox"
)

func main() {
	if err := draw(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func draw(dir string) error {
	files, err := samplebox.Files()
	if err != nil {
		return err
	}
	for _, top := range []string{samplebox.Box, samplebox.Truth} {
		if err := os.RemoveAll(filepath.Join(dir, top)); err != nil {
			return err
		}
	}
	for name, data := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
