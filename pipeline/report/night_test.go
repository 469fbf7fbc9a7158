package report

import (
	"strings"
	"testing"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/ledger"
	"nightshift/pipeline/progress"
)

// TestNight folds a night with a stall, doubtful pages and a box each, and looks
// at what the report makes of it.
func TestNight(t *testing.T) {
	n := ledger.NewNight()
	begin := time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)
	read := func(minute int, l archive.Locator, page int, facts string) {
		n.Add(archive.Event{Version: 1, Kind: archive.PageRead, Time: begin.Add(time.Duration(minute) * time.Minute), Item: l.ID(), Locator: l, Page: page, Facts: []byte(facts)})
	}
	for i := range 20 {
		read(i, "c/box-1/a.tif", i+1, `{"words":100,"confidence":95}`)
	}
	for i := range 10 { // after forty minutes of nothing
		read(60+i, "c/box-2/b.tif", i+1, `{"words":9,"confidence":41,"errorRate":0.2,"lowQuality":true}`)
	}
	read(70, "c/box-2/b.tif", 11, `{"blank":true}`)
	standings := []progress.ScanStanding{{Key: "c/box-1/a.tif", Standing: progress.Published}, {Key: "c/box-2/b.tif", Standing: progress.Published}}
	r := New(begin, standings, nil, nil, n, nil, "")
	if len(r.Stalls) != 1 || r.Stalls[0].Minutes != 40 || !r.Stalls[0].From.Equal(begin.Add(20*time.Minute)) {
		t.Errorf("stalls %+v", r.Stalls)
	}
	if len(r.Boxes) != 2 || r.Boxes[1].Doubtful != 10 || r.Boxes[1].Blank != 1 || r.Boxes[0].Read != 20 {
		t.Errorf("boxes %+v", r.Boxes)
	}
	if len(r.Review) != 1 || r.Review[0].Locator != "c/box-2/b.tif" || r.Review[0].Doubtful != 10 {
		t.Errorf("review %+v", r.Review)
	}
	r.Pictures = []Picture{{Locator: "c/box-2/b.tif", Page: 1, Type: "image/jpeg", Data: []byte("picture")}}
	html, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", `class="stall"`, "No page was read for 40 minutes", "data:image/jpeg;base64,cGljdHVyZQ==", "Review first"} {
		if !strings.Contains(string(html), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if text := r.Text(); !strings.Contains(text, "c/box-2") || !strings.Contains(text, "show c/box-2/b.tif") {
		t.Errorf("the text is\n%s", text)
	}
	if s := r.Subject(); s != "Nightshift: 2 of 2 scans published" {
		t.Errorf("subject %q", s)
	}
}
