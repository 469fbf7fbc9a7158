// Package traineddata reads and writes the container that Tesseract keeps a model
// in: a number of components (the network, its characters, word lists), each whole
// and unread. What is in a component is others' business.
//
// The file begins with the number of entries as a uint32 and the offset of each as
// an int64, -1 where there is none, all little endian. The components follow in
// the order of their kinds.
package traineddata

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A Kind is a component's place in the table.
type Kind int

// The components of a model that reads by a network.
const (
	LSTM        Kind = 17 // the network
	Punctuation Kind = 18
	Words       Kind = 19
	Numbers     Kind = 20
	Characters  Kind = 21
	Recoder     Kind = 22 // how characters are put into outputs
	Version     Kind = 23
)

// kinds is how many there are in Tesseract 4 and 5.
const kinds = 24

// ErrMalformed is wrapped by every error about the bytes of a file.
var ErrMalformed = errors.New("not a usable traineddata file")

// A File is a model's components; the zero File has none.
type File struct {
	parts [kinds][]byte
}

// Parse reads a file. The components share b.
func Parse(b []byte) (*File, error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("%w: cut short", ErrMalformed)
	}
	n := binary.LittleEndian.Uint32(b)
	switch head := 4 + 8*uint64(n); {
	case n == 0 || n > 64:
		return nil, fmt.Errorf("%w: a table of %d entries", ErrMalformed, n)
	case n > kinds:
		return nil, fmt.Errorf("%w: a table of %d entries: of a later version of Tesseract", ErrMalformed, n)
	case head > uint64(len(b)):
		return nil, fmt.Errorf("%w: cut short within its table", ErrMalformed)
	}
	f := &File{}
	end := int64(len(b))
	for k := int(n) - 1; k >= 0; k-- {
		at := int64(binary.LittleEndian.Uint64(b[4+8*k:]))
		if at < 0 {
			continue
		}
		if at > int64(len(b)) {
			return nil, fmt.Errorf("%w: cut short: component %d begins at %d of %d bytes", ErrMalformed, k, at, len(b))
		}
		if at < 4+8*int64(n) || at > end {
			return nil, fmt.Errorf("%w: component %d begins at %d, and the next thing, or the end, is at %d", ErrMalformed, k, at, end)
		}
		f.parts[k] = b[at:end:end]
		end = at
	}
	if end != 4+8*int64(n) {
		return nil, fmt.Errorf("%w: %d bytes between its table and its first component", ErrMalformed, end-4-8*int64(n))
	}
	return f, nil
}

// Get is a component's bytes; nil where there is none.
func (f *File) Get(k Kind) []byte { return f.parts[k] }

// With returns a file that has b as component k and everything else as f.
func (f *File) With(k Kind, b []byte) *File {
	out := *f
	out.parts[k] = b
	return &out
}

// Bytes is the file, as Tesseract's own tools write it.
func (f *File) Bytes() []byte {
	out := binary.LittleEndian.AppendUint32(nil, kinds)
	at := int64(4 + 8*kinds)
	for _, p := range f.parts {
		if len(p) == 0 {
			out = binary.LittleEndian.AppendUint64(out, ^uint64(0))
			continue
		}
		out = binary.LittleEndian.AppendUint64(out, uint64(at))
		at += int64(len(p))
	}
	for _, p := range f.parts {
		out = append(out, p...)
	}
	return out
}
