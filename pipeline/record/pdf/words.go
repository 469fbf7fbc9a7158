package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/transcript"
)

// Measures of the unseen font in thousandths of its size: every character is
// half as wide as high, and a line reaches from descent to ascent, so that a
// word of n characters set at the height of its box fills the box.
const (
	advance = 500
	ascent  = 800
	descent = 200
)

// words sets the page's words where they stand on its image, in render mode 3:
// found, selected and copied, never seen.
func (d *document) words(out *bytes.Buffer, p layer.Page, s sheet) {
	begun := false
	for _, b := range p.Blocks {
		for _, l := range b.Lines {
			for i, w := range l.Words {
				word := w.Text
				if w.Part == layer.FirstHalf {
					word += "-"
				}
				if word == "" {
					continue
				}
				if !begun {
					out.WriteString("BT 3 Tr\n")
					begun = true
				}
				d.word(out, w.Box, word, i+1 < len(l.Words), s)
			}
		}
	}
	if begun {
		out.WriteString("ET\n")
	}
}

// word sets one word into its box, along the direction in which the page was
// read: a page turned for reading has its text lying on its side.
func (d *document) word(out *bytes.Buffer, box transcript.Box, word string, blank bool, s sheet) {
	x0, x1 := float64(box[0])*s.scale, float64(box[2])*s.scale
	top, bottom := s.height-float64(box[1])*s.down, s.height-float64(box[3])*s.down
	long, high := x1-x0, top-bottom
	// Where the text begins, and the directions along and across it.
	var x, y, ax, ay float64
	switch s.rotation {
	case 90: // read upwards
		long, high = high, long
		x, y, ax, ay = x1-high*descent/1000, bottom, 0, 1
	case 180:
		x, y, ax, ay = x1, top-high*descent/1000, -1, 0
	case 270: // read downwards
		long, high = high, long
		x, y, ax, ay = x0+high*descent/1000, top, 0, -1
	default:
		x, y, ax, ay = x0, bottom+high*descent/1000, 1, 0
	}
	if long <= 0 || high <= 0 {
		return
	}
	n := float64(utf8.RuneCountInString(word))
	stretch := 100 * long / (n * high * advance / 1000)
	if blank {
		word += " "
	}
	fmt.Fprintf(out, "/F %s Tf %s Tz %s %s %s %s %s %s Tm <%s> Tj\n",
		num(high), num(stretch), num(ax), num(ay), num(-ay), num(ax), num(x), num(y), d.encode(word))
}

// encode spells s in the codes of the unseen font, giving new characters new codes.
func (d *document) encode(s string) string {
	var b strings.Builder
	for _, r := range s {
		code, known := d.codes[r]
		if !known {
			if len(d.runes) >= 0xFFFF {
				r = utf8.RuneError // a font has no more codes
			}
			if code, known = d.codes[r]; !known {
				d.runes = append(d.runes, r)
				code = len(d.runes)
				d.codes[r] = code
			}
		}
		fmt.Fprintf(&b, "%04X", code)
	}
	return b.String()
}
