package archive

import (
	"encoding/json"
	"time"
)

// Event is one line of the ledger: something that happened to a scan, an item
// or a page. Status and reports are folds over events.
type Event struct {
	Version  int             `json:"version"` // 1
	Time     time.Time       `json:"time"`
	Kind     EventKind       `json:"kind"`
	Stage    string          `json:"stage,omitempty"`
	Item     ItemID          `json:"item"`
	Locator  Locator         `json:"locator,omitempty"`
	Scan     string          `json:"scan,omitempty"`  // object key
	Page     int             `json:"page,omitempty"`  // from 1; 0 is the whole item
	Pages    int             `json:"pages,omitempty"` // of the item, where known
	Reason   Reason          `json:"reason,omitempty"`
	Detail   string          `json:"detail,omitempty"`
	Delivery int             `json:"delivery,omitempty"` // try number, from 1
	Seconds  float64         `json:"seconds,omitempty"`  // time the work took
	Replay   string          `json:"replay,omitempty"`   // id of the replay that asked for it
	Who      string          `json:"who,omitempty"`      // user@host of a person's act; worker otherwise
	Facts    json.RawMessage `json:"facts,omitempty"`    // stage's own figures: confidence, counts, digests
	// Retold: told anew from the objects, after the ledger was lost.
	Retold bool `json:"retold,omitempty"`
	// ID names what happened: the same told twice counts once, by the stream within
	// its window and by the ledger's fold ever after. It travels as the message's
	// id. Empty, when appended: the digest of the event's bytes.
	ID string `json:"-"`
}

// EventKind is what happened, in terms close to PREMIS event types.
type EventKind string

// The kinds of event.
const (
	ScanReceived  EventKind = "ingestion"    // a scan was found and its fixity taken
	ScanDuplicate EventKind = "duplicate"    // same digest as a named scan
	ScanIgnored   EventKind = "ignored"      // not a scan
	ItemPlanned   EventKind = "item-planned" // complete; its pages are known
	PageRead      EventKind = "page-read"    // recognition done
	Structured    EventKind = "structured"   // structure found
	Published     EventKind = "published"    // a new version of its records
	Unchanged     EventKind = "unchanged"    // published before with the same content
	Retried       EventKind = "retry"        // a try failed; another follows
	Parked        EventKind = "parked"       // failed for good
	Replayed      EventKind = "replay"       // an operator asked for it again
	Healed        EventKind = "healed"       // the sweep found something missing and put it right
	Reopened      EventKind = "reopened"     // a page came after the item was complete
	Withdrawn     EventKind = "withdrawn"    // a record is no longer offered
	Reviewed      EventKind = "reviewed"     // a person's decision
	FixityChecked EventKind = "fixity-check" // digests compared
	ReportSent    EventKind = "report-sent"  // the morning report, by webhook or mail
	Paused        EventKind = "paused"       // a stage, by an operator
	Resumed       EventKind = "resumed"      // likewise
	Held          EventKind = "held"         // a box, by an operator
	PutFirst      EventKind = "put-first"    // likewise
	Released      EventKind = "released"     // a box waits for its turn like any other
)

// ByAPerson reports whether such an event is a person's act, whom Who names.
func (k EventKind) ByAPerson() bool {
	switch k {
	case Replayed, Reviewed, Paused, Resumed, Held, PutFirst, Released:
		return true
	}
	return false
}

// IsWork reports whether such an event is work of the pipeline on scans.
func (k EventKind) IsWork() bool {
	return !k.ByAPerson() && k != ReportSent && k != FixityChecked && k != Healed
}

// Failure is a parked message: everything needed to understand and replay it.
type Failure struct {
	Version  int             `json:"version"` // 1
	Time     time.Time       `json:"time"`
	Stage    string          `json:"stage"`
	Item     ItemID          `json:"item"`
	Locator  Locator         `json:"locator,omitempty"`
	Page     int             `json:"page,omitempty"`
	Reason   Reason          `json:"reason"`
	Detail   string          `json:"detail"` // never holds a secret; at most 4 KiB
	Tries    int             `json:"tries"`
	Worker   string          `json:"worker,omitempty"`
	Subject  string          `json:"subject"`        // where the task was
	Task     json.RawMessage `json:"task,omitempty"` // the task itself; absent if it could not be decoded
	Raw      []byte          `json:"raw,omitempty"`  // the message, if it could not be decoded; at most 64 KiB
	Sequence uint64          `json:"-"`              // place in FAILED, once read from there
}
