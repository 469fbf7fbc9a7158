package evaluate

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
)

// Gold is NAME.gold.json: what the text file NAME.txt holds. Offsets are code
// points, half-open, as in structure.json.
type Gold struct {
	Version     int            `json:"version"`
	Volume      string         `json:"volume"` // what documents are put in folds by; may be empty
	Words       int            `json:"words"`  // of the text: what false corrections are counted by
	Documents   []GoldDocument `json:"documents"`
	Corrections []GoldEdit     `json:"corrections"`
}

// GoldDocument is one document of the text. Values are clean text; alternatives
// are parted by "|".
type GoldDocument struct {
	Kind           string                  `json:"kind"`
	Title          string                  `json:"title"`
	Number         string                  `json:"number"`
	Date           *GoldDate               `json:"date"`
	Place          string                  `json:"place"`
	Classification string                  `json:"classification"`
	SourceNote     string                  `json:"sourceNote"`
	Subjects       []structure.Subject     `json:"subjects"`
	Participants   []structure.Participant `json:"participants"`
	Sections       []structure.Section     `json:"sections"`
	PageMarks      []structure.PageMark    `json:"pageMarks"`
	NoteMarks      []GoldMark              `json:"noteMarks"`
	Notes          []structure.Note        `json:"notes"`
}

// GoldDate is a document's date; When is empty for a date that is no single day.
type GoldDate struct {
	When string `json:"when"`
}

// GoldMark is a note mark; AfterDigit when it stands right behind a digit.
type GoldMark struct {
	Start      int  `json:"start"`
	End        int  `json:"end"`
	Note       int  `json:"note"`
	AfterDigit bool `json:"afterDigit"`
}

// GoldEdit is a correction that the text needs.
type GoldEdit struct {
	Start       int    `json:"start"`
	End         int    `json:"end"`
	Before      string `json:"before"`
	After       string `json:"after"`
	Kind        string `json:"kind"`
	RealWord    bool   `json:"realWord"`    // what stands there is a word too
	Recoverable bool   `json:"recoverable"` // false: no reader could tell
}

// ReadGold reads NAME.gold.json and the NAME.txt beside it.
func ReadGold(fsys fs.FS, file string) (Gold, string, error) {
	var g Gold
	raw, err := fs.ReadFile(fsys, file)
	if err != nil {
		return g, "", err
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		return g, "", fmt.Errorf("%s: %w", file, err)
	}
	if len(g.Documents) == 0 {
		return g, "", fmt.Errorf("%s: no documents", file)
	}
	text, err := fs.ReadFile(fsys, strings.TrimSuffix(file, ".gold.json")+".txt")
	if err != nil {
		return g, "", err
	}
	n := utf8.RuneCount(text)
	for i, e := range g.Corrections {
		if e.Start < 0 || e.End < e.Start || e.End > n {
			return g, "", fmt.Errorf("%s: correction %d (%d-%d) is not inside the text of %d code points", file, i, e.Start, e.End, n)
		}
	}
	return g, string(text), nil
}

// goldKinds are the kinds of section that are counted: others may be found
// freely, for truths that do not mark them.
var goldKinds = []string{"title", "caption", "dateline", "classification", "recipients", "references", "subjects", "participants", "list-heading",
	"salutation", "heading", "body", "list", "signature", "notes"}

// Text counts the structure found in one text against its gold. Only the first
// document's sections and values are compared; more than the gold has are
// counted as split off.
func (r *Report) Text(item string, g Gold, text string, s structure.Structure) {
	truth := g.Documents[0]
	found := structure.Document{}
	if len(s.Documents) > 0 {
		found = s.Documents[0]
	}
	r.score("documents").Right += min(len(g.Documents), len(s.Documents))
	r.score("documents").Extra += max(0, len(s.Documents)-len(g.Documents))
	r.score("documents").Missed += max(0, len(g.Documents)-len(s.Documents))
	noisy := g.noisy()
	r.spans(item, truth, found, noisy)
	r.values(item, truth, found, noisy)
	r.corrections(item, g, text, s)
}

// noisy tells whether the text was damaged: values of clean text cannot be
// compared to the letter then.
func (g Gold) noisy() bool {
	for _, e := range g.Corrections {
		if e.Kind != string(clean.RunTogether) {
			return true
		}
	}
	return false
}

func (r *Report) spans(item string, truth GoldDocument, found structure.Document, noisy bool) {
	var gs, gn, gd, ps, pn, pd []string
	digits := map[int]bool{}
	for _, m := range truth.NoteMarks {
		gs, gn = append(gs, place(m.Start, m.End)), append(gn, fmt.Sprintf("%d note %d", m.Start, m.Note))
		if m.AfterDigit {
			digits[m.Start] = true
			gd = append(gd, place(m.Start, m.End))
		}
	}
	for _, m := range found.NoteMarks {
		ps, pn = append(ps, place(m.Start, m.End)), append(pn, fmt.Sprintf("%d note %d", m.Start, m.Note))
		if digits[m.Start] {
			pd = append(pd, place(m.Start, m.End))
		}
	}
	r.sets(item, "note mark span", gs, ps)
	r.sets(item, "note mark to note", gn, pn)
	r.sets(item, "note mark after digit (recall)", gd, pd)
	r.sets(item, "page mark", each(truth.PageMarks, pageMark), each(found.PageMarks, pageMark))
	note := func(n structure.Note) string {
		if noisy {
			return fmt.Sprint(n.Index)
		}
		return first(Fold(n.Text), 400)
	}
	r.sets(item, "notes", each(truth.Notes, note), each(found.Notes, note))
	for _, k := range goldKinds {
		at := func(ss []structure.Section) (out []string) {
			for _, s := range ss {
				if s.Kind == k {
					out = append(out, place(s.Start, s.End))
				}
			}
			return out
		}
		r.sets(item, "section "+k, at(truth.Sections), at(found.Sections))
	}
}

func (r *Report) values(item string, truth GoldDocument, found structure.Document, noisy bool) {
	person := func(p structure.Participant) string { return Fold(p.Name) + " | " + Fold(p.Role) }
	subject := func(s structure.Subject) string { return Fold(s.Text) }
	r.sets(item, "participants", each(truth.Participants, person), each(found.Participants, person))
	r.sets(item, "subjects", each(truth.Subjects, subject), each(found.Subjects, subject))
	if !noisy {
		r.field(item, "title", truth.Title, deref(found.Title))
	}
	r.field(item, "number", truth.Number, deref(found.Number))
	r.field(item, "kind", truth.Kind, found.Kind)
	read := "" // an inferred date is no reading
	if found.Date != nil && found.Date.Basis == "dateline" {
		read = found.Date.Value
	}
	if truth.Date == nil {
		r.field(item, "date", "", read)
	} else if truth.Date.When != "" {
		r.field(item, "date", truth.Date.When, read)
	}
	r.field(item, "place", truth.Place, value(found.Place))
	if truth.SourceNote != "" && !noisy {
		text := ""
		if found.SourceNote != nil {
			text = found.SourceNote.Text
		}
		r.field(item, "source note", truth.SourceNote, text)
	}
	if truth.Classification != "" {
		r.field(item, "classification", truth.Classification, value(found.Classification))
	}
}

// field counts a value: it agrees with one of the alternatives of the truth, or
// there is none and none was found.
func (r *Report) field(item, name, truth, found string) {
	right := truth == "" && found == ""
	if truth != "" {
		for alt := range strings.SplitSeq(truth, "|") {
			right = right || strings.EqualFold(Fold(alt), Fold(found))
		}
	}
	r.exact(item, name, truth, found, right)
}

// Fold makes blanks single and apostrophes of all kinds straight.
func Fold(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("\u02bc", "'", "\u2019", "'").Replace(s)), " ")
}

func place(start, end int) string          { return fmt.Sprintf("%d-%d", start, end) }
func pageMark(m structure.PageMark) string { return fmt.Sprintf("%d [%s]", m.Start, m.Label) }
func each[T any](ts []T, f func(T) string) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = f(t)
	}
	return out
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func value(v *structure.Value) string {
	if v == nil {
		return ""
	}
	return v.Value
}

// first is at most n code points of s.
func first(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
