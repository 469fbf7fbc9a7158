//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

// Bounds of despeckling, in millimetres and counts. They are of paper and type.
const (
	// Marks up to speckSize wide and high count as specks: a typewriter's full stop
	// is larger. A page is speckled that has more of them than of marks over twice
	// their size, and at least fewSpecks.
	speckSize = 0.34
	fewSpecks = 400
	// From manySpecks to the square inch on, twice as many as marks, print cannot
	// be read before they are off; a photocopy of a photocopy has twice that.
	manySpecks = 40
	// Specks run together: what is taken off is larger.
	clumpSize = 0.6
	// smooth is half the side of the square whose majority of pixels decides what
	// each is; narrower than any stroke.
	smooth = 0.17
)

// despeckle takes the salt off photocopies of photocopies: each pixel becomes what
// most of those around it are, which also frees letters from what clings to them, and
// small marks go. On pages that can be read with their specks full stops and the dots
// of letters are worth more: whether those gain, only reading them both ways can
// tell, and Speckled says that it may be worth it.
func (p *Prepared) despeckle() error {
	dpi := p.DPI()
	if dpi < 100 || dpi > 1300 {
		dpi = max(p.Height(), p.Width()) * 10 / 117 // as if the sheet were A4
	}
	px := func(mm float64) C.l_int32 { return C.l_int32(float64(dpi) * mm / 25.4) }
	half := px(smooth)
	if half < 1 {
		return nil
	}
	specks, marks := specks(p.components(), px(speckSize))
	inches := float64(p.Width()) * float64(p.Height()) / float64(dpi*dpi)
	many := float64(specks) >= manySpecks*inches && specks > 2*marks
	p.Speckled = !many && specks >= fewSpecks && specks > marks
	if !many && !(p.Speckled && p.how.Clean) {
		return nil
	}
	p.Speckled = false
	even, err := take(C.pixBlockrank(p.bin.p, nil, half, half, 0.5), "smoothing")
	if err != nil {
		return err
	}
	defer even.Close()
	kept, err := take(C.pixSelectBySize(even.p, px(clumpSize), px(clumpSize), 8, C.L_SELECT_IF_EITHER, C.L_SELECT_IF_GT, nil), "despeckling")
	if err != nil {
		return err
	}
	p.forget()
	p.bin.Close()
	p.bin = kept
	grey, err := take(C.pixConvert1To8(nil, kept.p, 255, 0), "despeckling")
	if err != nil {
		return err
	}
	grey.SetDPI(p.DPI())
	p.replace(grey)
	p.Ink, p.middle = p.bin.share(), p.bin.middleShare()
	p.Steps = append(p.Steps, "despeckle")
	return nil
}

// specks counts the marks of up to size pixels, and those of over twice that.
func specks(boxes *C.BOXA, size C.l_int32) (specks, marks int) {
	if boxes == nil {
		return 0, 0
	}
	for i := range C.boxaGetCount(boxes) {
		var w, h C.l_int32
		C.boxaGetBoxGeometry(boxes, i, nil, nil, &w, &h)
		switch {
		case w <= size && h <= size:
			specks++
		case h > 2*size:
			marks++
		}
	}
	return specks, marks
}
