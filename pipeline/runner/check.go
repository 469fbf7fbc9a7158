package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
)

// Streams are the names of all streams.
func Streams() []string {
	var names []string
	for _, s := range (Topology{}).withDefaults().streams() {
		names = append(names, s.Name)
	}
	return names
}

// WrongTopology is a stream or consumer that is missing or is not as it must be.
type WrongTopology struct{ What, Remedy string }

func (w *WrongTopology) Error() string { return w.What + ": " + w.Remedy }

const (
	runInit  = "run `nightshift init` once with an administrator's rights"
	foreign  = "another program made it so: give Nightshift an account of its own, or move that program's stream to another name, then run `nightshift init`"
	enableJS = "start the server with -js or a jetstream block, and enable JetStream for the account"
)

// CheckTopology compares the streams named, and their consumers, with what
// EnsureTopology makes, and changes nothing. A service may ask for those only
// that its permissions name. The error wraps a WrongTopology, or is
// that of a server that does not answer.
func CheckTopology(ctx context.Context, js jetstream.JetStream, names ...string) error {
	if _, err := js.AccountInfo(ctx); err != nil {
		if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) {
			return &WrongTopology{"it has no JetStream, or not for this account", enableJS}
		}
		return fmt.Errorf("ask for JetStream: %w", err)
	}
	for _, want := range (Topology{}).withDefaults().streams() {
		if !slices.Contains(names, want.Name) {
			continue
		}
		s, err := js.Stream(ctx, want.Name)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			return &WrongTopology{"stream " + want.Name + " is missing", runInit}
		}
		if err != nil {
			return fmt.Errorf("ask for stream %s: %w", want.Name, err)
		}
		if bad := differs(s.CachedInfo().Config, want); bad != "" {
			return &WrongTopology{"stream " + want.Name + " has " + bad, foreign}
		}
	}
	for _, stage := range stages {
		stream, filter := consumerOf(stage)
		if !slices.Contains(names, stream) {
			continue
		}
		c, err := js.Consumer(ctx, stream, stage)
		if errors.Is(err, jetstream.ErrConsumerNotFound) {
			return &WrongTopology{fmt.Sprintf("consumer %s of stream %s is missing", stage, stream), runInit}
		}
		if err != nil {
			return fmt.Errorf("ask for consumer %s of stream %s: %w", stage, stream, err)
		}
		cfg := c.CachedInfo().Config
		serial := stage != pipeline.StageIntake || cfg.MaxAckPending == 1
		if cfg.FilterSubject != filter || cfg.AckPolicy != jetstream.AckExplicitPolicy || cfg.MaxDeliver > 0 || !serial {
			return &WrongTopology{fmt.Sprintf("consumer %s of stream %s has other settings", stage, stream), "run `nightshift init` again with an administrator's rights"}
		}
	}
	return nil
}

// differs names the first setting of a stream that would break a promise.
func differs(is, want jetstream.StreamConfig) string {
	switch {
	case is.Retention != want.Retention:
		return fmt.Sprintf("retention %s instead of %s", is.Retention, want.Retention)
	case is.Storage != want.Storage:
		return fmt.Sprintf("%s storage instead of %s", is.Storage, want.Storage)
	case is.Discard != want.Discard:
		return fmt.Sprintf("discard policy %s instead of %s", is.Discard, want.Discard)
	case !slices.Equal(is.Subjects, want.Subjects):
		return fmt.Sprintf("the subjects %q instead of %q", is.Subjects, want.Subjects)
	case want.DenyPurge && !is.DenyPurge || want.DenyDelete && !is.DenyDelete:
		return "a permission to purge or delete, which it must not have"
	}
	return ""
}
