package intake

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
)

// Sweeper finds what notifications and messages missed, by comparing the
// scans bucket with what was made of it. It remembers which versions of scans
// have ended, so that sweeps after the first cost a listing and what changed.
type Sweeper struct {
	Books progress.Books
	// Ask publishes tasks and tells how many were taken: not the repetitions.
	Ask func(ctx context.Context, tasks ...pipeline.Task) (taken int, err error)
	// Held tells whether an item's box is held: it is not asked for. nil: none is.
	Held func(archive.Locator) bool

	mu    sync.Mutex
	ended map[[16]byte]struct{} // the first bytes of the digests of scan ids
	asked map[[16]byte]string   // of those that have not: under which word last
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

// Found is what one sweep found and put right. What it asked for lately already,
// or another process's sweep did, is not counted again.
type Found struct {
	Scans   int // in the bucket
	Told    int // scans without a verdict: their notification was lost or is on its way
	Missed  int // of these, scans put so long ago that it was lost
	Planned int // items whose next step was asked for again
}

// OnItsWay is how long a notification may take before it counts as lost.
const OnItsWay = 15 * time.Second

// Sweep looks once. Word makes the message id of what is asked for a scan that
// has not ended, "" if it is left alone this time; what this sweeper asked for
// under the same word, or another one lately, is not asked for again.
func (s *Sweeper) Sweep(ctx context.Context, word func(progress.ScanStanding) string) (Found, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended, s.asked = map[[16]byte]struct{}{}, map[[16]byte]string{}
	}
	found := Found{}
	var open []progress.ScanStanding
	err := s.Books.Walk(ctx, "", func(id string) bool {
		found.Scans++
		_, ok := s.ended[short(id)]
		return ok
	}, func(st progress.ScanStanding) {
		if st.Standing == progress.InProgress {
			open = append(open, st)
		} else {
			s.ended[short(st.ScanID)] = struct{}{}
			delete(s.asked, short(st.ScanID))
		}
	})
	if err != nil {
		return found, fmt.Errorf("sweep: %w", err)
	}
	progress.ByArrival(open)
	planned := map[archive.ItemID]bool{}
	for _, st := range open {
		asked := word(st)
		switch {
		case asked == "" || asked == s.asked[short(st.ScanID)]:
			continue
		case st.Reason == archive.NewerFormat: // for a newer program's sweep
		case st.Missing == progress.MissingIntake:
			n := sweepNotice{id: "sweep/" + st.ScanID + "/" + asked}
			n.Raw = Sweep{Bucket: s.Books.Scans.Name(), Keys: []string{st.Key}}.Notice()
			taken, err := s.Ask(ctx, n)
			if err != nil {
				return found, fmt.Errorf("sweep: tell of %q: %w", st.Key, err)
			}
			found.Told += taken
			s.asked[short(st.ScanID)] = asked
			if time.Since(st.At()) > OnItsWay {
				found.Missed += taken
			}
		case s.Held != nil && s.Held(st.Locator):
		case !planned[st.Item]:
			planned[st.Item] = true
			t := pipeline.PlanTask{Ref: pipeline.Ref{Version: 1, Item: st.Item, Locator: st.Locator, Asked: asked}, Trigger: st.ScanID}
			if st.Single {
				t.Scan = st.Key
			}
			taken, err := s.Ask(ctx, t)
			if err != nil {
				return found, fmt.Errorf("sweep: ask for %s: %w", st.Locator, err)
			}
			s.asked[short(st.ScanID)] = asked
			found.Planned += taken
		}
	}
	return found, nil
}

// short is enough of a scan id's digest to tell a million million apart.
func short(id string) [16]byte {
	sum := sha256.Sum256([]byte(id))
	return [16]byte(sum[:16])
}

// Healed is the ledger's line about a sweep that found something.
func (f Found) Healed() archive.Event {
	facts, _ := json.Marshal(f) // numbers only: cannot fail
	return archive.Event{Kind: archive.Healed, Stage: "sweep", Facts: facts,
		Detail: fmt.Sprintf("%d scans no notification told of, %d items asked for again", f.Missed, f.Planned)}
}
