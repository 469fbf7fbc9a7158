package runner

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

// Options of Run. Zero values take the defaults named here.
type Options struct {
	Workers  int           // tasks at once; default 1
	MaxTries int           // of a task before it is parked; default 5
	Slow     int           // tries of a task that ended at its deadline, before it is parked; default 2
	Deadline time.Duration // of one call of a stage that names none; default 5 minutes
	Heart    time.Duration // between heartbeats; default a quarter of the consumer's AckWait
	Base     time.Duration // delay after the first failed try, doubled each time; default 1 s
	MaxDelay time.Duration // longest delay between tries; default 5 minutes
	Newer    time.Duration // before a task of a newer version is looked at again; default 30 s
	Grace    time.Duration // to finish what is held when told to stop; default 10 s
	// Patience is how long a task is held that finds what the stage depends on
	// away though it answers others; then that counts as a try, so that one object
	// that the store cannot read stops nothing. Default 2 minutes.
	Patience time.Duration
	Worker   string // name of this process in ledger and failures
	Log      *slog.Logger
	// Healthy tells whether what the stage depends on is there; nil: always.
	Healthy func(context.Context) error
	// Held tells whether the box of an item is held: its tasks are set aside in the
	// waiting room when they come. nil: none is.
	Held func(archive.Locator) bool
	// Publish publishes the tasks that follow; nil: to their stages.
	Publish func(context.Context, ...pipeline.Task) error
	// At is called at named points of a task's way, for tests that kill there:
	// "done", "published", "parked".
	At func(point string)
	// Observe is told of every try, for metrics.
	Observe func(Try)
}

// Try is one call of a stage, for metrics.
type Try struct {
	Stage   string
	Took    time.Duration
	Outcome string         // ok, retry, later, newer, parked, unavailable
	Reason  archive.Reason // where parked
}

func (o Options) withDefaults() Options {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	o.Workers, o.MaxTries = max(o.Workers, 1), max(o.MaxTries, 1)
	if o.Slow == 0 {
		o.Slow = 2
	}
	set(&o.Deadline, 5*time.Minute)
	set(&o.Base, time.Second)
	set(&o.MaxDelay, 5*time.Minute)
	set(&o.Grace, 10*time.Second)
	set(&o.Newer, 30*time.Second)
	set(&o.Patience, 2*time.Minute)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.At == nil {
		o.At = func(string) {}
	}
	if o.Observe == nil {
		o.Observe = func(Try) {}
	}
	return o
}

// loop is one stage being run.
type loop[In pipeline.Task] struct {
	Options
	stage pipeline.Stage[In]
	js    jetstream.JetStream
	kv    jetstream.KeyValue
	gate  gate
}

// Run pulls tasks of the stage and works on them until ctx is done; then it
// lets what is in work finish within Options.Grace and gives back the rest. A
// NATS that does not answer is waited for; it returns an error only if the
// consumer is not there or may not be used.
func Run[In pipeline.Task](ctx context.Context, js jetstream.JetStream, stage pipeline.Stage[In], o Options) error {
	l := &loop[In]{Options: o.withDefaults(), stage: stage, js: js}
	if stage.Deadline > 0 {
		l.Deadline = stage.Deadline
	}
	if l.Publish == nil {
		l.Publish = func(ctx context.Context, t ...pipeline.Task) error { return Publish(ctx, js, t...) }
	}
	l.Log = l.Log.With("stage", stage.Name)
	l.gate.healthy, l.gate.log = l.Healthy, l.Log
	stream, _ := consumerOf(stage.Name)
	var consumer jetstream.Consumer
	err := Patiently(ctx, l.Log, IsAway, func() (err error) {
		if consumer, err = js.Consumer(ctx, stream, stage.Name); err == nil {
			l.kv, err = js.KeyValue(ctx, triesBucket)
		}
		return err
	})
	if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("consumer %s of stream %s: %w; run `nightshift init` once with an administrator's rights", stage.Name, stream, err)
	}
	if err != nil {
		return fmt.Errorf("consumer %s of stream %s, bucket %s: %w", stage.Name, stream, triesBucket, err)
	}
	if l.Heart == 0 {
		l.Heart = consumer.CachedInfo().Config.AckWait / 4
	}
	// Work outlives ctx by the grace; pulling does not.
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	stopEnd := context.AfterFunc(ctx, func() { time.AfterFunc(l.Grace, end) })
	defer stopEnd()
	var wg sync.WaitGroup
	for range l.Workers {
		wg.Go(func() { l.pull(ctx, work, consumer) })
	}
	wg.Wait()
	return nil
}

// pull takes one message after the other: a worker holds no more than it works
// on, so that other processes share the rest.
func (l *loop[In]) pull(ctx, work context.Context, consumer jetstream.Consumer) {
	for ctx.Err() == nil {
		if !l.gate.wait(ctx, nil) {
			return
		}
		batch, err := consumer.Fetch(1, jetstream.FetchContext(ctx))
		if err == nil {
			for msg := range batch.Messages() {
				l.handle(work, msg)
			}
			err = batch.Error()
		}
		if err != nil && ctx.Err() == nil && !errors.Is(err, jetstream.ErrNoMessages) && !errors.Is(err, context.DeadlineExceeded) {
			l.Log.Debug("pull failed", "error", err)
			if Sleep(ctx, time.Second) != nil {
				return
			}
		}
	}
}

// handle does all that is to be done with one message.
func (l *loop[In]) handle(ctx context.Context, msg jetstream.Msg) {
	meta, err := msg.Metadata()
	if err != nil {
		l.Log.Error("message without metadata", "error", err)
		return
	}
	beat, stop := l.heartbeats(ctx, msg)
	defer stop()
	in, err := decode[In](msg.Headers().Get(FormatHeader), msg.Data(), meta.Sequence.Stream)
	if pipeline.IsNewer(err) {
		l.leave(ctx, msg, meta, in.About(), err)
		return
	}
	if err != nil {
		l.park(ctx, msg, meta, nil, pipeline.Reject(archive.BadTask, "%w", err), 1)
		return
	}
	if l.Held != nil && l.Held(in.About().Locator) {
		l.keepBack(ctx, msg, meta, in)
		return
	}
	tries := int(meta.NumDelivered) - l.free(ctx, meta)
	if tries > l.MaxTries {
		l.park(ctx, msg, meta, &in, pipeline.Fail(archive.TriesExhausted, "every try ended without a word: its process was killed, or hung"), tries-1)
		return
	}
	ctx, span := traced(ctx, l.stage.Name, msg, in.About(), tries)
	defer span.End()
	begin := time.Now()
	held := hold{begun: time.Now()}
	for {
		beat()
		err := l.attempt(ctx, meta, in, tries)
		if err == nil {
			l.At("published")
			if err := msg.DoubleAck(ctx); err != nil {
				l.Log.Warn("acknowledgement not confirmed; the task will come again and find its work done", "error", err)
			}
			about := in.About()
			l.Log.Info("done", "item", about.Item, "page", about.Page, "delivery", meta.NumDelivered, "seconds", time.Since(begin).Seconds())
			l.Observe(Try{l.stage.Name, time.Since(begin), "ok", ""})
			outcome(span, nil)
			return
		}
		if !pipeline.IsUnavailable(err) {
			outcome(span, err)
			l.failed(ctx, msg, meta, in, err, tries, time.Since(begin))
			return
		}
		l.Observe(Try{l.stage.Name, time.Since(begin), "unavailable", ""})
		switch again, stopped := l.again(ctx, &held, err); {
		case stopped:
			l.handBack(msg, meta)
			return
		case !again:
			l.failed(ctx, msg, meta, in, fmt.Errorf("though others are answered: %w", err), tries, time.Since(begin))
			return
		}
	}
}

// attempt calls the stage and publishes what it made. NATS being away, or
// refusing what is published, is never the task's fault.
func (l *loop[In]) attempt(ctx context.Context, meta *jetstream.MsgMetadata, in In, tries int) error {
	begin := time.Now()
	result, err := l.try(ctx, in)
	if err != nil {
		return err
	}
	if err := l.deliver(ctx, meta, in, result, tries, time.Since(begin)); err != nil {
		err = fmt.Errorf("publish what follows: %w", err)
		if errors.Is(err, nats.ErrMaxPayload) {
			return err
		}
		return pipeline.Unavailable(err)
	}
	return nil
}

// try calls the stage once, within its deadline; a panic is an error.
func (l *loop[In]) try(ctx context.Context, in In) (r pipeline.Result, err error) {
	ctx, cancel := context.WithTimeout(ctx, l.Deadline)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			l.Log.Error("panic in a stage", "panic", p, "stack", string(debug.Stack()))
			err = pipeline.Fail(archive.Internal, "panic: %v", p)
		}
	}()
	r, err = l.stage.Do(ctx, in)
	if err == nil {
		l.At("done")
	} else if errors.Is(ctx.Err(), context.DeadlineExceeded) && !pipeline.IsUnavailable(err) {
		if _, ok := pipeline.Rejected(err); !ok {
			err = pipeline.Fail(archive.DeadlineHit, "not done within %s: %w", l.Deadline, err)
		}
	}
	return r, err
}

// deliver publishes what a try made: tasks first, then the ledger's lines.
func (l *loop[In]) deliver(ctx context.Context, meta *jetstream.MsgMetadata, in pipeline.Task, r pipeline.Result, tries int, took time.Duration) error {
	if err := l.Publish(ctx, r.Next...); err != nil {
		return err
	}
	for i := range r.Events {
		l.complete(&r.Events[i], meta, in.About(), tries, took)
	}
	return Append(ctx, l.js, r.Events...)
}

// complete fills in what a stage leaves to the runner.
func (l *loop[In]) complete(e *archive.Event, meta *jetstream.MsgMetadata, about pipeline.About, tries int, took time.Duration) {
	if e.Stage == "" {
		e.Stage = l.stage.Name
	}
	if e.Item == "" {
		e.Item, e.Locator = about.Item, about.Locator
	}
	if e.Page == 0 {
		e.Page = about.Page
	}
	e.Replay, e.Delivery, e.Who = about.Replay, tries, l.Worker
	if e.Seconds == 0 {
		e.Seconds = float64(took.Milliseconds()) / 1000
	}
	if e.ID == "" {
		e.ID = eventID(*e, meta)
	}
}

// eventID names what happened to a message's task, or the try of it that failed:
// told again, by whichever worker and however late, it counts once.
func eventID(e archive.Event, meta *jetstream.MsgMetadata) string {
	id := fmt.Sprintf("%s/%s.%d.%d/%s/%d/%s", e.Kind, meta.Stream, meta.Sequence.Stream, meta.Timestamp.UnixNano(), e.Item, e.Page, e.Scan)
	if e.Kind == archive.Retried {
		id += fmt.Sprintf("/%d", meta.NumDelivered)
	}
	return id
}

// failed decides about a task whose try failed.
func (l *loop[In]) failed(ctx context.Context, msg jetstream.Msg, meta *jetstream.MsgMetadata, in In, err error, tries int, took time.Duration) {
	about := in.About()
	log := l.Log.With("item", about.Item, "page", about.Page, "delivery", meta.NumDelivered)
	if ctx.Err() != nil {
		l.handBack(msg, meta)
		return
	}
	if wait, ok := pipeline.Later(err); ok {
		log.Debug("later", "after", wait, "why", err)
		l.Observe(Try{l.stage.Name, took, "later", ""})
		l.giveBack(ctx, msg, meta, wait)
		return
	}
	if pipeline.IsNewer(err) {
		l.Observe(Try{l.stage.Name, took, "newer", ""})
		l.leave(ctx, msg, meta, about, err)
		return
	}
	// What was too slow may have been held up by the machine once; the second time it is the task.
	slow := pipeline.ReasonOf(err) == archive.DeadlineHit && tries >= l.Slow
	if _, rejected := pipeline.Rejected(err); rejected || slow || tries >= l.MaxTries {
		l.park(ctx, msg, meta, &in, err, tries)
		return
	}
	delay := l.delay(tries)
	log.Warn("try failed", "error", err, "again", delay)
	l.Observe(Try{l.stage.Name, took, "retry", pipeline.ReasonOf(err)})
	e := archive.Event{Kind: archive.Retried, Reason: pipeline.ReasonOf(err), Detail: short(err.Error())}
	l.complete(&e, meta, about, tries, took)
	if err := Append(ctx, l.js, e); err != nil {
		log.Warn("ledger not written", "error", err)
	}
	if err := msg.NakWithDelay(delay); err != nil {
		log.Warn("task not given back; it comes again by itself", "error", err)
	}
}

// leave leaves a task to a newer program and says so: in the log each time, in
// the ledger once.
func (l *loop[In]) leave(ctx context.Context, msg jetstream.Msg, meta *jetstream.MsgMetadata, about pipeline.About, why error) {
	log := l.Log.With("item", about.Item, "page", about.Page, "delivery", meta.NumDelivered)
	log.Warn("of a newer version: left for a newer program", "error", why, "sequence", meta.Sequence.Stream, "again", l.Newer)
	if l.free(ctx, meta) == 0 {
		e := archive.Event{Kind: archive.Retried, Reason: archive.NewerFormat, Detail: short(why.Error())}
		l.complete(&e, meta, about, int(meta.NumDelivered), 0)
		if err := Append(ctx, l.js, e); err != nil {
			log.Warn("ledger not written", "error", err)
		}
	}
	l.giveBack(ctx, msg, meta, l.Newer)
}

// delay grows with the tries and is jittered by half, so that tasks that
// failed together do not come back together.
func (l *loop[In]) delay(tries int) time.Duration {
	d := min(l.Base<<min(tries-1, 20), l.MaxDelay)
	return d/2 + rand.N(d/2+1) // #nosec G404 -- spreads tries; no secret
}

// park sets a task aside for good: a mark among the objects and what follows
// from it, then FAILED, then the ledger, then the end of the message. When one
// of them fails the message stays and comes again.
func (l *loop[In]) park(ctx context.Context, msg jetstream.Msg, meta *jetstream.MsgMetadata, in *In, cause error, tries int) {
	f := archive.Failure{
		Version: 1, Time: meta.Timestamp.UTC(), Stage: l.stage.Name, Reason: pipeline.ReasonOf(cause), Detail: short(detail(cause)),
		Tries: tries, Worker: l.Worker, Subject: msg.Subject(),
	}
	f.Time = time.Now().UTC()
	if in != nil {
		about := (*in).About()
		f.Item, f.Locator, f.Page = about.Item, about.Locator, about.Page
	}
	if in != nil && jsonObject(msg.Data()) {
		f.Task = msg.Data()
	} else {
		f.Raw = msg.Data()[:min(len(msg.Data()), 64<<10)]
	}
	log := l.Log.With("item", f.Item, "page", f.Page, "delivery", meta.NumDelivered)
	held := hold{begun: time.Now()}
	err := l.setAside(ctx, msg, meta, in, f)
	for pipeline.IsUnavailable(err) {
		if again, _ := l.again(ctx, &held, err); !again {
			break
		}
		err = l.setAside(ctx, msg, meta, in, f)
	}
	if err != nil {
		log.Error("could not park; the task comes again", "error", err, "cause", cause)
		if ctx.Err() == nil {
			l.giveBack(ctx, msg, meta, l.delay(tries))
		}
		return
	}
	l.At("parked")
	log.Warn("parked", "reason", f.Reason, "detail", f.Detail)
	l.Observe(Try{l.stage.Name, 0, "parked", f.Reason})
	if err := msg.TermWithReason(string(f.Reason)); err != nil {
		log.Warn("end of a parked task not sent; it comes again and is parked once", "error", err)
	}
}

// setAside leaves the stage's mark, then what follows from it, the failure and
// the ledger's line.
func (l *loop[In]) setAside(ctx context.Context, msg jetstream.Msg, meta *jetstream.MsgMetadata, in *In, f archive.Failure) error {
	e := archive.Event{Kind: archive.Parked, Stage: f.Stage, Item: f.Item, Locator: f.Locator, Page: f.Page, Reason: f.Reason, Detail: f.Detail, Delivery: f.Tries, Who: l.Worker, Time: f.Time}
	if in != nil {
		e.Replay = (*in).About().Replay
	}
	e.ID = eventID(e, meta)
	if l.stage.Parked != nil && in != nil {
		r, err := l.parkOnce(ctx, *in, f)
		if err != nil {
			return err
		}
		if err := l.deliver(ctx, meta, *in, r, f.Tries, 0); err != nil {
			return pipeline.Unavailable(err)
		}
	}
	err := Park(ctx, l.js, f, fmt.Sprintf("%s/%d", meta.Stream, meta.Sequence.Stream))
	if err == nil {
		err = Append(ctx, l.js, e)
	}
	if err != nil {
		return pipeline.Unavailable(err)
	}
	return nil
}

func (l *loop[In]) parkOnce(ctx context.Context, in In, f archive.Failure) (r pipeline.Result, err error) {
	ctx, cancel := context.WithTimeout(ctx, l.Deadline)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			l.Log.Error("panic while parking", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic while parking: %v", p)
		}
	}()
	return l.stage.Parked(ctx, in, f)
}

// heartbeats tells JetStream that the task is being worked on, until stopped or
// until twice the deadline is over since the last call of beat: a call that
// ignores its deadline loses the task to another worker in the end.
func (l *loop[In]) heartbeats(ctx context.Context, msg jetstream.Msg) (beat, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var last atomic.Int64
	beat = func() { last.Store(time.Now().UnixNano()) }
	beat()
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(l.Heart)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				if l.gate.closed() {
					beat() // what is depended on is away: nobody works
				} else if now.Sub(time.Unix(0, last.Load())) > 2*l.Deadline+l.Heart {
					return
				}
				_ = msg.InProgress() // lost with the connection: the task comes again
			}
		}
	})
	return beat, func() { cancel(); wg.Wait() }
}
