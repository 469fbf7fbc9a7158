// Package review is where a person decides: a correction accepted or rejected, a
// field set right. It owns how decisions are stored and asked to be published;
// what they do to a record is package record's, and publishing is package
// publish's.
package review

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// Desk is where decisions are taken. Its methods may be called from many
// goroutines.
type Desk struct {
	Work, Records *store.Bucket
	// Publish hands tasks to the publishers; Append puts events in the ledger.
	Publish func(context.Context, ...pipeline.Task) error
	Append  func(context.Context, ...archive.Event) error
	Now     func() time.Time // nil: time.Now
}

// Item is one version of an item's records, as the person sees it.
type Item struct {
	Version archive.Current
	Records []record.Record
	Text    []rune // as read
}

// Open reads version number of the item at l, 0 being the current one.
// store.ErrNotFound if there is none.
func (d Desk) Open(ctx context.Context, l archive.Locator, number int) (Item, error) {
	var it Item
	var err error
	if it.Version, err = publish.Version(ctx, d.Records, l, number); err != nil {
		return it, err
	}
	if it.Records, err = publish.Records(ctx, d.Records, it.Version); err != nil {
		return it, err
	}
	text, _, err := d.Records.Get(ctx, it.Version.Folder+publish.FileRead)
	it.Text = []rune(string(text))
	return it, err
}

// Decision is one thing a person decides about an item: a correction (Field is
// empty) or a field.
type Decision struct {
	Document   int  // within the item, from 1
	Correction int  // within the record's corrections, from 1
	Accept     bool // the correction is to be made; else it is not
	// Instead is to stand there in place of the correction's own text; nil: that.
	Instead *string
	Field   string // name in record.json: kind, number, title, date, place, classification, from, to
	Value   string // of the field; "" is null
	Comment string
}

// ErrDecision is wrapped by errors about decisions that cannot be: no such
// document, correction or field, a value that the field cannot have.
var ErrDecision = errors.New("that cannot be decided")

// Find is the document and the correction, both from 1, at a place in the text
// as read; ok is false when there is none.
func (it Item) Find(start, end int, kind clean.Kind) (document, correction int, ok bool) {
	for i, r := range it.Records {
		for j, c := range r.Corrections {
			if c.Read.Start == start && c.Read.End == end && c.Kind == kind {
				return i + 1, j + 1, true
			}
		}
	}
	return 0, 0, false
}

// Decide stores decisions about it, asks for its records to be published with
// them, and notes them in the ledger under the name of who. All are looked at
// before the first is stored. Should it fail half-way, what was stored is
// published when the next publisher starts or the next decision is taken.
func (d Desk) Decide(ctx context.Context, who string, it Item, decisions ...Decision) ([]record.Review, error) {
	now := time.Now
	if d.Now != nil {
		now = d.Now
	}
	var out []record.Review
	for _, x := range decisions {
		r, err := it.review(x)
		if err != nil {
			return nil, err
		}
		r.Who, r.When = who, now().UTC()
		r.ID = fmt.Sprintf("%s-%s", r.When.Format("20060102T150405.000000000Z"), random())
		out = append(out, r)
	}
	var events []archive.Event
	for _, r := range out {
		if _, err := d.Work.PutJSON(ctx, archive.ReviewsPrefix(r.Item)+r.ID+".json", r); err != nil {
			return nil, fmt.Errorf("store a review: %w", err)
		}
		events = append(events, eventOf(r))
	}
	if err := d.ask(ctx, it.Version.Locator); err != nil {
		return out, err
	}
	return out, d.Append(ctx, events...)
}

// ask asks for the item to be published with all reviews there are.
func (d Desk) ask(ctx context.Context, l archive.Locator) error {
	current, err := publish.Version(ctx, d.Records, l, 0)
	if err != nil {
		return err
	}
	n := 0
	for _, err := range d.Work.List(ctx, archive.ReviewsPrefix(current.Item)) {
		if err != nil {
			return fmt.Errorf("count the reviews of %s: %w", l, err)
		}
		n++
	}
	return d.Publish(ctx, publish.AfterReview(current, n))
}

// review makes a review of a decision.
func (it Item) review(x Decision) (record.Review, error) {
	r := record.Review{Version: 1, Item: it.Version.Item, Locator: it.Version.Locator, Document: x.Document, Comment: x.Comment}
	if x.Document < 1 || x.Document > len(it.Records) {
		return r, fmt.Errorf("%w: there is no document %d of %d", ErrDecision, x.Document, len(it.Records))
	}
	doc := &it.Records[x.Document-1]
	if x.Field != "" {
		was, err := doc.Field(x.Field)
		if err == nil {
			err = record.CheckField(x.Field, x.Value)
		}
		if err != nil {
			return r, fmt.Errorf("%w: %w", ErrDecision, err)
		}
		r.Field = &record.FieldReview{Name: x.Field, WasValue: was, Value: x.Value}
		return r, nil
	}
	if x.Correction < 1 || x.Correction > len(doc.Corrections) {
		return r, fmt.Errorf("%w: there is no correction %d of %d in document %d", ErrDecision, x.Correction, len(doc.Corrections), x.Document)
	}
	c := doc.Corrections[x.Correction-1]
	if c.Read.Start < 0 || c.Read.End < c.Read.Start || c.Read.End > len(it.Text) {
		return r, fmt.Errorf("%w: correction %d lies outside the text as read", ErrDecision, x.Correction)
	}
	if x.Instead != nil && !x.Accept {
		return r, fmt.Errorf("%w: another text for correction %d, which is not to be made", ErrDecision, x.Correction)
	}
	after := c.After
	if c.Proposed != nil { // a review before this one put another text there
		after = *c.Proposed
	}
	left, right := record.Context(it.Text, c.Read.Start, c.Read.End)
	r.Correction = &record.CorrectionReview{Accept: x.Accept, Kind: c.Kind, Before: c.Before, After: after, Left: left, Right: right, At: c.Read.Start}
	if x.Instead != nil && *x.Instead != after {
		r.Correction.Instead = x.Instead
	}
	return r, nil
}

// eventOf is the ledger's line about a review.
func eventOf(r record.Review) archive.Event {
	detail := ""
	if c := r.Correction; c != nil {
		verb := "rejected"
		if c.Accept {
			verb = "accepted"
		}
		after := c.After
		if c.Instead != nil {
			verb, after = "edited", *c.Instead
		}
		detail = fmt.Sprintf("%s %s: %q to %q", verb, c.Kind, c.Before, after)
	} else {
		detail = fmt.Sprintf("%s of document %d: %q to %q", r.Field.Name, r.Document, r.Field.WasValue, r.Field.Value)
	}
	facts, _ := json.Marshal(struct { // a string: cannot fail
		Review string `json:"review"`
	}{r.ID})
	return archive.Event{Kind: archive.Reviewed, Time: r.When, Item: r.Item, Locator: r.Locator, Detail: detail, Who: r.Who, Facts: facts}
}

func random() string {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
