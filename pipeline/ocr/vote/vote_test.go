package vote

import (
	"strings"
	"testing"

	"nightshift/pipeline/transcript"
)

// set sets text in letters ten pixels wide, each as sure as sure says;
// letters that it does not reach are 0.9.
func set(text string, sure ...float64) []transcript.Word {
	var out []transcript.Word
	x, n := 0, 0
	for _, w := range strings.Split(text, " ") {
		word := transcript.Word{Text: w, Box: transcript.Box{x, 0, x + 10*len(w), 20}, Confidence: 90}
		for range w {
			s := 0.9
			if n < len(sure) {
				s = sure[n]
			}
			word.X0, word.X1, word.CharConf = append(word.X0, x), append(word.X1, x+10), append(word.CharConf, float32(100*s))
			x, n = x+10, n+1
		}
		x, n = x+10, n+1
		out = append(out, word)
	}
	return out
}

func text(ws []transcript.Word) string {
	var t []string
	for _, w := range ws {
		t = append(t, w.Text)
	}
	return strings.Join(t, " ")
}

func TestLine(t *testing.T) {
	low := []float64{0.9, 0.4}
	for name, c := range map[string]struct {
		readings [][]transcript.Word
		want     string
	}{
		"alone":                {[][]transcript.Word{set("tne cat")}, "tne cat"},
		"two against one":      {[][]transcript.Word{set("tne cat"), set("the cat"), set("the cot")}, "the cat"},
		"the surer of two":     {[][]transcript.Word{set("tne", low...), set("the")}, "the"},
		"ties: the first":      {[][]transcript.Word{set("tne"), set("the")}, "tne"},
		"a letter too many":    {[][]transcript.Word{set("Acte"), set("Act"), set("Act")}, "Act"},
		"a letter missing":     {[][]transcript.Word{set("Ac"), set("Act"), set("Act")}, "Act"},
		"words run together":   {[][]transcript.Word{set("thecat"), set("the cat"), set("the cat")}, "the cat"},
		"a word cut in two":    {[][]transcript.Word{set("t he"), set("the"), set("the")}, "the"},
		"nothing says nothing": {[][]transcript.Word{set("a"), nil, nil}, "a"},
	} {
		if got := text(Line(c.readings)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Whatever is voted on, letters keep one place and one certainty each, words
// have no blanks, and nothing is there that no reading had.
func FuzzLine(f *testing.F) {
	f.Add("the cat sat", "tne cat  sat", "thecat")
	f.Add("", "a", "ä ö")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var readings [][]transcript.Word
		for _, s := range []string{a, b, c} {
			s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
			if len(s) > 200 || strings.ContainsRune(s, 0) {
				return
			}
			var r []transcript.Word
			if s != "" {
				r = set(s)
			}
			readings = append(readings, r)
		}
		for _, w := range Line(readings) {
			n := len([]rune(w.Text))
			if n == 0 || len(w.X0) != len(w.X1) || len(w.CharConf) != len(w.X0) || strings.Contains(w.Text, " ") {
				t.Fatalf("word %+v", w)
			}
			for _, r := range w.Text {
				if !strings.ContainsRune(a+b+c, r) {
					t.Fatalf("%q has a letter that nobody read", w.Text)
				}
			}
		}
	})
}
