package publish

import (
	"bytes"
	"os"
)

// spoolMemory is how many bytes of a rendition are held in memory: enough for a
// page's. A larger one (the PDF of an item, what is made of a long one) goes to a
// temporary file.
const spoolMemory = 1 << 20

// spool takes a rendition as it is written. It must be closed.
type spool struct {
	memory bytes.Buffer
	file   *os.File // nil while all is in memory
	size   int64
}

func (s *spool) Write(b []byte) (int, error) {
	if s.file == nil && s.memory.Len()+len(b) <= spoolMemory {
		s.size += int64(len(b))
		return s.memory.Write(b)
	}
	if s.file == nil {
		f, err := os.CreateTemp("", "nightshift-rendition-*")
		if err != nil {
			return 0, err
		}
		s.file = f
		os.Remove(f.Name()) // the open file lives on; nothing is left after a crash
		if _, err := f.Write(s.memory.Bytes()); err != nil {
			return 0, err
		}
		s.memory = bytes.Buffer{}
	}
	n, err := s.file.Write(b)
	s.size += int64(n)
	return n, err
}

func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
	}
}
