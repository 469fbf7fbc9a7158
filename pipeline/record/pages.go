package record

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/structure"
)

// pagesOf lists the pages (from 1) that doc stands on. A page without text
// belongs to the document that surrounds it, or else to the one before it; one
// before every document belongs to the first.
func (b *builder) pagesOf(doc structure.Document) []int {
	docs := b.Reading.Structure.Documents
	i := slices.IndexFunc(docs, func(d structure.Document) bool { return d.Start == doc.Start && d.End == doc.End })
	var out []int
	for n, p := range b.Reading.Pages {
		on := p.Start < doc.End && p.End > doc.Start
		if p.Start == p.End {
			on = (p.Start >= doc.Start || i == 0) && (i == len(docs)-1 || p.Start < docs[i+1].Start)
		}
		if on {
			out = append(out, n+1)
		}
	}
	return out
}

// pageAt is the page (from 1) whose text holds place at, 0 between pages.
func (b *builder) pageAt(at int) int {
	i, _ := slices.BinarySearchFunc(b.Reading.Pages, at, func(p structure.ReadingPage, at int) int {
		if p.End < at {
			return -1
		}
		return 1
	})
	if i == len(b.Reading.Pages) || b.Reading.Pages[i].Start > at {
		return 0
	}
	return i + 1
}

func (b *builder) sourcePages(pages []int) []SourcePage {
	out := []SourcePage{}
	for _, n := range pages {
		m, t := b.Manifest.Pages[n-1], b.Pages[n-1]
		out = append(out, SourcePage{Page: n, Scan: m.Scan, SHA256: m.SHA256, Size: m.Size, Type: m.Type, Index: m.Index,
			Width: t.Image.Width, Height: t.Image.Height, DPI: t.Image.DPI, Transcript: b.Reading.Pages[n-1].SHA256})
	}
	return out
}

// tools states engines and rules with their versions. An engine that read some
// pages in another version is listed with all its versions.
func (b *builder) tools(pages []int) map[string]string {
	out := map[string]string{"record": Format}
	for k, v := range b.Tools {
		out[k] = v
	}
	for k, v := range b.Reading.Structure.Rules {
		out[k] = v
	}
	versions := map[string][]string{}
	for _, n := range pages {
		e := b.Pages[n-1].Engine
		if e.Name == "" {
			continue
		}
		v := strings.TrimSpace(fmt.Sprintf("%s %s", e.Version, strings.Join(e.Languages, "+")))
		if !slices.Contains(versions[e.Name], v) {
			versions[e.Name] = append(versions[e.Name], v)
		}
	}
	for name, vs := range versions {
		slices.Sort(vs)
		out[name] = strings.Join(vs, ", ")
	}
	return out
}

// pageBreaks are the places in the reading text where the document's pages begin.
func (b *builder) pageBreaks(doc structure.Document, pages []int, m mapper) []PageBreak {
	out := []PageBreak{}
	for _, n := range pages {
		start := max(b.Reading.Pages[n-1].Start, doc.Start)
		out = append(out, PageBreak{Page: n, At: m.beginning(min(start, doc.End) - doc.Start)})
	}
	return out
}

// state fills in quality, completeness and the lists of pages.
func (b *builder) state(r *Record, doc structure.Document, pages []int) {
	r.Quality = b.quality(r.Identity.Document-1, doc, pages)
	r.Complete, r.Missing = b.Manifest.Incomplete == "", b.Manifest.Incomplete
	r.Parked, r.Blank = []ParkedPage{}, []int{}
	for _, n := range pages {
		t, p := b.Pages[n-1], b.Reading.Pages[n-1]
		switch {
		case t.Parked != "":
			r.Parked = append(r.Parked, ParkedPage{Page: n, Reason: archive.Reason(t.Parked), Detail: p.Detail})
			r.Complete = false
		case t.Blank:
			r.Blank = append(r.Blank, n)
		case t.NoText != "":
			r.NoText = append(r.NoText, NoTextPage{Page: n, Kind: t.NoText})
		}
		for _, o := range t.Oddities {
			r.Odd = append(r.Odd, OddPage{Page: n, Oddity: o})
		}
	}
	r.Notices = b.Reading.Structure.Notices
}
