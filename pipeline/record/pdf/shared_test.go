//go:build shared

package pdf_test

import (
	"encoding/xml"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/recordtest"
)

// poppler runs one of poppler's tools on the item's PDF.
func poppler(t *testing.T, in record.Input, args ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "item.pdf")
	if err := os.WriteFile(name, write(t, in), 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, name)
	if args[0] == "pdftotext" {
		args = append(args, "-")
	}
	out, err := exec.Command(args[0], args[1:]...).Output()
	if err != nil {
		t.Fatalf("%s: %v", args[0], err)
	}
	return string(out)
}

type bboxPage struct {
	Width  float64 `xml:"width,attr"`
	Height float64 `xml:"height,attr"`
	Words  []struct {
		XMin float64 `xml:"xMin,attr"`
		YMin float64 `xml:"yMin,attr"`
		XMax float64 `xml:"xMax,attr"`
		YMax float64 `xml:"yMax,attr"`
		Text string  `xml:",chardata"`
	} `xml:"word"`
}

// TestWordsLieOnTheirImage: what poppler finds is where the words' boxes are.
func TestWordsLieOnTheirImage(t *testing.T) {
	for _, rotation := range []int{0, 90, 180, 270} {
		in := recordtest.Scan(t)
		if rotation != 0 {
			in = recordtest.Turned(rotation)
		}
		dec := xml.NewDecoder(strings.NewReader(poppler(t, in, "pdftotext", "-bbox", "-q")))
		dec.Strict = false
		var doc struct {
			Pages []bboxPage `xml:"body>doc>page"`
		}
		if err := dec.Decode(&doc); err != nil {
			t.Fatal(err)
		}
		rs, err := record.Build(in)
		if err != nil {
			t.Fatal(err)
		}
		found, wanted, worst := 0, 0, 1.0
		for p, err := range layer.Pages(in, rs) {
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range p.Blocks {
				for _, l := range b.Lines {
					for _, w := range l.Words {
						wanted++
						best := overlap(doc.Pages[p.Number-1], w, rotation, p)
						if best > 0 {
							found++
							worst = min(worst, best)
						}
					}
				}
			}
		}
		t.Logf("turned %d: %d of %d words found, least overlap %.3f", rotation, found, wanted, worst)
		if found != wanted || worst < 0.9 {
			t.Errorf("turned %d: %d of %d words found, least overlap %.3f", rotation, found, wanted, worst)
		}
	}
}

// overlap is the best intersection over union of w's box with a word of the
// same text on the page; 0 when there is none. Poppler measures on the page as
// it is shown, so that boxes are turned as the page is.
func overlap(p bboxPage, w layer.Word, rotation int, page layer.Page) float64 {
	best := 0.0
	const scale = 72.0 / 200
	width, height := float64(page.Transcript.Image.Width)*scale, float64(page.Transcript.Image.Height)*scale
	x0, y0, x1, y1 := float64(w.Box[0])*scale, float64(w.Box[1])*scale, float64(w.Box[2])*scale, float64(w.Box[3])*scale
	switch rotation {
	case 90:
		x0, y0, x1, y1 = height-y1, x0, height-y0, x1
	case 180:
		x0, y0, x1, y1 = width-x1, height-y1, width-x0, height-y0
	case 270:
		x0, y0, x1, y1 = y0, width-x1, y1, width-x0
	}
	for _, v := range p.Words {
		if v.Text != w.Text {
			continue
		}
		inter := math.Max(0, math.Min(x1, v.XMax)-math.Max(x0, v.XMin)) * math.Max(0, math.Min(y1, v.YMax)-math.Max(y0, v.YMin))
		union := (x1-x0)*(y1-y0) + (v.XMax-v.XMin)*(v.YMax-v.YMin) - inter
		best = math.Max(best, inter/union)
	}
	return best
}

func TestPopplerReadsEveryPDF(t *testing.T) {
	for _, in := range recordtest.Awkward(t) {
		if write(t, in) == nil {
			continue
		}
		info := poppler(t, in, "pdfinfo")
		if !strings.Contains(info, "Pages:") || !strings.Contains(info, "Title:") {
			t.Errorf("%s: %s", in.Manifest.Locator, info)
		}
	}
	if got := poppler(t, recordtest.Scan(t), "pdftotext", "-q"); !strings.Contains(got, "See that it burns.") || !strings.Contains(got, "Page 3: not read") {
		t.Errorf("the text of the PDF is %q", got)
	}
	if got := poppler(t, recordtest.Forbidden(), "pdftotext", "-q"); !strings.Contains(got, "𝔘") || !strings.Contains(got, "e\u0301") {
		t.Errorf("the text of the PDF is %q", got)
	}
}
