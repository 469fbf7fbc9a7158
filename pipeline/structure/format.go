// Package structure finds what a transcript is made of: documents, their
// sections, page marks, note marks and notes, and the values that describe
// them, all as offsets into the text as read. It owns structure.json. It does
// not mend text (package clean does; Parse calls it) and touches no file, store
// or network.
package structure

import (
	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
)

// FormatVersion of structure.json.
const FormatVersion = 1

// Structure is structure.json. Offsets are code points into the text as read.
type Structure struct {
	Version     int                `json:"version"`
	Text        Text               `json:"text"`
	Rules       map[string]string  `json:"rules,omitempty"` // versions: "structure", "clean", "lexicon"
	Documents   []Document         `json:"documents"`
	Corrections []clean.Correction `json:"corrections"`
	Notices     []string           `json:"notices,omitempty"` // what could not be told, in words
}

// Text identifies the text that the offsets are into.
type Text struct {
	SHA256 archive.Digest `json:"sha256"` // of its UTF-8 bytes
	Length int            `json:"length"` // in code points
}

// Document is one memo, telegram, letter … of an item.
type Document struct {
	Start          int           `json:"start"`
	End            int           `json:"end"`
	Confidence     float64       `json:"confidence"` // that a document begins here
	Kind           string        `json:"kind"`
	KindConfidence float64       `json:"kindConfidence,omitempty"`
	Number         *string       `json:"number"`
	Title          *string       `json:"title"` // clean text
	Date           *Date         `json:"date"`
	Place          *Value        `json:"place"`
	Classification *Value        `json:"classification"`
	From           *Value        `json:"from"`
	To             *Value        `json:"to"`
	Through        *Value        `json:"through,omitempty"`
	Copies         []Value       `json:"copies,omitempty"`
	References     []Value       `json:"references,omitempty"`
	FileNumber     *Value        `json:"fileNumber,omitempty"`
	Salutation     *Value        `json:"salutation,omitempty"`
	Closing        *Value        `json:"closing,omitempty"`
	Signatures     []Value       `json:"signatures,omitempty"`
	Enclosures     []Value       `json:"enclosures,omitempty"`
	Stamps         []Value       `json:"stamps,omitempty"`
	Subjects       []Subject     `json:"subjects"`
	Participants   []Participant `json:"participants"`
	Sections       []Section     `json:"sections"`
	PageMarks      []PageMark    `json:"pageMarks"`
	NoteMarks      []NoteMark    `json:"noteMarks"`
	Notes          []Note        `json:"notes"`
	SourceNote     *SourceNote   `json:"sourceNote"`
}

// Value is an extracted value: Value is clean text, the span is where it was
// read. An inferred value has a basis and no span of its own words.
type Value struct {
	Value      string  `json:"value"`
	Text       string  `json:"text,omitempty"` // as read, where it differs
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Basis      string  `json:"basis,omitempty"`
	Confidence float64 `json:"confidence,omitempty"`

	told float64 // how surely its rule tells it; nought: as such values are told
}

// Date is a document's date, ISO 8601 (possibly reduced: 1961-02).
type Date struct {
	Value      string  `json:"value"`
	Text       string  `json:"text"`
	Basis      string  `json:"basis"` // dateline, file-number, telegram-group
	Start      int     `json:"start"`
	End        int     `json:"end"`
	To         string  `json:"to,omitempty"` // last day of a range
	Confidence float64 `json:"confidence"`
}

// Subject is one subject line or bullet.
type Subject struct {
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Participant is a person or group present.
type Participant struct {
	Name  string  `json:"name"`
	Role  string  `json:"role"`
	Side  *string `json:"side"`
	Start int     `json:"start"`
	End   int     `json:"end"`
}

// Section is a block of a document.
type Section struct {
	Kind       string  `json:"kind"`
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Confidence float64 `json:"confidence"`
}

// PageMark is the mark of a page of the printed or typed original.
type PageMark struct {
	Label string `json:"label"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// NoteMark is a mark in the text that refers to a note; Note is the note's
// index (from 1) in the document's list, 0 when it could not be decided.
type NoteMark struct {
	Label      string  `json:"label"`
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Note       int     `json:"note"`
	Confidence float64 `json:"confidence,omitempty"`
}

// Note is one note of the list, Index from 1 in the order of the list.
type Note struct {
	Index int    `json:"index"`
	Label string `json:"label"`
	Kind  string `json:"kind"` // source, note
	Text  string `json:"text"` // clean, without its label
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// SourceNote is the note that says where the document lies, and its parts.
type SourceNote struct {
	Text           string   `json:"text"`
	Start          int      `json:"start"`
	End            int      `json:"end"`
	Archive        string   `json:"archive,omitempty"`
	File           string   `json:"file,omitempty"`
	Classification string   `json:"classification,omitempty"`
	DraftedBy      string   `json:"draftedBy,omitempty"`
	Approved       string   `json:"approved,omitempty"`
	Cleared        string   `json:"cleared,omitempty"`
	Markings       []string `json:"markings,omitempty"`
}
