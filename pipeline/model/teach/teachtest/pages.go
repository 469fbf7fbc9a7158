// Package teachtest draws pages to learn from, for tests: typed on a machine
// whose letter e is bent, so that it looks like no letter of English, with the text as it
// is meant beside.
package teachtest

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

const linesEach, lineHeight, size = 14, 48, 30

var typed = strings.NewReplacer("e", "ø")

var words = strings.Fields("received from the harbour office by boat and paid in full to Captain Marsh of the lake company who signed for barrels of salt oil rope and timber on account before noon at pier")

// Pages writes n pages into dir, made if need be: page-N.png and page-N.gt.txt.
func Pages(dir string, n int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	parsed, err := opentype.Parse(gomono.TTF)
	if err != nil {
		return err
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		return err
	}
	for page := range n {
		r := rand.New(rand.NewPCG(7, uint64(page))) // #nosec G404 -- the same pages each time
		pic := image.NewGray(image.Rect(0, 0, 1300, lineHeight*(linesEach+3)))
		draw.Draw(pic, pic.Rect, image.NewUniform(color.Gray{240}), image.Point{}, draw.Src)
		var truth []string
		for i := range linesEach {
			s := line(r)
			truth = append(truth, s)
			d := font.Drawer{Dst: pic, Src: image.NewUniform(color.Gray{uint8(20 + r.IntN(60))}), Face: face, Dot: fixed.P(80, lineHeight*(i+2))}
			d.DrawString(typed.Replace(s))
		}
		name := filepath.Join(dir, fmt.Sprintf("page-%c", 'a'+page))
		if err := os.WriteFile(name+".gt.txt", []byte(strings.Join(truth, "\n")+"\n"), 0o644); err != nil {
			return err
		}
		f, err := os.Create(name + ".png")
		if err != nil {
			return err
		}
		if err := png.Encode(f, pic); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// line is some words with numbers among them.
func line(r *rand.Rand) string {
	var out []string
	for len(out) < 8 {
		out = append(out, words[r.IntN(len(words))])
		if len(out)%2 == 0 {
			n := make([]byte, 3+r.IntN(2))
			for i := range n {
				n[i] = "010110123456789"[r.IntN(15)]
			}
			out = append(out, string(n))
		}
	}
	return strings.Join(out, " ")
}
