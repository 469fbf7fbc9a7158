package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
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
	// Policy; the zero Policy leaves decisions as the structurer made them.
	Policy     record.Policy
	Renditions Renditions
	// Images serves page images to renditions that hold them; nil: those
	// renditions are not made.
	Images record.Images
	// Base is the address under which the archive serves its records, for the
	// renditions that name things by address (IIIF, annotations); see
	// UnknownBase.
	Base string
	// Tools names versions to state in every record, "nightshift" say.
	Tools map[string]string
	Log   *slog.Logger
}

// UnknownBase stands where nobody said under which address the archive serves
// its records: a domain that is reserved never to exist (RFC 2606).
const UnknownBase = "https://records.invalid"

func (o Options) base() string {
	if o.Base == "" {
		return UnknownBase
	}
	return strings.TrimSuffix(o.Base, "/")
}

// New is stage publish.
func New(o Options) pipeline.Stage[pipeline.PublishTask] {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Policy.Version == 0 {
		o.Policy = record.DefaultPolicy()
	}
	return pipeline.Stage[pipeline.PublishTask]{
		Name:     pipeline.StagePublish,
		Deadline: 30 * time.Minute, // a searchable PDF of thousands of pages
		Do: func(ctx context.Context, t pipeline.PublishTask) (pipeline.Result, error) {
			r, err := o.publish(ctx, t)
			if store.IsDown(err) {
				err = pipeline.Unavailable(err)
			}
			return r, err
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
	return pipeline.Result{}, err
}

func (o Options) publish(ctx context.Context, t pipeline.PublishTask) (pipeline.Result, error) {
	current, _, err := progress.CurrentInput(ctx, o.Work, t.Item)
	if err != nil {
		return pipeline.Result{}, fmt.Errorf("see which input of %s is current: %w", t.Item, err)
	}
	if current != t.Input {
		return superseded("a newer input of the item is being worked on"), nil
	}
	in, err := o.gather(ctx, t)
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
	if err != nil {
		return pipeline.Result{}, pipeline.Reject(archive.BadStructure, "%w", err)
	}
	e := edition{options: o, task: t, in: in, records: rs}
	return e.publish(ctx)
}

// superseded is the result of a task whose work is overtaken.
func superseded(why string) pipeline.Result {
	return pipeline.Result{Events: []archive.Event{{Kind: archive.Unchanged, Reason: archive.SupersededBy, Detail: why}}}
}
