package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
)

// Room is what waits for a stage and the turn of a box.
type Room struct {
	Stage string `json:"stage"`
	Box   string `json:"box"`
	Tasks int    `json:"tasks"`
}

// Rooms tells what is in the waiting rooms, by stage and box.
func Rooms(ctx context.Context, js jetstream.JetStream) ([]Room, error) {
	streams, err := rooms(ctx, js)
	if err != nil {
		return nil, err
	}
	return roomsIn(ctx, streams)
}

// rooms are the waiting rooms by name.
func rooms(ctx context.Context, js jetstream.JetStream) (map[string]jetstream.Stream, error) {
	out := map[string]jetstream.Stream{}
	for _, name := range pipeline.WaitingStreams() {
		s, err := js.Stream(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("stream %s: %w", name, err)
		}
		out[name] = s
	}
	return out, nil
}

func roomsIn(ctx context.Context, streams map[string]jetstream.Stream) ([]Room, error) {
	var out []Room
	for name, s := range streams {
		info, err := s.Info(ctx, jetstream.WithSubjectFilter(">"))
		if err != nil {
			return nil, fmt.Errorf("stream %s: %w", name, err)
		}
		for subject, n := range info.State.Subjects {
			stage, box, ok := pipeline.WaitingFor(subject)
			if in, _ := pipeline.WaitingStream(stage); ok && n > 0 && in == name {
				out = append(out, Room{stage, box, int(n)})
			}
		}
	}
	slices.SortFunc(out, func(a, b Room) int {
		if d := strings.Compare(a.Stage, b.Stage); d != 0 {
			return d
		}
		return strings.Compare(a.Box, b.Box)
	})
	return out, nil
}

// moveAside takes tasks that wait where those of all stages did to the rooms of
// their stages: published there, then deleted here, under an id that their place
// makes.
func moveAside(ctx context.Context, js jetstream.JetStream) error {
	old, err := js.Stream(ctx, pipeline.StreamWaiting)
	if err != nil {
		return fmt.Errorf("stream %s: %w", pipeline.StreamWaiting, err)
	}
	for _, stage := range []string{pipeline.StageStructure, pipeline.StagePublish} {
		for {
			raw, err := old.GetMsg(ctx, 0, jetstream.WithGetMsgSubject("waiting."+stage+".*"))
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				break
			}
			if err != nil {
				return fmt.Errorf("what waits for %s: %w", stage, err)
			}
			msg := &nats.Msg{Subject: "aside." + strings.TrimPrefix(raw.Subject, "waiting."), Data: raw.Data, Header: raw.Header}
			if msg.Header == nil {
				msg.Header = nats.Header{}
			}
			msg.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("moved/%d/%s", raw.Sequence, raw.Time.UTC().Format(time.RFC3339Nano)))
			if err := send(ctx, js, []*nats.Msg{msg}); err != nil {
				return err
			}
			if err := old.DeleteMsg(ctx, raw.Sequence); err != nil && !gone(err) {
				return fmt.Errorf("take a task out of %s: %w", pipeline.StreamWaiting, err)
			}
		}
	}
	return nil
}

// Wait publishes tasks to the waiting room rather than to their stages.
func Wait(ctx context.Context, js jetstream.JetStream, tasks ...pipeline.Task) error {
	msgs := make([]*nats.Msg, len(tasks))
	for i, t := range tasks {
		msg, err := message(t)
		if err != nil {
			return err
		}
		msg.Subject = pipeline.WaitingSubject(pipeline.StageOf(t), t.About().Locator.Box())
		msgs[i] = msg
	}
	carry(ctx, msgs)
	return send(ctx, js, msgs)
}

// Door is where tasks are let in from the waiting room. It asks NATS once for
// what stays as it is, since an usher looks again for each task.
type Door struct {
	js      jetstream.JetStream
	waiting map[string]jetstream.Stream
	queues  map[string]jetstream.Consumer // by stage
}

// OpenDoor makes a Door, for one goroutine.
func OpenDoor(ctx context.Context, js jetstream.JetStream) (*Door, error) {
	waiting, err := rooms(ctx, js)
	if err != nil {
		return nil, err
	}
	return &Door{js, waiting, map[string]jetstream.Consumer{}}, nil
}

// Rooms tells what waits in the waiting rooms.
func (d *Door) Rooms(ctx context.Context) ([]Room, error) { return roomsIn(ctx, d.waiting) }

// Queue tells what waits for a stage; Aside is left at 0.
func (d *Door) Queue(ctx context.Context, stage string) (Queue, error) {
	c := d.queues[stage]
	if c == nil {
		stream, _ := consumerOf(stage)
		var err error
		if c, err = d.js.Consumer(ctx, stream, stage); err != nil {
			return Queue{}, fmt.Errorf("consumer %s: %w", stage, err)
		}
		d.queues[stage] = c
	}
	info, err := c.Info(ctx)
	if err != nil {
		return Queue{}, fmt.Errorf("consumer %s: %w", stage, err)
	}
	return queueOf(stage, info), nil
}

// Admit moves the task that waits longest for the stage and the turn of the box
// to the stage; false: none waits. It is published before it is taken out of
// the waiting room, under an id that its place there makes: two who admit at
// once, or one who dies between, admit it once.
func (d *Door) Admit(ctx context.Context, stage, box string) (bool, error) {
	name, _ := pipeline.WaitingStream(stage)
	room := d.waiting[name]
	raw, err := room.GetMsg(ctx, 0, jetstream.WithGetMsgSubject(pipeline.WaitingSubject(stage, box)))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("what waits of %s: %w", box, err)
	}
	msg := admitted(raw, stage)
	if err := send(ctx, d.js, []*nats.Msg{msg}); err != nil {
		return false, err
	}
	if err := room.DeleteMsg(ctx, raw.Sequence); err != nil && !gone(err) {
		return false, fmt.Errorf("take a task of %s out of the waiting room: %w", box, err)
	}
	return true, nil
}

// admitted is a task of the waiting room as a message for its stage.
func admitted(raw *jetstream.RawStreamMsg, stage string) *nats.Msg {
	var ref pipeline.Ref
	if err := json.Unmarshal(raw.Data, &ref); err != nil || ref.Item == "" {
		ref.Item = "none" // its stage parks what it cannot read
	}
	msg := nats.NewMsg(pipeline.WorkSubject(stage, ref.Item))
	msg.Data, msg.Header = raw.Data, raw.Header
	msg.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%s/%s/%d", raw.Header.Get(jetstream.MsgIDHeader), raw.Time.UTC().Format(time.RFC3339Nano), raw.Sequence))
	return msg
}

// gone reports whether a message could not be deleted because it was: JetStream's
// errors 10037 (no message found) and 10057 (message delete failed).
func gone(err error) bool {
	var api *jetstream.APIError
	if errors.Is(err, jetstream.ErrMsgNotFound) || errors.Is(err, jetstream.ErrMsgDeleteUnsuccessful) {
		return true
	}
	return errors.As(err, &api) && (api.ErrorCode == 10037 || api.ErrorCode == 10057)
}

// Tell calls woken, from another goroutine, whenever something comes into the
// waiting room for a stage, until stop is called. It is a hint.
func Tell(nc *nats.Conn, stage string, woken func()) (stop func(), err error) {
	_, subjects := pipeline.WaitingStream(stage)
	sub, err := nc.Subscribe(subjects, func(*nats.Msg) { woken() })
	if err != nil {
		return nil, fmt.Errorf("listen at the waiting room: %w", err)
	}
	return func() { _ = sub.Unsubscribe() }, nil
}

// keepBack moves a task of a held box to the waiting room. It comes back as a
// new message, so that no try is burned.
func (l *loop[In]) keepBack(ctx context.Context, msg jetstream.Msg, meta *jetstream.MsgMetadata, in In) {
	about := in.About()
	aside := nats.NewMsg(pipeline.WaitingSubject(l.stage.Name, about.Locator.Box()))
	aside.Data = msg.Data()
	for k, v := range msg.Headers() {
		aside.Header[k] = v
	}
	aside.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("aside/%s/%d/%s", meta.Stream, meta.Sequence.Stream, meta.Timestamp.UTC().Format(time.RFC3339Nano)))
	if err := send(ctx, l.js, []*nats.Msg{aside}); err != nil {
		l.Log.Warn("task of a held box not set aside; it comes again", "item", about.Item, "error", err)
		l.giveBack(ctx, msg, meta, l.delay(1))
		return
	}
	if err := msg.DoubleAck(ctx); err != nil {
		l.Log.Warn("acknowledgement not confirmed; the task will come again", "error", err)
	}
	l.Log.Debug("set aside: its box is held", "item", about.Item, "page", about.Page)
}

// Pause stops the delivery of a stage's tasks until a time; what is worked on
// ends. Resume starts it again. The server keeps it over restarts.
func Pause(ctx context.Context, js jetstream.JetStream, stage string, until time.Time) error {
	stream, _ := consumerOf(stage)
	if _, err := js.PauseConsumer(ctx, stream, stage, until); err != nil {
		return fmt.Errorf("pause consumer %s: %w", stage, err)
	}
	return nil
}

// Resume ends a Pause.
func Resume(ctx context.Context, js jetstream.JetStream, stage string) error {
	stream, _ := consumerOf(stage)
	if _, err := js.ResumeConsumer(ctx, stream, stage); err != nil {
		return fmt.Errorf("resume consumer %s: %w", stage, err)
	}
	return nil
}
