package pipeline

import (
	"testing"

	"nightshift/pipeline/archive"
)

// A task that a flipped bit left readable is not taken for one.
func TestSound(t *testing.T) {
	l := archive.Locator("box/memo")
	ref := Ref{Version: 1, Item: l.ID(), Locator: l}
	d := archive.DigestOf([]byte("in"))
	for _, c := range []struct {
		task  interface{ Sound() error }
		sound bool
	}{
		{PlanTask{Ref: ref}, true},
		{PlanTask{Ref: Ref{Version: 1, Item: l.ID(), Locator: "box/nemo"}}, false},
		{PageTask{Ref: ref, Input: d, Page: 1}, true},
		{PageTask{Ref: ref, Page: 1}, false},
		{StructureTask{Ref: ref, Input: d, Settled: d}, true},
		{StructureTask{Ref: ref, Input: d, Settled: d[1:]}, false},
		{PublishTask{Ref: ref, Input: d, Structure: d}, true},
		{PublishTask{Ref: ref, Input: d, Structure: "../" + d[3:]}, false},
	} {
		if err := c.task.Sound(); (err == nil) != c.sound {
			t.Errorf("%+v: %v", c.task, err)
		}
	}
}
