package record

import (
	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// Format names the record's format and its semantic version: a new field
// raises the minor number, a changed or lost one the major.
const Format = "nightshift-record/1.0.0"

// FormatVersion is the major number of Format.
const FormatVersion = 1

// Record is record.json: one document. Offsets are code points, half-open; a
// span called read lies in the item's text as read, one called inText lies in
// Text and is null where the thing is not part of Text.
type Record struct {
	Version  int      `json:"version"`
	Format   string   `json:"format"`
	Identity Identity `json:"identity"`
	Source   Source   `json:"source"`

	Kind           string                `json:"kind"`
	KindConfidence float64               `json:"kindConfidence,omitempty"`
	Number         *string               `json:"number"`
	Title          *string               `json:"title"`
	Date           *Date                 `json:"date"`
	Place          *Value                `json:"place"`
	Classification *Value                `json:"classification"`
	From           *Value                `json:"from"`
	To             *Value                `json:"to"`
	Through        *Value                `json:"through,omitempty"`
	Copies         []Value               `json:"copies,omitempty"`
	References     []Value               `json:"references,omitempty"`
	FileNumber     *Value                `json:"fileNumber,omitempty"`
	Salutation     *Value                `json:"salutation,omitempty"`
	Closing        *Value                `json:"closing,omitempty"`
	Signatures     []Value               `json:"signatures,omitempty"`
	Enclosures     []Value               `json:"enclosures,omitempty"`
	Stamps         []Value               `json:"stamps,omitempty"`
	Subjects       []Value               `json:"subjects"`
	Participants   []Participant         `json:"participants"`
	SourceNote     *structure.SourceNote `json:"sourceNote"`

	Text       string      `json:"text"`
	Sections   []Section   `json:"sections"`
	PageBreaks []PageBreak `json:"pageBreaks"`
	PageMarks  []PageMark  `json:"pageMarks"`
	NoteMarks  []NoteMark  `json:"noteMarks"`
	Notes      []Note      `json:"notes"`

	Read        Read         `json:"read"`
	Removed     []Removal    `json:"removed"`
	Corrections []Correction `json:"corrections"`
	Reviews     []Applied    `json:"reviews,omitempty"`
	// Outside are the pages on which text of an outside reader stands, or that it
	// read otherwise.
	Outside []OutsidePage `json:"outsideReader,omitempty"`

	Quality  Quality      `json:"quality"`
	Complete bool         `json:"complete"`
	Missing  string       `json:"missing,omitempty"` // what is known to be missing, in words
	Parked   []ParkedPage `json:"parkedPages"`
	Blank    []int        `json:"blankPages"` // pages of the item, from 1
	NoText   []NoTextPage `json:"pagesWithoutText,omitempty"`
	Odd      []OddPage    `json:"pagesToLookAt,omitempty"`
	Notices  []string     `json:"notices,omitempty"`
}

// Identity says which document this is and what it was made from.
type Identity struct {
	Locator   archive.Locator `json:"locator"`
	Item      archive.ItemID  `json:"item"`
	Document  int             `json:"document"`  // within the item, from 1
	Documents int             `json:"documents"` // of the item
	Made      string          `json:"made"`      // names the immutable version's folder
	Input     archive.Digest  `json:"input"`     // the manifest
	Structure archive.Digest  `json:"structure"`
	Policy    archive.Digest  `json:"policy"` // policy and reviews
}

// Source is everything the record was made from: pages of scans, and tools.
type Source struct {
	Pages []SourcePage      `json:"pages"` // those the document stands on
	Tools map[string]string `json:"tools"` // name to version of engine and rules
}

// SourcePage is one page of the item that the document stands on.
type SourcePage struct {
	Page       int            `json:"page"` // of the item, from 1
	Scan       string         `json:"scan"` // object key in the scans bucket
	SHA256     archive.Digest `json:"sha256"`
	Size       int64          `json:"size"` // bytes of the whole scan
	Type       string         `json:"type"`
	Index      int            `json:"index"`                // within the scan, from 1
	Width      int            `json:"width,omitempty"`      // pixels; absent for text
	Height     int            `json:"height,omitempty"`     // pixels; absent for text
	DPI        int            `json:"dpi,omitempty"`        // absent: unknown
	Transcript archive.Digest `json:"transcript,omitempty"` // of the transcript page's object
}

// Value is a descriptive value: clean text with the place it was read at.
type Value struct {
	Value      string      `json:"value"`
	AsRead     string      `json:"asRead,omitempty"`     // where it differs
	Basis      string      `json:"basis,omitempty"`      // how it was inferred; absent: it stands in the text
	Confidence float64     `json:"confidence,omitempty"` // 0-1
	Read       *clean.Span `json:"read"`                 // null: not in the text
	InText     *clean.Span `json:"inText"`
	Reviewed   string      `json:"reviewed,omitempty"` // id of the review that set it
}

// Date is the document's date, ISO 8601, possibly reduced (1961-02).
type Date struct {
	Value
	To string `json:"to,omitempty"` // last day of a range
}

// Participant is a person or group present.
type Participant struct {
	Name   string      `json:"name"`
	Role   string      `json:"role"`
	Side   *string     `json:"side"`
	Read   *clean.Span `json:"read"`
	InText *clean.Span `json:"inText"`
}

// Section is a block of Text.
type Section struct {
	Kind       string     `json:"kind"`
	Start      int        `json:"start"`
	End        int        `json:"end"`
	Confidence float64    `json:"confidence"`
	Read       clean.Span `json:"read"`
	// Index is the section's number in structure.json, from 0.
	Index int `json:"index"`
}

// PageBreak is where a page of the item begins in Text.
type PageBreak struct {
	Page int `json:"page"` // from 1
	At   int `json:"at"`
}

// PageMark is a page number of the original that was taken out of Text at At.
type PageMark struct {
	Label string     `json:"label"`
	At    int        `json:"at"`
	Read  clean.Span `json:"read"`
}

// NoteMark is a note mark taken out of Text at At. Note is the note's index,
// 0 when it could not be decided.
type NoteMark struct {
	Label      string     `json:"label"`
	At         int        `json:"at"`
	Note       int        `json:"note"`
	Confidence float64    `json:"confidence,omitempty"`
	Read       clean.Span `json:"read"`
}

// Note is a note, clean and without its label.
type Note struct {
	Index int        `json:"index"`
	Label string     `json:"label"`
	Kind  string     `json:"kind"` // source, note
	Text  string     `json:"text"`
	Read  clean.Span `json:"read"`
}

// Read is the document's part of the item's text as read.
type Read struct {
	Start  int            `json:"start"`
	End    int            `json:"end"`
	SHA256 archive.Digest `json:"sha256"` // of that part, as UTF-8
}

// Removal is a stretch taken out of the text as read. Before stood there; After
// (blanks or nothing) stands in Text from At on in its stead.
type Removal struct {
	Read   clean.Span `json:"read"`
	At     int        `json:"at"`
	Before string     `json:"before"`
	After  string     `json:"after"`
	Parts  []Part     `json:"parts"`
}

// Part says what a piece of a removal is: page-break, page-mark, note-mark,
// note, notes, running-head, catchword.
type Part struct {
	Kind string     `json:"kind"`
	Read clean.Span `json:"read"`
}

// Correction is one correction with its places. InText is null when what it
// mends was taken out of Text (a note, say).
type Correction struct {
	Read       clean.Span      `json:"read"`
	InText     *clean.Span     `json:"inText"`
	Page       *int            `json:"page"` // from 1
	Box        *transcript.Box `json:"box"`
	Before     string          `json:"before"`
	After      string          `json:"after"`
	Kind       clean.Kind      `json:"kind"`
	Rule       string          `json:"rule"`
	Evidence   []string        `json:"evidence"`
	Confidence float64         `json:"confidence"`
	Decision   clean.Decision  `json:"decision"`
	DecidedBy  string          `json:"decidedBy"`          // structure, policy, review
	Reviewed   string          `json:"reviewed,omitempty"` // id of the review
	// Proposed is the After of the rule, where a review put another in its place.
	Proposed *string `json:"proposed,omitempty"`
}

// NoTextPage is a page with ink on it and no text: a picture, a plan.
type NoTextPage struct {
	Page int               `json:"page"`
	Kind transcript.NoText `json:"kind"`
}

// OddPage is a page that was published and should be looked at.
type OddPage struct {
	Page int `json:"page"`
	transcript.Oddity
}

// ParkedPage is a page that could not be read: a placeholder.
type ParkedPage struct {
	Page   int            `json:"page"`
	Reason archive.Reason `json:"reason"`
	Detail string         `json:"detail,omitempty"`
}
