//go:build shared && cgo

package tesseract

import (
	"os"
	"path/filepath"
	"testing"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/model/lines"
)

// pagesApart is how many pages are passed over between two that are looked at: all of
// them take half an hour. NIGHTSHIFT_ALL_PAGES=1 looks at all.
const pagesApart = 15

// lostAtMost is how many of the lines of plain readings may have no text in their place
// when a page is read as the pipeline does: one in so many. It ought to be none; bad
// copies of forms still lose some (docs/reading.md), and each is printed.
const lostAtMost = 30

// Pages that are given lose hardly a line that one plain reading finds. Sealed pages are
// left out.
func TestSharedNeverLess(t *testing.T) {
	count, gone, all := 0, 0, 0
	c := reader(t)
	shared := os.Getenv("NIGHTSHIFT_SHARED")
	if shared == "" {
		shared = "../../../../shared"
	}
	for _, dir := range []string{"scans/typed", "scans/catalogue"} {
		err := lines.Pages(t.Context(), filepath.Join(shared, dir), lines.Options{}, func(p lines.Picture) error {
			if count++; count%pagesApart != 1 && os.Getenv("NIGHTSHIFT_ALL_PAGES") == "" {
				return nil
			}
			x, err := imaging.FromGrey(p.Image.Pix, p.Image.Rect.Dx(), p.Image.Rect.Dy(), p.Image.Stride)
			if err != nil {
				return err
			}
			defer x.Close()
			l, of := lost(t, c, x)
			if gone, all = gone+len(l), all+of; len(l) > 0 {
				t.Logf("%s: lost %d of %d: %q", p.Name, len(l), of, l)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("lost %d of %d lines", gone, all)
	if all == 0 || lostAtMost*gone > all {
		t.Errorf("lost %d of %d lines", gone, all)
	}
}
