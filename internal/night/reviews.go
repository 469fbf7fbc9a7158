package night

import (
	"context"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/review"
	"nightshift/pipeline/runner"
)

// Reviews is the desk where people decide about published records.
func (s *System) Reviews() review.Desk {
	return review.Desk{
		Work: s.Work, Records: s.Records,
		Publish: func(ctx context.Context, t ...pipeline.Task) error { return runner.Publish(ctx, s.JS, t...) },
		Append:  func(ctx context.Context, e ...archive.Event) error { return runner.Append(ctx, s.JS, e...) },
	}
}
