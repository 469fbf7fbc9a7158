package record

import (
	"unicode/utf8"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// OutsidePage says what of an outside reader's text stands on a page. Pages of
// which nothing was taken have none.
type OutsidePage struct {
	Page   int            `json:"page"`   // of the item, from 1
	Reader string         `json:"reader"` // chat, command
	Model  string         `json:"model"`
	Answer archive.Digest `json:"answer"`
	Lines  []TakenLine    `json:"lines"`
	Doubts []OutsideDoubt `json:"doubts"`
}

// TakenLine is a line of print in which words of an outside reader stand.
type TakenLine struct {
	Read clean.Span `json:"read"`
	Was  string     `json:"was"` // what the engine read
}

// OutsideDoubt is a word as the engine read it that the outside reader has
// otherwise.
type OutsideDoubt struct {
	Read  clean.Span `json:"read"`
	Other string     `json:"other"`
}

// outsideOn is what of an outside reader stands on page n.
func outsideOn(n int, p *transcript.Page, layout transcript.Layout) *OutsidePage {
	if p.Outside == nil || p.Outside.Taken+p.Outside.Doubtful == 0 {
		return nil
	}
	o := &OutsidePage{Page: n, Reader: p.Outside.Reader, Model: p.Outside.Model, Answer: p.Outside.Answer, Lines: []TakenLine{}, Doubts: []OutsideDoubt{}}
	for _, l := range layout.Lines {
		if l.Was != "" {
			o.Lines = append(o.Lines, TakenLine{clean.Span{Start: l.Start, End: l.End}, l.Was})
		}
		for _, w := range l.Words {
			if w.Other != "" {
				o.Doubts = append(o.Doubts, OutsideDoubt{clean.Span{Start: w.Start, End: w.Start + utf8.RuneCountInString(w.Text)}, w.Other})
			}
		}
	}
	return o
}

// outside are the pages that doc stands on with their parts in it.
func (b *builder) outside(doc structure.Document, pages []int) (out []OutsidePage) {
	for _, n := range pages {
		all := b.told.outside[n]
		if all == nil {
			continue
		}
		o := *all
		o.Lines, o.Doubts = []TakenLine{}, []OutsideDoubt{}
		for _, l := range all.Lines {
			if l.Read.End > doc.Start && l.Read.Start < doc.End {
				o.Lines = append(o.Lines, l)
			}
		}
		for _, d := range all.Doubts {
			if d.Read.Start >= doc.Start && d.Read.End <= doc.End {
				o.Doubts = append(o.Doubts, d)
			}
		}
		if len(o.Lines)+len(o.Doubts) > 0 {
			out = append(out, o)
		}
	}
	return out
}
