//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

import "cmp"

// Bounds of what is left of a page once what was read is taken off it, in heights of
// the page's letters.
const (
	// A straight run of black that is longer than any stroke of a letter is a ruling.
	longRow, longColumn = 5, 3
	// What is read may reach a little beyond the box of its word.
	rim = 0.15
)

// Left is a copy of the page with nothing on it but what a first reading passed over:
// marks that stand in rows as letters do, outside the boxes of words, freed from the
// rulings of the table or form they stand in. letters counts these marks. The copy is
// the caller's.
func (p *Prepared) Left(words [][4]int) (left *Pix, letters int, err error) {
	rest, err := take(C.pixThresholdToBinary(p.p, C.l_int32(cmp.Or(p.Threshold, usualThreshold))), "thresholding")
	if err != nil {
		return nil, 0, err
	}
	defer rest.Close()
	grow := int(rim * float64(p.Letters))
	for _, w := range words {
		b := box(w[0]-grow, w[1]-grow, w[2]-w[0]+2*grow, w[3]-w[1]+2*grow)
		C.pixClearInRect(rest.p, b)
		C.boxDestroy(&b)
	}
	if err := rest.clearRulings(p.Letters); err != nil {
		return nil, 0, err
	}
	marks := inRows(rest.marksLike(p.Letters), p.Letters)
	kept, err := take(C.pixCreateTemplate(rest.p), "making an image")
	if err != nil {
		return nil, 0, err
	}
	defer kept.Close()
	for _, m := range marks { // with dots, tails and a point beside it
		b := box(m[0]-p.Letters/2, m[1]-p.Letters/3, m[2]-m[0]+p.Letters, m[3]-m[1]+2*p.Letters/3)
		C.pixSetInRect(kept.p, b)
		C.boxDestroy(&b)
	}
	C.pixAnd(kept.p, kept.p, rest.p)
	C.pixDilateBrick(kept.p, kept.p, 5, 5) // the grey rims of strokes
	C.pixInvert(kept.p, kept.p)
	if left, err = take(C.pixCopy(nil, p.p), "copying"); err != nil {
		return nil, 0, err
	}
	C.pixSetMasked(left.p, kept.p, 255)
	left.SetDPI(p.DPI())
	return left, len(marks), nil
}

// clearRulings takes straight runs of black off a 1-bit image with letters so high,
// and with them what is black all over, bars and corners.
func (x *Pix) clearRulings(letter int) error {
	for _, run := range [][2]int{{longRow * letter, 1}, {1, longColumn * letter}} {
		lines, err := take(C.pixOpenBrick(nil, x.p, C.l_int32(run[0]), C.l_int32(run[1])), "looking for rulings")
		if err != nil {
			return err
		}
		C.pixDilateBrick(lines.p, lines.p, 3, 3)
		C.pixSubtract(x.p, x.p, lines.p)
		lines.Close()
	}
	return nil
}

// marksLike are the boxes of the marks of a 1-bit image that are of the size of letters
// so high.
func (x *Pix) marksLike(letter int) (marks [][4]int) {
	boxes := C.pixConnCompBB(x.p, 8)
	if boxes == nil {
		return nil
	}
	defer C.boxaDestroy(&boxes)
	for i := range C.boxaGetCount(boxes) {
		var x0, y0, w, h C.l_int32
		C.boxaGetBoxGeometry(boxes, i, &x0, &y0, &w, &h)
		if 10*int(h) >= 6*letter && int(h) <= 3*letter && 6*int(w) >= letter && int(w) <= 5*letter {
			marks = append(marks, [4]int{int(x0), int(y0), int(x0 + w), int(y0 + h)})
		}
	}
	return marks
}
