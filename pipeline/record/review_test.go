package record_test

import (
	"strings"
	"testing"
	"time"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
)

// about is a review of correction n of the item's structure.
func about(in record.Input, id string, n int, accept bool) record.Review {
	c := in.Reading.Structure.Corrections[n]
	left, right := record.Context([]rune(in.Reading.Text), c.Start, c.End)
	return record.Review{Version: 1, ID: id, Item: in.Manifest.Item, Who: "jo@desk", When: time.Unix(1, 0), Document: 1,
		Correction: &record.CorrectionReview{Accept: accept, Kind: c.Kind, Before: c.Before, After: c.After, Left: left, Right: right, At: c.Start}}
}

func field(id, name, was, value string) record.Review {
	return record.Review{Version: 1, ID: id, Who: "jo@desk", When: time.Unix(2, 0), Document: 1, Field: &record.FieldReview{Name: name, WasValue: was, Value: value}}
}

// outcomes are what became of the reviews of all documents, by id.
func outcomes(rs []record.Record) map[string]record.Applied {
	out := map[string]record.Applied{}
	for _, r := range rs {
		for _, a := range r.Reviews {
			out[a.ID] = a
		}
	}
	return out
}

func TestReviewsOfCorrections(t *testing.T) {
	in := recordtest.Ferry(t)
	in.Reviews = []record.Review{about(in, "a", 3, true), about(in, "b", 0, false)} // accept "tbe" to "the", reject "northpier"
	rs := build(t, in)
	if text := rs[0].Text; !strings.Contains(text, "about the ferry") || !strings.Contains(text, "northpier") {
		t.Errorf("text %q", text)
	}
	for i, want := range map[int]clean.Decision{3: clean.Applied, 0: clean.Flagged} {
		if c := rs[0].Corrections[i]; c.Decision != want || c.DecidedBy != "review" || c.Reviewed == "" {
			t.Errorf("correction %d: %+v", i, c)
		}
	}
	if _, err := rs[0].AsRead(); err != nil {
		t.Error(err)
	}
	in.Reviews = append(in.Reviews, about(in, "c", 3, false))
	rs = build(t, in)
	if got := outcomes(rs); got["a"].Outcome != "superseded" || got["c"].Outcome != "applied" || strings.Contains(rs[0].Text, "about the ferry") {
		t.Errorf("the last word is not the last one: %+v", got)
	}
}

// TestReviewsSurviveAnotherReading: the item was read again; lines break
// elsewhere, other words differ, the rules find other corrections.
func TestReviewsSurviveAnotherReading(t *testing.T) {
	old := recordtest.Ferry(t)
	accept, reject, gap := about(old, "accept", 3, true), about(old, "reject", 0, false), about(old, "gap", 1, true)
	for _, c := range []struct {
		name, from, to string // what the new reading has otherwise
		want           map[string]string
		text           string // in the record
	}{
		{"same", "", "", map[string]string{"accept": "applied", "reject": "applied", "gap": "applied"}, "about the ferry."},
		{"another word elsewhere", "He would write", "Hc wou1d wrlte", map[string]string{"accept": "applied", "reject": "applied", "gap": "applied"}, "about the ferry."},
		{"a line breaks", "about tbe ferry", "about\ntbe ferry", map[string]string{"accept": "applied"}, "about\nthe ferry."},
		{"read right now", "tbe ferry", "the ferry", map[string]string{"accept": "applied"}, "about the ferry."},
		{"a blank was read", "theDues", "the Dues", map[string]string{"gap": "applied"}, "that the Dues were"},
		{"read worse", "about tbe ferry", "a8out t6e f3rry", map[string]string{"accept": "second-look", "reject": "applied"}, "t6e"},
		{"gone", "about tbe ferry", "", map[string]string{"accept": "second-look"}, "said"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := recordtest.TextItem(old.Manifest.Locator, strings.Replace(recordtest.FerryText, c.from, c.to, 1))
			in.Reviews = []record.Review{accept, reject, gap}
			rs := build(t, in)
			got := outcomes(rs)
			for id, want := range c.want {
				if got[id].Outcome != want {
					t.Errorf("%s: %+v, want %s", id, got[id], want)
				}
			}
			if len(got) != 3 {
				t.Errorf("%d reviews are told of", len(got))
			}
			if !strings.Contains(rs[0].Text, c.text) {
				t.Errorf("no %q in %q", c.text, rs[0].Text)
			}
			if _, err := rs[0].AsRead(); err != nil {
				t.Error(err)
			}
			raw, err := record.Encode(rs[0])
			if err != nil {
				t.Fatal(err)
			}
			recordtest.Check(t, "record", raw)
		})
	}
}

func TestReviewsOfFields(t *testing.T) {
	in := recordtest.Ferry(t)
	in.Reviews = []record.Review{
		field("date", "date", "1931", "1931-03-02"), field("title", "title", "Memorandum on the Ferry", "On the Ferry"),
		field("again", "title", "On the Ferry", "The Ferry"), field("other", "number", "8", "9"), field("none", "from", "", "A. Marsh"),
	}
	lost := field("lost", "title", "x", "y")
	lost.Document = 3
	in.Reviews = append(in.Reviews, lost)
	r := build(t, in)[0]
	if r.Date.Value.Value != "1931-03-02" || r.Date.Basis != "review" || r.Date.Reviewed != "date" || *r.Title != "The Ferry" || *r.Number != "7" || r.From.Value != "A. Marsh" {
		t.Errorf("date %+v, title %q, number %q, from %+v", r.Date, *r.Title, *r.Number, r.From)
	}
	got := outcomes([]record.Record{r})
	for id, want := range map[string]string{"date": "applied", "title": "superseded", "again": "applied", "other": "second-look", "none": "applied", "lost": "second-look"} {
		if got[id].Outcome != want {
			t.Errorf("%s: %+v, want %s", id, got[id], want)
		}
	}
	if got["lost"].Detail == "" || got["other"].Detail == "" {
		t.Error("a second look does not say why")
	}
}
