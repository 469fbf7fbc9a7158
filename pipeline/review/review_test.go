package review_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/publish/publishtest"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/review"
	"nightshift/pipeline/store"
	"nightshift/pipeline/structure"
)

var shared publishtest.Desk

func TestMain(m *testing.M) { os.Exit(publishtest.Run(m, &shared)) }

// desk publishes at once what a decision asks for, and keeps the events.
type desk struct {
	review.Desk
	t      *testing.T
	events []archive.Event
	down   bool // nobody hears what is asked
}

func newDesk(t *testing.T) *desk {
	none, err := publish.ParseRenditions("none")
	if err != nil {
		t.Fatal(err)
	}
	shared.Agree(t, publish.Changes{Renditions: none})
	d := &desk{t: t}
	d.Desk = review.Desk{Work: shared.Work, Records: shared.Records,
		Publish: func(_ context.Context, tasks ...pipeline.Task) error {
			if d.down {
				return errors.New("nobody there")
			}
			for _, task := range tasks {
				shared.Publish(t, task.(pipeline.PublishTask))
			}
			return nil
		},
		Append: func(_ context.Context, es ...archive.Event) error {
			d.events = append(d.events, es...)
			return nil
		}}
	return d
}

func (d *desk) open(l archive.Locator) review.Item {
	d.t.Helper()
	it, err := d.Open(d.t.Context(), l, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	return it
}

func TestDecide(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Ferry(t)
	task := shared.File(t, &in, 1)
	shared.Publish(t, task)
	it := d.open(task.Locator)
	doubts := it.Doubts()
	if len(doubts) != 2 || doubts[1].Value == nil || doubts[1].Value.Field != "date" || doubts[0].Flag.Before != "b" || !strings.HasSuffix(doubts[0].Left, "about t") || doubts[0].Correction != 4 {
		t.Fatalf("doubts %+v", doubts)
	}
	if doc, n, ok := it.Find(doubts[0].Flag.Read.Start, doubts[0].Flag.Read.End, doubts[0].Flag.Kind); !ok || doc != 1 || n != 4 {
		t.Errorf("found %d %d", doc, n)
	}
	rs, err := d.Decide(t.Context(), "jo@desk", it,
		review.Decision{Document: 1, Correction: 4, Accept: true, Comment: "seen on the image"},
		review.Decision{Document: 1, Field: "date", Value: "1931-03-02"})
	if err != nil || len(rs) != 2 {
		t.Fatal(rs, err)
	}
	now := d.open(task.Locator)
	r := now.Records[0]
	if now.Version.Number != 2 || now.Version.Reviews != 2 || !strings.Contains(r.Text, "about the ferry") || r.Date.Value.Value != "1931-03-02" {
		t.Errorf("version %+v, text %q, date %+v", now.Version, r.Text, r.Date)
	}
	if len(r.Reviews) != 2 || r.Reviews[0].Who != "jo@desk" || r.Reviews[0].Outcome != "applied" || r.Reviews[0].When.IsZero() {
		t.Errorf("reviews %+v", r.Reviews)
	}
	if len(now.Doubts()) != 0 {
		t.Errorf("doubts are left: %+v", now.Doubts())
	}
	if len(d.events) != 2 || d.events[0].Kind != archive.Reviewed || d.events[0].Who != "jo@desk" || !strings.Contains(d.events[0].Detail, `"b" to "h"`) {
		t.Errorf("events %+v", d.events)
	}
}

// TestDecisionsSurviveAnotherReading: the item is read again with other
// settings, better here and worse there.
func TestDecisionsSurviveAnotherReading(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Ferry(t)
	task := shared.File(t, &in, 1)
	shared.Publish(t, task)
	_, err := d.Decide(t.Context(), "jo@desk", d.open(task.Locator),
		review.Decision{Document: 1, Correction: 4, Accept: true}, review.Decision{Document: 1, Correction: 2, Accept: false})
	if err != nil {
		t.Fatal(err)
	}
	again := recordtest.TextItem(in.Manifest.Locator, strings.NewReplacer("He would write", "Hc would wr1te", "theDues were paid", "th8 Du3s w3re p4id").Replace(recordtest.FerryText))
	again.Manifest.Pages = in.Manifest.Pages
	shared.Publish(t, shared.File(t, &again, 2))
	now := d.open(task.Locator)
	r := now.Records[0]
	if now.Version.Number != 3 || !strings.Contains(r.Text, "Hc would") || !strings.Contains(r.Text, "about the ferry") {
		t.Errorf("version %d, text %q", now.Version.Number, r.Text)
	}
	if _, err := r.AsRead(); err != nil {
		t.Error(err)
	}
	if r.Reviews[0].Outcome != "applied" || r.Reviews[1].Outcome != record.SecondLook {
		t.Errorf("reviews %+v", r.Reviews)
	}
	var listed []review.Summary
	for s, err := range review.Doubtful(t.Context(), shared.Records, t.Name()) {
		if err != nil {
			t.Fatal(err)
		}
		listed = append(listed, s)
	}
	if len(listed) != 1 || listed[0].SecondLook != 1 || listed[0].Locator != task.Locator {
		t.Errorf("for a second look: %+v", listed)
	}
}

// TestValuesInDoubt: values that were told with doubt are listed until a person sets
// them, to the same value too.
func TestValuesInDoubt(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Ferry(t) // its date is inferred
	doc := &in.Reading.Structure.Documents[0]
	doc.From = &structure.Value{Value: "Harbour Masler", Start: 0, End: 4, Confidence: 0.41}
	doc.To = &structure.Value{Value: "The Minister", Start: 5, End: 9, Confidence: 0.93}
	doc.KindConfidence = 0.5
	task := shared.File(t, &in, 1)
	shared.Publish(t, task)
	values := func(it review.Item) (out []string) {
		for _, x := range it.Doubts() {
			if x.Value != nil {
				out = append(out, x.Value.Field+" "+x.Value.Value)
			}
		}
		return out
	}
	listed := func() (n int) {
		for s, err := range review.Doubtful(t.Context(), shared.Records, t.Name()) {
			if err != nil {
				t.Fatal(err)
			}
			n += s.Values
		}
		return n
	}
	it := d.open(task.Locator)
	kind := it.Records[0].Kind
	if got := values(it); !slices.Equal(got, []string{"kind " + kind, "date 1931", "from Harbour Masler"}) || listed() != 3 {
		t.Fatalf("in doubt: %q, %d listed", got, listed())
	}
	if _, err := d.Decide(t.Context(), "jo@desk", it, review.Decision{Document: 1, Field: "from", Value: "Harbour Master"}, review.Decision{Document: 1, Field: "date", Value: "1931-03"}, review.Decision{Document: 1, Field: "kind", Value: kind}); err != nil {
		t.Fatal(err)
	}
	it = d.open(task.Locator)
	if got := values(it); len(got) != 0 || listed() != 0 || it.Records[0].From.Value != "Harbour Master" {
		t.Errorf("in doubt after all was set: %q, %d listed, from %+v", got, listed(), it.Records[0].From)
	}
}

// TestUnheard: a decision whose publishing nobody heard of is found.
func TestUnheard(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Ferry(t)
	task := shared.File(t, &in, 1)
	shared.Publish(t, task)
	d.down = true
	if _, err := d.Decide(t.Context(), "jo@desk", d.open(task.Locator), review.Decision{Document: 1, Correction: 4, Accept: true}); err == nil {
		t.Fatal("nobody was there, and no error")
	}
	for range 2 {
		found := 0
		for task2, err := range publish.Unheard(t.Context(), shared.Work, shared.Records) {
			if err != nil {
				t.Fatal(err)
			}
			if task2.Locator == task.Locator {
				found++
				shared.Publish(t, task2)
			}
		}
		if number := d.open(task.Locator).Version.Number; number != 2 {
			t.Errorf("%d tasks found, version %d", found, number)
		}
	}
}

func TestDecisionsThatCannotBe(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Ferry(t)
	task := shared.File(t, &in, 1)
	shared.Publish(t, task)
	for name, x := range map[string]review.Decision{
		"no such document": {Document: 2, Correction: 1}, "no such correction": {Document: 1, Correction: 9}, "none": {Document: 1},
		"no such field": {Document: 1, Field: "colour", Value: "red"}, "no date": {Document: 1, Field: "date", Value: "yesterday"},
		"no kind": {Document: 1, Field: "kind", Value: "poem"}, "kind of nothing": {Document: 1, Field: "kind"},
	} {
		good := review.Decision{Document: 1, Correction: 4, Accept: true}
		if _, err := d.Decide(t.Context(), "jo@desk", d.open(task.Locator), good, x); !errors.Is(err, review.ErrDecision) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if now := d.open(task.Locator); now.Version.Number != 1 {
		t.Error("a refused decision changed the item")
	}
	if _, err := d.Open(t.Context(), "no/such/item", 0); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an item that is not there: %v", err)
	}
	if _, err := d.Open(t.Context(), task.Locator, 7); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a version that is not there: %v", err)
	}
}

// TestAnotherTextInstead: a person sees that something is wrong, and what it
// should be; deciding once more still knows what the rule proposed.
func TestAnotherTextInstead(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Ferry(t)
	task := shared.File(t, &in, 1)
	shared.Publish(t, task)
	text := "bb"
	if _, err := d.Decide(t.Context(), "jo@desk", d.open(task.Locator), review.Decision{Document: 1, Correction: 4, Accept: true, Instead: &text}); err != nil {
		t.Fatal(err)
	}
	now := d.open(task.Locator)
	r := now.Records[0]
	c := r.Corrections[3]
	if !strings.Contains(r.Text, "tbbe ferry") || c.After != "bb" || c.Proposed == nil || *c.Proposed != "h" || c.DecidedBy != "review" {
		t.Errorf("text %q, correction %+v", r.Text, c)
	}
	if _, err := r.AsRead(); err != nil {
		t.Error(err)
	}
	raw, err := record.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	recordtest.Check(t, "record", raw)
	if !strings.HasPrefix(d.events[0].Detail, "edited confusion") {
		t.Errorf("the ledger says %q", d.events[0].Detail)
	}
	if _, err := d.Decide(t.Context(), "jo@desk", now, review.Decision{Document: 1, Correction: 4, Accept: true}); err != nil {
		t.Fatal(err)
	}
	r = d.open(task.Locator).Records[0]
	if !strings.Contains(r.Text, "about the ferry") || r.Corrections[3].Proposed != nil || len(r.Reviews) != 2 || r.Reviews[0].Outcome != "superseded" {
		t.Errorf("text %q, correction %+v, reviews %+v", r.Text, r.Corrections[3], r.Reviews)
	}
	if _, err := d.Decide(t.Context(), "jo@desk", now, review.Decision{Document: 1, Correction: 4, Instead: &text}); !errors.Is(err, review.ErrDecision) {
		t.Errorf("another text without accepting: %v", err)
	}
}
