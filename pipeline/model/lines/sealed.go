package lines

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sealed are names of documents that nothing may be learned from: a file
// eval/sealed.txt beside the folder or above it names them, one a line, by their
// place: scans/catalogue/NAME. What is measured by them afterwards would be worth
// nothing.
type sealed map[string]bool

// sealedFor reads the list that a folder lies under, if there is one, and those given.
func sealedFor(dir string, given []string) (sealed, error) {
	s := sealed{}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	for up := dir; ; up = filepath.Dir(up) {
		if err := s.add(filepath.Join(up, "eval", "sealed.txt")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if up == filepath.Dir(up) {
			break
		}
	}
	for _, g := range given {
		if err := s.add(g); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s sealed) add(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	for in.Scan() {
		if l := strings.TrimSpace(in.Text()); l != "" && !strings.HasPrefix(l, "#") {
			s[l[strings.LastIndexByte(l, '/')+1:]] = true
		}
	}
	return in.Err()
}

// has reports whether a page, or the document that it is of, is sealed.
func (s sealed) has(page string) bool { return s[page] || s[pageNumber.ReplaceAllString(page, "")] }
