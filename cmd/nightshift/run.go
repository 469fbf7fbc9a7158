package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/custody"
	"nightshift/pipeline/export"
	"nightshift/pipeline/ingest"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/report"
)

// runNight is the main job: a folder of scans to records, and an end.
func runNight(ctx context.Context, c call) error {
	stages := night.Defaults()
	stages.Quiet = 0 // ingest says itself when a folder is complete
	var a asked
	fs := c.flags()
	out := fs.String("out", "", "`folder` for the records and the report")
	fs.StringVar(&a.Data, "data", "", "data `directory` (default OUT/.nightshift); run again with the same to go on")
	a.RegisterRoom(fs)
	fs.BoolVar(&a.json, "json", false, "print the report as JSON")
	fs.StringVar(&a.level, "log-level", "info", "of DATA/nightshift.log: debug, info, warn or error")
	replace := fs.Bool("replace", false, "put files that differ from the scan stored under their name in as new versions")
	follow := fs.Bool("follow-links", false, followLinks)
	var post night.Delivery
	post.Register(fs)
	stages.RegisterCommon(fs)
	stages.RegisterReading(fs)
	rest, err := c.parse(fs, 1)
	if err != nil {
		return err
	}
	if *out == "" {
		return needs("--out OUT")
	}
	if a.Data == "" {
		a.Data = filepath.Join(*out, ".nightshift")
	}
	if err := program.Paths(&rest[0], out, &a.Data); err != nil {
		return err
	}
	files, passed, err := survey(c, rest[0], "", *follow)
	if err != nil {
		return err
	}
	if err := outside(rest[0], *out, a.Data); err != nil {
		return err
	}
	if err := preflight(ctx, a, stages, files); err != nil {
		return err
	}
	logFile, err := openLog(a.Data)
	if err != nil {
		return err
	}
	defer logFile.Close()
	log, err := program.Log(logFile, a.level)
	if err != nil {
		return err
	}
	a.Hold = night.ForANight
	s, err := night.Open(ctx, a.Addresses, log)
	if err != nil {
		return err
	}
	defer s.Close()
	if !s.Embedded() {
		return program.Exit(program.InUse, "%s is used by a running nightshift; put the folder in with `nightshift ingest %s --data %s`", a.Data, rest[0], a.Data)
	}
	if err := s.AsBefore(ctx, fs, &stages, true); err != nil {
		return err
	}
	unput, conflict, err := work(ctx, c, s, stages, files, ingest.Options{Scans: s.Scans, Work: s.Work, Replace: *replace})
	if err != nil {
		return err
	}
	if err := ingest.Note(ctx, s.Work, rest[0], "", append(passed, unput...)); err != nil {
		return err
	}
	err = finish(ctx, c, s, a, stages, post, *out)
	if conflict != nil {
		return conflict
	}
	return err
}

// outside refuses to write results among the scans.
func outside(dir string, others ...string) error {
	in, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	for _, o := range others {
		abs, err := filepath.Abs(o)
		if err != nil {
			return err
		}
		if rel, err := filepath.Rel(in, abs); err == nil && filepath.IsLocal(rel) {
			return program.Exit(program.Usage, "%s lies in the folder of scans %s; choose one outside it", o, dir)
		}
	}
	return nil
}

func openLog(data string) (*os.File, error) {
	if err := custody.Make(data); err != nil {
		return nil, program.Exit(program.Missing, "data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(data, "nightshift.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, program.Exit(program.Missing, "data directory: %w", err)
	}
	return f, nil
}

// preflight says in time what would make every page fail, before anything is
// written: no room for a copy of the scans that are not there yet, no engine.
func preflight(ctx context.Context, a asked, stages night.Stages, files []ingest.File) error {
	var total int64
	if !night.Exists(a.Data) { // else what is there need not be put in again
		for _, f := range files {
			total += f.Size
		}
	}
	if err := a.Room(total); err != nil {
		return err
	}
	if f := engine(ctx, stages)[0]; !f.OK {
		return program.Exit(program.Missing, "%s\nto mend it: %s", f.Detail, f.Remedy)
	}
	return nil
}

// work runs all stages while the files are put in and until everything has
// ended. Conflict is set when files differ from what is stored; the rest of the
// night went on without them, and without those passed over.
func work(outer context.Context, c call, s *night.System, stages night.Stages, files []ingest.File, o ingest.Options) (passed []ingest.Passed, conflict, err error) {
	// What an interrupted run put in without telling is told of before more comes:
	// which of two equal scans is the duplicate depends on their order alone.
	if _, err := s.Sweep(outer, 0); err != nil {
		return nil, nil, err
	}
	ctx, stop := context.WithCancel(outer)
	defer stop()
	g, gctx := errgroup.WithContext(ctx)
	ready := make(chan struct{}) // by then all that terms of publishing changed is asked for
	g.Go(func() error {
		return s.Run(gctx, night.Which{Reading: true, Structuring: true, Publishing: true}, stages, func() { close(ready) })
	})
	bar := newBar(gctx, c.stderr, s, len(files))
	g.Go(func() error {
		defer stop()
		o.Done = func(ingest.File) { bar.filed() }
		var err error
		passed, err = put(gctx, c, files, o)
		if errors.Is(err, ingest.ErrDiffers) {
			conflict, err = err, nil
		}
		if err != nil {
			return err
		}
		select {
		case <-ready:
		case <-gctx.Done():
			return gctx.Err()
		}
		return untilEnded(gctx, s)
	})
	err = g.Wait()
	bar.close()
	if outer.Err() != nil {
		return passed, conflict, outer.Err() // stopped: run again to go on
	}
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return passed, conflict, err
}

// untilEnded waits until no message waits and no scan is in progress. When the
// messages are gone but scans are not done, it sweeps: twice for what was lost,
// then what is left waits for files that are not there.
func untilEnded(ctx context.Context, s *night.System) error {
	for sweeps := 0; ; {
		if err := untilIdle(ctx, s); err != nil {
			return err
		}
		standings, err := s.Books().Standings(ctx, "")
		if err != nil {
			return err
		}
		if progress.Total(progress.Counts(standings)).InProgress == 0 || sweeps == 2 {
			return nil
		}
		if idle, _, err := s.Still(ctx); err == nil && !idle {
			return nil // what is left waits behind a stage that is paused
		}
		sweeps++
		if _, err := s.Sweep(ctx, 0); err != nil {
			return err
		}
	}
}

// silenceAtMost is how long NATS may leave unanswered how much waits before a run
// gives up: a machine that is short of everything for a while ends no night.
const silenceAtMost = 10 * time.Minute

// untilIdle waits until no message waits or is worked on, but those of boxes that
// are held and of stages that are paused.
func untilIdle(ctx context.Context, s *night.System) error {
	var since time.Time // that nothing answers
	for quiet := 0; quiet < 2; {
		if err := s.Room(); err != nil {
			return err
		}
		_, settled, err := s.Still(ctx)
		switch {
		case err == nil:
			since = time.Time{}
		case ctx.Err() != nil || !since.IsZero() && time.Since(since) > silenceAtMost:
			return err
		case since.IsZero():
			since = time.Now()
		}
		quiet++
		if !settled {
			quiet = 0
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

// finish exports, reports, and says by its error how the night ended.
func finish(ctx context.Context, c call, s *night.System, a asked, stages night.Stages, post night.Delivery, out string) error {
	standings, err := s.Books().Standings(ctx, "")
	if err != nil {
		return err
	}
	written, err := exportAll(ctx, s, standings, out)
	if err != nil {
		return err
	}
	r, err := s.Report(ctx, standings, time.Time{}, "--data "+a.Data)
	if err != nil {
		return err
	}
	illustrate(ctx, s, stages, &r)
	defer sent(ctx, c, post, r)
	if err := writeReport(r, out); err != nil {
		return err
	}
	if a.json {
		err = printJSON(c.stdout, r)
	} else {
		fmt.Fprint(c.stdout, r.Text())
		fmt.Fprintf(c.stdout, "\n%s written to %s\n", written, out)
		printRecords(c.stdout, written.Records)
		fmt.Fprintf(c.stdout, "\nreport: %s\n", filepath.Join(out, "report.html"))
	}
	if err != nil {
		return err
	}
	return ending(r)
}

// illustrate has a child make pictures, if there is a page to show.
func illustrate(ctx context.Context, s *night.System, stages night.Stages, r *report.Report) {
	viewer := s.Viewer(stages)
	defer viewer.Close()
	s.Illustrate(ctx, r, viewer)
}

// sent sends the report where it is wanted. That it could not be sent is told,
// and changes nothing about how the night ended.
func sent(ctx context.Context, c call, post night.Delivery, r report.Report) {
	if err := post.Send(ctx, r); err != nil {
		fmt.Fprintln(c.stderr, "nightshift:", err)
	}
}

// ending is the exit code of a report.
func ending(r report.Report) error {
	switch {
	case !r.Total.Adds():
		return program.Exit(program.Failed, "the counts do not add up")
	case r.Total.InProgress > 0:
		return program.Exit(program.Unfinished, "%s still in progress; `nightshift verify --list` says what each waits for", plural(r.Total.InProgress, "scan"))
	case r.Total.Parked > 0 || len(r.Pages) > 0:
		return &program.Error{Code: program.Parked}
	case len(r.Look) > 0:
		return &program.Error{Code: program.LookAt}
	}
	return nil
}

// writeReport writes report.html, report.json and failures.json.
func writeReport(r report.Report, out string) error {
	html, err := r.HTML()
	if err != nil {
		return err
	}
	raw, err := r.JSON()
	if err != nil {
		return err
	}
	parked, err := r.FailuresJSON()
	if err != nil {
		return err
	}
	for name, b := range map[string][]byte{"report.html": html, "report.json": raw, "failures.json": parked} {
		if err := export.Write(filepath.Join(out, name), b); err != nil {
			return err
		}
	}
	return nil
}
