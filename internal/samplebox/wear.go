package samplebox

import "image"

// wear is what time and the scanner did to a page; lengths are in pixels at 200
// dots an inch. Everything is whole numbers, so that every machine draws the same.
type wear struct {
	skew   int // pixels that the right edge lies lower than the left
	specks int // grains of dirt
	grey   int // darkness of the paper, 0 to 255
	shade  int // further darkness towards the right edge
	grain  int // unevenness of the paper
	blot   bool
}

// apply wears a page of so many dots an inch.
func (w wear) apply(page *image.Gray, resolution int, hand *noise) *image.Gray {
	out := skewed(page, at(resolution, w.skew))
	width, height := out.Rect.Dx(), out.Rect.Dy()
	if w.grey+w.shade+w.grain > 0 {
		for y := range height {
			for x := range width {
				dark := w.grey + w.shade*x/width
				if w.grain > 0 {
					dark += hand.around(w.grain)
				}
				i := y*out.Stride + x
				out.Pix[i] = byte(min(255, max(0, int(out.Pix[i])*(255-dark)/255)))
			}
		}
	}
	for range w.specks {
		dot(out, hand.upTo(width), hand.upTo(height), at(resolution, 1+hand.upTo(2)), 70)
	}
	if w.blot { // a punched hole's shadow and a ring from a cup
		for _, x := range []int{-300, 300} {
			dot(out, width/2+at(resolution, x), at(resolution, 70), at(resolution, 26), 60)
		}
	}
	return out
}

// dot darkens a disc.
func dot(p *image.Gray, x, y, r, level int) {
	for dy := -r; dy <= r; dy++ {
		for dx := -r; dx <= r; dx++ {
			pt := image.Pt(x+dx, y+dy)
			if dx*dx+dy*dy <= r*r && pt.In(p.Rect) {
				i := p.PixOffset(pt.X, pt.Y)
				p.Pix[i] = min(p.Pix[i], byte(level))
			}
		}
	}
}

// skewed turns the page by moving columns down and rows left in proportion,
// with shares of neighbouring pixels in 256ths.
func skewed(page *image.Gray, skew int) *image.Gray {
	if skew == 0 {
		return page
	}
	w, h := page.Rect.Dx(), page.Rect.Dy()
	moved := func(in *image.Gray, shift func(x, y int) (dx, dy int)) *image.Gray {
		out := image.NewGray(in.Rect)
		pixel := func(x, y int) int {
			if x < 0 || y < 0 || x >= w || y >= h {
				return 255
			}
			return int(in.Pix[y*in.Stride+x])
		}
		for y := range h {
			for x := range w {
				dx, dy := shift(x, y) // in 256ths of a pixel
				x0, y0 := x+dx>>8, y+dy>>8
				fx, fy := dx&255, dy&255
				top := pixel(x0, y0)*(256-fx) + pixel(x0+1, y0)*fx
				low := pixel(x0, y0+1)*(256-fx) + pixel(x0+1, y0+1)*fx
				out.Pix[y*out.Stride+x] = byte((top*(256-fy) + low*fy) >> 16)
			}
		}
		return out
	}
	down := moved(page, func(x, _ int) (int, int) { return 0, -256 * skew * (x - w/2) / w })
	return moved(down, func(_, y int) (int, int) { return 256 * skew * (y - h/2) / w, 0 })
}

// blackAndWhite is the page as a fax or microfilm scanner gives it.
func blackAndWhite(page *image.Gray, threshold byte) bilevel {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	out := bilevel{w, h, make([]byte, w*h)}
	for i, v := range page.Pix {
		if v < threshold {
			out.pix[i] = 1
		}
	}
	return out
}
