package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"nightshift/internal/night"
)

// serve runs every stage until stopped: on an embedded system, or against real
// servers.
func serve(ctx context.Context, c call) error {
	begin := time.Now()
	stages := night.Defaults()
	a := asked{make: true, fresh: true}
	fs := c.flags()
	a.register(fs)
	a.RegisterListen(fs)
	stages.RegisterCommon(fs)
	stages.RegisterReading(fs)
	metrics := fs.String("metrics", "", "`address` for /metrics, /healthz and /readyz, e.g. :9090; empty: none")
	var d desk
	d.register(fs, "")
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	if err := d.place(a.Data, stages.MaxBytes); err != nil {
		return err
	}
	s, log, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := d.indexed(a, s); err != nil {
		return err
	}
	viewer := s.Viewer(stages)
	defer viewer.Close()
	desk, err := d.listen(s, viewer, a.where(), log)
	if err != nil {
		return err
	}
	stages.Signals = night.NewSignals(s, version)
	signals, err := stages.Signals.Serve(ctx, *metrics)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(signals)
	if desk != nil {
		tell(c.stdout, desk)
		g.Go(func() error { return desk.Serve(ctx) })
	}
	all := night.Which{Reading: true, Structuring: true, Publishing: true}
	g.Go(func() error {
		return s.Run(ctx, all, stages, func() {
			log.Info("ready", "version", version, "seconds", time.Since(begin).Seconds())
			fmt.Fprintf(c.stdout, "ready after %s; NATS %s, store %s\n", time.Since(begin).Round(time.Millisecond), s.NC.ConnectedUrlRedacted(), s.Store.Endpoint())
		})
	})
	return g.Wait()
}
