package structure

import (
	"slices"
	"strings"

	"nightshift/pipeline/structure/evidence"
)

// entry is an entry of a list: its text, and where it begins with its sign; roles is
// what stands beside it in a column of its own.
type entry struct {
	parts []span
	start int
	roles []span
}

// row is a line of a list and where it stands; full says that it reaches the
// right margin.
type row struct {
	span
	x    int
	full bool
	list listPlace
}

// people are the entries of block i, a list of participants: those with bullets,
// or its lines, each with the lines it goes on in. Lines without a label are taken
// for people when most of them name one: otherwise a block of a text is one entry,
// and one of a page has none.
func (p *parser) people(d *draft, i int) []entry {
	b := &d.blocks[i]
	if d.pages == nil {
		if es := p.entries(b); len(es) > 0 {
			out := make([]entry, len(es))
			for k, e := range es {
				out[k] = entry{parts: []span{e}, start: p.entryStart(b, e)}
			}
			return out
		}
	}
	rows, pitch, labelled := p.rows(d, b)
	es := p.rowEntries(rows, pitch)
	people := 0
	for _, e := range es {
		text := p.s[e.parts[0].start:e.parts[0].end]
		if evidence.NamesPerson(text) || sideOf(text, "") {
			people++
		}
	}
	switch {
	case labelled || 2*people > len(es):
		return es
	case d.pages == nil:
		return []entry{{parts: []span{b.span}, start: p.entryStart(b, b.span)}}
	}
	return nil
}

// rows are the lines of a list without its label, and the width of a sign.
func (p *parser) rows(d *draft, b *block) (rows []row, pitch int, labelled bool) {
	pitch = cell
	if d.pages != nil {
		s := &d.pages.sheets[b.page]
		pitch = s.pitch
		for _, pr := range b.prints {
			rows = append(rows, row{pr.span, pr.box[0], pr.box[2] > s.right-8*pitch && pr.list.list == 0, pr.list})
		}
	} else {
		for _, k := range b.lines {
			l := p.lines[k]
			if p.isPageMark(l) {
				continue
			}
			text := p.s[l.start:l.end]
			indent := len(text) - len(trimIndent(text))
			rows = append(rows, row{span{l.start + indent, l.start + len(strings.TrimRight(text, " \t"))}, indent * cell, false, listPlace{}})
		}
	}
	if len(rows) == 0 {
		return nil, pitch, false
	}
	l, ok := labelOf(p.s[rows[0].start:rows[0].end])
	if !ok || l.plain == 0 || l.label != labelParticipants {
		return rows, pitch, false
	}
	first := &rows[0]
	if l.value >= first.end-first.start {
		return rows[1:], pitch, true
	}
	first.x += l.value * pitch
	if d.pages != nil {
		first.x = p.valueX(b.prints[0], l)
	}
	first.start += l.value
	return rows, pitch, true
}

// valueX is where a field's value begins in the line of its label.
func (p *parser) valueX(pr *print, l labelled) int {
	for i := range pr.words {
		if w := &pr.words[i]; p.byteAt(w.Start) >= pr.start+l.value {
			return w.Box[0]
		}
	}
	return pr.box[0] + (pr.box[2]-pr.box[0])*l.value/max(1, pr.end-pr.start)
}

// rowEntries joins the lines of a list that go on with the entry before, and parts
// lines that name several people at semicolons.
func (p *parser) rowEntries(rows []row, pitch int) []entry {
	var out []entry
	base, before := 0, -1 // row before, of the same column
	for k, r := range rows {
		text := p.s[r.start:r.end]
		if r.list.roles && r.list.column == 2 {
			if len(out) > 0 {
				last := &out[len(out)-1]
				last.roles = append(last.roles, r.span)
			}
			continue
		}
		was := before
		before = k
		if was >= 0 && rows[was].list.column != r.list.column && rows[was].list.column > 0 {
			was = -1
		}
		if was >= 0 && len(out) > 0 && goesOn(p.s[rows[was].start:rows[was].end], text, r.x-base, pitch, rows[was].full) {
			last := &out[len(out)-1]
			last.parts = append(last.parts, r.span)
			continue
		}
		base = r.x
		for _, at := range severalPeople(text) {
			out = append(out, entry{parts: []span{{r.start + at.start, r.start + at.end}}, start: r.start + at.start})
		}
	}
	return out
}

// goesOn tells whether a line of a list goes on with the entry of the line before:
// it is set in, or begins small, or that line ends open; under the name of a side,
// and with a form of address, it does not.
func goesOn(before, text string, in, pitch int, full bool) bool {
	t := strings.TrimLeft(text, " '\"‘“.,|_")
	switch {
	case t == "":
		return true
	case sideOf(strings.TrimSpace(before), ""), addressed(t) && !leftOpen(before):
		return false
	case in >= 2*pitch, t[0] >= 'a' && t[0] <= 'z', t[0] == '(':
		return true
	case strings.Count(before, "(") > strings.Count(before, ")"):
		return true
	case evidence.NamesPerson(t):
		return false
	}
	return leftOpen(before) || full && in < -2*pitch && !strings.ContainsAny(t, ",(")
}

// leftOpen tells whether a line of a list ends where its entry cannot.
func leftOpen(s string) bool {
	s = strings.TrimRight(s, " ")
	for _, w := range []string{",", "-", "/", "&", " and", " of", " for", " the", " to", " in"} {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// addressed tells whether a line names a person with a form of address: "Mr.
// Penn", "Miss Quill", "M. Roux".
func addressed(s string) bool {
	w, rest, _ := strings.Cut(s, " ")
	short := w == "Miss" || w == "Sir" || w == "Lord" || w == "Lady" || w == "M." || len(w) > 2 && len(w) < 7 && w[len(w)-1] == '.'
	return short && rest != "" && evidence.NamesPerson(s)
}

// severalPeople parts a line at semicolons when each part names a person.
func severalPeople(s string) []span {
	whole := []span{{0, len(s)}}
	var out []span
	for at := 0; at <= len(s); {
		part, _, more := strings.Cut(s[at:], ";")
		lead := len(part) - len(strings.TrimLeft(part, " -–•*"))
		if part = strings.TrimSpace(part[lead:]); part != "" {
			if !evidence.NamesPerson(part) && more {
				return whole
			}
			out = append(out, span{at + lead, at + lead + len(part)})
		}
		if !more {
			break
		}
		at += strings.IndexByte(s[at:], ';') + 1
	}
	if len(out) == 0 {
		return whole
	}
	return out
}

// listGoesOn tells whether a line goes on with a list of participants whose first
// line bears label f: it is set in under the list's entries, or names a person.
func (p *parser) listGoesOn(s *sheet, in *block, b *print, f labelled) bool {
	first, last := in.prints[0], in.prints[len(in.prints)-1]
	text := p.s[b.start:b.end]
	if l, ok := labelOf(text); ok && l.plain > 0 || salutes(text) || classified(text) {
		return false
	}
	down := b.box[1] - last.box[1]
	if down <= 0 || 100*down > 320*s.advance {
		return false
	}
	bare := len(in.prints) == 1 && strings.TrimSpace(p.s[first.start+f.value:first.end]) == ""
	person := evidence.NamesPerson(text) || sideOf(text, "")
	if 100*down > 155*s.advance {
		return person && (bare || abs(b.box[0]-p.valueX(first, f)) <= 2*s.pitch)
	}
	return bare || person || b.box[0] > first.box[0]+4*s.pitch ||
		goesOn(p.s[last.start:last.end], text, 0, s.pitch, false)
}

// addPeople writes the entries of a list of participants out: those under the name
// of a side are of that side.
func (p *parser) addPeople(es []entry, out *Document) {
	var side *string
	for _, e := range es {
		var parts []string
		for _, s := range e.parts {
			parts = append(parts, strings.Trim(p.clear.part(s.start, s.end), " |\\_~*°•«»=‘“`^<>{}"))
		}
		name, role := nameAndRole(strings.TrimSpace(strings.Join(parts, " ")))
		if len(e.roles) > 0 {
			name, role = strings.TrimRight(strings.Join(parts, " "), " ,.-–—"), p.joined(e.roles)
		}
		if name == "" && role == "" {
			continue
		}
		end := e.parts[len(e.parts)-1].end
		for _, s := range e.roles {
			end = max(end, s.end)
		}
		person := Participant{Name: name, Role: strings.TrimLeft(role, " -–‘“"), Start: p.at(e.start), End: p.at(max(e.start, end))}
		if sideOf(name, role) {
			side = &name
		} else {
			person.Side = side
		}
		out.Participants = append(out.Participants, person)
	}
}

// joined is the clean text of parts.
func (p *parser) joined(parts []span) string {
	var out []string
	for _, s := range parts {
		out = append(out, trimStray(p.clear.part(s.start, s.end)))
	}
	return strings.Join(out, " ")
}

// entryStarts are where the entries of block i begin, beside the first, when it is
// a list whose lines must not be joined.
func (p *parser) entryStarts(d *draft, i int) []int {
	var out []int
	switch k := d.kinds[i].Kind; {
	case k == "participants":
		for _, e := range p.people(d, i) {
			out = append(out, e.start)
			for _, s := range e.roles {
				out = append(out, s.start)
			}
		}
		if ps := d.blocks[i].prints; len(ps) > 0 && ps[0].list.list > 0 { // columns were put together
			for _, pr := range ps {
				out = append(out, pr.start)
			}
			slices.Sort(out)
			out = slices.Compact(out)
		}
	case k == "notes" && d.pages != nil:
		for _, n := range d.notes {
			out = append(out, n.start)
		}
	}
	if len(out) > 0 && out[0] >= d.blocks[i].start {
		out = out[1:]
	}
	return out
}

// nameAndRole splits an entry of a list of participants: the name, and behind a
// comma, dash or bracket the role. An entry that names only an office, "The
// Secretary", is a role without a name.
func nameAndRole(e string) (name, role string) {
	e = strings.TrimSpace(e)
	cut, size := -1, 0
	for _, sep := range []string{",", "—", " (", " – ", " - "} {
		if i := strings.Index(e, sep); i > 0 && (cut < 0 || i < cut) {
			cut, size = i, len(sep)
		}
	}
	if cut < 0 {
		if strings.HasPrefix(e, "The ") || strings.HasPrefix(e, "Secretary ") {
			return "", e
		}
		return e, ""
	}
	name, role = strings.TrimSpace(e[:cut]), strings.TrimSpace(e[cut+size:])
	if e[cut:cut+size] == " (" {
		role = strings.TrimSpace(strings.Replace(role, ")", "", 1))
	}
	return name, role
}

// sideOf tells whether an entry is the name of a side (a state, delegation or
// office) over the people of it: no title, no role, and short.
func sideOf(name, role string) bool {
	if role != "" || name == "" || len(name) > 40 {
		return false
	}
	low := strings.ToLower(strings.Trim(name, " :."))
	for _, s := range sides {
		if low == s {
			return true
		}
	}
	return strings.HasSuffix(name, ":") || strings.HasSuffix(low, " side") || strings.HasSuffix(low, " delegation") || strings.HasPrefix(low, "for the ")
}

// sides are names of states as lists of participants give them.
var sides = []string{"u.s.", "us", "united states", "u.s.a.", "american", "americans", "ussr", "u.s.s.r.", "soviet union", "soviets", "united kingdom", "u.k.", "uk", "british", "great britain",
	"germany", "german", "france", "french", "italy", "japan", "china", "israel", "israelis", "iran", "iraq", "egypt", "syria", "jordan", "lebanon", "saudi arabia", "turkey", "greece", "argentina", "brazil", "chile", "mexico",
	"colombia", "peru", "venezuela", "cuba", "canada", "india", "pakistan", "poland", "romania", "yugoslavia", "spain", "portugal", "netherlands", "belgium", "norway", "denmark", "sweden", "austria", "australia",
	"new zealand", "philippines", "indonesia", "korea", "vietnam", "south africa", "state", "defense", "white house", "treasury", "cia", "jcs", "nsc", "department of state", "department of defense", "secretariat", "others", "foreign"}
