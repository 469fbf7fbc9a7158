package record

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// Input is everything records are made from.
type Input struct {
	Manifest archive.Manifest
	Reading  structure.Reading
	// Structure is the digest that names the reading among the objects.
	Structure archive.Digest
	// Pages are the item's transcript pages, one for each page of the manifest:
	// a page of a text input has Text, a placeholder has Parked.
	Pages []transcript.Page
	// Whole yields the pages with all their words, in order, each time it is
	// ranged over, where those of Pages may be without their blocks (an item of
	// thousands of pages need not be held). Nil: Pages are whole.
	Whole   iter.Seq2[*transcript.Page, error]
	Policy  Policy
	Reviews []Review
	// Tools names versions to state in the record beside those of the reading.
	Tools map[string]string
	// Made names the folder of the version; see archive.RecordPrefix.
	Made string
}

// Build makes the records of an item, one for each document. It fails when the
// parts of in do not belong together: pages that do not give the text as read,
// spans outside it, corrections that do not fit it. An error of in.Whole is
// wrapped together with ErrUnread.
func Build(in Input) ([]Record, error) {
	b, err := newBuilder(in)
	if err != nil {
		return nil, err
	}
	docs := in.Reading.Structure.Documents
	out := make([]Record, 0, len(docs))
	for i := range docs {
		r, err := b.document(i)
		if err != nil {
			return nil, fmt.Errorf("document %d of %s: %w", i+1, in.Manifest.Locator, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// builder holds what is made once for all documents of an item.
type builder struct {
	Input
	text    []rune
	told    told
	reviews settlement
}

func newBuilder(in Input) (*builder, error) {
	m, r := in.Manifest, in.Reading
	if len(in.Pages) != len(m.Pages) || len(r.Pages) != len(m.Pages) {
		return nil, fmt.Errorf("records of %s: %d pages in the manifest, %d in the reading, %d transcript pages",
			m.Locator, len(m.Pages), len(r.Pages), len(in.Pages))
	}
	if got := archive.DigestOf([]byte(r.Text)); r.Structure.Text.SHA256 != got {
		return nil, fmt.Errorf("records of %s: the structure is of another text (%s, not %s)",
			m.Locator, r.Structure.Text.SHA256.Short(), got.Short())
	}
	b := &builder{Input: in, text: []rune(r.Text)}
	if err := b.check(); err != nil {
		return nil, err
	}
	b.reviews = settle(b.text, r.Structure, in.Reviews)
	return b, b.tell()
}

// check refuses spans that would make any later step fail.
func (b *builder) check() error {
	end := 0
	for i, d := range b.Reading.Structure.Documents {
		if d.Start < end || d.End < d.Start || d.End > len(b.text) {
			return fmt.Errorf("records of %s: document %d spans %d-%d of %d, after one that ends at %d",
				b.Manifest.Locator, i+1, d.Start, d.End, len(b.text), end)
		}
		end = d.End
		if err := contained(d); err != nil {
			return fmt.Errorf("records of %s: document %d: %w", b.Manifest.Locator, i+1, err)
		}
	}
	end = 0
	for _, p := range b.Reading.Pages {
		if p.Start < end || p.End < p.Start || p.End > len(b.text) {
			return fmt.Errorf("records of %s: a page spans %d-%d of %d", b.Manifest.Locator, p.Start, p.End, len(b.text))
		}
		end = p.End
	}
	return nil
}

// contained refuses sections, marks and notes outside their document.
func contained(d structure.Document) error {
	check := func(what string, start, end int) error {
		if start < d.Start || end < start || end > d.End {
			return fmt.Errorf("%s %d-%d outside %d-%d", what, start, end, d.Start, d.End)
		}
		return nil
	}
	var errs []error
	for _, s := range d.Sections {
		errs = append(errs, check("section "+s.Kind, s.Start, s.End))
	}
	for _, m := range d.PageMarks {
		errs = append(errs, check("page mark", m.Start, m.End))
	}
	for _, m := range d.NoteMarks {
		errs = append(errs, check("note mark", m.Start, m.End))
	}
	for _, n := range d.Notes {
		errs = append(errs, check("note", n.Start, n.End))
	}
	return errors.Join(errs...)
}

// document makes the record of the i-th document.
func (b *builder) document(i int) (Record, error) {
	doc := b.Reading.Structure.Documents[i]
	text := b.text[doc.Start:doc.End]
	decided := b.decide(doc)
	edits, err := weave(text, doc, decided.applied())
	if err != nil {
		return Record{}, err
	}
	reading, at := compose(text, edits)
	pages := b.pagesOf(doc)
	r := Record{
		Version: FormatVersion, Format: Format,
		Identity: Identity{
			Locator: b.Manifest.Locator, Item: b.Manifest.Item,
			Document: i + 1, Documents: len(b.Reading.Structure.Documents), Made: b.Made,
			Input: b.Reading.Input, Structure: b.Structure, Policy: PolicyDigest(b.Policy, b.Reviews),
		},
		Source: Source{Pages: b.sourcePages(pages), Tools: b.tools(pages)},
		Text:   reading,
		Read:   Read{Start: doc.Start, End: doc.End, SHA256: archive.DigestOf([]byte(string(text)))},
	}
	m := mapper{places: at, doc: doc, text: b.text}
	m.describe(&r)
	m.structure(&r)
	r.PageBreaks = b.pageBreaks(doc, pages, m)
	r.Removed = m.removals(text)
	r.Corrections = b.corrections(decided, m)
	r.Reviews = b.review(i, &r)
	r.Outside = b.outside(doc, pages)
	b.state(&r, doc, pages)
	return r, nil
}

// decision is a correction, in the document's own offsets, and what was decided.
type decision struct {
	clean.Correction
	by       string
	review   string
	proposed *string // After of the rule, where a review put another
}

type decisions []decision

// applied are the corrections to make.
func (ds decisions) applied() []clean.Correction {
	var out []clean.Correction
	for _, d := range ds {
		if d.Decision == clean.Applied {
			out = append(out, d.Correction)
		}
	}
	return out
}

// decide lays policy and reviews over the structurer's decisions.
func (b *builder) decide(doc structure.Document) decisions {
	var out decisions
	in := func(c clean.Correction) bool {
		return c.Start >= doc.Start && c.End <= doc.End && (c.Start < doc.End || doc.Start == doc.End)
	}
	take := func(d decision) {
		d.Start, d.End = d.Start-doc.Start, d.End-doc.Start
		out = append(out, d)
	}
	for i, c := range b.Reading.Structure.Corrections {
		if !in(c) {
			continue
		}
		d := decision{Correction: c}
		var shown bool
		d.Decision, d.by, shown = b.Policy.decide(c)
		if n, ok := b.reviews.decided[i]; ok {
			d.by, d.review, d.Decision = "review", b.Reviews[n].ID, clean.Flagged
			if v := b.Reviews[n].Correction; v.Accept {
				d.Decision = clean.Applied
				if v.Instead != nil {
					after := d.After
					d.After, d.proposed = *v.Instead, &after
				}
			}
		} else if !shown {
			continue
		}
		take(d)
	}
	for i, c := range b.reviews.added {
		if in(c) {
			take(decision{Correction: c, by: "review", review: b.Reviews[b.reviews.by[i]].ID})
		}
	}
	slices.SortStableFunc(out, func(x, y decision) int { return x.Start - y.Start })
	return out
}
