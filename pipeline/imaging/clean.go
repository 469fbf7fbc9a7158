//go:build cgo

package imaging

// #include <leptonica/allheaders.h>
import "C"

// Prepared is a page image ready for recognition and its way back.
type Prepared struct {
	*Pix
	ToMaster Affine   // maps its pixels to the master's
	Steps    []string // what was done, in order
	Rotation int      // degrees clockwise
	Skew     float64  // degrees, as found
	Ink      float64  // share of dark pixels, 0-1
	Blank    bool
}

// smallWidth is the width under which a page is enlarged twofold: a letter
// page of 200 dpi. Tesseract's networks want letters some 30 pixels high.
const smallWidth = 1700

// Prepare cleans x for recognition. x stays the caller's.
func Prepare(x *Pix) (*Prepared, error) {
	grey, err := take(C.pixConvertTo8(x.p, 0), "making grey")
	if err != nil {
		return nil, err
	}
	p := &Prepared{Pix: grey, ToMaster: Identity()}
	p.SetDPI(x.DPI())
	bin, err := take(C.pixConvertTo1(grey.p, 130), "thresholding")
	if err != nil {
		p.Close()
		return nil, err
	}
	defer bin.Close()
	var n C.l_int32
	C.pixCountPixels(bin.p, &n, nil)
	p.Ink = float64(n) / float64(x.Width()*x.Height())
	p.Blank = p.Ink < 0.0005
	if x.Width() < smallWidth && !p.Blank {
		y, err := take(C.pixScale(p.p, 2, 2), "enlarging")
		if err != nil {
			p.Close()
			return nil, err
		}
		p.Close()
		p.Pix, p.ToMaster = y, p.ToMaster.After(scaled(2))
		p.SetDPI(x.DPI() * 2)
		p.Steps = append(p.Steps, "enlarge 2")
	}
	return p, nil
}
