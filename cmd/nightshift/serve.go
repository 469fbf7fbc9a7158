package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"nightshift/internal/night"
)

// serve runs every stage until stopped: on an embedded system, or against real
// servers.
func serve(ctx context.Context, c call) (err error) {
	outer := ctx
	defer func() {
		if outer.Err() != nil && errors.Is(err, context.Canceled) {
			err = nil // told to stop while it started
		}
	}()
	begin := time.Now()
	stages := night.Defaults()
	a := asked{make: true, fresh: true}
	a.Hold = night.UntilStopped
	fs := c.flags()
	a.register(fs)
	a.RegisterListen(fs)
	stages.RegisterCommon(fs)
	stages.RegisterReading(fs)
	metrics := fs.String("metrics", "", "`address` for /metrics, /healthz and /readyz, e.g. :9090; empty: none")
	traces := night.RegisterTraces(fs)
	var d desk
	d.register(fs, "")
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	h, err := d.begin(ctx, c, a, fs, &stages, true)
	if err != nil {
		return err
	}
	defer h.end()
	untrace, err := h.Traces(ctx, *traces, "nightshift", version)
	if err != nil {
		return err
	}
	defer untrace()
	stages.Signals = night.NewSignals(h.System, version)
	signals, err := stages.Signals.Serve(ctx, *metrics)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(signals)
	h.serve(ctx, g, c.stdout)
	all := night.Which{Reading: true, Structuring: true, Publishing: true}
	g.Go(func() error {
		return h.Run(ctx, all, stages, func() {
			h.log.Info("ready", "version", version, "seconds", time.Since(begin).Seconds())
			fmt.Fprintf(c.stdout, "ready after %s; NATS %s, store %s\n", time.Since(begin).Round(time.Millisecond), h.NC.ConnectedUrlRedacted(), h.Store.Endpoint())
		})
	})
	return g.Wait()
}
