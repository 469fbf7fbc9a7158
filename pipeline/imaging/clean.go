//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

import (
	"fmt"
	"math"
	"slices"
)

// Prepared is a page image ready for recognition and its way back.
type Prepared struct {
	*Pix
	ToMaster  Affine   // maps its pixels to the master's
	Steps     []string // what was done, in order
	Rotation  int      // degrees clockwise
	Skew      float64  // degrees, as found
	Ink       float64  // share of dark pixels, 0-1
	Letters   int      // height of a letter in its pixels: the median; 0: too few to say
	Shapes    int      // how many marks have a letter's shape
	Threshold int      // grey under it is ink; 0: unknown
	Blank     bool
	Uneven    bool   // shadows or stains are as dark as ink elsewhere, and were left
	Dense     [4]int // the part with most marks of a letter's size, in pixels of the master as turned; empty: too few

	bin    *Pix    // 1 bit, of the state at hand
	marks  *C.BOXA // components of bin, once they were asked for
	how    How
	middle float64 // share of dark pixels in the middle of the page, as it came
}

// Bounds of what is done to a page. They are of print and of the engine, not of
// any collection.
const (
	// usualThreshold is where there is none to be found.
	usualThreshold = 130
	// A page with more black than white is a negative.
	negativeInk = 0.55
	// Black that reaches the edge of the image is not text. Less than this share
	// of the page is left alone.
	borderShare = 0.005
	// What is as wide and high as this part of the longer side is no stroke: three
	// millimetres of a letter sheet.
	solidShare = 90
	// The engine follows lines up to about a degree by itself.
	minSkew, maxSkew = 0.4, 10.0
	// minSkewTrust is leptonica's ratio of the best to the worst angle.
	minSkewTrust = 3.0
	// Letters lower than smallLetters, in pixels, run together before the engine finds
	// its lines. They are brought to wantLetters; others are read worse for it
	// (docs/reading.md).
	smallLetters = 11
	wantLetters  = 22.0
	// Letters of largeLetters pixels and more, those of type at 400 to 600 dots an inch, are brought to
	// wantLetters too: the engine makes every line 36 pixels high, finds lines in a page of
	// half the size in a quarter of the time, and tells K from k by the size it learned.
	largeLetters = 34
	maxEnlarge   = 3.0
	// fewMarks is how many marks of a letter's size a page has at least.
	fewMarks = 3
	// blankMiddle is how much black the middle of a blank page may have: a picture
	// that fills the sheet has no marks of a letter's size either.
	blankMiddle = 0.005
)

// How a page is prepared.
type How struct {
	Quads int // quarters that it is turned by first, clockwise
	Way   Way
}

// A Way is how much is done to a page before it is read.
type Way int

// The ways. Whatever is done to a page takes something of its letters with it: the
// first is for every page, the others for such as read badly that way.
const (
	Upright  Way = iota // black on white, without what is black up to the edge, level; despeckled where little else is to be seen
	Evened              // and the paper of one brightness, where it was Uneven
	AsItIs              // black on white, no more
	Softened            // as Upright, and blurred, so that broken strokes close and specks pale
)

// Prepare makes x ready for recognition. x stays the caller's.
func Prepare(x *Pix, how How) (*Prepared, error) {
	p, err := upright(x, how.Quads)
	if err != nil {
		return nil, err
	}
	p.how = how
	for _, step := range []func() error{p.binarise, p.even, p.negative, p.border, p.despeckle, p.soften, p.measure, p.level, p.size} {
		if err = step(); err != nil || p.Blank {
			break
		}
	}
	p.forget()
	p.bin.Close()
	if err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func upright(x *Pix, quads int) (*Prepared, error) {
	grey, err := take(C.pixConvertTo8(x.p, 0), "making grey")
	if err != nil {
		return nil, err
	}
	p := &Prepared{Pix: grey, ToMaster: turned(quads, x.Width(), x.Height()), Rotation: 90 * (quads & 3)}
	p.SetDPI(x.DPI())
	if p.Rotation == 0 {
		return p, nil
	}
	t, err := p.Turn(quads)
	if err != nil {
		p.Close()
		return nil, err
	}
	p.replace(t)
	p.Steps = append(p.Steps, fmt.Sprintf("turn %d", p.Rotation))
	return p, nil
}

func (p *Prepared) replace(by *Pix) {
	p.Pix.Close()
	p.Pix = by
}

// binarise makes the 1-bit image that the page is judged by: Otsu's threshold
// for the whole page.
func (p *Prepared) binarise() error {
	var bin, at *C.PIX
	w, h := C.l_int32(p.Width()), C.l_int32(p.Height())
	if C.pixOtsuAdaptiveThreshold(p.p, max(w, 16), max(h, 16), 0, 0, 0.1, &at, &bin) != 0 || bin == nil {
		var err error
		if p.bin, err = take(C.pixConvertTo1(p.p, usualThreshold), "thresholding"); err != nil {
			return err
		}
	} else {
		p.bin = &Pix{bin}
	}
	if at != nil {
		var v C.l_uint32
		C.pixGetPixel(at, 0, 0, &v)
		p.Threshold = int(v)
		C.pixDestroy(&at)
	}
	p.Ink, p.middle = p.bin.share(), p.bin.middleShare()
	return nil
}

// middleShare is the share of black in the middle three fifths of the page: what
// is not the scanner's bed or a shadow.
func (x *Pix) middleShare() float64 {
	b := box(x.Width()/5, x.Height()/5, max(x.Width()*3/5, 1), max(x.Height()*3/5, 1))
	defer C.boxDestroy(&b)
	middle, err := take(C.pixClipRectangle(x.p, b, nil), "cutting")
	if err != nil {
		return x.share()
	}
	defer middle.Close()
	return middle.share()
}

// share of black pixels of a 1-bit image.
func (x *Pix) share() float64 {
	var n C.l_int32
	C.pixCountPixels(x.p, &n, nil)
	return float64(n) / (float64(x.Width()) * float64(x.Height()))
}

// negative turns a page that is white on black.
func (p *Prepared) negative() error {
	// A dark bed round a light page is no negative: its middle is light.
	if p.Ink < negativeInk || p.middle < negativeInk {
		return nil
	}
	C.pixInvert(p.p, p.p)
	C.pixInvert(p.bin.p, p.bin.p)
	if p.Threshold > 0 {
		p.Threshold = 256 - p.Threshold
	}
	p.Ink, p.middle = 1-p.Ink, 1-p.middle
	p.Steps = append(p.Steps, "invert")
	return nil
}

// box is the caller's to free.
func box(x, y, w, h int) *C.BOX {
	return C.boxCreate(C.l_int32(x), C.l_int32(y), C.l_int32(w), C.l_int32(h))
}

// border paints white what is black up to the edge: the scanner's bed, shadows of a
// book's spine, neighbouring sheets. Only what is black for some way in each direction
// is: a frame that reaches the edge, and what is typed on it, stays.
func (p *Prepared) border() error {
	inner, err := take(C.pixRemoveBorderConnComps(p.bin.p, 8), "looking at the border")
	if err != nil {
		return err
	}
	defer inner.Close()
	edge, err := take(C.pixXor(nil, p.bin.p, inner.p), "looking at the border")
	if err != nil {
		return err
	}
	defer edge.Close()
	solid := C.l_int32(max(p.Width(), p.Height()) / solidShare)
	if edge.share() < borderShare || solid == 0 { // too small for a border to be told from what it shows
		return nil
	}
	bed, err := take(C.pixOpenBrick(nil, edge.p, solid, solid), "looking at the border")
	if err != nil {
		return err
	}
	defer bed.Close()
	share := bed.share()
	if share == 0 {
		return nil
	}
	p.Ink -= share
	if p.how.Way == AsItIs {
		C.pixSubtract(p.bin.p, p.bin.p, bed.p)
		return nil
	}
	grown, err := take(C.pixDilateBrick(nil, bed.p, 5, 5), "growing the border")
	if err != nil {
		return err
	}
	defer grown.Close()
	C.pixSetMasked(p.p, grown.p, 255)
	C.pixSubtract(p.bin.p, p.bin.p, grown.p)
	p.Steps = append(p.Steps, "clear border")
	return nil
}

// components are the boxes of the marks of the 1-bit image, nil if there are none.
// They are found once for each state of it; forget them before it is replaced.
func (p *Prepared) components() *C.BOXA {
	if p.marks == nil {
		p.marks = C.pixConnCompBB(p.bin.p, 8)
	}
	return p.marks
}

func (p *Prepared) forget() {
	if p.marks != nil {
		C.boxaDestroy(&p.marks)
		p.marks = nil
	}
}

// measure finds the height of letters, and whether there are any marks at all.
func (p *Prepared) measure() error {
	boxes := p.components()
	if boxes == nil {
		p.Blank = p.middle < blankMiddle
		return nil
	}
	least := max(p.Height(), p.Width()) / 400 // half a point on a letter sheet
	// A mark that may be a letter is taller or wider than 0.9 mm, as far as the
	// resolution given can be believed: smaller ones are specks on a blank page.
	mark := max(least, min(p.DPI()*9/254, max(p.Height(), p.Width())/200))
	var heights []int
	var at [][2]int
	marks := 0
	for i := range int(C.boxaGetCount(boxes)) {
		var x, y, w, h C.l_int32
		if C.boxaGetBoxGeometry(boxes, C.l_int32(i), &x, &y, &w, &h) != 0 {
			continue
		}
		if int(w) > mark || int(h) > mark {
			marks++
		}
		// As high as wide within reason, and no picture or rule.
		if int(h) > max(least, 3) && int(h) < p.Height()/20 && w < 4*h && h < 6*w {
			heights = append(heights, int(h))
			at = append(at, [2]int{int(x + w/2), int(y + h/2)})
		}
	}
	p.Blank = marks < fewMarks && p.middle < blankMiddle
	p.Shapes = len(heights)
	if len(heights) >= 20 {
		slices.Sort(heights)
		p.Letters = heights[len(heights)/2]
		p.Dense = densest(at, sampleSide*p.Letters, p.Width(), p.Height())
	}
	return nil
}

// level finds the slant of the whole page and takes it out.
func (p *Prepared) level() error {
	var angle, trust C.l_float32
	if C.pixFindSkew(p.bin.p, &angle, &trust) != 0 || trust < minSkewTrust || p.Letters == 0 {
		return nil
	}
	p.Skew = math.Round(float64(angle)*100) / 100
	if a := math.Abs(p.Skew); p.how.Way == AsItIs || a < minSkew || a > maxSkew {
		return nil
	}
	rad := p.Skew * math.Pi / 180
	y, err := take(C.pixRotateAMGray(p.p, C.l_float32(rad), 255), "levelling")
	if err != nil {
		return err
	}
	p.ToMaster = p.ToMaster.After(rotated(rad, p.Width(), p.Height()))
	y.SetDPI(p.DPI())
	p.replace(y)
	p.Steps = append(p.Steps, fmt.Sprintf("level %.2f", p.Skew))
	return nil
}

// size brings print too small or too large for the engine to the size that it reads well.
func (p *Prepared) size() error {
	var f float64
	name := "enlarge"
	switch {
	case p.Letters == 0:
		return nil
	case p.Letters < smallLetters:
		f = min(math.Ceil(2*wantLetters/float64(p.Letters))/2, maxEnlarge)
	case p.Letters >= largeLetters && p.how.Way != AsItIs:
		f, name = wantLetters/float64(p.Letters), "reduce"
	default:
		return nil
	}
	dpi := p.DPI()
	y, err := take(C.pixScale(p.p, C.l_float32(f), C.l_float32(f)), "sizing")
	if err != nil {
		return err
	}
	p.replace(y)
	p.SetDPI(int(float64(dpi) * f))
	p.ToMaster = p.ToMaster.After(scaled(f))
	p.Letters = int(float64(p.Letters) * f)
	p.Steps = append(p.Steps, fmt.Sprintf("%s %.1f", name, f))
	return nil
}

// Cut is the part of x within b, bounded to x, with a white edge of pad pixels
// round it, enlarged by f. back maps its pixels to those of x.
func (x *Pix) Cut(b [4]int, pad int, f float64) (cut *Pix, back Affine, err error) {
	x0, y0 := max(b[0], 0), max(b[1], 0)
	x1, y1 := min(b[2], x.Width()), min(b[3], x.Height())
	if x0 >= x1 || y0 >= y1 {
		return nil, back, fmt.Errorf("cut %v out of %d by %d pixels: nothing there", b, x.Width(), x.Height())
	}
	bx := box(x0, y0, x1-x0, y1-y0)
	defer C.boxDestroy(&bx)
	part, err := take(C.pixClipRectangle(x.p, bx, nil), "cutting")
	if err != nil {
		return nil, back, err
	}
	defer part.Close()
	white := C.l_uint32(255)
	if x.Depth() == 1 {
		white = 0
	}
	edged, err := take(C.pixAddBorder(part.p, C.l_int32(pad), white), "adding an edge")
	if err != nil {
		return nil, back, err
	}
	back = moved(x0-pad, y0-pad)
	if f == 1 {
		edged.SetDPI(x.DPI())
		return edged, back, nil
	}
	defer edged.Close()
	sized, err := take(C.pixScale(edged.p, C.l_float32(f), C.l_float32(f)), "enlarging")
	if err != nil {
		return nil, back, err
	}
	sized.SetDPI(int(float64(x.DPI()) * f))
	return sized, back.After(scaled(f)), nil
}
