//go:build !cgo

package imaging

// Pix is an image in leptonica's memory; without cgo there is none.
type Pix struct{}

// Decode fails with ErrNoCgo.
func Decode([]byte, string, int64, Palette) (*Pix, int, error) { return nil, 0, ErrNoCgo }

// DecodeTIFF fails with ErrNoCgo.
func DecodeTIFF([]byte, int, int64, Palette) (*Pix, error) { return nil, ErrNoCgo }

// LeptonicaVersion is empty: there is none.
func LeptonicaVersion() string { return "" }
