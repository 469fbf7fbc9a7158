package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

// Failures reads FAILED from its beginning to what is there now. A message that
// is no failure of a known version comes as one with reason newer-format.
func Failures(ctx context.Context, js jetstream.JetStream) iter.Seq2[archive.Failure, error] {
	return func(yield func(archive.Failure, error) bool) {
		for msg, err := range all(ctx, js, pipeline.StreamFailed, nil, time.Time{}) {
			if err != nil {
				yield(archive.Failure{}, err)
				return
			}
			var f archive.Failure
			if json.Unmarshal(msg.raw, &f) != nil || f.Version > 1 {
				f = archive.Failure{Reason: archive.NewerFormat, Detail: "a failure that this version cannot read", Raw: msg.raw}
			}
			f.Sequence = msg.sequence
			if !yield(f, nil) {
				return
			}
		}
	}
}

// Events reads the ledger from its beginning to what is there now. Events of a
// newer version are passed over: counts come from the objects.
func Events(ctx context.Context, js jetstream.JetStream) iter.Seq2[archive.Event, error] {
	return events(ctx, js, nil, time.Time{})
}

// EventsSince is Events without those of before a time, which are not read
// either, but for some: NATS knows when it got an event, and clocks differ.
func EventsSince(ctx context.Context, js jetstream.JetStream, since time.Time) iter.Seq2[archive.Event, error] {
	return func(yield func(archive.Event, error) bool) {
		from := since
		if !since.IsZero() {
			from = since.Add(-clocks)
		}
		for e, err := range events(ctx, js, nil, from) {
			if err == nil && e.Time.Before(since) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// LedgerEnd is the sequence of the ledger's last event: while it stays the same,
// nothing was told.
func LedgerEnd(ctx context.Context, js jetstream.JetStream) (uint64, error) {
	s, err := js.Stream(ctx, pipeline.StreamLedger)
	if err != nil {
		return 0, fmt.Errorf("stream %s: %w", pipeline.StreamLedger, err)
	}
	return s.CachedInfo().State.LastSeq, nil
}

// History is Events for one item.
func History(ctx context.Context, js jetstream.JetStream, item archive.ItemID) iter.Seq2[archive.Event, error] {
	return events(ctx, js, archive.HistorySubjects(item), time.Time{})
}

func events(ctx context.Context, js jetstream.JetStream, subjects []string, from time.Time) iter.Seq2[archive.Event, error] {
	return func(yield func(archive.Event, error) bool) {
		for msg, err := range all(ctx, js, pipeline.StreamLedger, subjects, from) {
			if err != nil {
				yield(archive.Event{}, err)
				return
			}
			if e, ok := event(msg.subject, msg.raw, msg.id); ok && !yield(e, nil) {
				return
			}
		}
	}
}

// event reads one event; not ok: it is of a newer version, or none, or told by
// somebody who may not tell of it.
func event(subject string, raw []byte, id string) (e archive.Event, ok bool) {
	ok = json.Unmarshal(raw, &e) == nil && e.Version <= 1 && e.ToldBy(subject)
	e.ID = id
	return e, ok
}

// Unused reports whether nothing was ever published to a stream.
func Unused(ctx context.Context, js jetstream.JetStream, stream string) (bool, error) {
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return false, fmt.Errorf("stream %s: %w", stream, err)
	}
	return s.CachedInfo().State.LastSeq == 0, nil
}

// resets is how often an ordered consumer that was lost is made anew before its
// reader is told. Without a limit the client goes on for ever, past any context.
const resets = 5

type stored struct {
	subject  string
	raw      []byte
	id       string // of the message
	sequence uint64
}

// all reads a stream, or some subjects of it, through an ordered consumer up to
// the message that was last when it began; from is when NATS got the first that
// is wanted, the zero time for all.
func all(ctx context.Context, js jetstream.JetStream, name string, subjects []string, from time.Time) iter.Seq2[stored, error] {
	return func(yield func(stored, error) bool) {
		fail := func(err error) { yield(stored{}, fmt.Errorf("read stream %s: %w", name, err)) }
		s, err := js.Stream(ctx, name)
		if err != nil {
			fail(err)
			return
		}
		last, err := end(ctx, s, subjects, from)
		if err != nil {
			fail(err)
			return
		}
		if last == 0 {
			return
		}
		cfg := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy, MaxResetAttempts: resets}
		cfg.FilterSubjects = subjects
		if !from.IsZero() {
			cfg.DeliverPolicy, cfg.OptStartTime = jetstream.DeliverByStartTimePolicy, &from
		}
		c, err := s.OrderedConsumer(ctx, cfg)
		if err != nil {
			fail(err)
			return
		}
		for at := uint64(0); at < last; {
			if ctx.Err() != nil {
				fail(ctx.Err())
				return
			}
			batch, err := c.Fetch(500, jetstream.FetchMaxWait(5*time.Second))
			if err != nil {
				fail(err)
				return
			}
			n := 0
			for msg := range batch.Messages() {
				meta, err := msg.Metadata()
				if err != nil {
					fail(err)
					return
				}
				n++
				if at = meta.Sequence.Stream; at > last {
					return
				}
				if !yield(stored{msg.Subject(), msg.Data(), msg.Headers().Get(jetstream.MsgIDHeader), at}, nil) || at == last {
					return // without waiting for a batch to fill
				}
			}
			if err := batch.Error(); err != nil {
				fail(err)
				return
			}
			if n == 0 {
				fail(errors.New("no messages within 5 s"))
				return
			}
		}
	}
}

// end is the sequence of the last message of the stream or the subjects, 0 when
// there is none since from.
func end(ctx context.Context, s jetstream.Stream, subjects []string, from time.Time) (last uint64, err error) {
	for _, subject := range subjects {
		msg, err := s.GetLastMsgForSubject(ctx, subject)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return 0, err
		}
		if !msg.Time.Before(from) {
			last = max(last, msg.Sequence)
		}
	}
	if len(subjects) > 0 {
		return last, nil
	}
	info, err := s.Info(ctx)
	if err != nil || info.State.Msgs == 0 || info.State.LastTime.Before(from) {
		return 0, err
	}
	return info.State.LastSeq, nil
}

// Watch follows the ledger from the given time until ctx is done.
func Watch(ctx context.Context, js jetstream.JetStream, from time.Time) iter.Seq[archive.Event] {
	return func(yield func(archive.Event) bool) {
		c, err := js.OrderedConsumer(ctx, pipeline.StreamLedger, jetstream.OrderedConsumerConfig{
			DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &from,
		})
		if err != nil {
			return
		}
		msgs, err := c.Messages()
		if err != nil {
			return
		}
		defer msgs.Stop()
		stop := context.AfterFunc(ctx, msgs.Stop)
		defer stop()
		for {
			msg, err := msgs.Next()
			if err != nil {
				return
			}
			if e, ok := event(msg.Subject(), msg.Data(), msg.Headers().Get(jetstream.MsgIDHeader)); ok && !yield(e) {
				return
			}
		}
	}
}

// Queue is what waits for a stage.
type Queue struct {
	Stage   string `json:"stage"`
	Waiting int    `json:"waiting"` // never delivered
	Working int    `json:"working"` // delivered and not settled: being worked on, or waiting for a new try
	Pulling int    `json:"pulling"` // requests of workers that wait for work; 0 while all are busy, or when there are none
	Aside   int    `json:"aside"`   // in the waiting room, for the turn of their box
	Paused  bool   `json:"paused"`  // nothing is delivered
}

// Queues tells what waits for each stage, in the order of the flow.
func Queues(ctx context.Context, js jetstream.JetStream) ([]Queue, error) {
	rooms, err := Rooms(ctx, js)
	if err != nil {
		return nil, err
	}
	aside := map[string]int{}
	for _, r := range rooms {
		aside[r.Stage] += r.Tasks
	}
	var out []Queue
	for _, stage := range stages {
		stream, _ := consumerOf(stage)
		c, err := js.Consumer(ctx, stream, stage)
		if err != nil {
			return nil, fmt.Errorf("consumer %s: %w", stage, err)
		}
		q := queueOf(stage, c.CachedInfo()) // of a moment ago
		q.Aside = aside[stage]
		out = append(out, q)
	}
	return out, nil
}

func queueOf(stage string, info *jetstream.ConsumerInfo) Queue {
	return Queue{Stage: stage, Waiting: int(info.NumPending), Working: info.NumAckPending, Pulling: info.NumWaiting, Paused: info.Paused}
}

// Idle reports whether nothing waits for any stage and nothing is worked on.
func Idle(ctx context.Context, js jetstream.JetStream) (bool, []Queue, error) {
	qs, err := Queues(ctx, js)
	for _, q := range qs {
		if q.Waiting+q.Working+q.Aside > 0 {
			return false, qs, err
		}
	}
	return err == nil, qs, err
}
