package record

import (
	"fmt"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
)

// PolicyDigest names policy and reviews together; see pipeline.PublishTask.
func PolicyDigest(p Policy, reviews []Review) archive.Digest {
	parts := []string{string(p.Digest())}
	for _, r := range reviews {
		parts = append(parts, r.ID)
	}
	return archive.DigestOfParts(parts...)
}

// reviewed lays the last review that is about c over its decision and returns
// the review's id, "" if there is none. Offsets of c are those of the item.
func (b *builder) reviewed(doc int, c *clean.Correction) string {
	id := ""
	for _, r := range b.Reviews {
		if r.Correction == nil || !r.Correction.about(b.text, *c) {
			continue
		}
		id, c.Decision = r.ID, clean.Flagged
		if r.Correction.Accept {
			c.Decision = clean.Applied
		}
	}
	return id
}

// about tells whether v is about c: same edit, same text around it.
func (v CorrectionReview) about(text []rune, c clean.Correction) bool {
	if v.Kind != c.Kind || v.Before != c.Before || v.After != c.After {
		return false
	}
	left, right := Context(text, c.Start, c.End)
	return left == v.Left && right == v.Right
}

// review lays field reviews over r and says what became of each review of the
// document.
func (b *builder) review(doc int, r *Record, ds decisions) []Applied {
	var out []Applied
	for _, v := range b.Reviews {
		if v.Document != doc+1 {
			continue
		}
		a := Applied{ID: v.ID, Who: v.Who, When: v.When.UTC(), Outcome: outcomeApplied}
		switch {
		case v.Correction != nil:
			if !ds.hold(v.ID) {
				a.Outcome, a.Detail = SecondLook, "the text it refers to is not there any more"
			}
		case v.Field != nil:
			if why := v.Field.set(r, v.ID); why != "" {
				a.Outcome, a.Detail = SecondLook, why
			}
		}
		out = append(out, a)
	}
	return out
}

// hold tells whether a decision rests on review id.
func (ds decisions) hold(id string) bool {
	for _, d := range ds {
		if d.review == id {
			return true
		}
	}
	return false
}

// set changes the field in r; it returns why not, "" when it did.
func (f FieldReview) set(r *Record, id string) string {
	if now := r.field(f.Name); now != f.WasValue && now != f.Value {
		return fmt.Sprintf("%s was %q when reviewed and is now read as %q", f.Name, f.WasValue, now)
	}
	value := &Value{Value: f.Value, Basis: "review", Reviewed: id}
	text := &f.Value
	if f.Value == "" {
		value, text = nil, nil
	}
	switch f.Name {
	case "kind":
		if f.Value == "" {
			return "kind cannot be empty"
		}
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
	default:
		return "there is no field " + f.Name + " to review"
	}
	return ""
}

// field is the value of the named field, "" for null.
func (r *Record) field(name string) string {
	str := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	val := func(v *Value) string {
		if v == nil {
			return ""
		}
		return v.Value
	}
	switch name {
	case "kind":
		return r.Kind
	case "number":
		return str(r.Number)
	case "title":
		return str(r.Title)
	case "date":
		if r.Date == nil {
			return ""
		}
		return r.Date.Value.Value
	case "place":
		return val(r.Place)
	case "classification":
		return val(r.Classification)
	case "from":
		return val(r.From)
	case "to":
		return val(r.To)
	}
	return ""
}
