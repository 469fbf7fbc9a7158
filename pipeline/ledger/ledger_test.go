package ledger

import (
	"encoding/json"
	"testing"
	"time"

	"nightshift/pipeline/archive"
)

func TestNight(t *testing.T) {
	at := time.Date(1961, 2, 3, 22, 0, 0, 0, time.UTC)
	n := NewNight()
	page := func(no int, conf float64, blank bool) archive.Event {
		facts, _ := json.Marshal(map[string]any{"words": 10, "confidence": conf, "blank": blank})
		return archive.Event{Kind: archive.PageRead, Item: "i1", Locator: "c/b/memo", Page: no, Pages: 3, Time: at.Add(time.Duration(no) * time.Minute), Seconds: 2, Facts: facts}
	}
	n.Add(archive.Event{Kind: archive.ItemPlanned, Item: "i1", Locator: "c/b/memo", Pages: 3, Time: at})
	n.Add(page(1, 90, false))
	n.Add(page(3, 40, false))
	n.Add(page(2, 0, true))
	n.Add(archive.Event{Kind: archive.Retried, Item: "i1", Time: at.Add(4 * time.Minute)})
	n.Add(archive.Event{Kind: archive.Parked, Item: "i1", Page: 3, Reason: archive.DeadlineHit, Time: at.Add(5 * time.Minute)})
	it := n.Items["i1"]
	if it.Read != 3 || it.Retries != 1 || it.ParkedP != 1 || it.State != archive.Parked || it.Pages != 3 {
		t.Errorf("item %+v", it)
	}
	if n.PagesRead != 3 || n.Blank != 1 || n.Seconds != 6 || n.Reasons[archive.DeadlineHit] != 1 {
		t.Errorf("night %+v", n)
	}
	if len(n.Worst) != 2 || n.Worst[0].Page != 3 {
		t.Errorf("worst pages %+v", n.Worst)
	}
}

// What is told twice counts once, however far apart and by whomever: a page that
// two workers read, a try that was noted again. Another try, and what has no ID,
// is another event.
func TestToldTwiceCountsOnce(t *testing.T) {
	at := time.Date(1961, 2, 3, 22, 0, 0, 0, time.UTC)
	n := NewNight()
	for i, e := range []archive.Event{
		{ID: "read/p1", Kind: archive.PageRead, Page: 1, Who: "one:1", Seconds: 2, Facts: []byte(`{"words":3,"lowQuality":true}`)},
		{ID: "read/p1", Kind: archive.PageRead, Page: 1, Who: "two:2", Seconds: 2.1, Facts: []byte(`{"words":3,"lowQuality":true}`)},
		{ID: "retry/1", Kind: archive.Retried, Page: 2, Delivery: 1},
		{ID: "retry/1", Kind: archive.Retried, Page: 2, Delivery: 1},
		{ID: "retry/2", Kind: archive.Retried, Page: 2, Delivery: 2},
		{ID: "parked/2", Kind: archive.Parked, Page: 2, Reason: archive.EngineCrash},
		{ID: "parked/2", Kind: archive.Parked, Page: 2, Reason: archive.EngineCrash},
		{Kind: archive.Retried, Page: 3}, {Kind: archive.Retried, Page: 3},
	} {
		e.Item, e.Locator, e.Time = "i1", "c/b/memo", at.Add(time.Duration(i)*20*time.Minute)
		n.Add(e)
	}
	it, b := n.Items["i1"], n.Boxes["c/b"]
	if n.PagesRead != 1 || n.Doubtful != 1 || n.Seconds != 2 || len(n.Worst) != 1 || n.Retries != 4 || n.Reasons[archive.EngineCrash] != 1 || n.Events != 6 {
		t.Errorf("night %+v", n)
	}
	if it.Read != 1 || it.Retries != 4 || it.ParkedP != 1 || b == nil || b.Read != 1 || b.Parked != 1 {
		t.Errorf("item %+v, box %+v", it, b)
	}
}
