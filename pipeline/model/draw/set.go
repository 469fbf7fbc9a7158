package draw

import (
	"context"
	"fmt"
	"math/rand/v2"

	"golang.org/x/sync/errgroup"

	"nightshift/pipeline/model/lines"
)

// Set draws lines, jobs of them at once, and gathers those that have a picture, in
// order. Line i has its own chance, from seed and stream|i, so that a set is the same
// however many are drawn at once.
func Set(ctx context.Context, each []func(*rand.Rand) lines.Line, seed, stream uint64, jobs int) (*lines.Set, error) {
	out := make([]lines.Line, len(each))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(jobs, 1))
	for i, one := range each {
		g.Go(func() error {
			out[i] = one(rand.New(rand.NewPCG(seed, stream|uint64(i)))) // #nosec G404 -- the same lines each time
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("draw lines: %w", err)
	}
	set := &lines.Set{}
	for _, l := range out {
		if l.Image == nil {
			continue
		}
		if err := set.Add(l); err != nil {
			return nil, err
		}
	}
	return set, nil
}
