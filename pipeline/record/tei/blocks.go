package tei

import (
	"strings"
	"unicode"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
)

// block is a section as it is to be written, or a stretch outside every one.
type block struct {
	clean.Span
	kind string
}

// blocks writes the sections in order. What TEI allows only at the top or the
// bottom of a div, and stands elsewhere, becomes an anonymous block (ab).
func (d *document) blocks() {
	bs := d.list()
	bottom := d.bottom(bs)
	top, headed := true, false
	for i, b := range bs {
		d.between(b.Start)
		switch {
		case i >= bottom:
			d.closer(b)
		case top && b.kind == "title" && !headed:
			headed = true
			d.w.Inline("head")
			d.inline(b.Start, b.End)
			d.w.Close()
		case top && b.kind == "dateline":
			d.w.Inline("dateline")
			d.inline(b.Start, b.End, d.placeAndDate()...)
			d.w.Close()
		case top && opening[b.kind]:
			d.opener(b)
		default:
			top = false
			d.block(b)
		}
	}
	if top && bottom == len(bs) || bottom == 0 {
		d.w.Leaf("ab", "", "type", "empty") // a div must hold something
	}
	d.between(len(d.text) + 1)
}

// opening are the kinds of section that make an opener at the top.
var opening = map[string]bool{"caption": true, "classification": true, "recipients": true, "salutation": true, "references": true}

// list is the sections, the stretches of text between them, and, without any,
// the whole text as one body.
func (d *document) list() []block {
	var out []block
	gap := func(from, to int) {
		from, to = d.trim(from, to)
		if from < to {
			kind := "other"
			if len(d.r.Sections) == 0 {
				kind = "body"
			}
			out = append(out, block{clean.Span{Start: from, End: to}, kind})
		}
	}
	at := 0
	for _, s := range d.r.Sections {
		gap(at, s.Start)
		from, to := d.trim(s.Start, s.End)
		if from < to {
			out = append(out, block{clean.Span{Start: from, End: to}, s.Kind})
		}
		at = s.End
	}
	gap(at, len(d.text))
	return out
}

// trim takes white space off both ends, but none that a correction put there.
func (d *document) trim(from, to int) (int, int) {
	for from < to && unicode.IsSpace(d.text[from]) {
		from++
	}
	for to > from && unicode.IsSpace(d.text[to-1]) {
		to--
	}
	return from, to
}

// bottom is the index of the first of the signature blocks that end the
// document, len(bs) if it does not end in any. The first block is never one.
func (d *document) bottom(bs []block) int {
	i := len(bs)
	for i > 1 && bs[i-1].kind == "signature" {
		i--
	}
	return i
}

// closer writes a signature block: closing phrase, then names.
func (d *document) closer(b block) {
	d.w.Inline("closer")
	var wraps []wrap
	if c := d.r.Closing; c != nil && c.InText != nil {
		wraps = append(wraps, wrap{*c.InText, "salute", nil})
	}
	for _, s := range d.r.Signatures {
		if s.InText != nil && (len(wraps) == 0 || s.InText.Start >= wraps[len(wraps)-1].End) {
			wraps = append(wraps, wrap{*s.InText, "signed", nil})
		}
	}
	if len(d.r.Signatures) == 0 && len(wraps) == 0 {
		wraps = []wrap{{b.Span, "signed", nil}}
	}
	d.inline(b.Start, b.End, wraps...)
	d.w.Close()
}

func (d *document) opener(b block) {
	d.w.Inline("opener")
	name, attributes := "seg", []string{"type", b.kind}
	var wraps []wrap
	switch b.kind {
	case "salutation":
		name, attributes = "salute", nil
	case "recipients":
		wraps = d.recipients()
	}
	d.w.Inline(name, attributes...)
	d.inline(b.Start, b.End, wraps...)
	d.w.Close()
	d.w.Close()
}

// block writes a section of the document's middle.
func (d *document) block(b block) {
	switch b.kind {
	case "body":
		d.w.Inline("p")
		d.inline(b.Start, b.End)
	case "subjects":
		d.lines(b, "subject", nil)
		return
	case "participants":
		d.lines(b, "participants", d.present())
		return
	case "list":
		d.lines(b, "", nil)
		return
	case "recipients":
		d.w.Inline("ab", "type", b.kind)
		d.inline(b.Start, b.End, d.recipients()...)
	case "dateline":
		d.w.Inline("ab", "type", b.kind)
		d.inline(b.Start, b.End, d.placeAndDate()...)
	default:
		d.w.Inline("ab", "type", b.kind)
		d.inline(b.Start, b.End)
	}
	d.w.Close()
}

// lines writes a section as a list, each of its lines an item without bullet.
func (d *document) lines(b block, kind string, wraps []wrap) {
	d.w.Open("list", "type", kind)
	at := b.Start
	for at < b.End {
		end := at
		for end < b.End && d.text[end] != '\n' {
			end++
		}
		from, to := d.trim(at, end)
		bullet := from
		for bullet < to && strings.ContainsRune("•·-–—*○▪", d.text[bullet]) {
			bullet++
		}
		if bullet > from && bullet < to && unicode.IsSpace(d.text[bullet]) {
			from, to = d.trim(bullet, to)
		}
		if from < to {
			d.between(from)
			d.w.Inline("item")
			var inside []wrap
			for _, x := range wraps {
				if x.Start >= from && x.End <= to {
					inside = append(inside, x)
				}
			}
			d.inline(from, to, inside...)
			d.w.Close()
		}
		at = end + 1
	}
	d.w.Close()
}

// present finds the participants' names in the text, for persName.
func (d *document) present() []wrap {
	var out []wrap
	for _, p := range d.r.Participants {
		if p.InText == nil || p.Name == "" {
			continue
		}
		line := string(d.text[p.InText.Start:p.InText.End])
		if i := strings.Index(line, p.Name); i >= 0 {
			start := p.InText.Start + len([]rune(line[:i]))
			x := wrap{clean.Span{Start: start, End: start + len([]rune(p.Name))}, "persName", nil}
			if n := len(out); n == 0 || out[n-1].End <= x.Start {
				out = append(out, x)
			}
		}
	}
	return out
}

func (d *document) recipients() []wrap {
	var out []wrap
	for _, x := range []struct {
		kind string
		v    *record.Value
	}{{"from", d.r.From}, {"to", d.r.To}, {"through", d.r.Through}} {
		if x.v != nil && x.v.InText != nil {
			out = insert(out, wrap{*x.v.InText, "name", []string{"type", x.kind}})
		}
	}
	return out
}

func (d *document) placeAndDate() []wrap {
	var out []wrap
	if p := d.r.Place; p != nil && p.InText != nil {
		out = insert(out, wrap{*p.InText, "placeName", nil})
	}
	if v := d.r.Date; v != nil && v.InText != nil {
		out = insert(out, wrap{*v.InText, "date", d.dateAttributes()})
	}
	return out
}

// insert puts x into ws in order, unless it overlaps one of them.
func insert(ws []wrap, x wrap) []wrap {
	i := 0
	for i < len(ws) && ws[i].End <= x.Start {
		i++
	}
	if i < len(ws) && ws[i].Start < x.End {
		return ws
	}
	return append(ws[:i:i], append([]wrap{x}, ws[i:]...)...)
}
