package imagingtest

import "image"

// Light is how bright a sheet of w by h pixels is at x, y: 256 is the paper's own
// brightness.
type Light func(x, y, w, h int) int

// Spine is a bound volume on the glass: deep shadow along the left edge, none from a
// third of the width on.
func Spine(x, _, w, _ int) int { return 70 + min(186, 186*3*x/w) }

// Lamp is light from one corner only.
func Lamp(x, y, w, h int) int { return 256 - 90*x/w - 90*y/h }

// Stains are three, as of water, that overlap.
func Stains(x, y, w, h int) int {
	light := 256
	for _, c := range [][3]int{{30, 25, 18}, {65, 60, 25}, {45, 85, 12}} { // middle, in hundredths of the sides; radius, of the width
		dx, dy, r := x-c[0]*w/100, y-c[1]*h/100, c[2]*w/100
		if dx*dx+dy*dy < r*r {
			light = light * 150 / 256
		}
	}
	return light
}

// Lit is img in that light; nil is even light.
func Lit(img *image.Gray, light Light) *image.Gray {
	if light == nil {
		return img
	}
	out := image.NewGray(img.Rect)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		for x := range w {
			out.Pix[y*out.Stride+x] = byte(int(img.Pix[y*img.Stride+x]) * light(x, y, w, h) / 256)
		}
	}
	return out
}
