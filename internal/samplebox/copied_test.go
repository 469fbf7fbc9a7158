//go:build reading

package samplebox

import "image"

// copied is what a photocopier that knows only black and white makes of a page: a
// ground of specks that run together, and strokes that break.
type copied struct {
	ground int  // how dark the glass and the paper seem, 0-255; from about 90 on it prints
	faint  int  // how much of the ink's darkness is lost
	ruled  bool // the page is a form: rules across its head and round its body
}

// of is the copy of a page of so many dots an inch: its greys, with a grain whose
// spots are a seventieth of an inch wide, cut at the middle.
func (c copied) of(page *image.Gray, resolution int, seed uint64) *image.Gray {
	hand := noise(seed)
	out := image.NewGray(page.Rect)
	w, h := page.Rect.Dx(), page.Rect.Dy()
	spot := max(resolution/70, 1)
	cols := w/spot + 2
	grain := make([]int, cols*(h/spot+2))
	for i := range grain {
		grain[i] = hand.around(110)
	}
	for y := range h {
		for x := range w {
			// Between the spots' middles the grain changes evenly.
			cx, cy, fx, fy := x/spot, y/spot, x%spot, y%spot
			top := grain[cy*cols+cx]*(spot-fx) + grain[cy*cols+cx+1]*fx
			low := grain[(cy+1)*cols+cx]*(spot-fx) + grain[(cy+1)*cols+cx+1]*fx
			light := int(page.Pix[y*page.Stride+x])
			light = 255 - (255-light)*(255-c.faint)/255 - c.ground*light/255
			if light+(top*(spot-fy)+low*fy)/(spot*spot) >= 128 {
				out.Pix[y*out.Stride+x] = 255
			}
		}
	}
	if c.ruled {
		c.rule(out, resolution)
	}
	return out
}

// rule draws the lines of a form: a frame round the text, one under each of the first
// lines, and one down the head.
func (c copied) rule(out *image.Gray, resolution int) {
	w, h := out.Rect.Dx(), out.Rect.Dy()
	left, top, foot := at(resolution, marginX-30), at(resolution, marginY-10), h-at(resolution, 40)
	for _, y := range []int{top, top + at(resolution, 4*lineHeight+13), top + at(resolution, 8*lineHeight+13), foot} {
		black(out, image.Rect(left, y, w-left, y+at(resolution, 3)))
	}
	for _, x := range []int{left, w - left} {
		black(out, image.Rect(x, top, x+at(resolution, 3), foot))
	}
}

func black(p *image.Gray, r image.Rectangle) {
	r = r.Intersect(p.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p.Pix[p.PixOffset(x, y)] = 0
		}
	}
}
