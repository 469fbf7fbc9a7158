//go:build cgo

package tesseract

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/otiai10/gosseract/v2"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

// reader is a child in this process, with Debian's English.
func reader(t *testing.T) *child {
	t.Helper()
	data, err := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata")
	if err != nil || len(data) == 0 {
		t.Fatal("no language data of Debian's", err)
	}
	c := &child{cfg: wire.Config{Tessdata: data[0], Languages: []string{"eng"}, ReadAgain: 80}, diag: &diagnostics{fd: -1}}
	if c.engine, err = newEngine(c.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.engine.close)
	return c
}

// lost are the lines of one plain reading of the page that hold a word, and in whose
// place the pipeline has no text; of is how many hold a word.
func lost(t *testing.T, c *child, master *imaging.Pix) (out []string, of int) {
	t.Helper()
	plain, err := c.engine.read(master, gosseract.PSM_AUTO)
	if err != nil {
		t.Fatal(err)
	}
	p := transcript.Page{}
	p.Image.Width, p.Image.Height = master.Width(), master.Height()
	if err := c.recognise(&p, master); err != nil {
		t.Fatal(err)
	}
	if p.Image.Rotation != 0 {
		return nil, 0 // what reads as words sideways is none
	}
	have := transcript.TextLines(p.Blocks)
	for _, l := range transcript.TextLines(plain) {
		if !hasSureWord(l) {
			continue
		}
		of++
		if !covered(l.Box, have) {
			out = append(out, spelled(l.Words))
		}
	}
	return out, of
}

// hasSureWord reports whether a line holds a word of four letters that the engine is
// sure of.
func hasSureWord(l transcript.Line) bool {
	for _, w := range l.Words {
		if w.Confidence >= 90 && len(plainLetters(w.Text)) >= 4 && w.Box[2]-w.Box[0] > w.Box[3]-w.Box[1] {
			return true
		}
	}
	return false
}

func plainLetters(s string) string { return plain([]transcript.Word{{Text: s}}) }

// covered reports whether lines have words over half of the box's width, at its height.
func covered(b transcript.Box, lines []transcript.Line) bool {
	width, middle := 0, (b[1]+b[3])/2
	for _, l := range lines {
		for _, w := range l.Words {
			if slack := (w.Box[3] - w.Box[1]) / 2; w.Box[1]-slack <= middle && middle <= w.Box[3]+slack {
				width += max(min(w.Box[2], b[2])-max(w.Box[0], b[0]), 0)
			}
		}
	}
	return 3*width >= b[2]-b[0]
}

// No page of the sample box loses a line that one plain reading finds.
func TestNeverLess(t *testing.T) {
	c := reader(t)
	files, err := filepath.Glob("../../../testdata/samplebox/*/*.[jp][pn]g")
	if err != nil || len(files) == 0 {
		t.Fatal("no sample box", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		kind, _ := imaging.Sniff(b)
		x, _, err := imaging.Decode(b, kind, 0, imaging.Grey)
		if err != nil {
			t.Fatal(err)
		}
		if l, _ := lost(t, c, x); len(l) > 0 {
			t.Errorf("%s: lost %q", f, l)
		}
		x.Close()
	}
}
