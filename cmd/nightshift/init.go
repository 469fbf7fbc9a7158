package main

import (
	"context"
	"fmt"

	"nightshift/pipeline/progress"
)

// initServers makes streams, consumers and buckets on real servers: once, with
// an administrator's rights, which the services do not have. Run again it
// changes what can be changed (--replicas, say) and keeps everything else.
func initServers(ctx context.Context, c call) error {
	a := asked{make: true, fresh: true}
	fs := c.flags()
	a.register(fs)
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	b := s.Books()
	if a.json {
		return printJSON(c.stdout, map[string]any{"nats": s.NC.ConnectedUrlRedacted(), "store": s.Store.Endpoint(), "buckets": names(b)})
	}
	fmt.Fprintf(c.stdout, "streams and consumers are there on %s; buckets %q on %s\n", s.NC.ConnectedUrlRedacted(), names(b), s.Store.Endpoint())
	return nil
}

func names(b progress.Books) []string {
	return []string{b.Scans.Name(), b.Work.Name(), b.Records.Name()}
}
