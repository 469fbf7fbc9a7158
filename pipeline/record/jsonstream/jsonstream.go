// Package jsonstream writes one JSON object whose long lists are written
// element by element, so that no writer holds a whole file.
package jsonstream

import (
	"bufio"
	"encoding/json"
	"io"
)

// Object is a JSON object; its fields are spelled in alphabetical order.
type Object = map[string]any

// Writer writes the object. Its first error sticks and is returned by End.
type Writer struct {
	out   *bufio.Writer
	first bool
	err   error
}

// New begins the object with these fields, pairs of name and value.
func New(out io.Writer, fields ...any) *Writer {
	w := &Writer{out: bufio.NewWriter(out), first: true}
	w.raw("{")
	for i := 0; i < len(fields); i += 2 {
		w.Field(fields[i].(string), fields[i+1])
	}
	return w
}

// Field writes one field.
func (w *Writer) Field(name string, v any) {
	w.comma()
	w.value(name)
	w.raw(": ")
	w.value(v)
}

// List begins a field whose value is a list.
func (w *Writer) List(name string) {
	w.comma()
	w.value(name)
	w.raw(": [")
	w.first = true
}

// Element writes one element of the list.
func (w *Writer) Element(v any) {
	w.comma()
	w.value(v)
}

// EndList ends the list.
func (w *Writer) EndList() {
	w.raw("\n]")
	w.first = false
}

// End ends the object and returns the first error.
func (w *Writer) End() error {
	w.raw("\n}\n")
	if w.err != nil {
		return w.err
	}
	return w.out.Flush()
}

func (w *Writer) comma() {
	if !w.first {
		w.raw(",")
	}
	w.first = false
	w.raw("\n")
}

func (w *Writer) value(v any) {
	raw, err := json.Marshal(v)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.raw(string(raw))
}

func (w *Writer) raw(s string) {
	if _, err := w.out.WriteString(s); err != nil && w.err == nil {
		w.err = err
	}
}
