package publish

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// Version reads the n-th published version of an item, or with 0 the current
// one. store.ErrNotFound if there is none.
func Version(ctx context.Context, records *store.Bucket, l archive.Locator, n int) (archive.Current, error) {
	s := shelf{records, l}
	if n > 0 {
		return s.version(ctx, n)
	}
	c, _, err := s.current(ctx)
	if err == nil && c.Number == 0 {
		err = fmt.Errorf("%s has no records: %w", l, store.ErrNotFound)
	}
	return c, err
}

// Versions reads all published versions of an item, oldest first.
func Versions(ctx context.Context, records *store.Bucket, l archive.Locator) ([]archive.Current, error) {
	s := shelf{records, l}
	last, err := s.last(ctx)
	if err != nil {
		return nil, err
	}
	var out []archive.Current
	for n := 1; n <= last.Number; n++ {
		v, err := s.version(ctx, n)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Records reads the records of a version, one for each document.
func Records(ctx context.Context, records *store.Bucket, v archive.Current) ([]record.Record, error) {
	out := make([]record.Record, v.Documents)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(fetches)
	for i := range out {
		g.Go(func() error {
			if err := records.GetJSON(ctx, v.Folder+recordName(i+1), &out[i]); err != nil {
				return fmt.Errorf("read document %d of %s: %w", i+1, v.Locator, err)
			}
			return nil
		})
	}
	return out, g.Wait()
}
