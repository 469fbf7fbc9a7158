package tei

import (
	"slices"
	"strconv"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/markup"
)

// document is one record on its way to TEI.
type document struct {
	w         *markup.Writer
	r         *record.Record
	id        string
	text      []rune
	points    []point // in order
	next      int     // the first point not written yet
	edits     []edit  // in order, disjoint
	reviewers map[string]string
}

// point is an element without extent: a page beginning, a note, a running head.
type point struct {
	at    int
	ahead bool // belongs to what follows it (a page beginning), not to what it follows
	write func()
}

// edit is a stretch of text that is written as a choice.
type edit struct {
	start, end int
	write      func()
}

// wrap is an element around a stretch of text.
type wrap struct {
	clean.Span
	name       string
	attributes []string
}

func newDocument(w *markup.Writer, r *record.Record) *document {
	d := &document{w: w, r: r, id: "d" + strconv.Itoa(r.Identity.Document), text: []rune(r.Text), reviewers: map[string]string{}}
	d.collectPoints()
	d.collectEdits()
	return d
}

// collectPoints gathers page beginnings, running heads and notes in text order.
func (d *document) collectPoints() {
	for _, p := range d.r.PageBreaks {
		d.points = append(d.points, point{p.At, true, func() {
			facs := ""
			if d.hasSurface(p.Page) {
				facs = "#" + d.surface(p.Page)
			}
			d.w.Leaf("pb", "", "ed", "scan", "n", strconv.Itoa(p.Page), "facs", facs)
		}})
	}
	for _, x := range d.r.Removed {
		for _, part := range x.Parts {
			if part.Kind == "running-head" || part.Kind == "catchword" {
				before := []rune(x.Before)[part.Read.Start-x.Read.Start : part.Read.End-x.Read.Start]
				d.points = append(d.points, point{x.At, true, func() { d.w.Leaf("fw", string(before), "type", part.Kind) }})
			}
		}
	}
	for _, p := range d.r.PageMarks {
		d.points = append(d.points, point{p.At, true, func() { d.w.Leaf("pb", "", "ed", "print", "n", p.Label) }})
	}
	d.collectNotes()
	slices.SortStableFunc(d.points, func(a, b point) int {
		if a.at != b.at {
			return a.at - b.at
		}
		if a.ahead != b.ahead && b.ahead {
			return -1
		}
		if a.ahead != b.ahead {
			return 1
		}
		return 0
	})
}

// collectNotes puts each note at its first mark, a reference at further ones,
// an anchor at marks without a note, and the source note without a mark at the
// end of the title. Other notes without a mark follow the text.
func (d *document) collectNotes() {
	placed := map[int]bool{}
	for _, m := range d.r.NoteMarks {
		i := slices.IndexFunc(d.r.Notes, func(n record.Note) bool { return n.Index == m.Note })
		switch {
		case i < 0:
			d.points = append(d.points, point{m.At, false, func() { d.w.Leaf("anchor", "", "type", "note-mark", "n", m.Label) }})
		case placed[m.Note]:
			d.points = append(d.points, point{m.At, false, func() {
				d.w.Leaf("ref", m.Label, "type", "note-mark", "target", "#"+d.noteID(m.Note))
			}})
		default:
			placed[m.Note] = true
			d.points = append(d.points, point{m.At, false, func() { d.note(d.r.Notes[i], m.Label) }})
		}
	}
	for _, n := range d.r.Notes {
		if placed[n.Index] {
			continue
		}
		placed[n.Index] = true
		at := len(d.text)
		if n.Kind == "source" {
			for _, s := range d.r.Sections {
				if s.Kind == "title" {
					at = s.End
					break
				}
			}
		}
		d.points = append(d.points, point{at, false, func() { d.note(n, n.Label) }})
	}
}

func (d *document) noteID(index int) string { return d.id + "fn" + strconv.Itoa(index) }

func (d *document) note(n record.Note, label string) {
	kind := ""
	if n.Kind == "source" {
		kind = "source"
	}
	d.w.Inline("note", "n", label, "xml:id", d.noteID(n.Index), "type", kind, "place", "foot")
	d.w.Text(n.Text)
	d.w.Close()
}

// collectEdits gathers the corrections that stand in the text, and the flags.
func (d *document) collectEdits() {
	last := 0
	for _, c := range d.r.Corrections {
		if c.InText == nil || c.InText.Start < last {
			continue
		}
		resp := "#" + d.id + "program"
		if r := d.reviewers[c.Reviewed]; r != "" {
			resp = r
		}
		cert := number(c.Confidence)
		e := edit{start: c.InText.Start, end: c.InText.End}
		if c.Decision == clean.Applied {
			e.write = func() {
				d.w.Inline("choice")
				d.w.Leaf("sic", c.Before)
				d.w.Leaf("corr", c.After, "type", string(c.Kind), "cert", cert, "resp", resp)
				d.w.Close()
			}
		} else {
			if c.Before == "" || c.DecidedBy == "review" || string(d.text[e.start:e.end]) != c.Before {
				continue // nothing stands there to be doubted, or a person said it is right
			}
			e.write = func() {
				d.w.Inline("choice")
				d.w.Leaf("unclear", c.Before)
				d.w.Leaf("unclear", c.After, "reason", string(c.Kind), "cert", cert, "resp", resp)
				d.w.Close()
			}
		}
		d.edits = append(d.edits, e)
		last = c.InText.End
	}
}

// inline writes the text from..to with what stands in it.
func (d *document) inline(from, to int, wraps ...wrap) {
	for _, x := range wraps {
		if x.Start < from || x.End > to || d.cut(x.Start) || d.cut(x.End) {
			continue
		}
		d.plain(from, x.Start, false)
		d.w.Inline(x.name, x.attributes...)
		d.plain(x.Start, x.End, false)
		d.w.Close()
		from = x.End
	}
	d.plain(from, to, true)
}

// cut tells whether a place lies inside an edit.
func (d *document) cut(at int) bool {
	return slices.ContainsFunc(d.edits[d.editAt(at):], func(e edit) bool { return e.start < at && at < e.end })
}

// editAt is the first edit that ends at or after at.
func (d *document) editAt(at int) int {
	i, _ := slices.BinarySearchFunc(d.edits, at, func(e edit, at int) int {
		if e.end < at {
			return -1
		}
		return 1
	})
	return i
}

// plain writes from..to with edits and points; last tells that points at to
// that belong to what they follow come too.
func (d *document) plain(from, to int, last bool) {
	at := from
	upTo := func(end int) { // text and points before end
		for d.next < len(d.points) && d.points[d.next].at < end {
			p := d.points[d.next]
			if p.at > at {
				d.w.Text(string(d.text[at:p.at]))
				at = p.at
			}
			d.next++
			p.write()
		}
		if end > at {
			d.w.Text(string(d.text[at:end]))
			at = end
		}
	}
	for i := d.editAt(from); i < len(d.edits) && d.edits[i].start < to; i++ {
		e := d.edits[i]
		if e.start < from || e.end > to || e.end == from && e.start < from {
			continue // half outside: only its text
		}
		upTo(e.start)
		for d.next < len(d.points) && d.points[d.next].at == e.start && !d.points[d.next].ahead {
			d.next++
			d.points[d.next-1].write()
		}
		if e.end > at || e.start == e.end {
			e.write()
			at = e.end
		}
	}
	upTo(to)
	for last && d.next < len(d.points) && d.points[d.next].at == to && !d.points[d.next].ahead {
		d.next++
		d.points[d.next-1].write()
	}
}

// between writes the points before at, and those at at that belong to what
// follows, on lines of their own.
func (d *document) between(at int) {
	for d.next < len(d.points) && (d.points[d.next].at < at || d.points[d.next].at == at && d.points[d.next].ahead) {
		d.next++
		d.points[d.next-1].write()
	}
}
