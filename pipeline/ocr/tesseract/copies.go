//go:build cgo

package tesseract

import (
	"nightshift/pipeline/imaging"
)

// copies are the pages of a TIFF, by Index, that are smaller pictures of the page
// before or after them: of the same shape, and on looking, the same picture. Only
// what has the shape is looked at, and what cannot be decoded is no copy: reading it
// says what is wrong.
func (c *child) copies(src *source, pages []imaging.TIFFPage) map[int]bool {
	out := map[int]bool{}
	var base *imaging.Thumbprint
	of := 0 // the page that base is of
	print := func(p imaging.TIFFPage) *imaging.Thumbprint {
		if of == p.Index {
			return base
		}
		x, err := c.masterTIFF(src, p.Index, imaging.Grey)
		if err != nil {
			return nil
		}
		defer x.Close()
		t, err := x.Thumbprint()
		if err != nil {
			return nil
		}
		return t
	}
	for i, p := range pages {
		for _, j := range []int{i - 1, i + 1} {
			k := j
			for k >= 0 && k < i && out[pages[k].Index] { // the page that a whole pyramid stands on
				k--
			}
			if k < 0 || k >= len(pages) || !p.SmallerThan(pages[k]) {
				continue
			}
			big := print(pages[k])
			base, of = big, pages[k].Index
			if small := print(p); big != nil && small != nil && small.Same(big) {
				out[p.Index] = true
				break
			}
		}
	}
	return out
}
