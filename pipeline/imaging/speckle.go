//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

// Bounds of despeckling, in millimetres and counts. They are of paper and type.
const (
	// Marks up to speckSize wide and high count as specks: a typewriter's full stop
	// is larger.
	speckSize = 0.34
	// From manySpecks to the square inch on, twice as many as marks, print cannot
	// be read before they are off; a photocopy of a photocopy has twice that.
	manySpecks = 40
	// Where there are so many they run together: what is taken off is larger.
	clumpSize = 0.6
	// smooth is half the side of the square whose majority of pixels decides what
	// each is; narrower than any stroke.
	smooth = 0.17
)

// despeckle takes the salt off photocopies of photocopies. Where there are very many
// specks each pixel becomes what most of those around it are, which also frees letters
// from what clings to them. Small marks go. On pages that can be read with their specks
// full stops and the dots of letters are worth more.
func (p *Prepared) despeckle() error {
	if p.how.Way == AsItIs || p.how.Way == Softened {
		return nil
	}
	half := p.pixels(smooth)
	if half < 1 {
		return nil
	}
	specks, marks := specks(p.components(), p.pixels(speckSize))
	dpi := p.likelyDPI()
	inches := float64(p.Width()) * float64(p.Height()) / float64(dpi*dpi)
	if float64(specks) < manySpecks*inches || specks <= 2*marks {
		return nil
	}
	even, err := take(C.pixBlockrank(p.bin.p, nil, half, half, 0.5), "smoothing")
	if err != nil {
		return err
	}
	defer even.Close()
	if err := p.without(even, p.pixels(clumpSize)); err != nil {
		return err
	}
	grey, err := take(C.pixConvert1To8(nil, p.bin.p, 255, 0), "despeckling")
	if err != nil {
		return err
	}
	grey.SetDPI(p.DPI())
	p.replace(grey)
	p.Steps = append(p.Steps, "despeckle")
	return nil
}

// likelyDPI is the resolution as said, or where that makes no sense as if the sheet
// were A4.
func (p *Prepared) likelyDPI() int {
	if dpi := p.DPI(); dpi >= 100 && dpi <= 1300 {
		return dpi
	}
	return max(p.Height(), p.Width()) * 10 / 117
}

// pixels is a length in millimetres, rounded down.
func (p *Prepared) pixels(mm float64) C.l_int32 {
	return C.l_int32(float64(p.likelyDPI()) * mm / 25.4)
}

// soften blurs a page that is to be read Softened by half a stroke's width: three boxes,
// which together are near a bell curve. The gaps of broken strokes close and specks pale.
func (p *Prepared) soften() error {
	half := p.pixels(smooth)
	if p.how.Way != Softened || half < 1 {
		return nil
	}
	dpi := p.DPI()
	for range 3 {
		soft, err := take(C.pixBlockconv(p.p, half, half), "softening")
		if err != nil {
			return err
		}
		p.replace(soft)
	}
	p.SetDPI(dpi)
	p.forget()
	p.bin.Close()
	if err := p.binarise(); err != nil {
		return err
	}
	p.Steps = append(p.Steps, "soften")
	return nil
}

// without makes the marks of bin that are larger than size the ink of the page.
func (p *Prepared) without(bin *Pix, size C.l_int32) error {
	kept, err := take(C.pixSelectBySize(bin.p, size, size, 8, C.L_SELECT_IF_EITHER, C.L_SELECT_IF_GT, nil), "despeckling")
	if err != nil {
		return err
	}
	p.forget()
	p.bin.Close()
	p.bin = kept
	p.Ink, p.middle = kept.share(), kept.middleShare()
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
