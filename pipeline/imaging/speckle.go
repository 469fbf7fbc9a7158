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
	// each is, and how far black spreads where specks are blurred; narrower than any
	// stroke.
	smooth = 0.17
	// A tile of the map of the ground that blurred specks make is a letter wide.
	groundTile = 2.5
)

// despeckle takes the salt off photocopies of photocopies. Where there are very many
// specks each pixel becomes what most of those around it are, which also frees letters
// from what clings to them. Where it is asked to, it softens the page instead. Small
// marks go. On pages that can be read with their specks full stops and the dots of
// letters are worth more: which way is best, only reading them all can tell.
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
	if p.how.Soft {
		return p.soften(half, px(groundTile), px(speckSize))
	}
	specks, marks := specks(p.components(), px(speckSize))
	inches := float64(p.Width()) * float64(p.Height()) / float64(dpi*dpi)
	if float64(specks) < manySpecks*inches || specks <= 2*marks {
		return nil
	}
	even, err := take(C.pixBlockrank(p.bin.p, nil, half, half, 0.5), "smoothing")
	if err != nil {
		return err
	}
	defer even.Close()
	if err := p.without(even, px(clumpSize)); err != nil {
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

// without makes the marks of bin, which may be the page's own, that are larger than size
// the ink of the page.
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

// soften blurs the page, so that specks turn into a grey ground and gaps in worn
// letters close, and makes the ground white wherever it is grey.
func (p *Prepared) soften(spread, tile, largest C.l_int32) error {
	soft, err := p.softened(spread, tile)
	if err != nil {
		return err
	}
	p.replace(soft)
	p.forget()
	p.bin.Close()
	if err := p.binarise(); err != nil {
		return err
	}
	if err := p.without(p.bin, largest); err != nil {
		return err
	}
	// What is left of the ground between letters goes, not the soft edges of these.
	near, err := take(C.pixDilateBrick(nil, p.bin.p, 2*spread+3, 2*spread+3), "despeckling")
	if err != nil {
		return err
	}
	defer near.Close()
	C.pixInvert(near.p, near.p)
	C.pixSetMasked(p.p, near.p, 255)
	p.Steps = append(p.Steps, "soften")
	return nil
}

// softened is the page blurred, each tile of it as bright as white paper on the whole.
func (p *Prepared) softened(spread, tile C.l_int32) (*Pix, error) {
	// Two boxes of half-width n one after the other spread as far as a bell curve of
	// standard deviation n and a bit.
	once, err := take(C.pixBlockconv(p.p, spread, spread), "blurring")
	if err != nil {
		return nil, err
	}
	defer once.Close()
	twice, err := take(C.pixBlockconv(once.p, spread, spread), "blurring")
	if err != nil {
		return nil, err
	}
	defer twice.Close()
	w, h := C.l_int32(p.Width()), C.l_int32(p.Height())
	ground, err := take(C.pixScaleToSize(twice.p, (w+tile-1)/tile, (h+tile-1)/tile), "looking at the ground")
	if err != nil {
		return nil, err
	}
	defer ground.Close()
	inverse, err := take(C.pixGetInvBackgroundMap(ground.p, 255, 1, 1), "looking at the ground")
	if err != nil {
		return nil, err
	}
	defer inverse.Close()
	even, err := take(C.pixApplyInvBackgroundGrayMap(twice.p, inverse.p, tile, tile), "whitening the ground")
	if err != nil {
		return nil, err
	}
	even.SetDPI(p.DPI())
	return even, nil
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
