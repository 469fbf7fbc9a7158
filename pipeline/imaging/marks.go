//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

import (
	"cmp"
	"fmt"
)

// Marks are the boxes of the connected marks within b, in pixels of p and in no order
// of reading. What is darker than midway between the page's threshold and its paper
// is a mark, and what is less than an eighth of a letter apart is one: thin strokes of faint
// type stay whole.
func (p *Prepared) Marks(b [4]int) ([][4]int, error) {
	part, back, err := p.Cut(b, 0, 1)
	if err != nil {
		return nil, nil // nothing there
	}
	defer part.Close()
	threshold := (cmp.Or(p.Threshold, usualThreshold) + min(part.rank(0.6), 255)) / 2
	bin, err := take(C.pixThresholdToBinary(part.p, C.l_int32(threshold)), "thresholding")
	if err != nil {
		return nil, err
	}
	defer bin.Close()
	if k := C.l_int32(p.Letters / 8); k > 1 {
		C.pixCloseSafeBrick(bin.p, bin.p, k, k)
	}
	boxes := C.pixConnCompBB(bin.p, 8)
	if boxes == nil {
		return nil, nil
	}
	defer C.boxaDestroy(&boxes)
	var out [][4]int
	for i := range C.boxaGetCount(boxes) {
		var x0, y0, w, h C.l_int32
		if C.boxaGetBoxGeometry(boxes, i, &x0, &y0, &w, &h) == 0 {
			out = append(out, back.Box([4]int{int(x0), int(y0), int(x0 + w), int(y0 + h)}, p.Width(), p.Height()))
		}
	}
	return out, nil
}

// Stretch is a part of a line: from X0 to X1 of an image, standing on Base.
type Stretch struct {
	Of           *Pix // 8 bits
	X0, X1, Base int
}

// Row sets stretches beside each other, all standing on one line, as far apart as gap,
// with up pixels above that line and down pixels below, on paper as light as theirs.
// at is where in the row each begins.
func Row(parts []Stretch, up, down, gap int) (row *Pix, at []int, err error) {
	width := gap
	for _, p := range parts {
		if p.X0 < 0 || p.X1 > p.Of.Width() || p.X0 >= p.X1 || p.Base <= 0 || p.Base > p.Of.Height() {
			return nil, nil, fmt.Errorf("stretch %v of an image of %d by %d pixels: not in it", [3]int{p.X0, p.X1, p.Base}, p.Of.Width(), p.Of.Height())
		}
		width += p.X1 - p.X0 + gap
	}
	if len(parts) == 0 || up <= 0 || down < 0 || gap < 0 {
		return nil, nil, fmt.Errorf("a row of %d pixels above and %d below, %d apart", up, down, gap)
	}
	row, err = take(C.pixCreate(C.l_int32(width), C.l_int32(up+down), 8), "making an image")
	if err != nil {
		return nil, nil, err
	}
	row.SetDPI(parts[0].Of.DPI())
	C.pixSetAllArbitrary(row.p, C.l_uint32(paperOf(parts, up, down)))
	left := gap
	for _, p := range parts {
		at = append(at, left)
		top := max(p.Base-up, 0)
		w, h := p.X1-p.X0, min(p.Base+down, p.Of.Height())-top
		C.pixRasterop(row.p, C.l_int32(left), C.l_int32(top-(p.Base-up)), C.l_int32(w), C.l_int32(h), C.PIX_SRC, p.Of.p, C.l_int32(p.X0), C.l_int32(top))
		left += w + gap
	}
	return row, at, nil
}

// paperOf is how light the paper of the lightest stretch is: four fifths of its
// pixels are at most that.
func paperOf(parts []Stretch, up, down int) (paper int) {
	for _, p := range parts {
		part, _, err := p.Of.Cut([4]int{p.X0, p.Base - up, p.X1, p.Base + down}, 0, 1)
		if err != nil {
			continue
		}
		paper = max(paper, min(part.rank(0.8), 255))
		part.Close()
	}
	return paper
}

// CutTurned is the part of x within b, bounded to x, turned by quads quarters
// clockwise. back maps its pixels to those of x.
func (x *Pix) CutTurned(b [4]int, quads int) (cut *Pix, back Affine, err error) {
	part, back, err := x.Cut(b, 0, 1)
	if err != nil {
		return nil, back, err
	}
	defer part.Close()
	cut, err = part.Turn(quads)
	return cut, back.After(turned(quads, part.Width(), part.Height())), err
}
