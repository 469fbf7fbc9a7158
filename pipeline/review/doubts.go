package review

import (
	"context"
	"iter"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
	"nightshift/pipeline/structure"
)

// Doubt is something of an item that asks for a person: a flagged correction, a
// value that was said with doubt, or a review that no longer fits.
type Doubt struct {
	Document   int                `json:"document"`             // from 1
	Correction int                `json:"correction,omitempty"` // from 1; 0: a review
	Flag       *record.Correction `json:"flag,omitempty"`
	Left       string             `json:"left,omitempty"` // text as read before it
	Right      string             `json:"right,omitempty"`
	Value      *Value             `json:"value,omitempty"`
	Review     *record.Applied    `json:"review,omitempty"`
}

// Value is a field that was told with a confidence under structure.Doubtful, and that
// nobody has set. Setting it, to the same or to another value, settles it.
type Value struct {
	Field      string      `json:"field"` // one of record.ReviewFields
	Value      string      `json:"value"`
	Confidence float64     `json:"confidence"`
	Read       *clean.Span `json:"read,omitempty"` // its place in the text as read
}

// doubtfulValues are the fields of a record that were told with doubt. What a person
// set has no confidence, or is certain.
func doubtfulValues(r *record.Record) []Value {
	var out []Value
	for _, name := range record.ReviewFields {
		v := Value{Field: name}
		var from *record.Value
		switch name {
		case "kind":
			v.Confidence = r.KindConfidence
		case "date":
			if r.Date != nil {
				from = &r.Date.Value
			}
		case "place":
			from = r.Place
		case "classification":
			from = r.Classification
		case "from":
			from = r.From
		case "to":
			from = r.To
		}
		if from != nil {
			v.Confidence, v.Read = from.Confidence, from.Read
		}
		if v.Confidence <= 0 || v.Confidence >= structure.Doubtful {
			continue
		}
		v.Value, _ = r.Field(name) // a name of ReviewFields: cannot fail
		out = append(out, v)
	}
	return out
}

// Doubts are, document by document, the flagged corrections that nobody decided on,
// in reading order, the values that were told with doubt, and the reviews that need a
// second look.
func (it Item) Doubts() []Doubt {
	var out []Doubt
	for i := range it.Records {
		r := &it.Records[i]
		for j := range r.Corrections {
			c := &r.Corrections[j]
			if c.Decision != clean.Flagged || c.Reviewed != "" || c.Read.End > len(it.Text) {
				continue
			}
			d := Doubt{Document: i + 1, Correction: j + 1, Flag: c}
			d.Left, d.Right = record.Context(it.Text, c.Read.Start, c.Read.End)
			out = append(out, d)
		}
		for _, v := range doubtfulValues(r) {
			out = append(out, Doubt{Document: i + 1, Value: &v})
		}
		for j := range r.Reviews {
			if r.Reviews[j].Outcome == record.SecondLook {
				out = append(out, Doubt{Document: i + 1, Review: &r.Reviews[j]})
			}
		}
	}
	return out
}

// Summary counts the doubts of a published item.
type Summary struct {
	Locator    archive.Locator `json:"locator"`
	Item       archive.ItemID  `json:"item"`
	Version    int             `json:"version"`
	Documents  int             `json:"documents"`
	Flagged    int             `json:"flagged"`    // corrections that nobody decided on
	Values     int             `json:"values"`     // told with doubt, and set by nobody
	SecondLook int             `json:"secondLook"` // reviews that no longer fit
	Grade      string          `json:"grade,omitempty"`
}

// Doubtful yields the items below prefix that have doubts.
func Doubtful(ctx context.Context, records *store.Bucket, prefix string) iter.Seq2[Summary, error] {
	return func(yield func(Summary, error) bool) {
		for c, err := range publish.Currents(ctx, records, prefix) {
			if err != nil {
				yield(Summary{}, err)
				return
			}
			rs, err := publish.Records(ctx, records, c)
			if err != nil {
				yield(Summary{}, err)
				return
			}
			s := Summary{Locator: c.Locator, Item: c.Item, Version: c.Number, Documents: c.Documents}
			for _, r := range rs {
				s.add(r)
			}
			if s.Flagged+s.Values+s.SecondLook > 0 && !yield(s, nil) {
				return
			}
		}
	}
}

func (s *Summary) add(r record.Record) {
	if g := r.Quality.Grade; g != nil {
		s.Grade = max(s.Grade, *g)
	}
	for _, c := range r.Corrections {
		if c.Decision == clean.Flagged && c.Reviewed == "" {
			s.Flagged++
		}
	}
	s.Values += len(doubtfulValues(&r))
	for _, a := range r.Reviews {
		if a.Outcome == record.SecondLook {
			s.SecondLook++
		}
	}
}
