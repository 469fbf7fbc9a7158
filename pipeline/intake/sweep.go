package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
)

// Sweeper finds what notifications and messages missed, by comparing the
// scans bucket with what was made of it.
type Sweeper struct {
	Books   progress.Books
	Publish func(ctx context.Context, tasks ...pipeline.Task) error
	Append  func(ctx context.Context, events ...archive.Event) error
	Log     *slog.Logger
}

// sweepNotice is a notification of the sweep's, with a message id of its own:
// a scan that is swept twice within JetStream's window is told of once.
type sweepNotice struct {
	pipeline.ScanNotice
	id string
}

func (n sweepNotice) MessageID() string { return n.id }

// MarshalTask is the notification as it is.
func (n sweepNotice) MarshalTask() ([]byte, error) { return n.Raw, nil }

// Found is what one sweep found and put right.
type Found struct {
	Scans   int // in the bucket
	Told    int // scans that no notification had told of
	Planned int // items whose next step was asked for again
}

// Sweep looks once. Replay makes the message ids of its tasks new, for a sweep
// that must not be held back by what was asked before; "" otherwise.
func (s *Sweeper) Sweep(ctx context.Context, replay string) (Found, error) {
	standings, err := s.Books.Standings(ctx, "")
	if err != nil {
		return Found{}, fmt.Errorf("sweep: %w", err)
	}
	progress.ByArrival(standings)
	found := Found{Scans: len(standings)}
	planned := map[archive.ItemID]bool{}
	for _, st := range standings {
		if st.Standing != progress.InProgress {
			continue
		}
		switch st.Missing {
		case progress.MissingIntake:
			n := sweepNotice{id: "sweep/" + st.ScanID + "/" + replay}
			n.Raw = Sweep{Bucket: s.Books.Scans.Name(), Keys: []string{st.Key}}.Notice()
			if err := s.Publish(ctx, n); err != nil {
				return found, fmt.Errorf("sweep: tell of %q: %w", st.Key, err)
			}
			found.Told++
		case progress.MissingPlan:
			if planned[st.Item] {
				continue
			}
			planned[st.Item] = true
			t := pipeline.PlanTask{Ref: pipeline.Ref{Version: 1, Item: st.Item, Locator: st.Locator, Replay: replay}, Trigger: st.ScanID}
			if st.Single {
				t.Scan = st.Key
			}
			if err := s.Publish(ctx, t); err != nil {
				return found, fmt.Errorf("sweep: ask for %s: %w", st.Locator, err)
			}
			found.Planned++
		}
	}
	return found, nil
}

// Healed is the ledger's line about a sweep that found something.
func (f Found) Healed() archive.Event {
	facts, _ := json.Marshal(f) // numbers only: cannot fail
	return archive.Event{Kind: archive.Healed, Stage: "sweep", Facts: facts,
		Detail: fmt.Sprintf("%d scans no notification told of, %d items asked for again", f.Told, f.Planned)}
}
