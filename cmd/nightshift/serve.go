package main

import (
	"context"
	"fmt"
	"time"

	"nightshift/internal/night"
)

// serve runs every stage until stopped: on an embedded system, or against real
// servers.
func serve(ctx context.Context, c call) error {
	begin := time.Now()
	stages := night.Defaults()
	var a asked
	fs := c.flags()
	a.register(fs)
	stages.RegisterCommon(fs)
	stages.RegisterReading(fs)
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	s, log, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	all := night.Which{Reading: true, Structuring: true, Publishing: true}
	return s.Run(ctx, all, stages, func() {
		log.Info("ready", "version", version, "seconds", time.Since(begin).Seconds())
		fmt.Fprintf(c.stdout, "ready after %s; NATS %s, store %s\n", time.Since(begin).Round(time.Millisecond), s.NC.ConnectedUrlRedacted(), s.Store.Endpoint())
	})
}
