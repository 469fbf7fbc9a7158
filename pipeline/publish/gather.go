package publish

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// fetches is how many objects are fetched or put at once: enough to hide the
// store's latency, few enough to leave it to the other stages.
const fetches = 4

// gather reads everything the records are made from.
func (o Options) gather(ctx context.Context, t pipeline.PublishTask, terms Terms) (record.Input, error) {
	in := record.Input{Structure: t.Structure, Policy: terms.Policy, Tools: o.Tools}
	for key, v := range map[string]any{
		archive.ManifestKey(t.Item, t.Input):               &in.Manifest,
		archive.StructureKey(t.Item, t.Input, t.Structure): &in.Reading,
	} {
		err := o.Work.GetJSON(ctx, key, v)
		if errors.Is(err, store.ErrNotFound) {
			return in, pipeline.Reject(archive.BadTask, "no object %s", key)
		}
		if err != nil {
			return in, err
		}
	}
	var err error
	if in.Pages, err = o.pages(ctx, in.Reading); err != nil {
		return in, err
	}
	if in.Reviews, err = o.reviews(ctx, t.Item); err != nil {
		return in, err
	}
	parts := []string{"made", string(t.Structure), string(terms.digest())}
	for _, r := range in.Reviews {
		parts = append(parts, r.ID)
	}
	in.Made = archive.DigestOfParts(parts...).Short()
	return in, nil
}

// pages reads the transcript pages of a reading; a page of a text input is made
// from its part of the text.
func (o Options) pages(ctx context.Context, r structure.Reading) ([]transcript.Page, error) {
	out := make([]transcript.Page, len(r.Pages))
	text := []rune(r.Text)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(fetches)
	for i, p := range r.Pages {
		switch {
		case p.Parked != "":
			out[i] = transcript.Page{Version: transcript.FormatVersion, Parked: string(p.Parked)}
		case p.Key != "":
			g.Go(func() error {
				if err := o.Work.GetJSON(ctx, p.Key, &out[i]); err != nil {
					return fmt.Errorf("read page %d: %w", i+1, err)
				}
				return nil
			})
		default:
			if p.Start < 0 || p.End < p.Start || p.End > len(text) {
				return nil, pipeline.Reject(archive.BadStructure, "page %d spans %d-%d of %d", i+1, p.Start, p.End, len(text))
			}
			s := string(text[p.Start:p.End])
			out[i] = transcript.Page{Version: transcript.FormatVersion, Text: &s, Blocks: []transcript.Block{}}
		}
	}
	return out, g.Wait()
}

// reviews reads the item's reviews, oldest first (their keys say when).
func (o Options) reviews(ctx context.Context, item archive.ItemID) ([]record.Review, error) {
	var out []record.Review
	for info, err := range o.Work.List(ctx, archive.ReviewsPrefix(item)) {
		if err != nil {
			return nil, fmt.Errorf("list the reviews of %s: %w", item, err)
		}
		var r record.Review
		if err := o.Work.GetJSON(ctx, info.Key, &r); err != nil {
			return nil, fmt.Errorf("read a review: %w", err)
		}
		out = append(out, r)
	}
	return out, nil
}
