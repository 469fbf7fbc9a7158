// Package markup writes XML and XHTML as a stream: escaped, well formed, the
// same bytes for the same calls. It owns what to do with characters that XML
// cannot hold: each becomes U+FFFD, and a comment at the end says how many.
package markup

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf8"
)

// Declaration begins every XML file.
const Declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// Blank is the value of an attribute that is to be there and empty.
const Blank = "\x00blank"

// Writer writes elements. Its first error sticks and is returned by End.
type Writer struct {
	out      *bufio.Writer
	open     []string
	inTag    bool // the start tag is not closed yet
	flat     int  // depth from which no line breaks are put in; 0: none
	lines    bool // the element open now holds elements on lines of their own
	replaced int
	err      error
}

// New is a writer to out, after a declaration and whatever prologue holds.
func New(out io.Writer, prologue string) *Writer {
	w := &Writer{out: bufio.NewWriter(out)}
	w.raw(prologue)
	return w
}

// Open begins an element on a line of its own. Attributes are pairs of name and
// value; a pair with an empty value is left out.
func (w *Writer) Open(name string, attributes ...string) {
	w.begin(name, attributes, w.flat == 0)
	w.open = append(w.open, name)
}

// Inline begins an element in which, and before which, no white space is put.
func (w *Writer) Inline(name string, attributes ...string) {
	w.begin(name, attributes, w.flat == 0)
	w.open = append(w.open, name)
	if w.flat == 0 {
		w.flat = len(w.open)
	}
}

// Close ends the element opened last.
func (w *Writer) Close() {
	n := len(w.open)
	if n == 0 {
		w.fail(fmt.Errorf("close without an open element"))
		return
	}
	name := w.open[n-1]
	w.open = w.open[:n-1]
	if w.inTag {
		w.raw("/>")
		w.inTag = false
	} else {
		if w.flat == 0 {
			w.line()
		}
		w.raw("</" + name + ">")
	}
	if w.flat == n {
		w.flat = 0
	}
}

// Leaf is an element with only text, or none.
func (w *Writer) Leaf(name, text string, attributes ...string) {
	w.Inline(name, attributes...)
	if text != "" {
		w.Text(text)
	}
	w.Close()
}

// Text writes text in the element that is open.
func (w *Writer) Text(s string) {
	w.closeTag()
	w.escape(s, false)
}

// Raw writes markup as it is: the caller answers for it.
func (w *Writer) Raw(s string) {
	w.closeTag()
	w.raw(s)
}

// End closes what is open, adds the comment on replaced characters, and
// returns the first error.
func (w *Writer) End() error {
	for len(w.open) > 0 {
		w.Close()
	}
	w.raw("\n")
	if w.replaced > 0 {
		w.raw(fmt.Sprintf("<!-- %d characters that XML cannot hold stand as U+FFFD -->\n", w.replaced))
	}
	if w.err != nil {
		return w.err
	}
	return w.out.Flush()
}

func (w *Writer) begin(name string, attributes []string, ownLine bool) {
	w.closeTag()
	if ownLine {
		w.line()
	}
	w.raw("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] == "" {
			continue
		}
		w.raw(" " + attributes[i] + `="`)
		if attributes[i+1] != Blank {
			w.escape(attributes[i+1], true)
		}
		w.raw(`"`)
	}
	w.inTag = true
}

func (w *Writer) closeTag() {
	if w.inTag {
		w.raw(">")
		w.inTag = false
	}
}

// line begins a line, indented by a blank for each open element.
func (w *Writer) line() {
	if !w.lines {
		w.lines = true // the first element follows the prologue directly
		return
	}
	w.raw("\n")
	for range w.open {
		w.raw(" ")
	}
}

func (w *Writer) escape(s string, attribute bool) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == '&':
			w.raw("&amp;")
		case r == '<':
			w.raw("&lt;")
		case r == '>':
			w.raw("&gt;")
		case r == '"' && attribute:
			w.raw("&quot;")
		case attribute && (r == '\n' || r == '\t') || r == '\r':
			w.raw(fmt.Sprintf("&#%d;", r))
		case !Allowed(r) || r == utf8.RuneError && size == 1:
			w.raw("\uFFFD")
			w.replaced++
		default:
			if _, err := w.out.WriteRune(r); err != nil {
				w.fail(err)
			}
		}
	}
}

// Allowed tells whether XML 1.0 can hold r.
func Allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

func (w *Writer) raw(s string) {
	if _, err := w.out.WriteString(s); err != nil {
		w.fail(err)
	}
}

func (w *Writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}
