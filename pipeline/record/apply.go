package record

import (
	"fmt"

	"nightshift/pipeline/archive"
)

// PolicyDigest names policy and reviews together; see pipeline.PublishTask.
func PolicyDigest(p Policy, reviews []Review) archive.Digest {
	parts := []string{string(p.Digest())}
	for _, r := range reviews {
		parts = append(parts, r.ID)
	}
	return archive.DigestOfParts(parts...)
}

// review lays field reviews over r and says what became of each review that
// belongs to the document: those of the corrections in it, and those of its
// fields. A review of a document that is not there any more is told of by the
// last one.
func (b *builder) review(i int, r *Record) []Applied {
	var out []Applied
	docs := b.Reading.Structure.Documents
	set := map[string]int{} // field to its place in out
	for n, v := range b.Reviews {
		f := b.reviews.fates[n]
		if b.documentOf(v, f) != i {
			continue
		}
		a := Applied{ID: v.ID, Who: v.Who, When: v.When.UTC(), Outcome: f.outcome, Detail: f.detail}
		switch {
		case v.Field == nil:
		case v.Document > len(docs):
			a.Outcome, a.Detail = SecondLook, fmt.Sprintf("there is no document %d any more", v.Document)
		default:
			a.Outcome, a.Detail = outcomeApplied, v.Field.set(r, v.ID)
			if a.Detail != "" {
				a.Outcome = SecondLook
			} else if before, ok := set[v.Field.Name]; ok {
				out[before].Outcome, out[before].Detail = outcomeSuperseded, "decided otherwise by review "+v.ID
			}
			if a.Outcome == outcomeApplied {
				set[v.Field.Name] = len(out)
			}
		}
		out = append(out, a)
	}
	return out
}

// documentOf is the index of the document that review v belongs to: the one
// that holds its place, else the one it names.
func (b *builder) documentOf(v Review, f fate) int {
	docs := b.Reading.Structure.Documents
	if v.Field == nil && f.at >= 0 {
		for i, d := range docs {
			if f.at >= d.Start && f.at < d.End {
				return i
			}
		}
	}
	return max(0, min(v.Document, len(docs))-1)
}

// set changes the field in r; it returns why not, "" when it did.
func (f FieldReview) set(r *Record, id string) string {
	if err := CheckField(f.Name, f.Value); err != nil {
		return err.Error()
	}
	if now, _ := r.Field(f.Name); now != f.WasValue && now != f.Value {
		return fmt.Sprintf("%s was %q when reviewed and is now read as %q", f.Name, f.WasValue, now)
	}
	value := &Value{Value: f.Value, Basis: "review", Reviewed: id}
	text := &f.Value
	if f.Value == "" {
		value, text = nil, nil
	}
	switch f.Name {
	case "kind":
		r.Kind, r.KindConfidence = f.Value, 1
	case "number":
		r.Number = text
	case "title":
		r.Title = text
	case "date":
		r.Date = nil
		if value != nil {
			r.Date = &Date{Value: *value}
		}
	case "place":
		r.Place = value
	case "classification":
		r.Classification = value
	case "from":
		r.From = value
	case "to":
		r.To = value
	}
	return ""
}
