package console

import (
	"slices"
	"strings"
	"time"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// textShown bounds the characters of one page that are shown.
const textShown = 60000

// doubtBelow marks words as doubtful, as record's quality does.
const doubtBelow = 60

// blockView is a stretch of a page's text: one section, or what lies between
// two.
type blockView struct {
	Kind       string // of the section; "" between sections
	Confidence float64
	Nodes      []node
}

// node is a piece of a block's text.
type node struct {
	Text  string
	Word  int             // number of its word on the page, from 1; 0: none
	Doubt bool            // the word was read with low confidence
	Note  string          // a note mark: the note it refers to, "2-5"; "?" undecided; "": none
	Page  bool            // a page mark
	C     *correctionView // a correction around Inner
	Inner []node          // the text as read that C is about
}

// correctionView is a correction with its place in the item's text as read.
type correctionView struct {
	record.Correction
	Number   int `json:"number"`   // on the page, from 1
	Document int `json:"document"` // 0: nothing is published
	Start    int `json:"start"`
	End      int `json:"end"`
	// The last decision of a person about it.
	Last    string    `json:"last,omitempty"` // id
	By      string    `json:"by,omitempty"`
	Verdict string    `json:"verdict,omitempty"` // accepted, rejected
	When    time.Time `json:"when,omitzero"`
	Pending bool      `json:"pending,omitempty"` // not published yet
}

// Flag tells whether it asks a person.
func (c correctionView) Flag() bool { return c.Decision == clean.Flagged }

// Quiet tells whether it only concerns blanks and line ends: shown, but so that
// reading goes on.
func (c correctionView) Quiet() bool {
	return strings.TrimSpace(c.Before) == "" && strings.TrimSpace(c.After) == ""
}

// Bare tells whether nothing that can be seen stands where it is.
func (c correctionView) Bare() bool { return strings.TrimSpace(c.Before) == "" }

// wordBox is a word on the page image.
type wordBox struct {
	Number int    `json:"number"` // on the page, from 1
	X      int    `json:"x"`      // pixels of the page's master image
	Y      int    `json:"y"`
	W      int    `json:"width"`
	H      int    `json:"height"`
	Doubt  bool   `json:"doubt,omitempty"`
	Text   string `json:"text"`
}

// sheet lays out one page's text.
type sheet struct {
	text        []rune // of the item
	from, to    int    // the page's part of it
	words       []transcript.WordSpan
	marks       []mark
	corrections []correctionView
	next        int // correction not laid out yet
}

// mark is a note mark or page mark.
type mark struct {
	start, end int
	note       string
	page       bool
}

// marksOf are the marks of all documents within from..to, in order.
func marksOf(docs []structure.Document, from, to int) []mark {
	var out []mark
	for i, d := range docs {
		for _, m := range d.NoteMarks {
			n := "?"
			if m.Note > 0 {
				n = noteID(i+1, m.Note)
			}
			out = append(out, mark{m.Start, m.End, n, false})
		}
		for _, m := range d.PageMarks {
			out = append(out, mark{m.Start, m.End, "", true})
		}
	}
	out = slices.DeleteFunc(out, func(m mark) bool { return m.start < from || m.end > to || m.end <= m.start })
	slices.SortFunc(out, func(a, b mark) int { return a.start - b.start })
	return out
}

// blocks cuts the page into its sections, in order.
func (s *sheet) blocks(docs []structure.Document) []blockView {
	var secs []structure.Section
	for _, d := range docs {
		for _, x := range d.Sections {
			if x.Start < s.to && x.End > s.from {
				secs = append(secs, x)
			}
		}
	}
	slices.SortStableFunc(secs, func(a, b structure.Section) int { return a.Start - b.Start })
	var out []blockView
	add := func(kind string, confidence float64, from, to int, last bool) {
		nodes := s.lay(from, to, last)
		if kind == "" && blank(nodes) {
			return
		}
		out = append(out, blockView{kind, confidence, nodes})
	}
	at := s.from
	for _, x := range secs {
		from, to := max(x.Start, at), min(x.End, s.to)
		if to <= from {
			continue
		}
		if from > at {
			add("", 0, at, from, false)
		}
		add(x.Kind, x.Confidence, from, to, to == s.to)
		at = to
	}
	if at < s.to || s.next < len(s.corrections) {
		add("", 0, at, s.to, true)
	}
	return out
}

// blank tells whether nodes show nothing.
func blank(nodes []node) bool {
	for _, n := range nodes {
		if n.C != nil || strings.TrimSpace(n.Text) != "" {
			return false
		}
	}
	return true
}

// lay lays out from..to: the corrections that begin in it, and the text between
// them. With last set also those at its very end.
func (s *sheet) lay(from, to int, last bool) []node {
	var out []node
	at := from
	for s.next < len(s.corrections) {
		c := &s.corrections[s.next]
		if c.Start >= to && !(last && c.Start == to) {
			break
		}
		s.next++
		start, end := max(c.Start, at), min(max(c.End, at), to)
		out = append(out, s.plain(at, start)...)
		out = append(out, node{C: c, Inner: s.plain(start, end)})
		at = end
	}
	return append(out, s.plain(at, to)...)
}

// plain lays out text without corrections: words, marks, and what is between.
func (s *sheet) plain(from, to int) []node {
	var out []node
	for at := from; at < to; {
		w := s.wordAt(at)
		m := s.markAt(at)
		end := to
		n := node{}
		if w >= 0 {
			x := s.words[w]
			if x.Start > at {
				end = min(end, x.Start)
			} else {
				end = min(end, x.End)
				n.Word, n.Doubt = w+1, x.Word != nil && x.Confidence < doubtBelow
			}
		}
		if m >= 0 {
			x := s.marks[m]
			if x.start > at {
				end = min(end, x.start)
			} else {
				end = min(end, x.end)
				n.Note, n.Page = x.note, x.page
			}
		}
		n.Text = string(s.text[at:end])
		out = append(out, n)
		at = end
	}
	return out
}

// wordAt is the first word that ends after at, -1 if none does.
func (s *sheet) wordAt(at int) int {
	i, _ := slices.BinarySearchFunc(s.words, at, func(w transcript.WordSpan, at int) int {
		if w.End <= at {
			return -1
		}
		return 1
	})
	if i == len(s.words) {
		return -1
	}
	return i
}

func (s *sheet) markAt(at int) int {
	i, _ := slices.BinarySearchFunc(s.marks, at, func(m mark, at int) int {
		if m.end <= at {
			return -1
		}
		return 1
	})
	if i == len(s.marks) {
		return -1
	}
	return i
}

// wordsOf are a page's words with their places in the item's text, the page
// beginning at from.
func wordsOf(p *transcript.Page, from int) []transcript.WordSpan {
	if p == nil {
		return nil
	}
	_, layout := transcript.TextAsRead([]transcript.Page{*p})
	if layout == nil {
		return nil
	}
	var out []transcript.WordSpan
	for _, l := range layout.Lines {
		for _, w := range l.Words {
			w.Start, w.End = w.Start+from, w.End+from
			out = append(out, w)
		}
	}
	return out
}

func boxesOn(words []transcript.WordSpan) []wordBox {
	out := make([]wordBox, 0, len(words))
	for i, w := range words {
		b := w.Box
		if b[2] > b[0] && b[3] > b[1] {
			out = append(out, wordBox{i + 1, b[0], b[1], b[2] - b[0], b[3] - b[1], w.Confidence < doubtBelow, w.Text})
		}
	}
	return out
}
