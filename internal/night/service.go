package night

import (
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"nightshift/internal/program"
)

// Service is the main of a program that runs some stages against real servers,
// or on an embedded system, until it is told to stop.
func Service(name, version string, which Which) func(context.Context, []string, io.Writer, io.Writer) error {
	return func(ctx context.Context, args []string, stdout, stderr io.Writer) error {
		a := Addresses{Program: name, Given: true}
		stages := Defaults()
		fs := program.Flags(name, name+" --nats URL --s3 URL [flags]", stderr)
		a.Register(fs)
		stages.RegisterCommon(fs)
		if which.Reading {
			stages.RegisterReading(fs)
		}
		metrics := fs.String("metrics", "", "`address` for /metrics, /healthz and /readyz, e.g. :9090; empty: none")
		traces := RegisterTraces(fs)
		level := fs.String("log-level", "info", "debug, info, warn or error")
		show := fs.Bool("version", false, "print the version and exit")
		rest, err := program.Parse(fs, args)
		if err != nil {
			return err
		}
		if *show {
			fmt.Fprintln(stdout, name, version)
			return nil
		}
		if len(rest) > 0 {
			return program.Exit(program.Usage, "unexpected argument %q", rest[0])
		}
		log, err := program.Log(stderr, *level)
		if err != nil {
			return err
		}
		s, err := Open(ctx, a, log)
		if err != nil {
			return err
		}
		defer s.Close()
		untrace, err := s.Traces(ctx, *traces, name, version)
		if err != nil {
			return err
		}
		defer untrace()
		stages.Signals = NewSignals(s, version)
		serve, err := stages.Signals.Serve(ctx, *metrics)
		if err != nil {
			return err
		}
		g, ctx := errgroup.WithContext(ctx)
		g.Go(serve)
		g.Go(func() error {
			return s.Run(ctx, which, stages, func() { log.Info("ready", "program", name, "version", version) })
		})
		return g.Wait()
	}
}
