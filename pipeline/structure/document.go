package structure

import (
	"math"
	"slices"
	"strings"
)

// document writes a draft out: sections and marks in code points, values as
// clean text.
func (p *parser) document(d *draft) Document {
	out := Document{
		Start: p.at(d.start), End: p.at(d.end), Confidence: d.confidence,
		Subjects: []Subject{}, Participants: []Participant{}, Sections: []Section{}, PageMarks: []PageMark{}, NoteMarks: []NoteMark{}, Notes: []Note{},
	}
	p.sections(d, &out)
	p.noteValues(d, &out)
	title, caption, opening := p.headValues(d, &out)
	out.Kind, out.KindConfidence = kindOf(title, caption, opening)
	p.lists(d, &out)
	p.source(d, &out, caption)
	p.inferDate(&out)
	return out
}

func (p *parser) sections(d *draft, out *Document) {
	for i, b := range d.blocks {
		s := Section{Kind: d.kinds[i].Kind, Start: p.at(b.start), End: p.at(b.end), Confidence: round(sober(d.kinds[i].Confidence) * lineConfidence(&d.blocks[i]))}
		if n := len(out.Sections); s.Kind == "notes" && n > 0 && out.Sections[n-1].Kind == "notes" {
			out.Sections[n-1].End = s.End
			continue
		}
		out.Sections = append(out.Sections, s)
	}
	for _, h := range p.heads {
		if h.at.start >= d.start && h.at.end <= d.end {
			out.Sections = append(out.Sections, Section{Kind: h.section, Start: p.at(h.at.start), End: p.at(h.at.end), Confidence: h.sure})
		}
	}
	sortSections(out.Sections)
	for _, m := range p.marks {
		if m.start >= d.start && m.end <= d.end {
			out.PageMarks = append(out.PageMarks, PageMark{Label: m.label, Start: p.at(m.start), End: p.at(m.end)})
		}
	}
}

func (p *parser) noteValues(d *draft, out *Document) {
	for _, m := range d.marks {
		out.NoteMarks = append(out.NoteMarks, NoteMark{Label: m.label, Start: p.at(m.start), End: p.at(m.end), Note: m.note, Confidence: round(m.share)})
	}
	for i, n := range d.notes {
		note := Note{Index: i + 1, Label: n.label, Kind: "note", Text: p.clear.part(n.text, n.end), Start: p.at(n.start), End: p.at(n.end)}
		if sourceWord(note.Text) >= 0 {
			note.Kind = "source"
		}
		out.Notes = append(out.Notes, note)
	}
}

// headValues reads title, number, dateline and classification; it gives the
// title and caption as text, and how the body opens.
func (p *parser) headValues(d *draft, out *Document) (title, caption, opening string) {
	for i, b := range d.blocks {
		switch d.kinds[i].Kind {
		case "title":
			if out.Title != nil {
				continue
			}
			title = p.clear.part(b.start, b.end)
			if number, rest, ok := documentNumber(title); ok {
				out.Number, title = &number, rest
			}
			out.Title = &title
		case "caption":
			if caption == "" {
				caption = p.clear.part(b.start, b.end)
			}
		case "dateline":
			p.dateValues(&b, out)
		case "classification":
			if out.Classification == nil {
				out.Classification = p.value(b.span, strings.Trim(p.clear.part(b.start, b.end), " .[]()"))
			}
		case "salutation":
			out.Salutation = p.value(b.span, p.clear.part(b.start, b.end))
		case "signature":
			out.Signatures = append(out.Signatures, *p.value(b.span, p.clear.part(b.start, b.end)))
		case "body":
			if opening == "" {
				opening = p.s[b.start:min(b.end, b.start+60)]
			}
		}
	}
	return title, caption, opening
}

// documentNumber splits a volume's number off a title.
func documentNumber(title string) (number, rest string, ok bool) {
	i := 0
	for i < len(title) && title[i] >= '0' && title[i] <= '9' {
		i++
	}
	if i == 0 || i > 5 || i >= len(title) || title[i] != '.' {
		return "", "", false
	}
	return title[:i], strings.TrimSpace(title[i+1:]), true
}

func (p *parser) dateValues(b *block, out *Document) {
	if out.Date != nil {
		return
	}
	raw := strings.ReplaceAll(p.clear.raw(b.start, b.end), "\n", " ") // a line may end between the date's words
	date, ok, place := dateline(raw)
	if ok {
		out.Date = &Date{Value: date.iso, Text: strings.TrimSpace(raw[date.start:date.end]), Basis: date.basis(), Start: p.at(b.start), End: p.at(b.end), To: date.to, Confidence: 0.98}
	}
	if place != "" {
		out.Place = p.value(b.span, place)
	}
}

func (p *parser) value(at span, v string) *Value {
	return &Value{Value: v, Start: p.at(at.start), End: p.at(at.end)}
}

// lists reads subjects, participants, references and recipients.
func (p *parser) lists(d *draft, out *Document) {
	for i := range d.blocks {
		b := &d.blocks[i]
		switch d.kinds[i].Kind {
		case "subjects":
			for _, e := range p.listed(b) {
				out.Subjects = append(out.Subjects, Subject{Text: p.clear.part(e.start, e.end), Start: p.at(p.entryStart(b, e)), End: p.at(e.end)})
			}
		case "participants":
			p.addPeople(p.people(d, i), out)
		case "references":
			for _, e := range p.listed(b) {
				out.References = append(out.References, *p.value(e, p.clear.part(e.start, e.end)))
			}
		case "recipients":
			for _, e := range p.listed(b) {
				if out.To == nil {
					out.To = p.value(e, p.clear.part(e.start, e.end))
				}
			}
		}
	}
}

// listed are a list's entries, or the whole block when it is no list.
func (p *parser) listed(b *block) []span {
	if es := p.entries(b); len(es) > 0 {
		return es
	}
	return []span{b.span}
}

// entryStart is where the entry's bullet stands, or its line with indentation.
func (p *parser) entryStart(b *block, e span) int {
	at := e.start
	for at > b.start && p.s[at-1] != '\n' {
		at--
	}
	return at
}

func (p *parser) source(d *draft, out *Document, caption string) {
	for i, n := range out.Notes {
		if n.Kind != "source" {
			continue
		}
		out.SourceNote = &SourceNote{Text: n.Text, Start: n.Start, End: n.End}
		sourceParts(out.SourceNote)
		if c := out.SourceNote.Classification; c != "" {
			v := Value{Value: c, Start: n.Start, End: n.End}
			if at := strings.Index(p.s[d.notes[i].start:d.notes[i].end], c); at >= 0 {
				from := d.notes[i].start + at
				v.Start, v.End = p.at(from), p.at(from+len(c))
			}
			out.Classification = &v
		}
		return
	}
	if caption == "" {
		return
	}
	for i, b := range d.blocks {
		if d.kinds[i].Kind == "caption" {
			out.SourceNote = &SourceNote{Text: caption, Start: p.at(b.start), End: p.at(b.end)}
			return
		}
	}
}

// inferDate takes the date of a decimal file number where no dateline gives
// one; it says so.
func (p *parser) inferDate(out *Document) {
	if out.Date != nil || out.SourceNote == nil {
		return
	}
	text, _, _ := strings.Cut(out.SourceNote.Text, ". ")
	if f, ok := fileDate(text); ok {
		out.Date = &Date{Value: f.iso, Text: text[f.start:f.end], Basis: "file-number", Start: out.SourceNote.Start, End: out.SourceNote.End, Confidence: 0.6}
	}
}

func sortSections(ss []Section) {
	slices.SortStableFunc(ss, func(a, b Section) int { return a.Start - b.Start })
}

// sober turns the decoder's share into how often such a reading is right: the
// decoder takes signs for independent that are not, and so is too sure. The two
// constants were fitted over volumes that its weights were not counted on.
func sober(share float64) float64 {
	const slope, shift = 0.9, -0.9
	share = min(max(share, 1e-6), 1-1e-6)
	return 1 / (1 + math.Exp(-slope*math.Log(share/(1-share))-shift))
}

// round keeps three digits, so that outputs read well and compare.
func round(f float64) float64 { return float64(int(f*1000+0.5)) / 1000 }
