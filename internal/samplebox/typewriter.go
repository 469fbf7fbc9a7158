package samplebox

import (
	"fmt"
	"image"
	"image/color"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// A typewriter's measures at 200 dots an inch, the resolution of the box: ten
// characters and six lines an inch on letter paper.
const (
	dpi        = 200
	pitch      = 20
	lineHeight = 33
	paperW     = 1700
	marginX    = 170
	marginY    = 150
)

// at is a measure of so many pixels at 200 dots an inch, in pixels at another
// resolution.
func at(resolution, pixels int) int { return pixels * resolution / dpi }

// tight is typed in the memos where two words stand nearer than they should, as
// when the carriage slips: the gap is a quarter of a character. The truth has a
// blank there.
const tight = '~'

// noise is xorshift64*: the same numbers on every machine and Go version.
type noise uint64

func (n *noise) next() uint64 {
	x := uint64(*n)
	x ^= x >> 12
	x ^= x << 25
	x ^= x >> 27
	*n = noise(x)
	return x * 0x2545F4914F6CDD1D
}

// upTo is a number from 0 to n-1.
func (n *noise) upTo(limit int) int { return int((n.next() >> 33) % uint64(limit)) }

// around is a number from -n to n.
func (n *noise) around(limit int) int { return n.upTo(2*limit+1) - limit }

// typewriter types text on paper. Letters sit a little off the line and differ
// in ink, as those of a worn machine do.
type typewriter struct {
	face font.Face
	hand noise
	dpi  int // of the scans of its pages
}

func newTypewriter(seed uint64, resolution int) (*typewriter, error) {
	f, err := opentype.Parse(gomono.TTF)
	if err != nil {
		return nil, fmt.Errorf("read Go Mono: %w", err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 31 * float64(resolution) / dpi, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("open Go Mono: %w", err)
	}
	return &typewriter{face: face, hand: noise(seed), dpi: resolution}, nil
}

// sheet types the text on white paper of so many lines and returns the picture.
func (t *typewriter) sheet(text string, lines int) *image.Gray {
	paper := image.NewGray(image.Rect(0, 0, at(t.dpi, paperW), at(t.dpi, 2*marginY+lines*lineHeight)))
	for i := range paper.Pix {
		paper.Pix[i] = 0xFF
	}
	for i, line := range strings.Split(text, "\n") {
		x := at(t.dpi, marginX)
		for _, r := range line {
			if r == tight {
				x += at(t.dpi, pitch/4)
				continue
			}
			t.strike(paper, r, x, at(t.dpi, marginY+lineHeight*(i+1)))
			x += at(t.dpi, pitch)
		}
	}
	return paper
}

// strike prints one character with its left edge at x, standing on y.
func (t *typewriter) strike(paper *image.Gray, r rune, x, y int) {
	if r == ' ' {
		return
	}
	// Positions are 26.6 fixed point: up to a quarter of a pixel across, 0.9 down, at
	// 200 dots an inch.
	dot := fixed.Point26_6{X: fixed.Int26_6(x<<6 + at(t.dpi, t.hand.around(16))), Y: fixed.Int26_6(y<<6 + at(t.dpi, t.hand.around(58)))}
	ink := 255 - t.hand.upTo(60)
	box, mask, from, _, ok := t.face.Glyph(dot, r)
	if !ok {
		panic(fmt.Sprintf("Go Mono has no %q", r))
	}
	box = box.Intersect(paper.Bounds())
	for py := box.Min.Y; py < box.Max.Y; py++ {
		for px := box.Min.X; px < box.Max.X; px++ {
			a := int(color.AlphaModel.Convert(mask.At(from.X+px-box.Min.X, from.Y+py-box.Min.Y)).(color.Alpha).A)
			i := paper.PixOffset(px, py)
			paper.Pix[i] = byte(int(paper.Pix[i]) * (255*255 - a*ink) / (255 * 255))
		}
	}
}
