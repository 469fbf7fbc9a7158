package imaging

// What a directory must be like to be a smaller copy of the one before or after it
// by its measures alone: pictures of the same shape, where the smaller is no size to
// read from, or one step of a pyramid.
const (
	thumbnailSide = 512 // pixels of the longer side: a letter sheet at 46 dpi
	thumbnailBy   = 3   // times smaller than the page at least
)

// withoutCopies leaves out of pages those that can only be smaller copies of their
// neighbour, which many programs write without the flag that says so: a thumbnail,
// the levels of a pyramid. The page that stays knows how many there were.
func withoutCopies(pages []TIFFPage) []TIFFPage {
	var out []TIFFPage
	before := 0 // copies that stand before their page
	for i, p := range pages {
		if n := len(out); n > 0 && (p.thumbnailOf(out[n-1]) || inPyramid(pages, i, out[n-1])) {
			out[n-1].Copies++
			continue
		}
		if i+1 < len(pages) && p.thumbnailOf(pages[i+1]) {
			before++
			continue
		}
		p.Index, p.Copies = len(out)+1, before
		before = 0
		out = append(out, p)
	}
	return out
}

// SmallerThan reports whether p has the shape of q and fewer pixels, as a smaller
// copy has: sides are rounded to whole pixels, so thin pictures tell little.
func (p TIFFPage) SmallerThan(q TIFFPage) bool {
	if p.Width >= q.Width || p.Height >= q.Height || p.Width < 2 || p.Height < 2 {
		return false
	}
	a, b := int64(p.Width)*int64(q.Height), int64(p.Height)*int64(q.Width)
	return max(a-b, b-a) <= int64(max(q.Width, q.Height))
}

func (p TIFFPage) thumbnailOf(q TIFFPage) bool {
	return p.SmallerThan(q) && max(p.Width, p.Height) <= thumbnailSide && thumbnailBy*max(p.Width, p.Height) <= max(q.Width, q.Height)
}

// inPyramid reports whether directory i is one of several that halve the page base
// again and again, or a tiled half of a tiled page: no paper comes in such sizes.
func inPyramid(pages []TIFFPage, i int, base TIFFPage) bool {
	half := func(small, big TIFFPage) bool {
		near := func(a, b int) bool { return a-b/2 <= 1 && b/2-a <= 1 }
		return small.SmallerThan(base) && near(small.Width, big.Width) && near(small.Height, big.Height)
	}
	above := pages[i-1]
	if !half(pages[i], above) {
		return false
	}
	steps := 1
	for j := i + 1; j < len(pages) && half(pages[j], pages[j-1]); j++ {
		steps++
	}
	for j := i - 1; j > 0 && half(pages[j], pages[j-1]); j-- {
		steps++
	}
	return steps > 1 || pages[i].Tiled && above.Tiled
}
