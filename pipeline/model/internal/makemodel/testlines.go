package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"nightshift/pipeline/model/draw"
	"nightshift/pipeline/model/lines"
)

// testSeed draws the lines that models are compared on; no recipe has it.
const testSeed = 1999

// testEach is how many lines of typing, and of print, are compared on.
const testEach = 60

// testLines writes the lines that nightshift train compares models on, typed.lstmf and
// print.lstmf, into a folder. They teach no model.
func testLines(faces, dir string) error {
	d, err := draw.Open(faces)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i, kind := range []struct {
		name string
		one  func(*rand.Rand) lines.Line
	}{{"typed", d.Typed}, {"print", d.Printed}} {
		set := &lines.Set{}
		r := rand.New(rand.NewPCG(testSeed, uint64(i)))
		for set.Len() < testEach {
			l := kind.one(r)
			if l.Image == nil {
				continue
			}
			if err := set.Add(l); err != nil {
				return err
			}
		}
		tmp, err := os.MkdirTemp("", "lines")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		if _, err := set.Write(tmp, kind.name, testEach, testSeed); err != nil {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(tmp, kind.name+"_000.lstmf"))
		if err != nil {
			return err
		}
		if _, err := lines.Read(bytes.NewReader(raw)); err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
		if err := write(filepath.Join(dir, kind.name+".lstmf"), raw); err != nil {
			return err
		}
	}
	return nil
}
