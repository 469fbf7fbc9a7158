package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"nightshift/internal/program"
	"nightshift/pipeline/ingest"
	"nightshift/pipeline/store"
)

// ingestFolder puts a folder of scans into a running or idle system.
func ingestFolder(ctx context.Context, c call) error {
	a := asked{fresh: true}
	fs := c.flags()
	a.register(fs)
	into := fs.String("into", "", "key `prefix` to put the folder under, e.g. collection/box-07")
	replace := fs.Bool("replace", false, "put files that differ from the scan stored under their name in as new versions")
	follow := fs.Bool("follow-links", false, followLinks)
	rest, err := c.parse(fs, 1)
	if err != nil {
		return err
	}
	if err := program.Paths(&rest[0]); err != nil {
		return err
	}
	files, passed, err := survey(c, rest[0], *into, *follow)
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := put(ctx, files, ingest.Options{Scans: s.Scans, Replace: *replace}); err != nil {
		return err
	}
	if a.json {
		bytes := int64(0)
		for _, f := range files {
			bytes += f.Size
		}
		return printJSON(c.stdout, struct {
			Files  int             `json:"files"`
			Passed []ingest.Passed `json:"passed,omitempty"` // not followed, or put in under another name
			Bytes  int64           `json:"bytes"`
			Served bool            `json:"served"` // by a running system; false: nothing works on them yet
		}{len(files), passed, bytes, !s.Embedded()})
	}
	fmt.Fprintf(c.stdout, "%s put in\n", plural(len(files), "file"))
	if s.Embedded() {
		fmt.Fprintf(c.stdout, "nothing works on %s now; `nightshift up --data %s` takes them further\n", a.Data, a.Data)
	}
	return nil
}

// followLinks is what --follow-links is for.
const followLinks = "take in what links lead to outside the folder; without it such links are listed and passed over"

// survey is ingest.Survey with exit codes. It says what was passed over, or put in under
// another name.
func survey(c call, dir, into string, follow bool) ([]ingest.File, []ingest.Passed, error) {
	files, passed, err := ingest.Survey(dir, into, follow)
	for _, p := range passed {
		fmt.Fprintf(c.stderr, "%s: %s\n", strconv.Quote(p.Path), p.Why)
	}
	switch {
	case errors.Is(err, ingest.ErrEmpty), errors.Is(err, ingest.ErrNoScans):
		return nil, passed, program.Exit(program.Nothing, "%s: %w", dir, err)
	case errors.Is(err, ingest.ErrUnreadable), errors.Is(err, ingest.ErrName):
		return nil, passed, &program.Error{Code: program.Missing, Err: err}
	}
	return files, passed, err
}

// put is ingest.Put with exit codes.
func put(ctx context.Context, files []ingest.File, o ingest.Options) error {
	err := ingest.Put(ctx, files, o)
	switch {
	case errors.Is(err, ingest.ErrDiffers):
		return &program.Error{Code: program.Conflict, Err: err}
	case errors.Is(err, ingest.ErrUnreadable):
		return &program.Error{Code: program.Missing, Err: err}
	case errors.Is(err, store.ErrFull):
		return &program.Error{Code: program.Full, Err: err}
	}
	return err
}
