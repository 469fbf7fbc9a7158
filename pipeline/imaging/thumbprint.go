//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

import "math"

// thumbSide is the side of a thumbprint: cells of a letter sheet that are some four
// lines of print high, so that two pages of the same typewriter differ.
const thumbSide = 64

// Thumbprint is a picture as a square of cells, of whatever size and shape it was.
type Thumbprint [thumbSide * thumbSide]float64

// Thumbprint of x.
func (x *Pix) Thumbprint() (*Thumbprint, error) {
	grey, err := take(C.pixConvertTo8(x.p, 0), "making grey")
	if err != nil {
		return nil, err
	}
	defer grey.Close()
	var t Thumbprint
	w, h := grey.Width(), grey.Height()
	var n [thumbSide * thumbSide]float64
	step := max(min(w, h)/512, 1)
	for y := 0; y < h; y += step {
		for at := 0; at < w; at += step {
			var v C.l_uint32
			C.pixGetPixel(grey.p, C.l_int32(at), C.l_int32(y), &v)
			i := y*thumbSide/h*thumbSide + at*thumbSide/w
			t[i] += float64(v)
			n[i]++
		}
	}
	for i := range t {
		t[i] /= max(n[i], 1)
	}
	return &t, nil
}

// Same reports whether both are of one picture: they are alike cell by cell, as the
// pages of one letter paper are not. Two of one tone have nothing to tell them apart.
func (t *Thumbprint) Same(o *Thumbprint) bool {
	const alike, flat = 0.9, 1.0
	ma, mb := mean(t), mean(o)
	var ab, aa, bb float64
	for i := range t {
		a, b := t[i]-ma, o[i]-mb
		ab, aa, bb = ab+a*b, aa+a*a, bb+b*b
	}
	n := float64(len(t))
	if aa/n < flat && bb/n < flat {
		return math.Abs(ma-mb) < 8
	}
	return ab >= alike*math.Sqrt(aa*bb)
}

func mean(t *Thumbprint) (m float64) {
	for _, v := range t {
		m += v
	}
	return m / float64(len(t))
}
