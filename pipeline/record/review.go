package record

import (
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
)

// Review is a person's decision on an item, laid over structure and policy.
// It names what it is about by the text itself, so that it still holds after
// the item was read again, as long as that text is there.
type Review struct {
	Version  int             `json:"version"` // 1
	ID       string          `json:"id"`
	Item     archive.ItemID  `json:"item"`
	Locator  archive.Locator `json:"locator"`
	Who      string          `json:"who"` // user@host
	When     time.Time       `json:"when"`
	Document int             `json:"document"` // within the item, from 1
	Comment  string          `json:"comment,omitempty"`
	// One of the two:
	Correction *CorrectionReview `json:"correction,omitempty"`
	Field      *FieldReview      `json:"field,omitempty"`
}

// CorrectionReview accepts or rejects one correction: the one with the same
// before and after between the same text, white space aside. At is where it
// stood; it decides between several.
type CorrectionReview struct {
	Accept bool       `json:"accept"`
	Kind   clean.Kind `json:"kind"`
	Before string     `json:"before"`
	After  string     `json:"after"`
	Left   string     `json:"left"`  // text as read before it, up to 24 characters
	Right  string     `json:"right"` // and after it
	// Instead is put in place of After: the person saw that something is wrong
	// there, and what it should be. Only with Accept.
	Instead *string `json:"instead,omitempty"`
	At      int     `json:"at"`
}

// FieldReview sets one descriptive field by its name in record.json: kind,
// number, title, date, place, classification, from, to. WasValue is what the
// person saw there ("" for null): another value since asks for a second look.
type FieldReview struct {
	Name     string `json:"name"`
	WasValue string `json:"was"`
	Value    string `json:"value"` // "" is null
}

// Applied says what became of a review.
type Applied struct {
	ID      string    `json:"id"`
	Who     string    `json:"who"`
	When    time.Time `json:"when"`
	Outcome string    `json:"outcome"`          // applied, superseded, second-look
	Detail  string    `json:"detail,omitempty"` // why it needs a second look
}

// contextLength of the text kept on each side of a reviewed correction, in
// code points: enough to tell one "tbe" of a page from the next.
const contextLength = 24

// Context is the text as read on both sides of start..end.
func Context(text []rune, start, end int) (left, right string) {
	return string(text[max(0, start-contextLength):start]), string(text[end:min(len(text), end+contextLength)])
}

// The values of Applied.Outcome.
const (
	outcomeApplied = "applied"
	// outcomeSuperseded: a later review decided the same thing.
	outcomeSuperseded = "superseded"
	// SecondLook: what the review refers to is not there any more, or changed.
	SecondLook = "second-look"
)
