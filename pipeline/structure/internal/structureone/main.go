// Command structureone writes OUT/NAME.json, the structure, for each DIR/NAME.txt.
// It is cmd/structurer without the services, for work on this package.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "structureone:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: structureone DIR OUT")
	}
	files, err := filepath.Glob(filepath.Join(args[0], "*.txt"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(args[1], 0o777); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU())
	for _, f := range files {
		g.Go(func() error { return one(f, args[1]) })
	}
	return g.Wait()
}

func one(file, out string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text, err := transcript.DecodeText(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	b, err := json.MarshalIndent(structure.Parse(structure.Input{Text: text}), "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, strings.TrimSuffix(filepath.Base(file), ".txt")+".json"), b, 0o666)
}
