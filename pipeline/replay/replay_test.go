package replay

import (
	"context"
	"encoding/json"
	"fmt"
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
		"folder":       {Selector{Box: "c/box-1/f"}, true},
		"other folder": {Selector{Box: "c/box-1/g"}, false},
		"collection":   {Selector{Box: "c/"}, true},
		"number":       {Selector{Numbers: []uint64{6, 7}}, true},
		"all at once":  {Selector{Stages: []string{"ocr"}, Box: "c", Item: "c/box-1/f/memo.tif", Page: 3, Reasons: []archive.Reason{archive.DeadlineHit}, Since: time.Unix(7, 0), Until: time.Unix(8, 0), Numbers: []uint64{7}}, true},
		"one of all":   {Selector{Stages: []string{"ocr"}, Box: "c", Page: 3, Until: time.Unix(7, 0)}, false},
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

func TestGroups(t *testing.T) {
	list := []archive.Failure{
		failure(1, "ocr", "c/a/x.tif", 1, archive.DeadlineHit), failure(2, "ocr", "c/a/x.tif", 2, archive.DeadlineHit),
		failure(3, "ocr", "c/b/y.tif", 1, archive.DeadlineHit), failure(4, "plan", "c/b/z.tif", 0, archive.Truncated),
	}
	for by, want := range map[string]string{
		ByReason: "deadline 3 of 2 items: 1 3;truncated 1 of 1 items: 4;",
		ByStage:  "plan 1 of 1 items: 4;ocr 3 of 2 items: 1 2;",
		ByBox:    "c/a 2 of 1 items: 1 2;c/b 2 of 2 items: 3 4;",
	} {
		groups, err := Groups(list, by, 2)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, g := range groups {
			got += fmt.Sprintf("%s %d of %d items:", g.Key, g.Count, g.Items)
			for _, f := range g.Samples {
				got += fmt.Sprint(" ", f.Sequence)
			}
			got += ";"
			sel, err := g.Words.Selector(time.Unix(0, 0))
			n := 0
			for _, f := range list {
				if sel.Matches(f) {
					n++
				}
			}
			if err != nil || n != g.Count {
				t.Errorf("%s %s: its words choose %d of %d, %v", by, g.Key, n, g.Count, err)
			}
		}
		if got != want {
			t.Errorf("by %s: %s, want %s", by, got, want)
		}
	}
	if _, err := Groups(list, "colour", 2); err == nil {
		t.Error("grouped by colour")
	}
}
