package transcript

import "nightshift/pipeline/archive"

// Outside is what came of asking an outside reader about a page: a model that is
// none of ours and sees the page's image. Its words stand in the lines that have
// Was; the lines, their places and all other words are the engine's.
type Outside struct {
	Reader   string         `json:"reader"` // "chat" or "command"
	Model    string         `json:"model"`
	Answer   archive.Digest `json:"answer,omitempty"`   // of the answer's bytes, which are kept
	Lines    int            `json:"lines,omitempty"`    // of ours that the answer has too
	Taken    int            `json:"taken,omitempty"`    // of these, lines with words of the answer
	Doubtful int            `json:"doubtful,omitempty"` // words with digits that the two read differently
	Refused  OutsideRefusal `json:"refused,omitempty"`  // why nothing was taken
	Notes    string         `json:"notes,omitempty"`    // what went wrong, in words
}

// OutsideRefusal is why nothing of an outside reader stands in a page.
type OutsideRefusal string

// The refusals. The first three were not asked at all; the next two may be
// answered another time.
const (
	OutsideBudget  OutsideRefusal = "budget"       // the night's pages were used up
	OutsideResting OutsideRefusal = "resting"      // it had failed several times in a row
	OutsideBusy    OutsideRefusal = "busy"         // it was busy with other pages
	OutsideAway    OutsideRefusal = "away"         // no connection, or an error of its own
	OutsideSlow    OutsideRefusal = "slow"         // no whole answer within the time
	OutsideLong    OutsideRefusal = "too-long"     // more than an answer may have
	OutsideForm    OutsideRefusal = "not-readable" // no answer of the form that was asked for
	OutsideOther   OutsideRefusal = "another-text" // a text that is not on this page
)

// Asked reports whether the reader was asked.
func (o *Outside) Asked() bool {
	switch o.Refused {
	case OutsideBudget, OutsideResting, OutsideBusy:
		return false
	}
	return true
}
