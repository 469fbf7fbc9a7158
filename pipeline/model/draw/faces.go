package draw

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// Drawer draws lines in the faces of a folder. It may be used by many at once.
type Drawer struct {
	typewriter, print []face
	grains            *grains
	words             *words
}

// face is one typeface: a file of the folder.
type face struct {
	name  string
	font  *opentype.Font
	often int    // how often it is taken beside the others
	lacks string // of Letters or Printed
}

// Letters are those that lines are drawn with; printed ones have Printed as well.
// A face must have the first part of them; old machines lacked some of the rest,
// and a line with such a letter is drawn in another face.
const (
	needed  = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-"
	Letters = needed + ";:'\"()/&$%#*?!+=_@"
	Printed = "—‘’“”"
)

// Open reads the faces in dir/typewriter and dir/print, as deploy/model-fonts.sh
// puts them there. A face that lacks letters or digits is an error that names it.
func Open(dir string) (*Drawer, error) {
	d := &Drawer{grains: noise(), words: newWords()}
	var err error
	if d.typewriter, err = readFaces(filepath.Join(dir, "typewriter"), Letters); err != nil {
		return nil, err
	}
	if d.print, err = readFaces(filepath.Join(dir, "print"), Letters+Printed); err != nil {
		return nil, err
	}
	return d, nil
}

func readFaces(dir, letters string) ([]face, error) {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, fmt.Errorf("faces to draw with: %w", err)
	}
	var faces []face
	for _, e := range entries {
		name := e.Name()
		if ext := strings.ToLower(filepath.Ext(name)); ext != ".ttf" && ext != ".otf" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("face %s: %w", name, err)
		}
		f, err := newFace(strings.TrimSuffix(name, filepath.Ext(name)), b, letters, often(name))
		if err != nil {
			return nil, fmt.Errorf("face %s: %w", filepath.Join(dir, name), err)
		}
		faces = append(faces, f)
	}
	if len(faces) == 0 {
		return nil, errors.New("no faces to draw with in " + dir)
	}
	return faces, nil
}

// newFace is a face of a font file's bytes, which must have what is needed of the letters.
func newFace(name string, b []byte, letters string, often int) (face, error) {
	f, err := opentype.Parse(b)
	if err != nil {
		return face{}, err
	}
	lacks, err := lack(f, letters)
	if err != nil {
		return face{}, err
	}
	if strings.ContainsAny(lacks, needed) {
		return face{}, fmt.Errorf("it has no %s", lacks)
	}
	return face{name, f, often, lacks + strokes(f)}, nil
}

// lack is what a font has no glyph for.
func lack(f *opentype.Font, letters string) (string, error) {
	var b sfnt.Buffer
	var none strings.Builder
	for _, c := range letters {
		i, err := f.GlyphIndex(&b, c)
		if err != nil {
			return "", err
		}
		if i == 0 {
			none.WriteRune(c)
		}
	}
	return none.String(), nil
}

// strokes are the brackets of a face that draws strokes for them, as machines
// without brackets did: nobody could tell what was meant.
func strokes(f *opentype.Font) string {
	s := face{font: f}.at(40)
	stroke := s.letter('/')
	for _, c := range "()" {
		if bytes.Equal(s.letter(c).p, stroke.p) {
			return "()"
		}
	}
	return ""
}

// often weighs faces by how near they are to what was used: faces that imitate
// worn type most, slopes and bold print least.
func often(name string) int {
	switch {
	case strings.HasPrefix(name, "GNUTypewriter"):
		return 16
	case strings.HasPrefix(name, "SpecialElite"), strings.HasPrefix(name, "Cutive"), strings.HasPrefix(name, "NimbusMono"):
		return 12
	case strings.HasPrefix(name, "CourierPrime"), strings.HasSuffix(name, "MonoBold.otf"), strings.HasPrefix(name, "Tlwg") && strings.Contains(name, "Bold"):
		return 8
	case sloped(name):
		return 2
	case strings.Contains(name, "Bold"), strings.Contains(name, "Demi"):
		return 3
	case strings.Contains(name, "Roman"), strings.Contains(name, "Serif-Regular"):
		return 8
	}
	return 5
}

func sloped(name string) bool {
	return strings.Contains(name, "Ita") || strings.Contains(name, "Oblique")
}

// choose is a face that has all letters of the text, or, where none has, any: what it
// lacks is left blank.
func choose(r *rand.Rand, faces []face, text string) face {
	var able []face
	sum := 0
	for _, f := range faces {
		if f.draws(text) {
			able = append(able, f)
			sum += f.often
		}
	}
	if sum == 0 {
		return faces[r.IntN(len(faces))]
	}
	n := r.IntN(sum)
	for n >= able[0].often {
		n, able = n-able[0].often, able[1:]
	}
	return able[0]
}

func (f face) draws(text string) bool { return f.lacks == "" || !strings.ContainsAny(text, f.lacks) }
