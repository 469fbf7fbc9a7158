package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
)

// rulesCommand tries the examples of a rules file, or gathers a collection's
// words for one.
func rulesCommand(_ context.Context, c call) error {
	flags := c.flags()
	asJSON := flags.Bool("json", false, "print JSON: counts, and the examples that fail; words and in how many records they stand")
	records := flags.Int("records", 3, "learn: in how many records a word must stand")
	args, err := c.parse(flags, 2)
	if err != nil {
		return err
	}
	switch args[0] {
	case "test":
		return c.testRules(args[1], *asJSON)
	case "learn":
		return c.learnWords(args[1], *records, *asJSON)
	}
	return program.Exit(program.Usage, "rules test FILE, or rules learn OUT")
}

// learnWords prints the words of exported records of good quality as lines of a
// rules file.
func (c call) learnWords(dir string, records int, asJSON bool) error {
	var l clean.Learner
	read := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), "record-") || filepath.Ext(path) != ".json" {
			return err
		}
		raw, err := os.ReadFile(path) // #nosec G122 -- a folder of the user's own, read with their rights
		if err != nil {
			return err
		}
		var r record.Record
		if err := json.Unmarshal(raw, &r); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if g := r.Quality.Grade; g == nil || *g == "A" || *g == "B" { // a text input has no grade
			l.Add(r.Text)
			read++
		}
		return nil
	})
	switch {
	case err != nil:
		return program.Exit(program.Missing, "%w", err)
	case read == 0:
		return program.Exit(program.Nothing, "no records of grade A or B in %s", dir)
	}
	words := l.Words(records)
	if asJSON {
		e := json.NewEncoder(c.stdout)
		e.SetEscapeHTML(false)
		return e.Encode(append([]clean.Learned{}, words...))
	}
	fmt.Fprintf(c.stdout, "# Words of %d records, each in at least %d.\n", read, records)
	for _, w := range words {
		fmt.Fprintf(c.stdout, "word %s\n", w.Word)
	}
	return nil
}

func (c call) testRules(file string, asJSON bool) error {
	r, err := night.Rules(file)
	if err != nil {
		return program.Exit(program.Missing, "%w", err)
	}
	failed := r.Test()
	words, keeps, mends, tests := r.Count()
	if asJSON {
		e := json.NewEncoder(c.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		err := e.Encode(struct {
			Digest                     string
			Words, Keeps, Mends, Tests int
			Failed                     []clean.Failure
		}{r.Digest(), words, keeps, mends, tests, append([]clean.Failure{}, failed...)})
		if err != nil {
			return err
		}
	} else {
		for _, f := range failed {
			fmt.Fprintf(c.stdout, "line %d: %s\n    wanted %s\n    got    %s\n", f.Line, f.Read, f.Want, f.Got)
			for _, k := range f.Corrections {
				fmt.Fprintf(c.stdout, "    %s %d-%d “%s” to “%s”, %s, %.3f: %s\n", k.Decision, k.Start, k.End, k.Before, k.After, k.Rule, k.Confidence, strings.Join(k.Evidence, "; "))
			}
		}
		fmt.Fprintf(c.stdout, "%d words, %d phrases kept, %d mends; %d of %d tests passed\n", words, keeps, mends, tests-len(failed), tests)
	}
	if len(failed) > 0 {
		return program.Exit(program.Failed, "%d of %d tests failed", len(failed), tests)
	}
	return nil
}
