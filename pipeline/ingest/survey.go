package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/transcript"
)

// Survey lists the files below dir in the order they are to be put in: key
// order, so that a second run is like the first. It opens each, so that what
// cannot be read is told before anything is done. Into is a key prefix, "" for
// none. Links to folders are not followed, and those to files only within dir, unless
// follow says that links may lead anywhere. A file that cannot be taken keeps no other
// from being; it, and one that is put in under another name than its own, is among the
// second list. An error is about the whole folder.
func Survey(dir, into string, follow bool) ([]File, []Passed, error) {
	if st, err := os.Stat(dir); err != nil {
		return nil, nil, unreadable(err)
	} else if !st.IsDir() {
		return nil, nil, fmt.Errorf("%s %w: it is no folder", dir, ErrUnreadable)
	}
	s := surveying{dir: dir, into: into, follow: follow, taken: map[string]string{}}
	err := filepath.WalkDir(dir, s.meet)
	left := LeftOut(s.passed)
	switch {
	case err != nil:
		return nil, s.passed, err
	case !s.scans && len(left) > 0:
		return nil, s.passed, fmt.Errorf("%s holds no scan that can be taken: %s %w: %s", dir, left[0].Path, ErrUnreadable, left[0].Why)
	case len(s.files) == 0:
		return nil, s.passed, ErrEmpty
	case !s.scans:
		return nil, s.passed, ErrNoScans
	}
	slices.SortFunc(s.files, func(a, b File) int { return strings.Compare(orderKey(a.Key), orderKey(b.Key)) })
	return s.files, s.passed, nil
}

// surveying is a survey under way.
type surveying struct {
	dir, into string
	follow    bool
	files     []File
	passed    []Passed
	taken     map[string]string // paths by the keys of files
	scans     bool              // a file looks like one
}

// meet takes what a walk comes to; its error ends the walk.
func (s *surveying) meet(p string, d fs.DirEntry, err error) error {
	if err != nil && p == s.dir {
		return unreadable(err)
	}
	rel, relErr := filepath.Rel(s.dir, p)
	if relErr != nil {
		return relErr
	}
	f := File{Path: p, Key: path.Join(s.into, filepath.ToSlash(rel))}
	if !s.follow {
		f.Within = s.dir
	}
	switch {
	case err != nil:
		s.passed = append(s.passed, f.leftOut(whyUnread(err)))
		if d != nil && d.IsDir() {
			return fs.SkipDir
		}
	case !d.IsDir():
		s.file(f, d)
	}
	return nil
}

// file takes a file, or says why not.
func (s *surveying) file(f File, d fs.DirEntry) {
	why, looks := "", false
	if d.Type()&fs.ModeSymlink != 0 {
		why = f.astray()
	}
	if why == "" {
		st, err := os.Stat(f.Path)
		switch {
		case err != nil:
			why = whyUnread(err)
		case st.IsDir(): // a link: what lies within dir is met by itself
			within := File{Path: f.Path, Within: s.dir}
			if within.astray() == "" {
				return
			}
			why = "a link to a folder, which is not followed; put that folder in by itself"
		case !st.Mode().IsRegular():
			why = "neither a file nor a folder"
		default:
			f.Size = st.Size()
		}
	}
	own := f.Key
	f.Key = spelled(f.Key)
	if why == "" {
		looks, why = s.take(f)
	}
	if why != "" {
		s.passed = append(s.passed, f.leftOut(why))
		return
	}
	if f.Key != own {
		s.passed = append(s.passed, Passed{Path: f.Path, Key: f.Key, Why: "its name holds what no name of a scan may: put in as " + f.Key})
	}
	s.taken[f.Key] = f.Path
	s.scans = s.scans || looks
	s.files = append(s.files, f)
}

// take opens the file that has its key, and reports whether it looks like a scan, or
// why it cannot be taken.
func (s *surveying) take(f File) (looks bool, why string) {
	if err := Fits(f.Key); err != nil {
		return false, err.Error()
	}
	if twin, ok := s.taken[f.Key]; ok {
		return false, fmt.Sprintf("its name would be that of %s; rename one", strconv.Quote(twin))
	}
	looks, err := looksLikeScan(f)
	if err != nil {
		return false, whyUnread(err)
	}
	return looks, ""
}

// astray is why a link is not followed; "" for one that leads to a file or folder it
// may.
func (f File) astray() string {
	to, err := os.Readlink(f.Path)
	if err != nil {
		return "a link that cannot be read"
	}
	to = strconv.Quote(to)
	if _, err := os.Stat(f.Path); err != nil {
		return "a link to " + to + ", where nothing can be read"
	}
	if f.Within == "" {
		return ""
	}
	root, err := os.OpenRoot(f.Within)
	if err != nil {
		return "a link that cannot be followed"
	}
	defer root.Close()
	rel, err := filepath.Rel(f.Within, f.Path)
	if err == nil {
		_, err = root.Stat(rel)
	}
	if err != nil {
		return "a link out of the folder, to " + to + "; --follow-links takes what it leads to"
	}
	return ""
}

// looksLikeScan opens the file, so that it is known to be readable, and tells
// whether intake will take it in.
func looksLikeScan(f File) (bool, error) {
	file, err := f.open()
	if err != nil {
		return false, unreadable(err)
	}
	defer file.Close()
	if archive.IsHidden(f.Key) || archive.IsControl(f.Key) {
		return false, nil
	}
	if intake.NamedAsScan(f.Key) {
		return true, nil
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, unreadable(err)
	}
	_, scan := imaging.Sniff(head[:n])
	_, given := transcript.SniffGiven(head[:n])
	return scan || given, nil
}
