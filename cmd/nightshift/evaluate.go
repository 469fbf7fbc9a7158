package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"nightshift/internal/program"
	"nightshift/pipeline/evaluate"
)

// evaluateFolders scores what was found in a collection against its truth.
func evaluateFolders(_ context.Context, c call) error {
	fs := c.flags()
	misses := fs.String("misses", "", "list what the score of this `name` missed; \"all\": every score")
	table := fs.Bool("table", false, "list the values of scanned items: found, true")
	asJSON := fs.Bool("json", false, "print JSON: scores, rates, misses, rows")
	args, err := c.parse(fs, 2)
	if err != nil {
		return err
	}
	for _, dir := range args {
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			return program.Exit(program.Missing, "%s is no folder that can be read", dir)
		}
	}
	r, err := evaluate.Folders(os.DirFS(args[0]), os.DirFS(args[1]))
	if errors.Is(err, evaluate.ErrNoTruth) {
		return program.Exit(program.Nothing, "%w: %s", err, args[0])
	}
	if err != nil {
		return err
	}
	if *asJSON {
		e := json.NewEncoder(c.stdout)
		e.SetIndent("", " ")
		return e.Encode(r)
	}
	if *table {
		fmt.Fprint(c.stdout, r.Table())
	}
	for _, m := range r.Misses {
		if m.Score == *misses || *misses == "all" {
			fmt.Fprintf(c.stdout, "%s: %s: true %q, found %q\n", m.Score, m.Item, m.Truth, m.Found)
		}
	}
	fmt.Fprint(c.stdout, r)
	return nil
}
