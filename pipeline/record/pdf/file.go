package pdf

import (
	"fmt"
	"io"
	"slices"

	"nightshift/pipeline/archive"
)

// file numbers and writes objects and remembers where they are.
type file struct {
	out     io.Writer
	at      int64
	offsets map[int]int64
	err     error
}

func (f *file) put(s string) { f.write([]byte(s)) }

func (f *file) write(b []byte) {
	if f.err != nil {
		return
	}
	n, err := f.out.Write(b)
	f.at += int64(n)
	f.err = err
}

func (f *file) begin(id int) {
	if f.offsets == nil {
		f.offsets = map[int]int64{}
	}
	f.offsets[id] = f.at
	f.put(fmt.Sprintf("%d 0 obj\n", id))
}

func (f *file) object(id int, body string) {
	f.begin(id)
	f.put(body + "\nendobj\n")
}

// stream writes data compressed; dict holds further entries.
func (f *file) stream(id int, dict string, data []byte) {
	f.rawStream(id, dict+" /Filter /FlateDecode", packed(data))
}

// rawStream writes data as it is; dict names its filter.
func (f *file) rawStream(id int, dict string, data []byte) {
	f.begin(id)
	f.put(fmt.Sprintf("<<%s /Length %d >>\nstream\n", dict, len(data)))
	f.write(data)
	f.put("\nendstream\nendobj\n")
}

// trailer writes the table of objects. The file's identifier is made from seed:
// equal files have equal identifiers.
func (f *file) trailer(seed string) {
	start := f.at
	last := 0
	for id := range f.offsets {
		last = max(last, id)
	}
	f.put(fmt.Sprintf("xref\n0 %d\n", last+1))
	var free []int
	for id := 1; id <= last; id++ {
		if _, used := f.offsets[id]; !used {
			free = append(free, id)
		}
	}
	nextFree := func(id int) int { // the list of unused numbers ends at 0
		if i := slices.IndexFunc(free, func(x int) bool { return x > id }); i >= 0 {
			return free[i]
		}
		return 0
	}
	f.put(fmt.Sprintf("%010d 65535 f \n", nextFree(0)))
	for id := 1; id <= last; id++ {
		if at, used := f.offsets[id]; used {
			f.put(fmt.Sprintf("%010d 00000 n \n", at))
		} else {
			f.put(fmt.Sprintf("%010d 00000 f \n", nextFree(id)))
		}
	}
	id := archive.DigestOf([]byte(seed))[:32]
	f.put(fmt.Sprintf("trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n",
		last+1, catalogID, infoID, id, id, start))
}
