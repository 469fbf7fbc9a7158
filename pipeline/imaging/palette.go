package imaging

// Palette is what becomes of colours when a page is decoded.
type Palette bool

// Grey is what pages are read in, Colour what they are looked at in: a page of
// which nothing to speak of is coloured becomes grey all the same.
const (
	Grey   Palette = false
	Colour Palette = true
)
