package lines

import (
	"fmt"
	"image"
	"strings"
	"testing"
)

// found is a line read at height y; two blanks stand for a wide gap.
func found(y int, text string) Found {
	f := Found{Size: 30, Descent: 7, Offset: -7}
	x := 100
	for _, part := range strings.Split(text, "  ") {
		for _, w := range strings.Fields(part) {
			r := image.Rect(x, y, x+15*len(w), y+30)
			f.Words, f.Box, x = append(f.Words, Word{w, r}), f.Box.Union(r), r.Max.X+15
		}
		x += 200
	}
	return f
}

func TestPairing(t *testing.T) {
	for name, c := range map[string]struct{ read, truth, want string }{
		"as it is":            {"The cat sat on the mat", "The cat sat on the mat", "The cat sat on the mat"},
		"misread":             {"Tne cot sat on tbe mat", "The cat sat on the mat", "The cat sat on the mat"},
		"something else":      {"mmm wwiv nnnn aaa oo", "The cat sat on the mat", ""},
		"unreadable":          {"The cat sat on the mat", "The cat [?] on the mat", ""},
		"columns, one line":   {"Name and rank  John Brown", "Name and rank John Brown", "Name and rank John Brown"},
		"columns, two lines":  {"Name and rank  John Brown", "Name and rank\nJohn Brown", "Name and rank|John Brown"},
		"a cell without":      {"Name and rank  l|l", "Name and rank\nother", "Name and rank"},
		"truth has more":      {"The cat sat on", "The cat sat on the mat that we bought", "The cat sat on"},
		"once each":           {"The cat sat on the mat\nThe cat sat on the mat", "The cat sat on the mat", "The cat sat on the mat"},
		"known by its place":  {"The first line is read\nTkc sccamd Ilme lz ned\nThe third line is read", "The first line is read\nThe second line is red\nThe third line is read", "The first line is read|The second line is red|The third line is read"},
		"short and different": {"to be", "to do", ""},
	} {
		g := pairing{truth: truthLines(strings.Split(c.truth, "\n")), given: map[[2]int]bool{}}
		var fs []Found
		for i, s := range strings.Split(c.read, "\n") {
			fs = append(fs, found(100+50*i, s))
		}
		var got []string
		for _, p := range g.of(fs) {
			got = append(got, p.Text)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// The cut of a line is that of its ink, as high as its letters can be; of a part, that
// of its words.
func TestCut(t *testing.T) {
	f := Found{Box: image.Rect(100, 110, 500, 130), Size: 30, Descent: 8, Offset: -2, Words: []Word{{"aa", image.Rect(100, 112, 200, 130)}, {"nn", image.Rect(300, 110, 500, 128)}}}
	if got, want := f.cut(0, 2), image.Rect(100, 106, 500, 136); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	if got, want := f.cut(1, 2), image.Rect(300, 106, 500, 136); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestParseFound(t *testing.T) {
	line := func(title, words string) string {
		return "<p class='ocr_par'><span class='ocr_line' title=\"" + title + "\">" + words + "</span></p>"
	}
	word := func(box, text string) string {
		return "<span class='ocrx_word' title='bbox " + box + "; x_wconf 90'>" + text + "</span>"
	}
	const title = "bbox 10 20 300 50; baseline 0.01 -7; x_size 30.5; x_descenders 7; x_ascenders 8"
	raw := "<html><body><div class='ocr_page'>" +
		line(title, word("10 20 60 50", "<strong>A&amp;B</strong>")+" "+word("70 20 300 50", "two\u2019s")+word("0 0 0 0", "x")) +
		line("bbox 1 2 3 4", word("1 2 3 4", "no size")) + line(title, word("10 20 60 50", " ")) + "</div></body></html>"
	got, err := ParseFound([]byte(raw))
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	f := got[0]
	if s := fmt.Sprint(f.text(0, len(f.Words)), f.Box, f.Slope, f.Offset, f.Size, f.Descent); s != "A&B two's(10,20)-(300,50) 0.01 -7 30.5 7" {
		t.Error(s)
	}
}

func FuzzParseFound(f *testing.F) {
	f.Add([]byte("<span class='ocr_line' title='bbox 1 2 30 40; x_size 9'><span class='ocrx_word' title='bbox 1 2 3 4'>a</span></span>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		fs, err := ParseFound(raw)
		if err != nil {
			return
		}
		for _, l := range fs {
			if len(l.Words) == 0 || l.Box.Empty() {
				t.Fatalf("%+v", l)
			}
			l.cut(0, len(l.Words))
		}
	})
}
