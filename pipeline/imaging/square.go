//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

import (
	"fmt"
	"math"
	"slices"
)

// DPIDown is the resolution down the page, 0 when unknown.
func (x *Pix) DPIDown() int { return int(C.pixGetYRes(x.p)) }

// setResolution sets each axis.
func (x *Pix) setResolution(across, down int) {
	C.pixSetResolution(x.p, C.l_int32(across), C.l_int32(down))
}

// Square is x with square pixels, and the way back to those of x: a fax has half as
// many lines to the inch as dots. It is x itself, and the identity, where they are
// square; else x stays the caller's. maxPixels bounds the outcome (0: none): what
// would be larger is left as it is.
func (x *Pix) Square(maxPixels int64) (*Pix, Affine, error) {
	across, down := x.DPI(), x.DPIDown()
	if stretch(across, down, 1, 1, letterShape) == 1 && stretch(across, down, 1, 1, 0) == 1 {
		return x, Identity(), nil
	}
	_, shape, err := x.letters()
	if err != nil {
		return nil, Identity(), err
	}
	f := stretch(across, down, x.Width(), x.Height(), shape)
	sx, sy := 1.0, f
	if f < 1 {
		sx, sy = 1/f, 1
	}
	w, h := math.Round(sx*float64(x.Width())), math.Round(sy*float64(x.Height()))
	if f == 1 || CheckPixels(int(w), int(h), maxPixels) != nil {
		dpi := max(across, down)
		x.setResolution(dpi, dpi)
		return x, Identity(), nil
	}
	from := x
	if x.Depth() == 1 { // thin lines stay smooth as they grow
		if from, err = take(C.pixConvertTo8(x.p, 0), "making grey"); err != nil {
			return nil, Identity(), err
		}
		defer from.Close()
	}
	y, err := take(C.pixScaleToSize(from.p, C.l_int32(w), C.l_int32(h)), "making pixels square")
	if err != nil {
		return nil, Identity(), err
	}
	y.SetDPI(max(across, down))
	return y, Affine{A: float64(x.Width()) / w, E: float64(x.Height()) / h}, nil
}

// Settle gives x the resolution that its letters say where its file says one that
// makes no sense, and returns that of the file; 0 where it was believed.
func (x *Pix) Settle() (was int, err error) {
	dpi, longer := x.DPI(), max(x.Width(), x.Height())
	if !suspect(longer, dpi) {
		return 0, nil
	}
	height, _, err := x.letters()
	if err != nil {
		return 0, err
	}
	likely := likelyDPI(longer, dpi, height)
	if likely == dpi {
		return 0, nil
	}
	x.SetDPI(likely)
	return dpi, nil
}

// fewLetters are too few marks of a letter's size to say anything by.
const fewLetters = 20

// letters are the median height of the marks that may be letters, in pixels, and the
// median of their widths by their heights; 0 where there are too few.
func (x *Pix) letters() (height int, shape float64, err error) {
	marks, err := x.LetterMarks()
	if err != nil {
		return 0, 0, err
	}
	var heights []int
	var shapes []float64
	for _, m := range marks {
		heights = append(heights, m[3]-m[1])
		shapes = append(shapes, float64(m[2]-m[0])/float64(m[3]-m[1]))
	}
	if len(heights) < fewLetters {
		return 0, 0, nil
	}
	slices.Sort(heights)
	slices.Sort(shapes)
	return heights[len(heights)/2], shapes[len(shapes)/2], nil
}

// told takes what a file says of its resolution beside its own tags into x.
func (x *Pix) told(f Facts) {
	switch {
	case x.DPI() > 0:
	case f.DPI > 0:
		x.SetDPI(f.DPI)
	case dotsPerInch(int64(f.Across), 1) > 0 && dotsPerInch(int64(f.Down), 1) > 0:
		x.setResolution(f.Across, f.Down)
	case f.Across > 0 && f.Down > 0 && f.Across != f.Down: // only a shape
		x.setResolution(f.Across*100/f.Down, 100)
	}
}

// Told takes a resolution that was found beside the picture's own, across and down.
func (x *Pix) Told(across, down int) {
	if x.DPI() == 0 && across > 0 {
		if down == 0 {
			down = across
		}
		x.setResolution(across, down)
	}
}

// ResolutionStep says that a tag of was dots an inch was not believed.
func (x *Pix) ResolutionStep(was int) string {
	if x.DPI() == 0 {
		return fmt.Sprintf("resolution %d dpi not believed", was)
	}
	return fmt.Sprintf("resolution %d dpi not believed, taken as %d", was, x.DPI())
}

// LetterMarks are the boxes of the marks on x that may be letters.
func (x *Pix) LetterMarks() ([][4]int, error) {
	var out [][4]int
	least, most := max(max(x.Width(), x.Height())/400, 3), min(x.Width(), x.Height())/12
	err := x.eachMark(func(b [4]int) {
		if w, h := b[2]-b[0], b[3]-b[1]; min(w, h) > 2 && max(w, h) > least && max(w, h) < most {
			out = append(out, b)
		}
	})
	return out, err
}

// FewMarks are the marks of a page that has hardly any: those as high as a letter may
// be, of which there are some on no blank page, and no more than a few. Near the
// edges they are holes and shadows.
func (x *Pix) FewMarks() ([][4]int, error) {
	const most = 12
	dpi := float64(x.DPI())
	if longer := max(x.Width(), x.Height()); dpi == 0 || suspect(longer, int(dpi)) {
		dpi = float64(longer) / 11
	}
	lowest, highest := dpi*1.5/25.4, dpi*25/25.4
	side, top := x.Width()/12, x.Height()/16
	var out [][4]int
	err := x.eachMark(func(b [4]int) {
		w, h := float64(b[2]-b[0]), float64(b[3]-b[1])
		if h >= lowest && h <= highest && w >= h/8 && w <= 4*h &&
			b[0] > side && b[2] < x.Width()-side && b[1] > top/2 && b[3] < x.Height()-top/2 {
			out = append(out, b)
		}
	})
	if len(out) > most {
		return nil, err
	}
	return out, err
}

// eachMark calls f with the box of each connected mark of x, in no order.
func (x *Pix) eachMark(f func([4]int)) error {
	p, err := upright(x, 0)
	if err != nil {
		return err
	}
	defer p.Close()
	defer func() { p.forget(); p.bin.Close() }()
	for _, step := range []func() error{p.binarise, p.negative, p.border} {
		if err := step(); err != nil {
			return err
		}
	}
	boxes := p.components()
	if boxes == nil {
		return nil
	}
	for i := range C.boxaGetCount(boxes) {
		var left, top, w, h C.l_int32
		if C.boxaGetBoxGeometry(boxes, i, &left, &top, &w, &h) == 0 {
			f([4]int{int(left), int(top), int(left + w), int(top + h)})
		}
	}
	return nil
}

// Bounds of what is a picture and no page of print: where print is dark or light, a
// picture has tones.
const (
	pictureTones = 0.35 // share of the page that is neither paper nor as dark as ink
	pictureInk   = 0.25 // share of the page that is dark, where tones are dots
	paperWithin  = 30   // of the commonest brightness
)

// IsPicture reports whether tones cover the page, as they do a photograph or a colour
// target, or black does, as in one of dots.
func (p *Prepared) IsPicture() bool {
	if p.Ink >= pictureInk {
		return true
	}
	hist := C.pixGetGrayHistogram(p.p, 2)
	if hist == nil {
		return false
	}
	defer C.numaDestroy(&hist)
	var all, at [256]float64
	sum, paper := 0.0, 255
	for i := range all {
		var v C.l_float32
		C.numaGetFValue(hist, C.l_int32(i), &v)
		all[i] = float64(v)
		sum += all[i]
	}
	for i := range all { // smoothed, so that a comb of values counts as one
		for k := max(i-3, 0); k <= min(i+3, 255); k++ {
			at[i] += all[k]
		}
		if at[i] > at[paper] {
			paper = i
		}
	}
	tones := 0.0
	for i := inkBelow; i < 256; i++ {
		if max(i-paper, paper-i) > paperWithin {
			tones += all[i]
		}
	}
	return sum > 0 && tones >= pictureTones*sum
}
