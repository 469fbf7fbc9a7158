package report

import (
	"strings"
	"testing"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/ledger"
	"nightshift/pipeline/progress"
)

func TestReport(t *testing.T) {
	standings := []progress.ScanStanding{
		{Key: "c/b/one.tif", Item: archive.Locator("c/b/one.tif").ID(), Standing: progress.Published, Version: 1},
		{Key: "c/b/<script>alert(1)</script>.tif", Item: archive.Locator("c/b/<script>alert(1)</script>.tif").ID(), Standing: progress.Parked, Reason: archive.Truncated, Detail: "ends at byte 9"},
		{Key: "c/b/copy.tif", Standing: progress.Duplicate, Of: "c/b/one.tif"},
	}
	failures := []archive.Failure{
		{Stage: "plan", Item: archive.Locator("c/b/<script>alert(1)</script>.tif").ID(), Reason: archive.Truncated},
		{Stage: "ocr", Item: archive.Locator("c/b/one.tif").ID(), Page: 2, Locator: "c/b/one.tif", Reason: archive.DeadlineHit},
	}
	r := New(time.Unix(0, 0), standings, nil, failures, ledger.NewNight(), nil, "--data d")
	if !r.Total.Adds() || r.Total.Scans != 3 || r.Total.Parked != 1 {
		t.Errorf("total %+v", r.Total)
	}
	html, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(html), "<script>") {
		t.Error("a name became markup")
	}
	text := r.Text()
	for _, want := range []string{"3 scans: 1 published, 1 parked, 1 duplicate", "nightshift ingest FOLDER --replace --data d", "nightshift replay --reason deadline --data d", "c/b/one.tif page 2: deadline"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if _, err := r.JSON(); err != nil {
		t.Error(err)
	}
}

func TestNothingToDo(t *testing.T) {
	r := New(time.Unix(0, 0), []progress.ScanStanding{{Key: "a.tif", Standing: progress.Published}}, nil, nil, ledger.NewNight(), nil, "")
	if len(r.Todo) != 1 || r.Todo[0].Command != "" {
		t.Errorf("to do: %+v", r.Todo)
	}
}
