package structure

import (
	"strings"
	"unicode"
)

// pagesDocument writes out a document that was read from pages.
func (p *parser) pagesDocument(d *draft) Document {
	out := Document{
		Start: p.at(d.start), End: p.at(d.end), Confidence: round(d.confidence),
		Subjects: []Subject{}, Participants: []Participant{}, Sections: []Section{}, PageMarks: []PageMark{}, NoteMarks: []NoteMark{}, Notes: []Note{},
	}
	kind, confidence := p.kindOfPages(d)
	out.Kind, out.KindConfidence = kind, round(min(surest, confidence, d.mostSure(kind)))
	p.sections(d, &out)
	p.asides(d, &out)
	p.noteValues(d, &out)
	v := &pageValues{parser: p, draft: d, out: &out}
	v.fieldValues()
	v.blockValues()
	v.date()
	v.classification()
	v.betweenLabels()
	v.offices()
	v.overSender()
	v.cableHead()
	v.identified()
	v.slipAddressees()
	v.slipSymbol()
	v.actionPost()
	v.placeOverDate()
	v.recordSubject()
	v.aboutPerson()
	v.writers()
	v.signer()
	v.aboveSymbol()
	v.numbered()
	v.stampedFile()
	v.paperTitle()
	marked := out.Classification
	p.source(d, &out, "")
	if marked != nil {
		out.Classification = marked // what stands on the paper itself
	}
	v.readConfidence()
	p.inferDate(&out)
	return out
}

// asides adds the sections of lines that are no text of the document.
func (p *parser) asides(d *draft, out *Document) {
	for i := range d.pages.sheets {
		s := &d.pages.sheets[i]
		last := -2 // index of the print that the section before ends with
		for j := range s.prints {
			pr := &s.prints[j]
			kind, confidence := "", 0.5
			switch pr.role {
			case ofStamp:
				kind, confidence = "stamp", 0.95
				out.Stamps = append(out.Stamps, *p.value(pr.span, p.clear.part(pr.start, pr.end)))
			case ofHand:
				kind = "handwriting"
			case ofNote:
				kind, confidence = "notes", 0.9
			default:
				continue
			}
			if n := len(out.Sections); last == j-1 && out.Sections[n-1].Kind == kind {
				out.Sections[n-1].End = p.at(pr.end)
			} else {
				out.Sections = append(out.Sections, Section{Kind: kind, Start: p.at(pr.start), End: p.at(pr.end), Confidence: confidence})
			}
			last = j
		}
	}
	sortSections(out.Sections)
}

// pageValues finds the values of a document on pages.
type pageValues struct {
	titleAt span // of out.Title
	*parser
	*draft
	out *Document
}

// text is the clean text of a field's value.
func (v *pageValues) text(f field) string {
	var parts []string
	for _, s := range v.clear.whole(f.parts) {
		parts = append(parts, strings.Trim(v.clear.part(s.start, s.end), " |\\/_~*°•«»=‘’“”`^<>{}"))
	}
	return trimStray(withoutStamp(strings.Join(parts, " ")))
}

// of is a field's value with its place.
func (v *pageValues) of(f field) *Value {
	at := f.parts[0]
	for _, s := range f.parts[1:] {
		if s.start >= at.end && s.start < at.end+80 {
			at.end = s.end
		}
	}
	text := v.text(f)
	if f.label == labelTo || f.label == labelFrom {
		text = withoutTail(text)
	}
	out := v.parser.value(at, text)
	out.told = f.told()
	return out
}

// fieldValues takes the values of the fields of a memorandum's or form's head.
func (v *pageValues) fieldValues() {
	limit := 0.6 // of the first page: a label further down is in the text
	if v.out.Kind == "cover-sheet" || v.out.Kind == "form" {
		limit = 1
	}
	for _, f := range v.pages.fields {
		if (f.page > 0 || f.y > limit) && f.label != labelCopies {
			continue
		}
		if v.out.Kind == "cover-sheet" && (f.label == labelTo || f.label == labelFrom) {
			f.parts = f.parts[:1] // a row each
		}
		text := v.text(f)
		if f.plain == 0 && f.y > 0.25 {
			continue // words in capitals, rather than a label
		}
		if text == "" || wordlike(text) < 0.2 && len(text) > 12 || text[0] == '(' && text[len(text)-1] == ')' && !strings.Contains(text, " ") {
			continue // noise, or what the form itself says: “(Optional)”
		}
		if letterOrFigure(text) < 2 || v.unread(&f) || strings.HasSuffix(text, ")") && !strings.ContainsAny(text, "( ") {
			continue // what the form itself says, or nothing that was read
		}
		switch f.label {
		case labelTo:
			if low := strings.ToLower(text); !strings.HasPrefix(low, "the record") && !strings.HasPrefix(low, "record") && !strings.HasPrefix(low, "the file") && !alikeRecord(low) {
				setOnce(&v.out.To, v.of(f))
			}
		case labelAttention:
			if v.out.To != nil && !strings.Contains(v.out.To.Value, "ttention") {
				v.out.To.Value += " (Attention: " + text + ")"
			}
		case labelFrom:
			setOnce(&v.out.From, v.of(f))
		case labelName:
			if v.out.Kind == "form" && len(v.out.Subjects) == 0 && strings.ContainsRune(text, ',') {
				s := v.of(f)
				v.out.Subjects = append(v.out.Subjects, Subject{Text: s.Value, Start: s.Start, End: s.End})
			}
		case labelSigner:
			if v.out.Kind == "form" {
				v.out.From = v.of(f) // remarks of a form have labels of their own
			}
		case labelThrough:
			setOnce(&v.out.Through, v.of(f))
		case labelSubject:
			if len(v.out.Subjects) == 0 {
				s := v.of(f)
				v.out.Subjects = append(v.out.Subjects, Subject{Text: s.Value, Start: s.Start, End: s.End})
			}
		case labelReference:
			v.out.References = append(v.out.References, *v.of(f))
		case labelCopies:
			v.out.Copies = append(v.out.Copies, *v.of(f))
		case labelFile:
			setOnce(&v.out.FileNumber, v.of(f))
		case labelPlace:
			setOnce(&v.out.Place, v.of(f))
		case labelNumber:
			if n := numberIn(text); n != "" && v.out.Number == nil {
				v.out.Number = &n
			}
		case labelClass:
			if m := markingNear(text); m != "" {
				c := v.of(f)
				c.Value = m
				setOnce(&v.out.Classification, c)
			}
		}
	}
}

// unread tells whether neither the label of a field was read nor its value.
func (v *pageValues) unread(f *field) bool {
	return f.line != nil && f.line.told != nil && (wordlike(v.text(*f)) < 0.5 || v.readAt(f.parts[0].start, f.parts[0].end) < doubtful/100.0)
}

// letterOrFigure counts the letters and figures of a text.
func letterOrFigure(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// alikeRecord tells whether a memorandum's addressee is the record.
func alikeRecord(s string) bool {
	n := lettersOf(s)
	return len(n) < 14 && editDistance(n, "therecord") <= 2
}

func setOnce(to **Value, v *Value) {
	if *to == nil {
		*to = v
	}
}

// blockValues takes the values of blocks: addresses, salutation, closing,
// signatures, enclosures, copies, title.
func (v *pageValues) blockValues() {
	var to []span
	closed := -1
	for i := range v.draft.blocks {
		b := &v.draft.blocks[i]
		text := trimStray(v.clear.part(b.start, b.end))
		if len(b.prints) > 1 {
			text = v.own(b)
		}
		switch v.kinds[i].Kind {
		case "title":
			if v.out.Title == nil || letterhead(*v.out.Title) && !letterhead(text) {
				t := text
				v.out.Title, v.titleAt = &t, b.span
			}
		case "recipients":
			if _, ok := labelOf(v.s[b.prints[0].start:b.prints[0].end]); !ok && closed < 0 {
				for _, pr := range b.prints {
					to = append(to, v.valueSpan(&v.pages.sheets[b.page], pr, pr.start))
				}
			}
		case "salutation":
			if salutes(v.s[b.prints[0].start:b.prints[0].end]) {
				if i := strings.IndexAny(text, ":,"); i > 2 {
					text = text[:i]
				}
				setOnce(&v.out.Salutation, v.value(b.span, text))
			}
		case "signature":
			if v.out.Closing == nil && closes(v.s[b.prints[0].start:b.prints[0].end]) {
				closed = i
				v.out.Closing = v.value(b.prints[0].span, trimStray(v.clear.part(b.prints[0].start, b.prints[0].end)))
				if len(b.prints) > 1 {
					v.signature(b.prints[1:])
				}
				continue
			}
			v.signature(b.prints)
		case "participants":
			v.addPeople(v.people(v.draft, i), v.out)
		case "enclosure":
			v.enclosures(b)
		case "distribution":
			v.out.Copies = append(v.out.Copies, *v.value(b.span, text))
		}
	}
	v.sendersAddress()
	if n := v.paperNumber(); n != "" && v.out.Number == nil {
		v.out.Number = &n
	}
	if lines := v.addressLines(v.draft); v.out.To == nil && len(lines) > 1 {
		to = to[:0]
		for _, pr := range lines {
			to = append(to, v.valueSpan(&v.pages.sheets[0], pr, pr.start))
		}
	}
	if v.out.To == nil && len(to) > 0 {
		v.out.To = v.address(to)
	}
	if v.out.From == nil && len(v.out.Signatures) > 0 && v.out.Closing != nil {
		s := v.out.Signatures[0]
		s.Value = strings.TrimSpace(afterSigned(s.Value))
		v.out.From = &s
	}
}

// afterSigned takes "(Sgd.)" from the name of a copy's signature.
func afterSigned(s string) string {
	for _, w := range []string{"(sgd.)", "(sgd)", "(signed)", "sgd.", "/s/", "signed:"} {
		if len(s) > len(w) && strings.EqualFold(s[:len(w)], w) {
			return s[len(w):]
		}
	}
	return s
}

// sendersAddress takes the address that a letter's writer sets over the date, on
// the right: it is the place, and no title.
func (v *pageValues) sendersAddress() {
	if v.out.Kind != "letter" || v.out.Place != nil {
		return
	}
	for i := range v.draft.blocks[:max(0, len(v.draft.blocks)-1)] {
		b := &v.draft.blocks[i]
		if v.kinds[i].Kind != "title" || v.kinds[i+1].Kind != "dateline" || b.page > 0 || !v.stands(v.draft, b).Right {
			continue
		}
		v.out.Place, v.out.Title = v.parser.value(b.span, v.own(b)), nil
		return
	}
}

// paperNumber is the number that stands in the first page's head: "No. 227".
func (v *pageValues) paperNumber() string {
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		if 5*pr.box[1] > 2*s.height || pr.role == ofStamp {
			continue
		}
		text := v.s[pr.start:pr.end]
		if l, ok := labelOf(text); ok && l.label == labelNumber {
			if n := numberIn(text[l.value:]); n != "" {
				return n
			}
		}
		if n := misreadNo(text); n != "" && (dateLine(text) || len(text) < 20) {
			return n
		}
	}
	if n := v.overCaption(); n != "" {
		return n
	}
	return v.paperSymbol()
}

// misreadNo is the number behind "No." at a line's beginning, of which one of the
// letters or the stop was misread: "Nos 1559.", "Mo. 214", "N0, 12".
func misreadNo(s string) string {
	t := strings.TrimLeft(s, " .,'\"‘’“”|*-_~")
	word, rest, ok := strings.Cut(t, " ")
	if !ok || len(word) < 2 || len(word) > 4 || !strings.ContainsRune("NMH", rune(word[0])) || !strings.ContainsRune("o0Oecau", rune(word[1])) || strings.Trim(word[2:], ".,:;esl°*") != "" {
		return ""
	}
	if w := strings.ToLower(word); w == "he" || w == "me" || w == "mo" && !strings.ContainsAny(word, ".,:") {
		return ""
	}
	n := numberIn(rest)
	if !digitsOnly(n, 1, 5) {
		return ""
	}
	return n
}

// mostlyCapitals tells whether at most one letter of a symbol was read as a small
// one.
func mostlyCapitals(s string) bool {
	small := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			small++
		}
	}
	return small <= 1
}

func capitalsOnly(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func digitsOnly(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && strings.Trim(s, "0123456789") == ""
}

// own is the clean text of a block's own lines.
func (v *pageValues) own(b *block) string {
	var parts []string
	var lines []span
	for _, pr := range b.prints {
		lines = append(lines, pr.span)
	}
	for _, l := range v.clear.whole(lines) {
		parts = append(parts, trimStray(v.clear.part(l.start, l.end)))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// address joins the lines of an address.
func (v *pageValues) address(lines []span) *Value {
	var parts []string
	for _, s := range v.clear.whole(lines) {
		if t := trimStray(v.clear.part(s.start, s.end)); t != "" && t != "TO" {
			parts = append(parts, strings.TrimRight(t, ",")) // each line of an address ends in one
		}
	}
	return v.value(span{lines[0].start, lines[len(lines)-1].end}, strings.Join(parts, ", "))
}

// trimStray takes off signs at either end that no value begins or ends with.
func trimStray(s string) string {
	return strings.TrimSpace(strings.Trim(strings.TrimSpace(s), " |\\/_~*°•«»=‘’“”`;:,^<>{}"))
}

// numberIn is the number of a paper at the beginning of a value: "227.",
// "52 (R-47)", "OELA-35984".
func numberIn(s string) string {
	w, rest, _ := strings.Cut(strings.TrimLeft(s, " .:#°"), " ")
	w = strings.Trim(w, ".,;:()")
	if !strings.ContainsAny(w, "0123456789") || len(w) > 20 {
		return ""
	}
	if end := strings.IndexByte(rest, ')'); strings.HasPrefix(rest, "(") && end > 1 && end < 10 && strings.ContainsAny(rest[:end], "0123456789") {
		return w + " " + rest[:end+1]
	}
	return w
}

func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}
