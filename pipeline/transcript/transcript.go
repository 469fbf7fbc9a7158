// Package transcript is what OCR read on an item's pages: text with the place
// and confidence of every word, and the item's text as read with its way back
// to the page images. It is pure: no files, no store, no engine.
package transcript

import (
	"strings"
	"unicode/utf8"

	"nightshift/pipeline/archive"
)

// FormatVersion of transcript pages written by this package.
const FormatVersion = 1

// Box is [x0,y0,x1,y1] in pixels of the page's master image, half-open.
type Box [4]int

// Union is the box around both.
func (b Box) Union(o Box) Box {
	return Box{min(b[0], o[0]), min(b[1], o[1]), max(b[2], o[2]), max(b[3], o[3])}
}

// Around is the box around words, of which there is one at least.
func Around(words []Word) Box {
	b := words[0].Box
	for _, w := range words[1:] {
		b = b.Union(w.Box)
	}
	return b
}

// Letters is how many characters words have.
func Letters(words []Word) (n int) {
	for _, w := range words {
		n += len([]rune(w.Text))
	}
	return n
}

// Page is one page image as read. A text input is a page with Text set and no
// blocks; a page that could not be read has Parked set and nothing else.
type Page struct {
	Version        int      `json:"version"`
	Image          Image    `json:"image"`
	Engine         Engine   `json:"engine"`
	Blocks         []Block  `json:"blocks"`
	Text           *string  `json:"text,omitempty"`   // of a text input, as decoded
	Parked         string   `json:"parked,omitempty"` // reason code: a placeholder
	MeanConfidence float64  `json:"meanConfidence"`   // 0-100, over words, weighed by length
	InkCoverage    float64  `json:"inkCoverage"`      // share of dark pixels, 0-1
	Blank          bool     `json:"blank"`
	NoText         NoText   `json:"noText,omitempty"`   // why a page with ink has no text
	Oddities       []Oddity `json:"oddities,omitempty"` // what a person should look at
	LowQuality     bool     `json:"lowQuality"`
	ErrorRate      float64  `json:"estimatedErrorRate"` // estimated character error rate, 0-1
	Grade          string   `json:"grade,omitempty"`    // A … E, from ErrorRate
	Steps          []string `json:"steps,omitempty"`    // what was done to the image before recognition
	Diagnostics    []string `json:"diagnostics,omitempty"`
	Outside        *Outside `json:"outside,omitempty"` // of a page about which an outside reader was to be asked
}

// Image says which image was read. Width and Height are the master's, in
// pixels, as a viewer shows it (after the file's own orientation tag).
type Image struct {
	Scan     string         `json:"scan"`   // object key
	Digest   archive.Digest `json:"digest"` // of the whole scan
	Index    int            `json:"index"`  // page within the scan, from 1
	Width    int            `json:"width"`
	Height   int            `json:"height"`
	DPI      int            `json:"dpi"`               // 0: unknown
	DPIDown  int            `json:"dpiDown,omitempty"` // down the page, where pixels are not square; 0: as DPI
	Rotation int            `json:"rotation"`          // degrees clockwise applied for reading: 0, 90, 180, 270
	Skew     float64        `json:"skew"`              // degrees, as found
}

// Stretch is how many times longer than wide a pixel is: a fax has half as many lines
// to the inch as dots. Pictures of such a page are made with square pixels, so that
// they are as much higher than the master.
func (i Image) Stretch() float64 {
	if i.DPI <= 0 || i.DPIDown <= 0 {
		return 1
	}
	return float64(i.DPI) / float64(i.DPIDown)
}

// Engine says what read it.
type Engine struct {
	Name      string            `json:"name"`
	Version   string            `json:"version"`
	Languages []string          `json:"languages"`
	Settings  map[string]string `json:"settings,omitempty"`
}

// Block is a region of lines that belong together.
type Block struct {
	Box   Box    `json:"box"`
	Kind  string `json:"kind,omitempty"` // "text" or "", "noise", "photo", "separator"
	Lines []Line `json:"lines"`
}

// Line is one line of print.
type Line struct {
	Box   Box    `json:"box"`
	Words []Word `json:"words"`
	Was   string `json:"was,omitempty"` // what the engine read, where words of an outside reader stand
}

// Word is one word. The slices have one entry per character of Text, or none
// where the places of characters are not known.
type Word struct {
	Text       string    `json:"text"`
	Box        Box       `json:"box"`
	Confidence float64   `json:"confidence"` // 0-100
	X0         []int     `json:"x0,omitempty"`
	X1         []int     `json:"x1,omitempty"`
	CharConf   []float32 `json:"charConf,omitempty"` // 0-100
	Was        string    `json:"was,omitempty"`      // of a word taken from an outside reader: what the engine read there
	Other      string    `json:"other,omitempty"`    // of a word in doubt: what was read there by other means
}

// Layout is the way back from the text as read to the page images: for every
// line of print its span in the text and its words. Offsets are Unicode code
// points, half-open, into the item's text as read.
type Layout struct {
	Pages []PageSpan
	Lines []LineSpan // in text order
	Noise []NoiseLine
}

// NoiseLine is a line that was kept out of the text: print under a stamp, handwriting.
// Its words are no reading, but may still tell what kind of paper a page is.
type NoiseLine struct {
	Page int // index into Layout.Pages
	Box  Box
	Text string
}

// PageSpan is a page's part of the text, without the form feed after it.
type PageSpan struct {
	Start, End    int
	Width, Height int // pixels; 0 for a text input
	DPI           int
	Parked        string
	Blank         bool
}

// LineSpan is a line of print in the text.
type LineSpan struct {
	Start, End int
	Page       int // index into Layout.Pages
	Block      int // running number over the item: lines of one block share it
	Noise      bool
	Box        Box
	Was        string // see Line
	Words      []WordSpan
}

// WordSpan is a word in the text.
type WordSpan struct {
	Start, End int
	*Word
}

func noiseLines(page int, bl *Block) []NoiseLine {
	out := make([]NoiseLine, 0, len(bl.Lines))
	for k := range bl.Lines {
		var words []string
		for m := range bl.Lines[k].Words {
			words = append(words, bl.Lines[k].Words[m].Text)
		}
		out = append(out, NoiseLine{Page: page, Box: bl.Lines[k].Box, Text: strings.Join(words, " ")})
	}
	return out
}

// TextAsRead joins pages into the item's text as read: page texts joined by a
// form feed, blocks by an empty line, lines by a newline, words by a blank.
// Blocks of kind "noise", "photo" and "separator" are left out. The layout is
// nil when no page has lines (text inputs).
func TextAsRead(pages []Page) (string, *Layout) {
	var b strings.Builder
	var all Layout
	var j Joining
	for i := range pages {
		text, lay := j.Next(&pages[i])
		b.WriteString(text)
		all.Pages = append(all.Pages, lay.Pages...)
		all.Lines = append(all.Lines, lay.Lines...)
		all.Noise = append(all.Noise, lay.Noise...)
	}
	if len(all.Lines) == 0 {
		return b.String(), nil
	}
	return b.String(), &all
}

// Joining is TextAsRead page by page, for items of which not all pages are held
// at once. The zero value stands before the first page.
type Joining struct{ at, page, block int }

// Next is what page p adds to the text, with the form feed before it, and its
// layout: its own span, lines and noise, counted over the item.
func (j *Joining) Next(p *Page) (string, Layout) {
	var b strings.Builder
	var lay Layout
	add := func(s string) {
		b.WriteString(s)
		j.at += utf8.RuneCountInString(s)
	}
	if j.page > 0 {
		add("\f")
	}
	ps := PageSpan{Start: j.at, Width: p.Image.Width, Height: p.Image.Height, DPI: p.Image.DPI, Parked: p.Parked, Blank: p.Blank}
	if p.Text != nil {
		add(*p.Text)
	}
	first := true
	for i := range p.Blocks {
		bl := &p.Blocks[i]
		if bl.Kind == "noise" {
			lay.Noise = append(lay.Noise, noiseLines(j.page, bl)...)
		}
		if bl.Kind != "" && bl.Kind != "text" || len(bl.Lines) == 0 {
			continue
		}
		if !first {
			add("\n\n")
		}
		first = false
		for k := range bl.Lines {
			if k > 0 {
				add("\n")
			}
			lay.Lines = append(lay.Lines, j.line(&bl.Lines[k], add))
		}
		j.block++
	}
	ps.End = j.at
	lay.Pages = []PageSpan{ps}
	j.page++
	return b.String(), lay
}

// line adds a line's words.
func (j *Joining) line(l *Line, add func(string)) LineSpan {
	ls := LineSpan{Start: j.at, Page: j.page, Block: j.block, Box: l.Box, Was: l.Was, Words: make([]WordSpan, 0, len(l.Words))}
	for m := range l.Words {
		if m > 0 {
			add(" ")
		}
		w := WordSpan{Start: j.at, Word: &l.Words[m]}
		add(l.Words[m].Text)
		w.End = j.at
		ls.Words = append(ls.Words, w)
	}
	ls.End = j.at
	return ls
}
