package replay

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

// Groupings of failures.
const (
	ByReason = "reason"
	ByStage  = "stage"
	ByBox    = "box"
)

// Group is failures that have something in common.
type Group struct {
	By      string            `json:"by"`
	Key     string            `json:"key"` // a reason, a stage, or a box
	Count   int               `json:"count"`
	Items   int               `json:"items"`
	What    string            `json:"what,omitempty"` // of a reason: what it means
	Todo    string            `json:"todo,omitempty"` // likewise: what to do
	Oldest  time.Time         `json:"oldest"`
	Newest  time.Time         `json:"newest"`
	Words   Words             `json:"-"` // that choose the group
	Samples []archive.Failure `json:"samples"`
}

// Groups puts failures into groups: those of reasons and boxes with the largest first,
// those of stages in the order of the flow. Each keeps at most samples of its
// failures, of as many reasons, or for reasons of as many boxes, as there are.
func Groups(list []archive.Failure, by string, samples int) ([]Group, error) {
	key, other := keyOf(by), keyOf(ByReason)
	if by == ByReason {
		other = keyOf(ByBox)
	}
	if key == nil {
		return nil, fmt.Errorf("failures are grouped by %s, %s or %s, not by %q", ByReason, ByStage, ByBox, by)
	}
	members := map[string][]archive.Failure{}
	for _, f := range list {
		members[key(f)] = append(members[key(f)], f)
	}
	out := make([]Group, 0, len(members))
	for k, fs := range members {
		g := Group{By: by, Key: k, Count: len(fs), Oldest: fs[0].Time, Newest: fs[0].Time, Samples: mixed(fs, other, samples)}
		items := map[archive.ItemID]bool{}
		for _, f := range fs {
			items[f.Item] = true
			if f.Time.Before(g.Oldest) {
				g.Oldest = f.Time
			}
			if f.Time.After(g.Newest) {
				g.Newest = f.Time
			}
		}
		g.Items = len(items)
		switch by {
		case ByReason:
			g.What, g.Todo = archive.Reason(k).Explain()
			g.Words.Reason = k
		case ByStage:
			g.Words.Stage = k
		case ByBox:
			g.Words.Box = k
		}
		out = append(out, g)
	}
	order := pipeline.StageNames()
	slices.SortFunc(out, func(a, b Group) int {
		if by == ByStage {
			return cmp.Or(cmp.Compare(slices.Index(order, a.Key), slices.Index(order, b.Key)), strings.Compare(a.Key, b.Key))
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Key, b.Key))
	})
	return out, nil
}

func keyOf(by string) func(archive.Failure) string {
	switch by {
	case ByReason:
		return func(f archive.Failure) string { return string(f.Reason) }
	case ByStage:
		return func(f archive.Failure) string { return f.Stage }
	case ByBox:
		return func(f archive.Failure) string { return f.Locator.Box() }
	}
	return nil
}

// mixed are at most n failures, of different kinds before more of the same.
func mixed(list []archive.Failure, kind func(archive.Failure) string, n int) []archive.Failure {
	seen, first, rest := map[string]bool{}, []archive.Failure{}, []archive.Failure{}
	for _, f := range list {
		if k := kind(f); seen[k] {
			rest = append(rest, f)
		} else {
			seen[k] = true
			first = append(first, f)
		}
	}
	all := append(first, rest...)
	return all[:min(n, len(all))]
}
