package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/clean"
)

// rulesCommand tries the examples of a rules file.
func rulesCommand(_ context.Context, c call) error {
	fs := c.flags()
	asJSON := fs.Bool("json", false, "print JSON: counts, and the examples that fail")
	args, err := c.parse(fs, 2)
	if err != nil {
		return err
	}
	if args[0] != "test" {
		return program.Exit(program.Usage, "rules knows one thing to do: rules test FILE")
	}
	r, err := night.Rules(args[1])
	if err != nil {
		return program.Exit(program.Missing, "%w", err)
	}
	failed := r.Test()
	words, keeps, mends, tests := r.Count()
	if *asJSON {
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
