package publish

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

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
	in.Whole = o.whole(ctx, in.Reading, in.Pages)
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

// held is how many pages of an item are held with all their words, some 100 KB
// each: most items are shorter, and read once. The others are read again when
// their words are needed.
const held = 50

// pages reads the transcript pages of a reading, those over held without their
// words; a page of a text input is made from its part of the text.
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
				page, err := o.page(ctx, r, i)
				if i >= held {
					page.Blocks = nil
				}
				out[i] = page
				return err
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

// page reads the i-th transcript page.
func (o Options) page(ctx context.Context, r structure.Reading, i int) (transcript.Page, error) {
	var p transcript.Page
	if err := o.Work.GetJSON(ctx, r.Pages[i].Key, &p); err != nil {
		return p, fmt.Errorf("read page %d: %w", i+1, err)
	}
	return p, nil
}

// whole yields the pages with their words: those that pages left without them
// are read again, a few ahead.
func (o Options) whole(ctx context.Context, r structure.Reading, pages []transcript.Page) iter.Seq2[*transcript.Page, error] {
	type got struct {
		page *transcript.Page
		err  error
	}
	return func(yield func(*transcript.Page, error) bool) {
		var all sync.WaitGroup
		defer all.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		fetch := func(i int) chan got {
			c := make(chan got, 1)
			if i < held || r.Pages[i].Key == "" {
				c <- got{page: &pages[i]}
				return c
			}
			all.Go(func() {
				p, err := o.page(ctx, r, i)
				c <- got{&p, err}
			})
			return c
		}
		var ahead []chan got
		for next := 0; next < len(pages) || len(ahead) > 0; {
			for ; next < len(pages) && len(ahead) < fetches; next++ {
				ahead = append(ahead, fetch(next))
			}
			g := <-ahead[0]
			ahead = ahead[1:]
			if !yield(g.page, g.err) || g.err != nil {
				return
			}
		}
	}
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
