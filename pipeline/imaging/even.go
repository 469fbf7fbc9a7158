//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

// Bounds of evening the paper out. They are of thresholds, not of any collection.
const (
	// A tile of the map of the paper is this part of the longer side: a letter and a
	// half on a typed sheet, so that each has some paper in it.
	tilesAcross = 150
	// What is darker is ink wherever it stands.
	inkBelow = 60
	// Where the paper of a fiftieth of the page is darker than this share of the
	// threshold for all of it, print on it is lost in black. On pages that are merely
	// grey it is lighter, and evening them out does harm (docs/reading.md).
	lostBelow = 0.9
	// paperWhite is what the paper becomes.
	paperWhite = 230
)

// even finds out whether shadows or stains are as dark as ink elsewhere, which
// Uneven then says; whether print is better read without them, only reading both
// ways can tell. Where it is asked to, it brings the paper to one brightness.
func (p *Prepared) even() error {
	tile := C.l_int32(max(p.Width(), p.Height()) / tilesAcross)
	if tile < 4 || p.Threshold == 0 {
		return nil
	}
	var m *C.PIX
	if C.pixGetBackgroundGrayMap(p.p, nil, tile, tile, inkBelow, tile*tile/3, &m) != 0 || m == nil {
		return nil // no paper to be seen: a negative, a picture
	}
	paper := &Pix{m}
	defer paper.Close()
	dark, err := paper.innerRank(0.02)
	if err != nil {
		return err
	}
	p.Uneven = float64(dark) < lostBelow*float64(p.Threshold) && paper.rank(0.98) > p.Threshold
	if !p.Uneven || p.how.Way != Evened {
		return nil
	}
	p.Uneven = false
	inverse, err := take(C.pixGetInvBackgroundMap(paper.p, paperWhite, 2, 2), "evening out the paper")
	if err != nil {
		return err
	}
	defer inverse.Close()
	y, err := take(C.pixApplyInvBackgroundGrayMap(p.p, inverse.p, tile, tile), "evening out the paper")
	if err != nil {
		return err
	}
	y.SetDPI(p.DPI())
	p.replace(y)
	p.bin.Close()
	p.Steps = append(p.Steps, "even paper")
	return p.binarise()
}

// rank is the value that a share r of the pixels of grey are at most.
func (x *Pix) rank(r float32) int {
	var v C.l_uint32
	C.pixGetRankValue(x.p, 1, C.l_float32(r), &v)
	return int(v)
}

// innerRank is rank without a twentieth at each edge, where the scanner's bed is.
func (x *Pix) innerRank(r float32) (int, error) {
	w, h := x.Width(), x.Height()
	b := box(w/20, h/20, max(w-w/10, 1), max(h-h/10, 1))
	defer C.boxDestroy(&b)
	inner, err := take(C.pixClipRectangle(x.p, b, nil), "cutting")
	if err != nil {
		return 0, err
	}
	defer inner.Close()
	return inner.rank(r), nil
}
