package tesseract

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"nightshift/pipeline/ocr/wire"
)

// block is how much is asked for at once: one round trip over a pipe costs
// about as much as copying this.
const block = 256 << 10

// blocksKept bounds what a child holds of a scan beside the page it works on.
const blocksKept = 16

// source is the scan, read by ranges from the pool.
type source struct {
	in     *bufio.Reader
	out    *bufio.Writer
	size   int64
	blocks map[int64][]byte
	order  []int64 // of blocks, oldest first
	failed error   // of the pipe, or of the pool's own reading
	held   []byte  // a file out of another, which needs no fetching
	inside int     // files that it lies in
}

// inMemory is a file that was found in another, which lies in so many already.
func inMemory(b []byte, inside int) *source {
	return &source{held: b, size: int64(len(b)), inside: inside + 1}
}

func newSource(in *bufio.Reader, out *bufio.Writer, size int64) *source {
	return &source{in: in, out: out, size: size, blocks: map[int64][]byte{}}
}

// errSource is wrapped by errors that are not the scan's fault.
var errSource = errors.New("the scan's bytes did not arrive")

// ReadAt implements io.ReaderAt. Large reads go straight through.
func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.size {
		return 0, io.EOF
	}
	if s.held != nil {
		n := copy(p, s.held[off:])
		if n < len(p) {
			return n, io.EOF
		}
		return n, nil
	}
	n := 0
	for n < len(p) && off < s.size {
		var part []byte
		if want := min(int64(len(p)-n), s.size-off); want >= block {
			b, err := s.fetch(off, int(min(want, wire.MaxRange)))
			if err != nil {
				return n, err
			}
			part = b
		} else {
			b, err := s.block(off / block)
			if err != nil {
				return n, err
			}
			part = b[off%block:]
		}
		c := copy(p[n:], part)
		n, off = n+c, off+int64(c)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// block is one aligned piece of the scan, kept for a while.
func (s *source) block(i int64) ([]byte, error) {
	if b, ok := s.blocks[i]; ok {
		return b, nil
	}
	b, err := s.fetch(i*block, int(min(block, s.size-i*block)))
	if err != nil {
		return nil, err
	}
	if len(s.order) >= blocksKept {
		delete(s.blocks, s.order[0])
		s.order = s.order[1:]
	}
	s.blocks[i], s.order = b, append(s.order, i)
	return b, nil
}

// fetch asks the pool for one range.
func (s *source) fetch(off int64, n int) ([]byte, error) {
	if s.failed != nil {
		return nil, s.failed
	}
	b, err := s.ask(off, n)
	if err != nil {
		s.failed = fmt.Errorf("%w: %w", errSource, err)
		return nil, s.failed
	}
	return b, nil
}

func (s *source) ask(off int64, n int) ([]byte, error) {
	if err := wire.Write(s.out, wire.Ranges, wire.EncodeRange(off, n)); err != nil {
		return nil, err
	}
	if err := s.out.Flush(); err != nil {
		return nil, err
	}
	k, content, err := wire.Read(s.in)
	switch {
	case err != nil:
		return nil, err
	case k == wire.NoData:
		return nil, errors.New(string(content))
	case k != wire.Data || len(content) != n:
		return nil, fmt.Errorf("%w: %d bytes of kind %c for a range of %d", wire.ErrFrame, len(content), k, n)
	}
	return content, nil
}

// all is the whole scan, bounded by limit bytes.
func (s *source) all(limit int64) ([]byte, error) {
	if s.size > limit {
		return nil, fmt.Errorf("%w: %d bytes in one image, allowed are %d", errTooManyBytes, s.size, limit)
	}
	b := make([]byte, s.size)
	if n, err := s.ReadAt(b, 0); int64(n) < s.size {
		return nil, err
	}
	return b, nil
}

var errTooManyBytes = errors.New("too many bytes")
