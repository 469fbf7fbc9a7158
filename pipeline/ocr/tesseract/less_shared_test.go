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

// No page that is given loses a line that one plain reading finds. Sealed pages are
// left out.
func TestSharedNeverLess(t *testing.T) {
	count := 0
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
			if l := lost(t, c, x); len(l) > 0 {
				t.Errorf("%s: lost %q", p.Name, l)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
