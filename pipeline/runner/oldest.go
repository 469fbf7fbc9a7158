package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Oldest tells since when the oldest task waits that a stage has not settled;
// the zero time when none does.
func Oldest(ctx context.Context, js jetstream.JetStream, stage string) (time.Time, error) {
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
