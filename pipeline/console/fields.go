package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/review"
)

// fieldView is a descriptive field of a document as published, and what a
// person set it to that is not published yet.
type fieldView struct {
	Name, Value string
	By          string // who set it last
	When        time.Time
	Pending     bool
	Set         string // the value that is pending
}

// fieldsOf are the fields that a person may set right, of a published document.
func (it *item) fieldsOf(document int) []fieldView {
	if document > len(it.Records) {
		return nil
	}
	var out []fieldView
	for _, name := range record.ReviewFields {
		value, err := it.Records[document-1].Field(name)
		if err != nil {
			continue
		}
		f := fieldView{Name: name, Value: value}
		for n, r := range it.Reviews {
			if r.Field != nil && r.Document == document && r.Field.Name == name {
				f.By, f.When = r.Who, r.When
				f.Pending, f.Set = it.Shown != nil && n >= it.Shown.Reviews, r.Field.Value
			}
		}
		out = append(out, f)
	}
	return out
}

// fieldDecision is what a person decides about a field, and what they saw.
type fieldDecision struct {
	Document int    `json:"document"`
	Field    string `json:"field"`
	Was      string `json:"was"` // the value that the person saw
	Value    string `json:"value"`
	Note     string `json:"comment"`
}

// setField stores a field's value, if the field is still what the person saw and
// nobody set it since.
func (s *Server) setField(ctx context.Context, who string, id archive.ItemID, d fieldDecision) (record.Review, error) {
	var none record.Review
	it, err := s.load(ctx, id, 0)
	if err != nil {
		return none, err
	}
	if it.Shown == nil {
		return none, fault{http.StatusConflict, "The item is not published yet; nothing was stored."}
	}
	if d.Document < 1 || d.Document > len(it.Records) {
		return none, fault{http.StatusBadRequest, "There is no such document."}
	}
	for _, f := range it.fieldsOf(d.Document) {
		switch {
		case f.Name != d.Field:
		case f.Pending && f.Set != d.Was:
			return none, fault{http.StatusConflict, fmt.Sprintf("%s set %s to %q at %s, after this page was opened. Nothing was stored; reload the page.", f.By, f.Name, f.Set, clock(f.When))}
		case !f.Pending && f.Value != d.Was:
			return none, fault{http.StatusConflict, fmt.Sprintf("The %s is %q since this page was opened. Nothing was stored; reload the page.", f.Name, f.Value)}
		}
	}
	done, err := s.opt.System.Reviews().Decide(ctx, who, it.review(), review.Decision{Document: d.Document, Field: d.Field, Value: d.Value, Comment: d.Note})
	if errors.Is(err, review.ErrDecision) {
		return none, fault{http.StatusBadRequest, "Nothing was stored: " + err.Error() + "."}
	}
	if err != nil {
		return none, err
	}
	return done[0], nil
}

// fieldDo takes a field's value from a form.
func (s *Server) fieldDo(w http.ResponseWriter, r *http.Request, v visit) error {
	d := fieldDecision{Document: number(r.PostFormValue("document"), 0), Field: r.PostFormValue("field"), Was: r.PostFormValue("was"), Value: r.PostFormValue("value"), Note: r.PostFormValue("comment")}
	if _, err := s.setField(r.Context(), v.Who, archive.ItemID(r.PathValue("id")), d); err != nil {
		return err
	}
	http.Redirect(w, r, local(r.PostFormValue("back")), http.StatusSeeOther) // #nosec G710 -- local lets only paths of this console through: FuzzLocal
	return nil
}

// apiField is `nightshift review ITEM --set`.
func (s *Server) apiField(w http.ResponseWriter, r *http.Request, v visit) error {
	var d fieldDecision
	if err := readJSON(r, &d); err != nil {
		return err
	}
	done, err := s.setField(r.Context(), v.Who, archive.ItemID(r.PathValue("id")), d)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, done)
	return nil
}
