package structure

import (
	"fmt"
	"strings"
	"unicode"

	"nightshift/pipeline/structure/evidence"
	"nightshift/pipeline/structure/wording"
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
	*parser
	*draft
	out *Document
}

// text is the clean text of a field's value.
func (v *pageValues) text(f field) string {
	var parts []string
	for _, s := range f.parts {
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
				v.out.Title = &t
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
	for _, pr := range b.prints {
		parts = append(parts, trimStray(v.clear.part(pr.start, pr.end)))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// address joins the lines of an address.
func (v *pageValues) address(lines []span) *Value {
	var parts []string
	for _, s := range lines {
		if t := trimStray(v.clear.part(s.start, s.end)); t != "" && t != "TO" {
			parts = append(parts, strings.TrimRight(t, ",")) // each line of an address ends in one
		}
	}
	return v.value(span{lines[0].start, lines[len(lines)-1].end}, strings.Join(parts, ", "))
}

// signature takes a signature's lines: a name, and what its bearer is. Columns of
// names are parted at stops.
func (v *pageValues) signature(prints []*print) {
	var parts []string
	for _, pr := range prints {
		if t := trimStray(v.clear.part(pr.start, pr.end)); t != "" && wordlike(t) > 0.3 && !noSigner(t) {
			parts = append(parts, t)
		}
	}
	if len(parts) == 0 {
		return
	}
	at := span{prints[0].start, prints[len(prints)-1].end}
	if names := splitNames(parts); len(names) > 1 {
		for _, n := range names {
			v.out.Signatures = append(v.out.Signatures, *v.value(at, n))
		}
		return
	}
	v.out.Signatures = append(v.out.Signatures, *v.value(at, strings.Join(parts, " ")))
}

// noSigner tells whether a line under a closing is none of a signer's: a number, the
// file that the copy is for, the typist's initials, a dateline.
func noSigner(t string) bool {
	return !longEnough(strings.Trim(t, "0123456789 .-")) || ofCopy(t) || dateLine(t)
}

// ofCopy tells whether a line says for which file the copy is, or who typed it.
func ofCopy(t string) bool {
	a, b, ok := strings.Cut(t, "/")
	initials := ok && capitalsOnly(a, 2, 4) && capitalsOnly(b, 2, 4)
	return initials || evidence.Initials(t) || strings.HasPrefix(wording.Fold(t), "file") && strings.ContainsAny(t, "0123456789")
}

// splitNames parts lines in which names stand side by side, each with a stop:
// "Alder. Family Birch."; nil when there is one name.
func splitNames(lines []string) []string {
	var out []string
	for _, l := range lines {
		if !strings.HasSuffix(l, ".") {
			return nil
		}
		from := 0
		for i := 0; i+1 < len(l); i++ {
			if l[i] == '.' && l[i+1] == ' ' && len(wordBefore(l, from, i)) > 2 {
				out = append(out, strings.TrimSpace(l[from:i+1]))
				from = i + 1
			}
		}
		out = append(out, strings.TrimSpace(l[from:]))
	}
	if len(out) <= len(lines) && len(lines) < 3 {
		return nil
	}
	return out
}

// enclosures takes each enclosure of a list; the heading over it is none, and what
// is said of the copy under it is none either.
func (v *pageValues) enclosures(b *block) {
	out := v.out.Enclosures
	left := b.prints[0].box[0]
	for _, pr := range b.prints {
		t := trimStray(v.clear.part(pr.start, pr.end))
		low := strings.ToLower(strings.TrimRight(t, " :."))
		if l, ok := labelOf(v.s[pr.start:pr.end]); ok && l.label == labelEnclosures {
			if t = trimStray(v.clear.part(pr.start+l.value, pr.end)); t == "" {
				continue
			}
		}
		switch {
		case low == "list of enclosures" || low == "enclosures" || low == "enclosure" || t == "":
		case enclosureNumber(t) || len(out) == 0:
			left = pr.box[0]
			out = append(out, *v.value(pr.span, t))
		case pr.box[0] < left || ofCopy(t):
			v.out.Enclosures = out
			return
		default:
			last := &out[len(out)-1]
			last.Value += " " + t
			last.End = v.at(pr.end)
		}
	}
	v.out.Enclosures = out
}

// enclosureNumber tells whether a line begins an entry of a list of enclosures:
// "No. 1.", "1/", "2.", with letters misread and stray signs before it.
func enclosureNumber(t string) bool {
	f := strings.Fields(strings.TrimLeft(t, " -–—_~*'\"‘“.,|"))
	if len(f) < 2 {
		return false
	}
	w := strings.Trim(f[0], ".,:/()")
	if n, rest := number(w); n > 0 && rest == "" {
		return true
	}
	return len(w) >= 2 && len(w) <= 4 && strings.Contains(strings.ToLower(w), "o") && strings.ContainsAny(f[1][:1], "0123456789l")
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

// date takes the best date of the document's head, or foot.
func (v *pageValues) date() {
	type candidate struct {
		f      found
		at     span
		text   string
		weight float64
	}
	var best candidate
	described, identifies := v.describedBelow()
	add := func(at span, weight float64) {
		if identifies && v.topOf(at.start) > described {
			return
		}
		raw := v.clear.raw(at.start, at.end)
		f, ok := findDate(raw)
		if !ok {
			f, ok = numericDate(raw)
		}
		if !ok || len(f.iso) < 10 {
			return
		}
		if weight > best.weight {
			best = candidate{f, at, strings.TrimSpace(raw[f.start:f.end]), weight}
		}
	}
	for _, f := range v.pages.fields {
		if f.label == labelDate && f.page == 0 {
			for k, s := range f.parts[:min(2, len(f.parts))] {
				add(s, 4-2*f.y-0.2*float64(k))
			}
		}
	}
	v.datelines(add)
	if best.weight == 0 {
		return
	}
	iso := best.f.iso[:min(len(best.f.iso), 10)]
	v.out.Date = &Date{Value: iso, Text: best.text, Basis: best.f.basis(), Start: v.at(best.at.start), End: v.at(best.at.end), Confidence: round(min(0.98, 0.5+best.weight/8))}
	if v.out.Place == nil {
		raw := v.clear.raw(best.at.start, best.at.end)
		_, _, place := dateline(raw)
		if announced(raw) {
			place = "" // a label stands before the date
		}
		if n, after, ok := strings.Cut(place, ". "); ok && (len(n) < 6 || strings.ContainsAny(n, "0123456789")) {
			place = after // “No. 227. Sofia”
		}
		if markingNear(place) == "" && len(place) > 3 && len(place) < 50 && strings.Count(place, " ") < 6 && (place != strings.ToUpper(place) || strings.Count(place, " ") < 3) && wordlike(place) > 0.6 && !strings.ContainsAny(place, "0123456789") && !strings.HasPrefix(place, "Report") && namesPlace(place) && place[0] >= 'A' && place[0] <= 'Z' && strings.Trim(plainLetters(place), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .,'\"-") == "" && !strings.Contains(place, ". ") && v.wellRead(best.at) {
			v.out.Place = v.parser.value(best.at, place)
		}
	}
}

// describedBelow is how far down an identification form goes over from saying what it
// is itself to the paper that it describes, whose date is not its own: at its number;
// ok is false for other papers.
func (v *pageValues) describedBelow() (y int, ok bool) {
	if v.out.Kind != "cover-sheet" {
		return 0, false
	}
	for _, f := range v.pages.fields {
		if f.page == 0 && f.label == labelNumber && f.plain > 0 {
			return f.line.box[1], true
		}
	}
	return 0, false
}

// topOf is how far down the first page a line stands that holds a byte.
func (v *pageValues) topOf(at int) int {
	s := &v.pages.sheets[0]
	for j := range s.prints {
		if pr := &s.prints[j]; pr.start <= at && at < pr.end {
			return pr.box[1]
		}
	}
	return 0
}

// ofBirth tells whether the row of a date says that somebody was born on it.
func (v *pageValues) ofBirth(s *sheet, date *print) bool {
	for j := range s.prints {
		pr := &s.prints[j]
		if 2*abs(pr.box[1]+pr.box[3]-date.box[1]-date.box[3]) > 3*s.line {
			continue
		}
		for w := range strings.FieldsSeq(strings.ToLower(v.s[pr.start:pr.end])) {
			switch strings.Trim(w, ".,:;()") {
			case "born", "birth", "dob", "dpob", "yrs", "years":
				return true
			}
		}
	}
	return false
}

// namesPlace tells whether words before a date can be a place: at most one of them,
// and not the last, begins with a small letter.
func namesPlace(s string) bool {
	words := strings.Fields(s)
	small := 0
	for i, w := range words {
		if w[0] >= 'a' && w[0] <= 'z' {
			if small++; i == len(words)-1 {
				return false
			}
		}
	}
	return small <= 1
}

// wellRead tells whether the words of the first page's line at a place were read
// with some confidence.
func (v *pageValues) wellRead(at span) bool {
	s := &v.pages.sheets[0]
	for j := range s.prints {
		if pr := &s.prints[j]; pr.start <= at.start && at.start < pr.end {
			return pr.confidence >= doubtful
		}
	}
	return true
}

// announced tells whether a label stands before the date of a line: "Rec'd: June
// 3, 1957", "DATE: March 4, 1955".
func announced(line string) bool {
	if l, ok := labelOf(line); ok && l.plain > 0 {
		return true
	}
	f, ok := findDate(line)
	return ok && strings.HasSuffix(strings.TrimSpace(line[:f.start]), ":")
}

// datelines offers the lines of the first page, and those at the document's end,
// that have a date and little else.
func (v *pageValues) datelines(add func(span, float64)) {
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText && pr.role != ofHand {
			continue
		}
		text := v.s[pr.start:pr.end]
		y := float64(pr.box[1]) / float64(max(1, s.height))
		f, ok := findDate(text)
		if !ok && y < 0.35 {
			f, ok = numericDate(text) // "815 PM URGENT 12-3-63", or behind a label that was not read
			ok = ok && (v.out.Kind == "telegram" || f.start < 10 && len(strings.TrimSpace(text)) < f.end+3)
			f.group = ok
		}
		if !ok {
			continue
		}
		if lead := text[:f.start]; !f.group && strings.ContainsAny(lead, "0123456789") && !strings.HasPrefix(strings.TrimSpace(lead), "No") {
			continue // of a paper that is cited
		}
		if j > 0 && y > 0.15 && s.prints[j-1].role == ofText && endsOpen(v.s[s.prints[j-1].start:s.prints[j-1].end]) {
			before := s.prints[j-1].box
			if len(strings.TrimSpace(text)) > f.end-f.start+1 || 2*(before[2]-before[0]) > s.right-s.left {
				continue // within a sentence, and not under an address
			}
		}
		if y > 0.1 && v.ofBirth(s, pr) {
			continue
		}
		extra := float64(len(strings.TrimSpace(text))-(f.end-f.start)) / 40
		if f.yearFirst {
			extra += 2 // when it was received
		}
		w := 3.2 - 2*y - extra
		if y > 0.45 {
			w = 1.6 - extra // at the foot, under the signature
		}
		if pr.role == ofHand {
			w -= 0.5
		}
		if strings.Contains(strings.ToLower(text), "report") && strings.HasPrefix(strings.TrimSpace(text), "(") {
			w += 1
		}
		if w > 0.3 {
			add(pr.span, w)
		}
	}
}

// numericDate reads a date in figures, month first as American offices write
// it: 05/08/96, 4/9/2015, 10/15/63.
func numericDate(s string) (found, bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || i > 0 && s[i-1] >= '0' && s[i-1] <= '9' {
			continue
		}
		m, d, y, n := 0, 0, 0, 0
		j := i
		for k, to := range []*int{&m, &d, &y} {
			n = 0
			for j < len(s) && n < 4 {
				d, size := figure(s[j:], n > 0)
				if size == 0 {
					break
				}
				*to = *to*10 + d
				j += size
				n++
			}
			if k < 2 {
				if n == 0 || n > 2 || j >= len(s) || s[j] != '/' && s[j] != '-' {
					n = 0
					break
				}
				j++
			}
		}
		if n != 2 && n != 4 || m < 1 || m > 12 || d < 1 || d > 31 {
			continue
		}
		if n == 2 {
			y += 1900
		}
		if y < 1850 || y > 2100 {
			continue
		}
		return found{span: span{i, j}, iso: fmt.Sprintf("%04d-%02d-%02d", y, m, d)}, true
	}
	return found{}, false
}

// figure reads a digit, or behind another digit what engines take one for; size is
// nought for none.
func figure(s string, behind bool) (digit, size int) {
	if s[0] >= '0' && s[0] <= '9' {
		return int(s[0] - '0'), 1
	}
	if !behind {
		return 0, 0
	}
	for _, m := range misreadFigures {
		if strings.HasPrefix(s, m.sign) {
			return m.digit, len(m.sign)
		}
	}
	return 0, 0
}

var misreadFigures = []struct {
	sign  string
	digit int
}{{"O", 0}, {"o", 0}, {"l", 1}, {"I", 1}, {"|", 1}, {"Z", 2}, {"S", 5}, {"€", 6}, {"¢", 6}, {"G", 6}, {"B", 8}, {"g", 9}, {"q", 9}}

// classification takes the marking that stands alone at the head or foot of the
// first pages: what most of them say. Where a page offers several to choose from, as
// printed slips do, and none is marked elsewhere, there is none.
func (v *pageValues) classification() {
	if v.out.Classification != nil {
		return
	}
	var handling *Value
	for i := range v.pages.sheets[:min(2, len(v.pages.sheets))] {
		s := &v.pages.sheets[i]
		var first *Value
		choices := map[string]bool{}
		for j := range s.prints {
			pr := &s.prints[j]
			if pr.role == ofStamp {
				continue
			}
			for w := range strings.FieldsSeq(v.s[pr.start:pr.end]) {
				if m := markingNear(w); m == "SECRET" || m == "CONFIDENTIAL" || m == "UNCLASSIFIED" {
					choices[lettersOf(m)] = true
				}
			}
			m, c := markingIn(v.s[pr.start:pr.end])
			if m == "" {
				m, c = spacedMarking(v.s[pr.start:pr.end])
			}
			if m == "" {
				continue
			}
			y := float64(pr.box[1]) / float64(max(1, s.height))
			if (first == nil || !leveled(first.Value) && leveled(m)) && (y <= 0.4 || y >= 0.8) {
				first = v.parser.value(span{pr.start + c.start, pr.start + c.end}, m)
				if v.out.Kind != "telegram" && v.filledIn(s, pr) && !strings.Contains(m, "(") {
					first.Value += " (When Filled In)"
				}
			}
		}
		if first == nil {
			continue
		}
		if !leveled(first.Value) && i == 0 && len(v.pages.sheets) > 1 {
			handling = first // who may see it; the next page may say how secret it is
			continue
		}
		if v.out.Kind == "routing-slip" && len(choices) > 1 {
			return
		}
		v.out.Classification = v.furtherMarked(first)
		return
	}
	v.out.Classification = handling
	if handling == nil {
		v.saidClassified()
	}
}

// leveled tells whether a marking says how secret a paper is, and not only who may see
// it.
func leveled(m string) bool { return m != "EYES ONLY" }

// furtherMarked is a marking with what another of the first pages adds to it behind a
// stroke: "SECRET" on the first and "SECRET/TIDEWAY" on the second.
func (v *pageValues) furtherMarked(m *Value) *Value {
	for i := range v.pages.sheets[:min(3, len(v.pages.sheets))] {
		s := &v.pages.sheets[i]
		for j := range s.prints {
			pr := &s.prints[j]
			words := strings.Fields(v.s[pr.start:pr.end])
			if pr.role == ofStamp || len(words) > 8 || 10*pr.box[1] > 3*s.height && 10*pr.box[1] < 8*s.height {
				continue
			}
			for k, w := range words {
				level, more, ok := strings.Cut(w, "/")
				if !ok && k+1 < len(words) && strings.HasPrefix(words[k+1], "/") {
					level, more, ok = w, strings.TrimPrefix(words[k+1], "/"), true
				}
				if more = strings.Trim(more, "/.,;:"); ok && markingNear(level) == m.Value && capitalsOnly(more, 4, 12) {
					m.Value += "/" + more
					return m
				}
			}
		}
	}
	return m
}

// saidClassified takes the marking that a paper's text says it has: "This report is
// classified "Secret"".
func (v *pageValues) saidClassified() {
	for i := range v.pages.sheets[:min(2, len(v.pages.sheets))] {
		s := &v.pages.sheets[i]
		for j := range s.prints {
			pr := &s.prints[j]
			text := v.s[pr.start:pr.end]
			at := strings.Index(text, "classified ")
			if pr.role != ofText || at < 0 || at > 0 && isLetterByte(text[at-1]) {
				continue
			}
			rest := text[at+len("classified "):]
			if m, _, ok := strings.Cut(strings.TrimLeft(rest, "\"“'‘"), "\""); ok && len(strings.TrimLeft(rest, "\"“'‘")) < len(rest) && markingNear(m) != "" {
				from := pr.end - len(strings.TrimLeft(rest, "\"“'‘"))
				v.out.Classification = v.parser.value(span{from, from + len(m)}, m)
				return
			}
		}
	}
}

// filledIn tells whether the lines under a marking say that a form has it only when
// filled in.
func (v *pageValues) filledIn(s *sheet, marking *print) bool {
	said := ""
	for j := range s.prints {
		pr := &s.prints[j]
		if down := pr.box[1] - marking.box[1]; pr.role == ofStamp || down < -s.line || down > 4*s.line || pr == marking || pr.box[0] > marking.box[2]+8*s.line || pr.box[2] < marking.box[0]-s.line {
			continue
		}
		for w := range strings.FieldsSeq(v.s[pr.start:pr.end]) {
			if wording.Near(lettersOf(w), "filled") {
				return true
			}
		}
		if v.out.Kind == "routing-slip" && v.bracketed(pr) {
			return true
		}
		said += lettersOf(v.s[pr.start:pr.end])
	}
	return len(said) < 40 && (strings.Contains(said, "filledin") || wording.Near(said, "whenfilledin"))
}

// bracketed tells whether a line is three words in brackets of which the first
// begins as "when" does: printed slips have no others under a marking.
func (v *pageValues) bracketed(pr *print) bool {
	t := strings.ToLower(strings.TrimSpace(v.s[pr.start:pr.end]))
	return len(t) > 9 && len(t) < 20 && strings.HasPrefix(t, "(w") && strings.HasSuffix(t, ")") && len(strings.Fields(t)) == 3
}

// plainMarkings are the markings that stand alone at a page's head or foot.
var plainMarkings = []string{"TOP SECRET", "SECRET", "CONFIDENTIAL", "RESTRICTED", "OFFICIAL USE ONLY", "UNCLASSIFIED", "STRICTLY CONFIDENTIAL", "EYES ONLY"}

// markingNear is the marking that a text is: as it stands when it is one to the
// letter, else the one that it is a misreading of; "" for none.
func markingNear(s string) string {
	t := joinLetters(strings.Trim(strings.TrimSpace(s), " .,;:=~-—_|*'\"‘’“”°"))
	if head, tail, ok := strings.Cut(t, " "); ok && strings.Contains(head, "/") && strings.ContainsAny(tail, "0123456789") {
		t = head // the paper's number stands behind it
	}
	if before, ok := strings.CutSuffix(lettersOf(asLetters(t)), "secret"); ok && before != "" && len(before) <= 4 && before != "op" && before != "non" && (len(before) != 3 || differ(before, "top") > 1) {
		return "SECRET" // behind a stray word
	}
	if classSentence(t) && len(t) > 5 && secrecy(t) {
		if !knownMarking(wording.Fold(t)) || classWords[wording.Fold(t)] || strings.ContainsAny(t, ";,(/") {
			return t
		}
	}
	key := lettersOf(t)
	if len(t) == 6 && len(key) == 5 && t == strings.ToUpper(t) && wording.Near(strings.ToLower(t), "secret") {
		return "SECRET" // a sign among its letters
	}
	if len(key) < 6 || len(key) > 20 {
		return ""
	}
	for _, m := range plainMarkings {
		if k := lettersOf(m); wording.Near(key, k) && (len(k) > 6 || len(key) == 6) {
			return m
		}
	}
	return ""
}

// secrecy tells whether a marking says how secret a paper is, beside how urgent.
func secrecy(t string) bool {
	low := wording.Fold(t)
	for _, w := range []string{"secret", "confidential", "restricted", "unclassified", "official use", "eyes only"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// markingIn finds a marking in a line that has little else than marks: "SECRET",
// "S-E-C-R-E-T", ". SECREL ;", "Strictly Confidential."
func markingIn(s string) (string, span) {
	if m := markingNear(s); m != "" {
		return m, span{0, len(s)}
	}
	if len(strings.TrimSpace(s)) > 45 || alikeIn(lettersOf(s), "secretservice") {
		return "", span{}
	}
	for at := 0; at < len(s); {
		end := at
		for end < len(s) && s[end] != ' ' {
			end++
		}
		if w := strings.Trim(s[at:end], ".,;:()[]|~'"); len(w) >= 6 && w == strings.ToUpper(w) {
			if m := markingNear(w); m != "" && m != "UNCLASSIFIED" {
				return m, span{at, end}
			}
		}
		at = end + 1
	}
	return "", span{}
}

// spacedMarking finds a marking whose letters are set apart by hyphens, anywhere in a
// line: no other word is written so.
func spacedMarking(s string) (string, span) {
	for at := 0; at < len(s); {
		end := at
		for end < len(s) && s[end] != ' ' {
			end++
		}
		if w := s[at:end]; strings.Count(w, "-") >= 5 {
			if m := markingNear(joinLetters(strings.Trim(w, cableSigns))); m != "" {
				return m, span{at, end}
			}
		}
		at = end + 1
	}
	return "", span{}
}

func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// writers takes what testimonies and reports say in their heads: who wrote them,
// and their title as subject.
func (v *pageValues) writers() {
	switch v.out.Kind {
	case "testimony", "report", "paper", "despatch":
	default:
		return
	}
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText || 2*pr.box[1] > s.height {
			continue
		}
		text := v.s[pr.start:pr.end]
		for _, w := range []string{"eport by ", "eported by ", "ecorded by ", "nterviewed by "} {
			if i := strings.Index(text, w); i >= 0 && v.out.From == nil {
				name, _, _ := strings.Cut(text[i+len(w):], ")")
				v.out.From = v.parser.value(span{pr.start + i + len(w), pr.start + i + len(w) + len(name)}, trimStray(strings.TrimRight(name, " .,")))
			}
		}
	}
	if len(v.out.Subjects) > 0 {
		return
	}
	above := 0 // what a despatch is about stands under its dateline
	for i := range v.draft.blocks {
		k, b := v.kinds[i].Kind, &v.draft.blocks[i]
		if k == "dateline" && v.out.Kind == "despatch" && b.page == 0 {
			above = b.prints[0].box[3]
			break
		}
	}
	for i := range v.draft.blocks {
		k, b := v.kinds[i].Kind, &v.draft.blocks[i]
		if k == "body" || k == "salutation" || b.page > 0 {
			return
		}
		if b.prints[0].box[1] < above || v.out.Kind == "despatch" && b.prints[0].x < 1 && len(v.own(b)) < 20 {
			continue
		}
		if w, _ := titleKind(kindLexicon.Mend(v.own(b))); w != kindOther {
			continue // the name of a form
		}
		if text := v.own(b); (k == "title" || k == "heading") && wordlike(text) > 0.5 && longWord(text) && len(text) > 8 && strings.Contains(text, " ") && !letterhead(text) {
			v.out.Subjects = append(v.out.Subjects, Subject{Text: v.own(b), Start: v.at(b.start), End: v.at(b.end)})
			return
		}
	}
}
