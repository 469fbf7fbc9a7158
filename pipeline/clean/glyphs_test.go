package clean

import (
	"strings"
	"testing"

	"nightshift/pipeline/transcript"
)

// typed lays words out as a typewriter does, 30 pixels a character; wide is
// where in the text (in code points) one more step is left than was read.
func typed(text string, wide ...int) *transcript.Layout {
	l := &transcript.Layout{Pages: []transcript.PageSpan{{Start: 0, End: len(text), Width: 2480, Height: 3508, DPI: 300}}}
	line := transcript.LineSpan{Start: 0, End: len(text), Box: transcript.Box{0, 0, 30 * len(text), 40}}
	at, x := 0, 0
	for w := range strings.SplitSeq(text, " ") {
		word := &transcript.Word{Text: w, Confidence: 90}
		start := at
		for range w {
			for _, k := range wide {
				if k == at {
					x += 30
				}
			}
			word.X0, word.X1, word.CharConf = append(word.X0, x+3), append(word.X1, x+25), append(word.CharConf, 90)
			x, at = x+30, at+1
		}
		line.Words = append(line.Words, transcript.WordSpan{Start: start, End: at, Word: word})
		x, at = x+30, at+1
	}
	l.Lines = []transcript.LineSpan{line}
	return l
}

// A gap on the page tells what the words leave open, and its absence too.
func TestGapOnPage(t *testing.T) {
	text := "the tourist camps which he had encountered ona drive from Leningrad"
	at := strings.Index(text, "ona") + 2
	shown := func(l *transcript.Layout) string {
		cs := Correct(Input{Text: text, Layout: l})
		return Apply(text, cs)
	}
	if got := shown(typed(text, at)); !strings.Contains(got, " on a drive ") {
		t.Errorf("with a gap on the page: %q", got)
	}
	if got := shown(typed(text)); got != text {
		t.Errorf("without a gap on the page: %q", got)
	}
}

func TestDistance(t *testing.T) {
	text := "many words on a pitch"
	g := newGlyphs(text, typed(text, 8))
	for at, want := range map[int]float64{1: 1, 8: 2, 5: 2} {
		if d, even, ok := g.distance(text, at); !ok || !even || d != want {
			t.Errorf("at %d: %.2f steps (%v, %v), want %.0f", at, d, even, ok, want)
		}
	}
}

// On a page a mark among words may be a letter or dash read wrong, and one by
// words that are none is dirt: text that looks the same is mended as text.
func TestRestraintOnPages(t *testing.T) {
	for _, text := range []string{
		"the policy was limited to . assignment which would be reviewed",
		"the others are elsewhere and {said that this was understood",
		"they excluded this as a possibility = or at least would not say",
		"it was reported by a source that is REL:ABLE and has been here",
		"it appeared to be a date, 22,XII and the heading said so too",
	} {
		if got := Apply(text, Correct(Input{Text: text, Layout: typed(text)})); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	text := "he would not go there. fhe rest of the day was spent at home"
	if got := Apply(text, Correct(Input{Text: text, Layout: typed(text)})); !strings.Contains(got, "there. The rest") {
		t.Errorf("%q", got)
	}
}
