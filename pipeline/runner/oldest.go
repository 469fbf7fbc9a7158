package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
)

// Oldest tells since when the oldest task waits that a stage has not settled, or
// that waits for the turn of its box; the zero time when none does.
func Oldest(ctx context.Context, js jetstream.JetStream, stage string) (time.Time, error) {
	queued, err := oldestQueued(ctx, js, stage)
	if err != nil {
		return queued, err
	}
	s, err := js.Stream(ctx, pipeline.StreamWaiting)
	if err != nil {
		return queued, fmt.Errorf("stream %s: %w", pipeline.StreamWaiting, err)
	}
	msg, err := s.GetMsg(ctx, 0, jetstream.WithGetMsgSubject("waiting."+stage+".*"))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return queued, nil
	}
	if err != nil {
		return queued, fmt.Errorf("what waits longest for %s: %w", stage, err)
	}
	if queued.IsZero() || msg.Time.Before(queued) {
		return msg.Time, nil
	}
	return queued, nil
}

func oldestQueued(ctx context.Context, js jetstream.JetStream, stage string) (time.Time, error) {
	stream, filter := consumerOf(stage)
	c, err := js.Consumer(ctx, stream, stage)
	if err != nil {
		return time.Time{}, fmt.Errorf("consumer %s: %w", stage, err)
	}
	info, err := c.Info(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("consumer %s: %w", stage, err)
	}
	if info.NumPending == 0 && info.NumAckPending == 0 {
		return time.Time{}, nil
	}
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return time.Time{}, fmt.Errorf("stream %s: %w", stream, err)
	}
	msg, err := s.GetMsg(ctx, info.AckFloor.Stream+1, jetstream.WithGetMsgSubject(filter))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return time.Time{}, nil // settled meanwhile
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("oldest task of %s: %w", stage, err)
	}
	return msg.Time, nil
}
