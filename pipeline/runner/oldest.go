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
// that waits for the turn of its box; the zero time when none does. Tasks of
// boxes that are held wait for a person and are not counted; held may be nil.
func Oldest(ctx context.Context, js jetstream.JetStream, stage string, held func(box string) bool) (time.Time, error) {
	oldest, err := oldestQueued(ctx, js, stage)
	if err != nil {
		return oldest, err
	}
	name, all := pipeline.WaitingStream(stage)
	s, err := js.Stream(ctx, name)
	if err != nil {
		return oldest, fmt.Errorf("stream %s: %w", name, err)
	}
	subjects := []string{all}
	if held != nil {
		rooms, err := Rooms(ctx, js)
		if err != nil {
			return oldest, err
		}
		subjects = nil
		for _, r := range rooms {
			if r.Stage == stage && !held(r.Box) {
				subjects = append(subjects, pipeline.WaitingSubject(stage, r.Box))
			}
		}
	}
	for _, subject := range subjects {
		msg, err := s.GetMsg(ctx, 0, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return oldest, fmt.Errorf("what waits longest for %s: %w", stage, err)
		}
		if oldest.IsZero() || msg.Time.Before(oldest) {
			oldest = msg.Time
		}
	}
	return oldest, nil
}

func oldestQueued(ctx context.Context, js jetstream.JetStream, stage string) (time.Time, error) {
	stream, filter := consumerOf(stage)
	c, err := js.Consumer(ctx, stream, stage)
	if err != nil {
		return time.Time{}, fmt.Errorf("consumer %s: %w", stage, err)
	}
	info := c.CachedInfo() // of a moment ago
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
