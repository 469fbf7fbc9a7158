package lines

import (
	"context"
	"fmt"
	"image"
	"path/filepath"
)

// A Picture is the image of a page whose truth is known.
type Picture struct {
	Name  string // as in Page
	Truth string // the truth's file
	Image *image.Gray
}

// Pages calls f with the picture of each page that Folder takes lines from, in the
// order of their names, until f returns an error.
func Pages(ctx context.Context, dir string, o Options, f func(Picture) error) error {
	s, err := sealedFor(dir, o.Sealed)
	if err != nil {
		return fmt.Errorf("read the list of sealed names: %w", err)
	}
	truths, err := truthsOf(dir, s, o)
	if err != nil {
		return err
	}
	l := loader{o: o, dir: dir, pages: pages{cache: o.Cache}}
	for _, t := range truths {
		name, _ := pageOf(filepath.Base(t))
		img, err := l.image(ctx, name, filepath.Dir(t))
		if err == nil {
			err = f(Picture{Name: filepath.Base(dir) + "/" + name, Truth: t, Image: img})
		}
		if err != nil {
			return fmt.Errorf("page %s: %w", name, err)
		}
	}
	return nil
}
