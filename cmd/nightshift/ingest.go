package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	unput, putErr := put(ctx, c, files, ingest.Options{Scans: s.Scans, Work: s.Work, Replace: *replace})
	passed = append(passed, unput...)
	if putErr == nil || errors.Is(putErr, ingest.ErrDiffers) {
		if err := ingest.Note(ctx, s.Work, rest[0], *into, passed); err != nil {
			return err
		}
	}
	if putErr != nil {
		return putErr
	}
	files = without(files, unput)
	left := len(ingest.LeftOut(passed))
	if a.json {
		bytes := int64(0)
		for _, f := range files {
			bytes += f.Size
		}
		err := printJSON(c.stdout, struct {
			Files  int             `json:"files"`
			Passed []ingest.Passed `json:"passed,omitempty"` // left out, or put in under another name
			Bytes  int64           `json:"bytes"`
			Served bool            `json:"served"` // by a running system; false: nothing works on them yet
		}{len(files), passed, bytes, !s.Embedded()})
		return errors.Join(err, leftOut(left))
	}
	fmt.Fprintf(c.stdout, "%s put in\n", plural(len(files), "file"))
	if s.Embedded() {
		fmt.Fprintf(c.stdout, "nothing works on %s now; `nightshift up --data %s` takes them further\n", a.Data, a.Data)
	}
	return leftOut(left)
}

// leftOut is the ending of an ingest that could not take all files.
func leftOut(n int) error {
	if n == 0 {
		return nil
	}
	return program.Exit(program.LookAt, "%s left out, as told above; the others were put in", plural(n, "file"))
}

// without are the files but those passed over.
func without(files []ingest.File, passed []ingest.Passed) []ingest.File {
	return slices.DeleteFunc(slices.Clone(files), func(f ingest.File) bool {
		return slices.ContainsFunc(passed, func(p ingest.Passed) bool { return p.Path == f.Path })
	})
}

// followLinks is what --follow-links is for.
const followLinks = "take in what links lead to outside the folder; without it such links are listed and passed over"

// survey is ingest.Survey with exit codes. It says what was passed over, or put in under
// another name.
func survey(c call, dir, into string, follow bool) ([]ingest.File, []ingest.Passed, error) {
	files, passed, err := ingest.Survey(dir, into, follow)
	tellPassed(c, passed)
	switch {
	case errors.Is(err, ingest.ErrEmpty), errors.Is(err, ingest.ErrNoScans):
		return nil, passed, program.Exit(program.Nothing, "%s: %w", dir, err)
	case errors.Is(err, ingest.ErrUnreadable), errors.Is(err, ingest.ErrName):
		return nil, passed, &program.Error{Code: program.Missing, Err: err}
	}
	return files, passed, err
}

// tellPassed says on standard error what was passed over.
func tellPassed(c call, passed []ingest.Passed) {
	for _, p := range passed {
		fmt.Fprintf(c.stderr, "%s: %s\n", strconv.Quote(p.Path), p.Why)
	}
}

// put is ingest.Put with exit codes. It says what was passed over.
func put(ctx context.Context, c call, files []ingest.File, o ingest.Options) ([]ingest.Passed, error) {
	passed, err := ingest.Put(ctx, files, o)
	tellPassed(c, passed)
	switch {
	case errors.Is(err, ingest.ErrDiffers):
		err = &program.Error{Code: program.Conflict, Err: err}
	case errors.Is(err, store.ErrFull):
		err = &program.Error{Code: program.Full, Err: err}
	}
	return passed, err
}
