package vote

import (
	"strings"
	"testing"

	"nightshift/pipeline/transcript"
)

// set sets text in letters ten pixels wide.
func set(text string) []transcript.Word {
	var out []transcript.Word
	x := 0
	for w := range strings.SplitSeq(text, " ") {
		word := transcript.Word{Text: w, Box: transcript.Box{x, 0, x + 10*len(w), 20}}
		for range w {
			word.X0, word.X1, word.CharConf = append(word.X0, x), append(word.X1, x+10), append(word.CharConf, 90)
			x += 10
		}
		x += 10
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
	return transcript.Line{Words: words, Box: transcript.Around(words)}
}

func page(lines ...transcript.Line) []transcript.Block {
	b := transcript.Block{Lines: lines}
	for _, l := range lines {
		b.Box = transcript.Around(append([]transcript.Word{{Box: l.Box}}, l.Words...))
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

// A line that was found goes where it stands: among the lines of its block, or before
// the block below it.
func TestInsert(t *testing.T) {
	at := func(text string, y int) transcript.Line {
		return transcript.Line{Box: transcript.Box{100, y, 300, y + 20}, Words: []transcript.Word{{Text: text, Confidence: 95}}}
	}
	block := func(lines ...transcript.Line) transcript.Block {
		return transcript.Block{Box: lines[0].Box.Union(lines[len(lines)-1].Box), Lines: lines}
	}
	for y, want := range map[int]string{10: "new one two three ", 130: "one new two three ", 250: "one two new three ", 400: "one two three new "} {
		got := ""
		for _, b := range Insert([]transcript.Block{block(at("one", 100), at("two", 160)), block(at("three", 300))}, at("new", y)) {
			for _, l := range b.Lines {
				got += l.Words[0].Text + " "
			}
		}
		if got != want {
			t.Errorf("at %d: %q, want %q", y, got, want)
		}
	}
}

// Rulings and pictures are no text, wherever the engine names them: a line does not go
// before the text above it because one of them stands further down.
func TestInsertPastRuling(t *testing.T) {
	at := func(text string, y int) transcript.Block {
		box := transcript.Box{100, y, 300, y + 20}
		return transcript.Block{Box: box, Lines: []transcript.Line{{Box: box, Words: []transcript.Word{{Text: text}}}}}
	}
	ruling := transcript.Block{Kind: "separator", Box: transcript.Box{50, 900, 54, 1200}}
	got := Insert([]transcript.Block{ruling, at("one", 100), at("two", 500)}, at("new", 300).Lines[0])
	if len(got) != 4 || said(got[2:3]) != said([]transcript.Block{at("new", 300)}) {
		t.Errorf("%v", got)
	}
}
