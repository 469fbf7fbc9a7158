package night

import (
	"context"
	"os"
	"os/user"
	"slices"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/replay"
	"nightshift/pipeline/runner"
)

// Chosen are the outstanding failures that the selector matches.
func (s *System) Chosen(ctx context.Context, sel replay.Selector) ([]archive.Failure, error) {
	all, err := s.Outstanding(ctx)
	return slices.DeleteFunc(all, func(f archive.Failure) bool { return !sel.Matches(f) }), err
}

// Replayed is what came of a replay.
type Replayed struct {
	Asked   []archive.Failure // whose tasks were asked for again
	Refused []error           // why others cannot be replayed by themselves
}

// Replay publishes the failed tasks anew, each noted in the ledger first with
// who asked. A failure that is replayed twice is one replay.
func (s *System) Replay(ctx context.Context, list []archive.Failure, who string) (Replayed, error) {
	var out Replayed
	for _, f := range list {
		id := replay.ID(f)
		t, err := replay.Task(f, id)
		if err != nil {
			out.Refused = append(out.Refused, err)
			continue
		}
		note := archive.Event{Kind: archive.Replayed, Stage: f.Stage, Item: f.Item, Locator: f.Locator, Page: f.Page, Reason: f.Reason, Replay: id, Who: who}
		if err := runner.Append(ctx, s.JS, note); err != nil {
			return out, err
		}
		if err := s.ask(ctx, t); err != nil {
			return out, err
		}
		out.Asked = append(out.Asked, f)
	}
	return out, nil
}

// Person names who acts through this process: the user at the host.
func Person() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	u, err := user.Current()
	if err != nil {
		return host
	}
	return u.Username + "@" + host
}
