package oddnames

import (
	"fmt"
	"slices"
	"testing"
)

// What is right names every page file once, and the same seed draws the same.
func TestDraw(t *testing.T) {
	for n, f := range Draw(15) {
		for _, right := range f.Right {
			var files []string
			for _, item := range right {
				for _, page := range item {
					files = append(files, page...)
				}
			}
			slices.Sort(files)
			have := slices.Sorted(slices.Values(f.Files))
			if len(slices.Compact(slices.Clone(have))) != len(have) || !slices.Equal(files, have) {
				t.Errorf("folder %d, %s: files %q, right %q", n, f.Kind, have, files)
			}
		}
	}
	if once, again := fmt.Sprint(Draw(15)), fmt.Sprint(Draw(15)); once != again {
		t.Error("one seed draws two folders")
	}
}
