package record

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// ErrUnread is wrapped by errors about a page that Input.Whole did not give.
var ErrUnread = errors.New("a page cannot be had")

// Transcripts are the item's transcript pages, whole and in order.
func (in Input) Transcripts() iter.Seq2[*transcript.Page, error] {
	if in.Whole != nil {
		return in.Whole
	}
	return func(yield func(*transcript.Page, error) bool) {
		for i := range in.Pages {
			if !yield(&in.Pages[i], nil) {
				return
			}
		}
	}
}

// told is what the words of all pages tell, taken page by page: an item's words
// are many times its text, and are not held.
type told struct {
	tallies []tally // of each document
	boxes   map[place]transcript.Box
	asked   []place              // that no page has touched yet, in order of their beginning
	outside map[int]*OutsidePage // by page, from 1
	open    []place              // that the page at hand, or the next, may touch
}

// tally folds the confidences of a document's words.
type tally struct{ sum, weight, doubt, words float64 }

// place is what a correction is about: a span of the text as read, on one page
// (from 1) or, with page 0, on any.
type place struct{ start, end, page int }

// tell goes through the pages once. It fails when they do not give the text of
// the reading.
func (b *builder) tell() error {
	docs := b.Reading.Structure.Documents
	b.told = told{tallies: make([]tally, len(docs)), boxes: map[place]transcript.Box{}, outside: map[int]*OutsidePage{}, asked: b.unplaced()}
	rest, n, doc := b.Reading.Text, 0, 0
	var joining transcript.Joining
	for p, err := range b.Transcripts() {
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUnread, err)
		}
		text, layout := joining.Next(p)
		var ok bool
		if rest, ok = strings.CutPrefix(rest, text); !ok {
			return fmt.Errorf("records of %s: the transcript pages do not give the text of the reading", b.Manifest.Locator)
		}
		for _, l := range layout.Lines {
			for doc < len(docs) && docs[doc].End <= l.Start {
				doc++
			}
			for i := doc; i < len(docs) && docs[i].Start < l.End; i++ {
				b.told.tallies[i].add(docs[i], l)
			}
		}
		b.told.place(layout)
		n++
		if o := outsideOn(n, p, layout); o != nil {
			b.told.outside[n] = o
		}
	}
	if rest != "" || n != len(b.Pages) {
		return fmt.Errorf("records of %s: the transcript pages do not give the text of the reading", b.Manifest.Locator)
	}
	return nil
}

// add counts the words of l that lie in doc.
func (t *tally) add(doc structure.Document, l transcript.LineSpan) {
	for _, w := range l.Words {
		if w.Start < doc.Start || w.End > doc.End {
			continue
		}
		n := float64(utf8.RuneCountInString(w.Text))
		t.sum, t.weight, t.words = t.sum+n*w.Confidence, t.weight+n, t.words+1
		if w.Confidence < doubtBelow {
			t.doubt++
		}
	}
}

// unplaced are the places of corrections that have no box, in order of their beginning.
func (b *builder) unplaced() []place {
	var out []place
	for _, cs := range [][]clean.Correction{b.Reading.Structure.Corrections, b.reviews.added} {
		for _, c := range cs {
			if c.Box == nil {
				out = append(out, b.placeOf(clean.Span{Start: c.Start, End: c.End}, c.Page))
			}
		}
	}
	slices.SortFunc(out, func(a, b place) int { return a.start - b.start })
	return out
}

// placeOf is the place of a correction, whose page the structurer may have left out.
func (b *builder) placeOf(s clean.Span, page *int) place {
	if page != nil {
		return place{s.Start, s.End, *page}
	}
	if n := b.pageAt(s.Start); n > 0 && b.Pages[n-1].Text == nil {
		return place{s.Start, s.End, n}
	}
	return place{s.Start, s.End, 0}
}

// place finds the boxes of the words on one page that places touch.
func (t *told) place(layout transcript.Layout) {
	page := layout.Pages[0]
	for len(t.asked) > 0 && t.asked[0].start <= page.End {
		t.open, t.asked = append(t.open, t.asked[0]), t.asked[1:]
	}
	for _, p := range t.open {
		for _, l := range linesIn(layout.Lines, p.start-1, p.end+1) {
			for _, w := range l.Words {
				if w.Start <= p.end && w.End >= p.start && (p.page == 0 || l.Page == p.page-1) {
					box, found := t.boxes[p]
					if !found {
						box = w.Box
					}
					t.boxes[p] = box.Union(w.Box)
				}
			}
		}
	}
	t.open = slices.DeleteFunc(t.open, func(p place) bool { return p.end < page.End })
}

// linesIn are the lines of print that touch from..to of the text as read.
func linesIn(lines []transcript.LineSpan, from, to int) []transcript.LineSpan {
	i, _ := slices.BinarySearchFunc(lines, from, func(l transcript.LineSpan, at int) int {
		if l.End <= at {
			return -1
		}
		return 1
	})
	j := i
	for j < len(lines) && lines[j].Start < to {
		j++
	}
	return lines[i:j]
}
