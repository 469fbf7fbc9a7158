// Package layer is the text layer of an item's pages: the words of the clean
// text at their places on the page images, each with what was read there. The
// page renditions (ALTO, hOCR, searchable PDF) are written from it. It owns how
// a correction changes words and their boxes; it writes no format.
package layer

import (
	"iter"
	"slices"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// Page is a page image with its words. Running heads and page marks are on it:
// only the reading text leaves them out.
type Page struct {
	Number     int // of the item, from 1
	Transcript *transcript.Page
	Blocks     []Block
}

// Block is the part of a region of print that belongs to one section.
type Block struct {
	Box      transcript.Box
	Kind     string // of the section; "" outside every section
	Document int    // of the item, from 1; 0 outside every document
	Section  int    // of the document, from 0; -1 outside every section
	Lines    []Line
}

// Line is a line of print.
type Line struct {
	Box   transcript.Box
	Words []Word
}

// Word is a word of the clean text. Text is empty where a correction took all
// of it away (a stray mark).
type Word struct {
	Text       string
	AsRead     string // the words as read that it was made of, where it differs from Text
	Box        transcript.Box
	Confidence float64      // 0-100
	CharConf   []float32    // one per character of an unchanged word, where known
	Span       clean.Span   // in the text as read
	Part       HyphenPart   // of a word broken at the line's end
	Whole      string       // that word
	Reviewed   bool         // a person decided on a correction in it
	Kinds      []clean.Kind // of the corrections in it
}

// HyphenPart says which half of a broken word a Word is.
type HyphenPart int

// The halves; 0 is a word that is not broken.
const (
	FirstHalf HyphenPart = iota + 1
	SecondHalf
)

// Pages lays the records' corrections over the item's transcript, page by page
// in order, as often as it is ranged over; an error is of in.Whole and the last.
// A page without words (blank, parked, text input) has no blocks.
func Pages(in record.Input, rs []record.Record) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		l := layer{text: []rune(in.Reading.Text), corrections: applied(rs), sections: sections(in.Reading.Structure)}
		l.ends = hyphenEnds(l.corrections)
		var waiting []Page // the one whose last word waits for its other half, and wordless ones after it
		settled := func(ps []Page) bool {
			for _, p := range ps {
				if !yield(p, nil) {
					return false
				}
			}
			return true
		}
		for t, err := range in.Transcripts() {
			if err != nil {
				yield(Page{}, err)
				return
			}
			waiting = append(waiting, l.page(t))
			n := len(waiting) // that are settled
			switch last := waiting[n-1]; l.joinHalves(last) {
			case 0:
			case last.Number:
				n--
			default:
				n = 0
			}
			if !settled(waiting[:n]) {
				return
			}
			waiting = slices.Clone(waiting[n:])
		}
		settled(waiting)
	}
}

type layer struct {
	text        []rune
	corrections []record.Correction // applied, ordered
	sections    []section
	first       int // correction from which lines not yet done may be touched
	rotation    int // of the page at hand
	joining     transcript.Joining
	number      int                        // of the page at hand
	ends        map[int]*record.Correction // mended line-break hyphens, by the place of the line's end
	half        *Word                      // whose other half is the next word
	halfBy      *record.Correction
	halfPage    int
}

// page lays out the next page.
func (l *layer) page(t *transcript.Page) Page {
	l.number++
	p := Page{Number: l.number, Transcript: t}
	l.rotation = t.Image.Rotation
	_, layout := l.joining.Next(t)
	lastBlock, lastSection := -1, -1
	for i := range layout.Lines {
		span := &layout.Lines[i]
		s := l.sectionAt(span.Start, span.End)
		if span.Block != lastBlock || s != lastSection || len(p.Blocks) == 0 {
			p.Blocks = append(p.Blocks, l.block(s))
			lastBlock, lastSection = span.Block, s
		}
		b := &p.Blocks[len(p.Blocks)-1]
		line := Line{Box: span.Box, Words: l.words(span)}
		b.Box = union(b.Box, line.Box)
		b.Lines = append(b.Lines, line)
	}
	return p
}

type section struct {
	clean.Span
	kind            string
	document, index int
}

// applied are the corrections that change words on a page.
func applied(rs []record.Record) []record.Correction {
	var out []record.Correction
	for _, r := range rs {
		for _, c := range r.Corrections {
			if c.Decision == clean.Applied && c.Kind != clean.RunningHead && c.Kind != clean.Catchword {
				out = append(out, c)
			}
		}
	}
	return out
}

func sections(s structure.Structure) []section {
	var out []section
	for i, d := range s.Documents {
		for j, x := range d.Sections {
			out = append(out, section{clean.Span{Start: x.Start, End: x.End}, x.Kind, i + 1, j})
		}
	}
	return out
}

// sectionAt is the section that a line lies in, the innermost that holds its
// beginning; -1 if none.
func (l *layer) sectionAt(start, end int) int {
	best := -1
	low, high := 0, len(l.sections)
	for low < high {
		mid := (low + high) / 2
		if l.sections[mid].Start < end {
			low = mid + 1
		} else {
			high = mid
		}
	}
	for i := low - 1; i >= 0 && i >= low-3; i-- { // a page mark may lie inside a paragraph
		if s := l.sections[i]; s.End > start && (best < 0 || s.End-s.Start < l.sections[best].End-l.sections[best].Start) {
			best = i
		}
	}
	return best
}

func (l *layer) block(s int) Block {
	if s < 0 {
		return Block{Section: -1}
	}
	return Block{Kind: l.sections[s].kind, Document: l.sections[s].document, Section: l.sections[s].index}
}

func union(a, b transcript.Box) transcript.Box {
	if a == (transcript.Box{}) {
		return b
	}
	return a.Union(b)
}
