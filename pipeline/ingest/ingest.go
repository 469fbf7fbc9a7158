// Package ingest puts a folder of scans into the scans bucket, as a scanner
// would, and says when a folder is complete. It decides nothing about what it
// puts in; it never changes or removes a scan that is there.
package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"nightshift/pipeline/archive"
)

// File is one file to put in.
type File struct {
	Path string // on this machine
	Key  string // in the scans bucket
	Size int64
	// Within is the folder that the file is not to be looked for outside, by whatever
	// link that came since; "": links are followed.
	Within string
}

// open opens the file to read.
func (f File) open() (*os.File, error) {
	if f.Within == "" {
		return os.Open(f.Path)
	}
	rel, err := filepath.Rel(f.Within, f.Path)
	if err != nil {
		return nil, err
	}
	return os.OpenInRoot(f.Within, rel)
}

// Passed is a file of the folder that was not taken as it is, and why.
type Passed struct {
	Path string `json:"path"`
	Key  string `json:"key"` // that it has in the scans bucket, or would have
	Why  string `json:"why"`
	// LeftOut says that it was not put in; without it, it was, under another name.
	LeftOut bool `json:"leftOut,omitempty"`
}

// LeftOut are those that were not put in.
func LeftOut(passed []Passed) []Passed {
	var out []Passed
	for _, p := range passed {
		if p.LeftOut {
			out = append(out, p)
		}
	}
	return out
}

// leftOut says that the file is not put in. A system file's loss is told and no more: it
// would be ignored.
func (f File) leftOut(why string) Passed {
	key := spelled(f.Key)
	return Passed{Path: f.Path, Key: key, Why: why, LeftOut: !archive.IsHidden(key)}
}

// Errors of Survey, for which there are exit codes.
var (
	ErrEmpty      = errors.New("the folder holds no files")
	ErrNoScans    = errors.New("the folder holds no scans: no TIFF, JPEG, PNG, JP2, PDF, GIF, BMP, WebP, PNM or text file")
	ErrUnreadable = errors.New("cannot be read")
	ErrName       = errors.New("cannot be used as an object name")
)

// unreadable says which file cannot be read, and why.
func unreadable(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s %w: %w", p.Path, ErrUnreadable, p.Err)
	}
	return fmt.Errorf("%w: %w", ErrUnreadable, err)
}

// whyUnread is the same without the file's name.
func whyUnread(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Sprintf("%s: %s", ErrUnreadable, err)
}
