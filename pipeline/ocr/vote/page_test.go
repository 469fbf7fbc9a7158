package vote

import (
	"strings"
	"testing"

	"nightshift/pipeline/transcript"
)

// stand sets text as a line at (x, y), all its words as sure as that.
func stand(text string, x, y int, sure float64) transcript.Line {
	words := set(text)
	for i := range words {
		w := &words[i]
		w.Confidence = sure
		w.Box = transcript.Box{w.Box[0] + x, y, w.Box[2] + x, y + 20}
		for j := range w.X0 {
			w.X0[j], w.X1[j] = w.X0[j]+x, w.X1[j]+x
		}
	}
	return transcript.Line{Words: words, Box: span(words)}
}

func page(lines ...transcript.Line) []transcript.Block {
	b := transcript.Block{Lines: lines}
	for _, l := range lines {
		b.Box = span(append([]transcript.Word{{Box: l.Box}}, l.Words...))
	}
	b.Box[1] = lines[0].Box[1]
	return []transcript.Block{b}
}

func said(blocks []transcript.Block) string {
	var t []string
	for _, b := range blocks {
		for _, l := range b.Lines {
			t = append(t, text(l.Words))
		}
	}
	return strings.Join(t, " / ")
}

func TestPage(t *testing.T) {
	for name, c := range map[string]struct {
		first, other []transcript.Block
		want         string
	}{
		"alone":                       {page(stand("one", 0, 0, 40)), nil, "one"},
		"the surer":                   {page(stand("tvo", 0, 0, 40)), page(stand("two", 0, 4, 90)), "two"},
		"hardly surer":                {page(stand("tvo", 0, 0, 70)), page(stand("two", 0, 0, 73)), "tvo"},
		"no doubt":                    {page(stand("tvo", 0, 0, 86)), page(stand("two", 0, 0, 96)), "tvo"},
		"a scrap of it":               {page(stand("twenty", 0, 0, 40)), page(stand("two", 0, 0, 96)), "twenty"},
		"beside it, sure":             {page(stand("TO", 0, 0, 60)), page(stand("Brennan", 100, 0, 90)), "TO / Brennan"},
		"a label the surer has not":   {page(stand("TO", 0, 0, 60), stand("Brennam x", 100, 40, 40)), page(stand("Brennan", 100, 40, 90)), "TO / Brennan"},
		"a line between":              {page(stand("one", 0, 0, 90), stand("three", 0, 80, 90)), page(stand("two more", 0, 40, 90)), "one / two more / three"},
		"a line below":                {page(stand("one", 0, 0, 90)), page(stand("two", 0, 40, 90)), "one / two"},
		"noise elsewhere":             {page(stand("one", 0, 0, 90)), page(stand("mmmm", 0, 40, 30)), "one"},
		"two lines, one of the first": {page(stand("one", 0, 0, 40)), page(stand("one more", 0, -9, 95), stand("and", 0, 9, 95)), "one / more"},
	} {
		readings := [][]transcript.Block{c.first}
		if c.other != nil {
			readings = append(readings, c.other)
		}
		if got := said(Page(readings)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
