// Package clean finds the stray characters that OCR and digitisation leave in
// a text and says how to mend each, with the rule and the evidence that carried
// it. It owns corrections, the lexicon and the weighing of evidence; it changes
// no text itself except through Apply, and Undo gives the text back. Pure.
package clean

import "nightshift/pipeline/transcript"

// Kind is a kind of correction.
type Kind string

// The kinds of DESIGN.md section 7. RunningHead and Catchword are found by
// package structure, all others here.
const (
	Apostrophe      Kind = "apostrophe"
	Quote           Kind = "quote"
	RunTogether     Kind = "run-together"
	SplitWord       Kind = "split-word"
	SpacedLetters   Kind = "spaced-letters"
	SoftHyphen      Kind = "soft-hyphen"
	LineBreakHyphen Kind = "line-break-hyphen"
	HardWrap        Kind = "hard-wrap"
	Ligature        Kind = "ligature"
	Invisible       Kind = "invisible"
	Space           Kind = "space"
	ReplacementChar Kind = "replacement-char"
	StrayMark       Kind = "stray-mark"
	Confusion       Kind = "confusion"
	Mojibake        Kind = "mojibake"
	RunningHead     Kind = "running-head"
	Catchword       Kind = "catchword"
)

// Decision says whether a correction is made or only shown to a person.
type Decision string

// The decisions. A flag changes nothing.
const (
	Applied Decision = "apply"
	Flagged Decision = "flag"
)

// Correction is one edit from the text as read to the clean text. Start and
// End are code points, half-open, into the text as read; Before is what stands
// there, After what is to stand there. Corrections of one text are ordered and
// do not overlap.
type Correction struct {
	Start      int             `json:"start"`
	End        int             `json:"end"`
	Before     string          `json:"before"`
	After      string          `json:"after"`
	Kind       Kind            `json:"kind"`
	Rule       string          `json:"rule"`
	Evidence   []string        `json:"evidence"`
	Confidence float64         `json:"confidence"` // share of such corrections that are right, 0-1
	Decision   Decision        `json:"decision"`
	Page       *int            `json:"page"` // from 1, where there is a page image
	Box        *transcript.Box `json:"box"`
}

// Span is a stretch of the text as read in code points, half-open.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Block is a stretch of text whose kind matters to cleaning: a structure's
// section kind ("body", "participants", "notes", "running-head", "table" …).
type Block struct {
	Span
	Kind string
}

// Input is what Correct works on.
type Input struct {
	Text string // as read, valid UTF-8
	// Blocks found by package structure, ordered and disjoint; nil: unknown.
	Blocks []Block
	// Marks are page marks and note marks: never edited, and looked through
	// when judging what stands beside them.
	Marks []Span
	// Names that the document itself gives (participants, from, to).
	Names []string
	// Layout gives boxes and confidences; nil for text inputs.
	Layout *transcript.Layout
	// Rules are the archive's own; nil: none.
	Rules *Rules
	// Without is evidence that is not to be used: to measure what it is worth.
	Without Evidence
}

// Evidence is a set of kinds of evidence.
type Evidence uint8

// Where the characters stand on the page, which words follow each other, and
// which words the document has.
const (
	PageImage Evidence = 1 << iota
	WordPairs
	OwnWords
)
