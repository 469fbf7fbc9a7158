package lines

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Set gathers lines for a training and writes them as files in mixed order. It
// holds them encoded, which takes a tenth of the room of their pictures. The zero
// value is an empty one.
type Set struct{ encoded [][]byte }

// Add puts a line into the set, cut as Tesseract cuts it.
func (s *Set) Add(l Line) error {
	b, err := encode(l)
	if err == nil {
		s.encoded = append(s.encoded, b)
	}
	return err
}

// Len is how many lines are in the set.
func (s *Set) Len() int { return len(s.encoded) }

// Write shuffles the lines and writes them to DIR/NAME_000.lstmf and on, about
// so many in each, and DIR/NAME.list with a path a line, which is what
// lstmtraining and lstmeval ask for; it returns the list's path. The same lines
// in the same order with the same seed give the same bytes.
func (s *Set) Write(dir, name string, perFile int, seed uint64) (list string, err error) {
	if len(s.encoded) == 0 {
		return "", fmt.Errorf("write %s: no lines", name)
	}
	mixed := slices.Clone(s.encoded)
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] }) // #nosec G404 -- the same order for the same seed
	files := max((len(mixed)+perFile/2)/max(perFile, 1), 1)
	var names []string
	for i := range files {
		from, to := len(mixed)*i/files, len(mixed)*(i+1)/files
		file := filepath.Join(dir, fmt.Sprintf("%s_%03d.lstmf", name, i))
		if err := os.WriteFile(file, document(mixed[from:to]), 0o644); err != nil {
			return "", err
		}
		names = append(names, file)
	}
	list = filepath.Join(dir, name+".list")
	return list, os.WriteFile(list, []byte(strings.Join(names, "\n")+"\n"), 0o644)
}

func document(encoded [][]byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(encoded))), slices.Concat(encoded...)...)
}
