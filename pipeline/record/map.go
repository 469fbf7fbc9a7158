package record

import (
	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
)

// mapper carries a document's findings over into its record.
type mapper struct {
	places
	doc  structure.Document
	text []rune // of the item, as read
}

// spans turns a span of the item's text into the pair of spans of the record;
// both nil for what is not in the text (an empty span).
func (m mapper) spans(start, end int) (read, inText *clean.Span) {
	if end <= start || start < m.doc.Start || end > m.doc.End {
		return nil, nil
	}
	return &clean.Span{Start: start, End: end},
		m.span(clean.Span{Start: start - m.doc.Start, End: end - m.doc.Start})
}

// anchor is the place in the reading text that a mark which stood at start
// follows.
func (m mapper) anchor(start int) int { return m.ending(start - m.doc.Start) }

func (m mapper) value(v *structure.Value) *Value {
	if v == nil {
		return nil
	}
	out := &Value{Value: v.Value, AsRead: v.Text, Basis: v.Basis, Confidence: v.Confidence}
	out.Read, out.InText = m.spans(v.Start, v.End)
	return out
}

func (m mapper) values(vs []structure.Value) []Value {
	var out []Value
	for i := range vs {
		out = append(out, *m.value(&vs[i]))
	}
	return out
}

// describe fills in the descriptive fields.
func (m mapper) describe(r *Record) {
	d := m.doc
	r.Kind, r.KindConfidence = d.Kind, d.KindConfidence
	r.Number, r.Title, r.SourceNote = d.Number, d.Title, d.SourceNote
	if d.Date != nil {
		r.Date = &Date{Value: Value{Value: d.Date.Value, AsRead: d.Date.Text, Basis: d.Date.Basis,
			Confidence: d.Date.Confidence}, To: d.Date.To}
		r.Date.Read, r.Date.InText = m.spans(d.Date.Start, d.Date.End)
	}
	r.Place, r.Classification = m.value(d.Place), m.value(d.Classification)
	r.From, r.To, r.Through = m.value(d.From), m.value(d.To), m.value(d.Through)
	r.Copies, r.References = m.values(d.Copies), m.values(d.References)
	r.FileNumber, r.Salutation, r.Closing = m.value(d.FileNumber), m.value(d.Salutation), m.value(d.Closing)
	r.Signatures, r.Enclosures, r.Stamps = m.values(d.Signatures), m.values(d.Enclosures), m.values(d.Stamps)
	r.Subjects = []Value{}
	for _, s := range d.Subjects {
		r.Subjects = append(r.Subjects, *m.value(&structure.Value{Value: s.Text, Start: s.Start, End: s.End}))
	}
	r.Participants = []Participant{}
	for _, p := range d.Participants {
		q := Participant{Name: p.Name, Role: p.Role, Side: p.Side}
		q.Read, q.InText = m.spans(p.Start, p.End)
		r.Participants = append(r.Participants, q)
	}
}

// structure fills in sections, marks and notes.
func (m mapper) structure(r *Record) {
	r.Sections, r.PageMarks, r.NoteMarks, r.Notes = []Section{}, []PageMark{}, []NoteMark{}, []Note{}
	last := 0
	for i, s := range m.doc.Sections {
		read, at := m.spans(s.Start, s.End)
		if at == nil || at.End <= last {
			continue
		}
		at.Start = max(at.Start, last) // a correction across the seam belongs to the first
		last = at.End
		r.Sections = append(r.Sections, Section{Kind: s.Kind, Start: at.Start, End: at.End, Confidence: s.Confidence, Read: *read, Index: i})
	}
	for _, p := range m.doc.PageMarks {
		r.PageMarks = append(r.PageMarks, PageMark{Label: p.Label, At: m.beginning(p.Start - m.doc.Start), Read: clean.Span{Start: p.Start, End: p.End}})
	}
	for _, n := range m.doc.NoteMarks {
		r.NoteMarks = append(r.NoteMarks, NoteMark{Label: n.Label, At: m.anchor(n.Start), Note: n.Note,
			Confidence: n.Confidence, Read: clean.Span{Start: n.Start, End: n.End}})
	}
	for _, n := range m.doc.Notes {
		r.Notes = append(r.Notes, Note{Index: n.Index, Label: n.Label, Kind: n.Kind, Text: n.Text, Read: clean.Span{Start: n.Start, End: n.End}})
	}
}

// removals lists what was taken out, in the item's offsets.
func (m mapper) removals(text []rune) []Removal {
	out := []Removal{}
	for _, e := range m.edits {
		if e.parts == nil {
			continue
		}
		r := Removal{Read: clean.Span{Start: e.start + m.doc.Start, End: e.end + m.doc.Start},
			At: e.at, Before: string(text[e.start:e.end]), After: e.after}
		for _, p := range e.parts {
			r.Parts = append(r.Parts, Part{p.Kind, clean.Span{Start: p.Read.Start + m.doc.Start, End: p.Read.End + m.doc.Start}})
		}
		out = append(out, r)
	}
	return out
}
