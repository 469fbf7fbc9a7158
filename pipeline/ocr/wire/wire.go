// Package wire is the protocol between the pool and an engine child: frames
// over the child's standard input and output, one request at a time. It owns
// the spelling of frames and messages, and neither end of the pipe.
//
// The child says Hello once. The pool sends a Request; the child answers with
// any number of Ranges, each answered by Data or NoData, and then with one Page,
// Plan, Image or Failure.
package wire

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/transcript"
)

// Kind is the first byte of a frame's content.
type Kind byte

// The kinds of frames.
const (
	Hello   Kind = 'H' // child: Greeting
	Request Kind = 'Q' // pool: Order
	Ranges  Kind = 'R' // child: offset and length, 8 and 4 bytes, big-endian
	Data    Kind = 'D' // pool: the bytes asked for; fewer only at the end of the file
	NoData  Kind = 'E' // pool: why the bytes cannot be had
	Page    Kind = 'P' // child: a transcript.Page
	Plan    Kind = 'L' // child: []PagePlan
	Image   Kind = 'I' // child: an encoded image, JPEG or PNG
	Failure Kind = 'X' // child: Fault
)

// MaxFrame is the largest content of a frame, in bytes. A dense page's
// transcript is under one million.
const MaxFrame = 64 << 20

// MaxRange is the most bytes asked for at once.
const MaxRange = 4 << 20

// ErrFrame is wrapped by errors about bytes that are no frame.
var ErrFrame = errors.New("not a frame of the engine protocol")

// Greeting is what a child says when it is ready.
type Greeting struct {
	Version   string   `json:"version"`         // of tesseract
	Leptonica string   `json:"leptonica"`       // of leptonica
	Isolation string   `json:"isolation"`       // what is in force: "rlimits, landlock 7, seccomp"
	Lacks     []string `json:"lacks,omitempty"` // what the kernel could not do
}

// Order asks for a plan, a page or a page's image.
type Order struct {
	Op        string   `json:"op"` // "plan", "read" or "image"
	Name      string   `json:"name"`
	Type      string   `json:"type"` // media type; "" to find out
	Size      int64    `json:"size"` // of the scan, in bytes
	Index     int      `json:"index,omitempty"`
	Languages []string `json:"languages,omitempty"`
	Longest   int      `json:"longest,omitempty"` // side of the image in pixels; 0: the master's
}

// PagePlan is one page of a scan as its container tells it. Sizes are of the
// page as shown, 0 where only decoding would tell.
type PagePlan struct {
	Index  int            `json:"index"` // from 1
	Width  int            `json:"width"`
	Height int            `json:"height"`
	DPI    int            `json:"dpi"`
	Damage archive.Reason `json:"damage,omitempty"`
}

// Fault is why there is no answer. Final: the input can never succeed.
type Fault struct {
	Reason archive.Reason `json:"reason"`
	Detail string         `json:"detail"`
	Final  bool           `json:"final"`
}

// Result is a page as read.
type Result = transcript.Page

// Write sends one frame.
func Write(w io.Writer, k Kind, content []byte) error {
	if len(content) > MaxFrame {
		return fmt.Errorf("%w: %d bytes", ErrFrame, len(content))
	}
	head := make([]byte, 5, 5+min(len(content), 4096))
	binary.BigEndian.PutUint32(head, uint32(len(content)))
	head[4] = byte(k)
	if len(content) <= 4096 {
		_, err := w.Write(append(head, content...))
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(content)
	return err
}

// WriteJSON sends one frame with v as JSON.
func WriteJSON(w io.Writer, k Kind, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode a %c frame: %w", k, err)
	}
	return Write(w, k, b)
}

// Read receives one frame. io.EOF means that the other end closed between
// frames. Memory is taken as the bytes arrive, not as the head claims.
func Read(r io.Reader) (Kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, nil, fmt.Errorf("%w: cut short", ErrFrame)
		}
		return 0, nil, err
	}
	n, k := binary.BigEndian.Uint32(head[:]), Kind(head[4])
	switch k {
	case Hello, Request, Ranges, Data, NoData, Page, Plan, Image, Failure:
	default:
		return 0, nil, fmt.Errorf("%w: kind %q", ErrFrame, byte(k))
	}
	if n > MaxFrame {
		return 0, nil, fmt.Errorf("%w: %d bytes", ErrFrame, n)
	}
	const step = 1 << 20
	content := make([]byte, 0, min(n, step))
	for uint32(len(content)) < n {
		m := min(n-uint32(len(content)), step)
		at := len(content)
		content = append(content, make([]byte, m)...)
		if _, err := io.ReadFull(r, content[at:]); err != nil {
			return 0, nil, fmt.Errorf("%w: cut short", ErrFrame)
		}
	}
	return k, content, nil
}

// EncodeRange spells a range.
func EncodeRange(off int64, n int) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(off))
	return binary.BigEndian.AppendUint32(b, uint32(n))
}

// DecodeRange reads a range; it lies within a file of size bytes.
func DecodeRange(b []byte, size int64) (off int64, n int, err error) {
	if len(b) != 12 {
		return 0, 0, fmt.Errorf("%w: a range of %d bytes", ErrFrame, len(b))
	}
	u, m := binary.BigEndian.Uint64(b), binary.BigEndian.Uint32(b[8:])
	if u > uint64(size) || m > MaxRange || int64(m) > size-int64(u) {
		return 0, 0, fmt.Errorf("%w: range %d+%d of %d", ErrFrame, u, m, size)
	}
	return int64(u), int(m), nil
}
