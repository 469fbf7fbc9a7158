// Package replay chooses among parked failures and runs their stages again. A
// replay is the task that failed, under a new replay id, so that JetStream does
// not take it for the first; what was done already is not done twice, because
// stages look at the objects first.
package replay

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

// Selector chooses failures. Empty fields choose all; a failure must match
// every field that is set.
type Selector struct {
	Stages  []string
	Reasons []archive.Reason
	Box     string // locator prefix, whole levels
	Item    string // item id or locator
	Page    int
	Since   time.Time
	Until   time.Time
	Numbers []uint64 // places in FAILED
}

// Words is a Selector as people write it, in flags and in queries. Lists are
// comma-separated; Since and Until are a time (RFC 3339) or how long ago (12h).
type Words struct {
	Stage, Reason, Box, Item, Since, Until, Numbers string
	Page                                            int
}

// Selector reads the words. An error says which cannot be understood, or can
// match nothing.
func (w Words) Selector(now time.Time) (Selector, error) {
	s := Selector{Box: w.Box, Item: w.Item, Page: w.Page}
	if w.Stage != "" {
		s.Stages = strings.Split(w.Stage, ",")
	}
	if w.Reason != "" {
		for r := range strings.SplitSeq(w.Reason, ",") {
			s.Reasons = append(s.Reasons, archive.Reason(r))
		}
	}
	if w.Numbers != "" {
		for n := range strings.SplitSeq(w.Numbers, ",") {
			u, err := strconv.ParseUint(strings.TrimPrefix(n, "#"), 10, 64)
			if err != nil {
				return s, fmt.Errorf("%q is not the number of a failure", n)
			}
			s.Numbers = append(s.Numbers, u)
		}
	}
	for _, x := range []struct {
		name, word string
		to         *time.Time
	}{{"since", w.Since, &s.Since}, {"until", w.Until, &s.Until}} {
		if x.word == "" {
			continue
		}
		if d, err := time.ParseDuration(x.word); err == nil {
			*x.to = now.Add(-d)
		} else if *x.to, err = time.Parse(time.RFC3339, x.word); err != nil {
			return s, fmt.Errorf("%s %q is neither a time nor a duration", x.name, x.word)
		}
	}
	return s, s.Check()
}

// Check says what in the selector can match nothing.
func (s Selector) Check() error {
	for _, r := range s.Reasons {
		if !r.Known() {
			return fmt.Errorf("there is no reason %q; `nightshift failures` shows those in use", r)
		}
	}
	known := []string{pipeline.StageIntake, pipeline.StagePlan, pipeline.StageOCR, pipeline.StageStructure, pipeline.StagePublish}
	for _, st := range s.Stages {
		if !slices.Contains(known, st) {
			return fmt.Errorf("there is no stage %q; there are %s", st, strings.Join(known, ", "))
		}
	}
	return nil
}

// Matches tells whether the selector chooses f.
func (s Selector) Matches(f archive.Failure) bool {
	within := s.Box == "" || string(f.Locator) == s.Box || strings.HasPrefix(string(f.Locator), strings.TrimSuffix(s.Box, "/")+"/")
	return within &&
		(len(s.Stages) == 0 || slices.Contains(s.Stages, f.Stage)) &&
		(len(s.Reasons) == 0 || slices.Contains(s.Reasons, f.Reason)) &&
		(s.Item == "" || s.Item == string(f.Item) || s.Item == string(f.Locator)) &&
		(s.Page == 0 || s.Page == f.Page) &&
		(len(s.Numbers) == 0 || slices.Contains(s.Numbers, f.Sequence)) &&
		(s.Since.IsZero() || !f.Time.Before(s.Since)) &&
		(s.Until.IsZero() || f.Time.Before(s.Until))
}

// Latest keeps the last failure of each page, item and stage, in order of
// locator and page: older ones were replayed since and failed again.
func Latest(all []archive.Failure) []archive.Failure {
	last := map[string]archive.Failure{}
	for _, f := range all {
		key := fmt.Sprintf("%s\x00%s\x00%d", f.Stage, f.Item, f.Page)
		if f.Item == "" {
			key += "\x00" + string(f.Raw)
		}
		if old, ok := last[key]; !ok || f.Sequence >= old.Sequence {
			last[key] = f
		}
	}
	out := make([]archive.Failure, 0, len(last))
	for _, f := range last {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b archive.Failure) int {
		return cmp.Or(cmp.Compare(a.Locator, b.Locator), cmp.Compare(a.Page, b.Page), cmp.Compare(a.Sequence, b.Sequence))
	})
	return out
}

// Outstanding keeps the failures that the objects show not to be mended yet.
func Outstanding(ctx context.Context, all []archive.Failure, resolved func(context.Context, archive.Failure) (bool, error)) ([]archive.Failure, error) {
	var out []archive.Failure
	for _, f := range Latest(all) {
		done, err := resolved(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("see whether %s was mended: %w", f.Locator, err)
		}
		if !done {
			out = append(out, f)
		}
	}
	return out, nil
}

// Task is the failed task again, under the replay's id. An error says why it
// cannot be replayed: a message that could not be decoded has no task.
func Task(f archive.Failure, id string) (pipeline.Task, error) {
	if len(f.Task) == 0 {
		return nil, fmt.Errorf("failure %d of stage %s holds no task: the sweep asks anew for what is missing", f.Sequence, f.Stage)
	}
	switch f.Stage {
	case pipeline.StagePlan:
		return again[pipeline.PlanTask](f, func(t *pipeline.PlanTask) { t.Replay = id })
	case pipeline.StageOCR:
		return again[pipeline.PageTask](f, func(t *pipeline.PageTask) { t.Replay = id })
	case pipeline.StageStructure:
		return again[pipeline.StructureTask](f, func(t *pipeline.StructureTask) { t.Replay = id })
	case pipeline.StagePublish:
		return again[pipeline.PublishTask](f, func(t *pipeline.PublishTask) { t.Replay = id })
	}
	return nil, fmt.Errorf("stage %q cannot be replayed by itself: the sweep asks anew", f.Stage)
}

func again[T pipeline.Task](f archive.Failure, mark func(*T)) (pipeline.Task, error) {
	var t T
	if err := json.Unmarshal(f.Task, &t); err != nil {
		return nil, fmt.Errorf("the task of failure %d cannot be read: %w", f.Sequence, err)
	}
	mark(&t)
	return t, nil
}

// ID names a replay by the failures it holds: two operators who replay the
// same failures at once make one replay, since each failure's place in the
// stream is new whenever it fails anew.
func ID(f archive.Failure) string { return fmt.Sprintf("r%d", f.Sequence) }
