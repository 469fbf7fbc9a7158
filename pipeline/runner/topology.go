// Package runner is the one JetStream loop that all stages run in, and all that
// is said to NATS: streams and consumers, publishing tasks, the ledger, parked
// failures. A stage knows nothing of it.
//
// How a task is never lost and never runs for ever: a message is acknowledged
// only after its outputs are acknowledged by their streams. Deliveries are
// counted by JetStream, so that a crash counts too; consumers have no limit of
// their own (MaxDeliver is off), because a message over it would only be
// forgotten. The runner parks a task that comes once more after its last try:
// a task that kills its process every time ends in FAILED like any other.
// Deliveries that are nobody's fault are not tries: a task that asked to come
// back later (pipeline.RetryAfter) is noted in the bucket TRIES, and a task
// whose dependency is down is held, with heartbeats, until it is back.
package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
)

// Topology says how streams are made. Zero values leave what is there as it is
// and take the defaults named here for what is made new: a command that only
// looks changes nothing.
type Topology struct {
	Replicas int           // of every stream; default 1
	Alone    bool          // the server is embedded and will have no others: log lines made new are not synced one by one
	Dedupe   time.Duration // in which a message id counts as seen; default 10 minutes, see below
	WorkAge  time.Duration // that WORK keeps messages; default 14 days
	ScansAge time.Duration // that SCANS keeps notifications; default 7 days
	MaxBytes int64         // of each stream; default unlimited
	AckWait  time.Duration // without a heartbeat before a task is given to another; default 30 s
}

// JetStream keeps the ids of the window in memory, so it is short: what is
// published again later finds its work done among the objects.
const defaultDedupe = 10 * time.Minute

// Bounds of the stream of log lines: a page's, all, and how long.
const (
	logLines = 50
	logAll   = 1_000_000
	logAge   = 14 * 24 * time.Hour
)

// perSubject is no limit: more messages than any subject will have. A stream that
// has one is stored in blocks of 4 MB, one without in blocks of 8 MB, and the
// server holds the block that it writes, of every stream, in memory.
const perSubject = 1 << 40

// triesBucket holds, by stream sequence, how many deliveries were no tries.
const triesBucket = "TRIES"

func (t Topology) withDefaults() Topology {
	if t.Replicas == 0 {
		t.Replicas = 1
	}
	if t.Dedupe == 0 {
		t.Dedupe = defaultDedupe
	}
	if t.WorkAge == 0 {
		t.WorkAge = 14 * 24 * time.Hour
	}
	if t.ScansAge == 0 {
		t.ScansAge = 7 * 24 * time.Hour
	}
	if t.MaxBytes == 0 {
		t.MaxBytes = -1
	}
	if t.AckWait == 0 {
		t.AckWait = 30 * time.Second
	}
	return t
}

func (t Topology) streams() []jetstream.StreamConfig {
	out := []jetstream.StreamConfig{
		{Name: pipeline.StreamScans, Subjects: []string{"scans.>"}, MaxAge: t.ScansAge},
		{Name: pipeline.StreamWork, Subjects: []string{"work.>"}, MaxAge: t.WorkAge},
		{Name: pipeline.StreamFailed, Subjects: []string{"failed.>"}, DenyDelete: true, DenyPurge: true},
		{Name: pipeline.StreamLedger, Subjects: []string{"ledger.>"}},
		{Name: pipeline.StreamRecords, Subjects: []string{"records.>"}},
		{Name: pipeline.StreamWaiting, Subjects: []string{"waiting.>"}},
		{Name: pipeline.StreamWaitingStructure, Subjects: []string{"aside.structure.*"}},
		{Name: pipeline.StreamWaitingPublish, Subjects: []string{"aside.publish.*"}},
		{Name: pipeline.StreamLog, Subjects: []string{"log.>"}, MaxAge: logAge, MaxMsgsPerSubject: logLines, MaxMsgs: logAll},
	}
	for i := range out {
		s := &out[i]
		s.Storage, s.Discard, s.Retention = jetstream.FileStorage, jetstream.DiscardNew, jetstream.LimitsPolicy
		s.Replicas, s.Duplicates, s.MaxBytes = t.Replicas, t.Dedupe, t.MaxBytes
		if s.MaxMsgsPerSubject == 0 {
			s.MaxMsgsPerSubject = perSubject
		}
		if s.Name == pipeline.StreamLog {
			s.Discard = jetstream.DiscardOld // lines only help to understand; the ledger is what counts
			if t.Alone {
				s.PersistMode = jetstream.AsyncPersistMode // and none is synced by itself
			}
		}
	}
	return out
}

// consumerOf names the stream and subject that a stage pulls from.
func consumerOf(stage string) (stream, filter string) {
	if stage == pipeline.StageIntake {
		return pipeline.StreamScans, "scans.>"
	}
	return pipeline.StreamWork, "work." + stage + ".>"
}

var stages = pipeline.StageNames()

// EnsureTopology makes streams and consumers that are missing and brings those
// that are there to the settings that can be changed; several processes may do
// it at once. The error names the stream whose settings cannot be changed, or
// says that the server has no JetStream.
func EnsureTopology(ctx context.Context, js jetstream.JetStream, t Topology) error {
	if _, err := js.AccountInfo(ctx); err != nil {
		if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) {
			return fmt.Errorf("the server has no JetStream, or not for this account: start it with -js: %w", err)
		}
		return fmt.Errorf("ask the server for JetStream: %w", err)
	}
	for _, cfg := range t.withDefaults().streams() {
		if old, err := js.Stream(ctx, cfg.Name); err == nil {
			t.keepStream(&cfg, old.CachedInfo().Config)
		} else if !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("stream %s: %w", cfg.Name, err)
		}
		if _, err := js.CreateOrUpdateStream(ctx, cfg); err != nil {
			return fmt.Errorf("stream %s has other settings that cannot be changed, or cannot be made: %w", cfg.Name, err)
		}
	}
	if err := moveAside(ctx, js); err != nil {
		return err
	}
	for _, stage := range stages {
		stream, filter := consumerOf(stage)
		cfg := jetstream.ConsumerConfig{
			Durable: stage, FilterSubject: filter, AckPolicy: jetstream.AckExplicitPolicy, AckWait: t.withDefaults().AckWait,
			MaxDeliver: -1, MaxAckPending: 2000, DeliverPolicy: jetstream.DeliverAllPolicy, Replicas: t.withDefaults().Replicas,
		}
		if old, err := js.Consumer(ctx, stream, stage); err == nil {
			t.keepConsumer(&cfg, old.CachedInfo().Config)
		} else if !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return fmt.Errorf("consumer %s of stream %s: %w", stage, stream, err)
		}
		if stage == pipeline.StageIntake {
			cfg.MaxAckPending = 1 // one notification after the other; see package intake
		}
		if _, err := js.CreateOrUpdateConsumer(ctx, stream, cfg); err != nil {
			return fmt.Errorf("consumer %s of stream %s: %w", stage, stream, err)
		}
	}
	_, err := js.KeyValue(ctx, triesBucket)
	if err == nil {
		return nil
	}
	t = t.withDefaults()
	_, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: triesBucket, TTL: t.WorkAge, Replicas: t.Replicas})
	if err != nil {
		return fmt.Errorf("bucket %s: %w", triesBucket, err)
	}
	return nil
}

// keepStream takes over from a stream that is there what t leaves open.
func (t Topology) keepStream(cfg *jetstream.StreamConfig, old jetstream.StreamConfig) {
	if t.Replicas == 0 {
		cfg.Replicas = old.Replicas
	}
	if t.Dedupe == 0 {
		cfg.Duplicates = old.Duplicates
	}
	if t.MaxBytes == 0 {
		cfg.MaxBytes = old.MaxBytes
	}
	cfg.PersistMode = old.PersistMode // cannot be changed
	if cfg.Name == pipeline.StreamWork && t.WorkAge == 0 || cfg.Name == pipeline.StreamScans && t.ScansAge == 0 {
		cfg.MaxAge = old.MaxAge
	}
}

// keepConsumer is keepStream for a consumer.
func (t Topology) keepConsumer(cfg *jetstream.ConsumerConfig, old jetstream.ConsumerConfig) {
	if t.Replicas == 0 {
		cfg.Replicas = old.Replicas
	}
	if t.AckWait == 0 {
		cfg.AckWait = old.AckWait
	}
}
