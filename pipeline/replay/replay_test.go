package replay

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

func failure(seq uint64, stage string, l archive.Locator, page int, r archive.Reason) archive.Failure {
	task, _ := json.Marshal(pipeline.PageTask{Ref: pipeline.Ref{Version: 1, Item: l.ID(), Locator: l}, Input: "in", Page: page})
	return archive.Failure{Stage: stage, Item: l.ID(), Locator: l, Page: page, Reason: r, Sequence: seq, Task: task, Time: time.Unix(int64(seq), 0)}
}

func TestSelector(t *testing.T) {
	f := failure(7, "ocr", "c/box-1/f/memo.tif", 3, archive.DeadlineHit)
	for name, c := range map[string]struct {
		s    Selector
		want bool
	}{
		"all":          {Selector{}, true},
		"box":          {Selector{Box: "c/box-1"}, true},
		"box by start": {Selector{Box: "c/box"}, false},
		"locator":      {Selector{Item: "c/box-1/f/memo.tif"}, true},
		"id":           {Selector{Item: string(f.Item)}, true},
		"page":         {Selector{Page: 4}, false},
		"reason":       {Selector{Reasons: []archive.Reason{archive.Truncated, archive.DeadlineHit}}, true},
		"stage":        {Selector{Stages: []string{"publish"}}, false},
		"since":        {Selector{Since: time.Unix(8, 0)}, false},
		"until":        {Selector{Until: time.Unix(8, 0)}, true},
	} {
		if got := c.s.Matches(f); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if (Selector{Reasons: []archive.Reason{"nonsense"}}).Check() == nil || (Selector{Stages: []string{"x"}}).Check() == nil {
		t.Error("an unknown reason or stage passed")
	}
}

func TestOutstandingAndTask(t *testing.T) {
	all := []archive.Failure{
		failure(1, "ocr", "c/a", 1, archive.DeadlineHit), failure(2, "ocr", "c/a", 2, archive.DeadlineHit),
		failure(3, "ocr", "c/a", 1, archive.EngineCrash),
	}
	left, err := Outstanding(context.Background(), all, func(_ context.Context, f archive.Failure) (bool, error) { return f.Page == 2, nil })
	if err != nil || len(left) != 1 || left[0].Sequence != 3 {
		t.Fatalf("outstanding %+v, %v", left, err)
	}
	task, err := Task(left[0], ID(left[0]))
	if err != nil || task.About().Replay != "r3" || task.MessageID() == "" {
		t.Errorf("task %+v, %v", task, err)
	}
	first, _ := Task(all[0], ID(all[0]))
	if first.MessageID() == task.MessageID() {
		t.Error("two replays share a message id")
	}
	if _, err := Task(archive.Failure{Stage: "ocr"}, "x"); err == nil {
		t.Error("a failure without a task was replayed")
	}
}
