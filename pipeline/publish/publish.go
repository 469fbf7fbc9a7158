package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// Options are what the stage works with.
type Options struct {
	Work, Records *store.Bucket
	// Images serves page images of at most so many pixels to renditions that
	// hold them; nil: those renditions are not made.
	Images func(longest int) record.Images
	// Tools names versions to state in every record, "nightshift" say.
	Tools map[string]string
	Log   *slog.Logger
}

// New is stage publish.
func New(o Options) pipeline.Stage[pipeline.PublishTask] {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return pipeline.Stage[pipeline.PublishTask]{
		Name:     pipeline.StagePublish,
		Deadline: 30 * time.Minute, // a searchable PDF of thousands of pages
		Do: func(ctx context.Context, t pipeline.PublishTask) (pipeline.Result, error) {
			r, err := o.publish(ctx, t)
			return r, progress.Outcome(err)
		},
		Parked: o.parked,
	}
}

// parked leaves a mark among the objects, so that the item counts as parked.
func (o Options) parked(ctx context.Context, t pipeline.PublishTask, f archive.Failure) (pipeline.Result, error) {
	_, err := o.Work.PutJSON(ctx, archive.StageParkedKey(t.Item, string(t.Input), pipeline.StagePublish),
		archive.ParkedMark{Version: 1, Reason: f.Reason, Detail: f.Detail})
	if errors.Is(err, store.ErrConflict) {
		err = nil // parked before, with other words
	}
	return pipeline.Result{}, progress.Outcome(err)
}

func (o Options) publish(ctx context.Context, t pipeline.PublishTask) (pipeline.Result, error) {
	current, _, err := progress.CurrentInput(ctx, o.Work, t.Item)
	if err != nil {
		return pipeline.Result{}, fmt.Errorf("see which input of %s is current: %w", t.Item, err)
	}
	if current != t.Input {
		return superseded("a newer input of the item is being worked on"), nil
	}
	terms, err := InForce(ctx, o.Work)
	if err != nil {
		return pipeline.Result{}, err
	}
	in, err := o.gather(ctx, t, terms)
	if err != nil {
		return pipeline.Result{}, err
	}
	settled, _, err := progress.CurrentSettled(ctx, o.Work, t.Item, t.Input)
	if err != nil {
		return pipeline.Result{}, fmt.Errorf("see how the pages of %s stand: %w", t.Item, err)
	}
	if in.Reading.Settled != settled {
		return superseded("its pages were read anew since"), nil
	}
	rs, err := record.Build(in)
	if errors.Is(err, record.ErrUnread) {
		return pipeline.Result{}, err
	}
	if err != nil {
		return pipeline.Result{}, pipeline.Reject(archive.BadStructure, "%w", err)
	}
	e := edition{options: o, task: t, terms: terms, on: terms.on(), in: in, records: rs}
	return e.publish(ctx)
}

// superseded is the result of a task whose work is overtaken.
func superseded(why string) pipeline.Result {
	return pipeline.Result{Events: []archive.Event{{Kind: archive.Unchanged, Reason: archive.SupersededBy, Detail: why}}}
}
