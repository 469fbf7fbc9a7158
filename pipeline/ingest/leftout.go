package ingest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// races is how often two who note the same folder at once are let by each other.
const races = 10

// Note keeps in the work bucket what was left out of a folder, in place of what was noted
// when it was put in before: the reports go by that. Passed is all that was passed over.
func Note(ctx context.Context, work *store.Bucket, dir, into string, passed []Passed) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	folder := archive.DigestOfParts("folder", abs, into)
	list := archive.LeftOutList{Version: 1, Files: []archive.LeftOutFile{}}
	for _, p := range LeftOut(passed) {
		list.Files = append(list.Files, archive.LeftOutFile{Key: p.Key, Why: p.Why})
	}
	slices.SortFunc(list.Files, func(a, b archive.LeftOutFile) int {
		return strings.Compare(a.Key+"\x00"+a.Why, b.Key+"\x00"+b.Why)
	})
	for range races {
		n, last := 0, archive.LeftOutList{}
		for info, err := range work.List(ctx, archive.LeftOutPrefix+string(folder)+"/") {
			if err != nil {
				return fmt.Errorf("list what was left out: %w", err)
			}
			n++
			last = archive.LeftOutList{}
			if err := work.GetJSON(ctx, info.Key, &last); err != nil {
				return fmt.Errorf("what was left out: %w", err)
			}
		}
		if slices.Equal(last.Files, list.Files) {
			return nil // nothing is left out still, or the same
		}
		_, err := work.PutJSON(ctx, archive.LeftOutKey(folder, n+1), list)
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return errors.New("what was left out keeps changing")
}
