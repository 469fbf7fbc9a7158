package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

// FormatHeader says which version of the messages' format a message is in.
const FormatHeader = "Nightshift-Format"

// format is the version of messages written, and the newest that is read;
// taskVersion the newest of the tasks in them.
const (
	format      = 1
	taskVersion = 1
)

// marshaler is a task that spells itself: notifications and records are not
// JSON of a task.
type marshaler interface{ MarshalTask() ([]byte, error) }

func message(t pipeline.Task) (*nats.Msg, error) {
	var raw []byte
	var err error
	if m, ok := t.(marshaler); ok {
		raw, err = m.MarshalTask()
	} else {
		raw, err = json.Marshal(t)
	}
	if err != nil {
		return nil, fmt.Errorf("spell %s: %w", t.Subject(), err)
	}
	msg := nats.NewMsg(t.Subject())
	msg.Data = raw
	msg.Header.Set(FormatHeader, strconv.Itoa(format))
	if id := t.MessageID(); id != "" {
		msg.Header.Set(jetstream.MsgIDHeader, id)
	}
	return msg, nil
}

// Publish publishes tasks and returns when their streams have them. A stream
// that is full (DiscardNew) is waited for: that is back-pressure, no failure.
func Publish(ctx context.Context, js jetstream.JetStream, tasks ...pipeline.Task) error {
	_, err := Ask(ctx, js, tasks...)
	return err
}

// Ask is Publish that also tells how many of the tasks their streams took: the
// others they had lately, under the same message id.
func Ask(ctx context.Context, js jetstream.JetStream, tasks ...pipeline.Task) (taken int, err error) {
	msgs := make([]*nats.Msg, 0, len(tasks))
	for _, t := range tasks {
		if o, ok := t.(pipeline.Once); ok && !o.Since().IsZero() {
			there, err := published(ctx, js, o)
			if err != nil {
				return 0, fmt.Errorf("see whether %s was published: %w", o.MessageID(), err)
			}
			if there {
				continue
			}
		}
		msg, err := message(t)
		if err != nil {
			return 0, err
		}
		msgs = append(msgs, msg)
	}
	carry(ctx, msgs)
	return sent(ctx, js, msgs)
}

// clocks is how far the clocks of store and NATS may be apart.
const clocks = 2 * time.Hour

// published looks for the task's message id among the messages of its subject
// that came after its Since, one after the other: it makes no consumer, for which
// a service would need rights over those of other systems. It is asked after a
// crash only.
func published(ctx context.Context, js jetstream.JetStream, t pipeline.Once) (bool, error) {
	s, err := js.Stream(ctx, pipeline.StreamRecords)
	if err != nil {
		return false, fmt.Errorf("stream %s: %w", pipeline.StreamRecords, err)
	}
	at, err := firstSince(ctx, s, t.Since().Add(-clocks))
	if err != nil {
		return false, err
	}
	for {
		msg, err := s.GetMsg(ctx, at, jetstream.WithGetMsgSubject(t.Subject()))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if msg.Header.Get(jetstream.MsgIDHeader) == t.MessageID() {
			return true, nil
		}
		at = msg.Sequence + 1
	}
}

// firstSince is the sequence of the first message that NATS got at the time or
// later, or one that is free yet.
func firstSince(ctx context.Context, s jetstream.Stream, from time.Time) (uint64, error) {
	info, err := s.Info(ctx)
	if err != nil {
		return 0, err
	}
	low, high := max(info.State.FirstSeq, 1), info.State.LastSeq+1
	for low < high {
		middle := low + (high-low)/2
		msg, err := s.GetMsg(ctx, middle, jetstream.WithGetMsgSubject(">"))
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound):
			high = middle
		case err != nil:
			return 0, err
		case msg.Time.Before(from):
			low = msg.Sequence + 1
		default:
			high = middle
		}
	}
	return low, nil
}

// Append appends events to the ledger, each under its ID.
func Append(ctx context.Context, js jetstream.JetStream, events ...archive.Event) error {
	msgs := make([]*nats.Msg, len(events))
	for i, e := range events {
		if e.Version == 0 {
			e.Version = 1
		}
		if e.Time.IsZero() {
			e.Time = time.Now().UTC()
		}
		raw, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("spell an event: %w", err)
		}
		msgs[i] = nats.NewMsg(e.Subject())
		msgs[i].Data = raw
		msgs[i].Header.Set(FormatHeader, strconv.Itoa(format))
		id := e.ID
		if id == "" {
			id = string(archive.DigestOf(raw))
		}
		msgs[i].Header.Set(jetstream.MsgIDHeader, id)
	}
	return send(ctx, js, msgs)
}

// Park publishes a failure to FAILED and returns when it is there. The same
// failure of the same delivery counts once.
func Park(ctx context.Context, js jetstream.JetStream, f archive.Failure, id string) error {
	raw, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("spell a failure: %w", err)
	}
	msg := nats.NewMsg(pipeline.FailedSubject(f.Stage, f.Item))
	msg.Data = raw
	msg.Header.Set(FormatHeader, strconv.Itoa(format))
	if id != "" {
		msg.Header.Set(jetstream.MsgIDHeader, id)
	}
	return send(ctx, js, []*nats.Msg{msg})
}

// fullWait is how long a full stream is left alone before the next try.
const fullWait = 500 * time.Millisecond

// ackWithin is how long an acknowledgement of a publish is waited for: on a line
// that broke it may never come, and ctx may have no end.
var ackWithin = 30 * time.Second // a variable for tests

var errNoAck = errors.New("not acknowledged in time")

// send publishes messages side by side and waits for every acknowledgement.
// Those that found a full stream are sent again until ctx ends.
func send(ctx context.Context, js jetstream.JetStream, msgs []*nats.Msg) error {
	_, err := sent(ctx, js, msgs)
	return err
}

// sent is send that tells how many were no repetition of what the streams had.
func sent(ctx context.Context, js jetstream.JetStream, msgs []*nats.Msg) (taken int, err error) {
	for len(msgs) > 0 {
		futures := make([]jetstream.PubAckFuture, len(msgs))
		for i, m := range msgs {
			f, err := js.PublishMsgAsync(m)
			if err != nil {
				return taken, fmt.Errorf("publish %s: %w", m.Subject, err)
			}
			futures[i] = f
		}
		late := time.NewTimer(ackWithin)
		defer late.Stop()
		var full []*nats.Msg
		for i, f := range futures {
			select {
			case ack := <-f.Ok():
				if !ack.Duplicate {
					taken++
				}
			case err := <-f.Err():
				if !isFull(err) {
					return taken, fmt.Errorf("publish %s: %w", msgs[i].Subject, err)
				}
				full = append(full, msgs[i])
			case <-late.C:
				return taken, fmt.Errorf("publish %s: %w", msgs[i].Subject, errNoAck)
			case <-ctx.Done():
				return taken, fmt.Errorf("publish %s: %w", msgs[i].Subject, ctx.Err())
			}
		}
		if msgs = full; len(msgs) > 0 {
			if err := Sleep(ctx, fullWait); err != nil {
				return taken, fmt.Errorf("stream full: %w", err)
			}
		}
	}
	return taken, nil
}

// isFull tells whether a publish was refused because the stream, or the store
// below it, is at its limit: JetStream's errors 10077 (maximum messages or
// bytes exceeded) and 10047, 10023 (insufficient resources).
func isFull(err error) bool {
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode {
	case 10077, 10047, 10023:
		return true
	}
	return false
}

// Sleep waits for d, or until ctx is done, and returns why it is.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
