//go:build cgo

package tesseract

import (
	"testing"

	"nightshift/pipeline/transcript"
)

func word(text string, confidence float64, box ...int) transcript.Word {
	return transcript.Word{Text: text, Confidence: confidence, Box: transcript.Box(box)}
}

// Of a line that was left the words are taken that read as such, and none of a line
// that has no word or figure to be sure of.
func TestWorthAdding(t *testing.T) {
	const letter = 20
	for name, c := range map[string]struct {
		words []transcript.Word
		want  int
	}{
		"a label":           {[]transcript.Word{word("CLASSIFICATION", 91, 0, 0, 200, 24), word("|", 95, 210, 0, 214, 24)}, 1},
		"a figure":          {[]transcript.Word{word("450", 88, 0, 0, 60, 24)}, 1},
		"specks":            {[]transcript.Word{word(".:", 40, 0, 0, 10, 6), word("ae", 30, 20, 0, 40, 20)}, 0},
		"a scrap":           {[]transcript.Word{word("ill", 41, 0, 0, 30, 24)}, 0},
		"too high for text": {[]transcript.Word{word("WHO", 93, 0, 0, 300, 200)}, 0},
	} {
		l, ok := worthAdding(transcript.Line{Words: c.words}, letter)
		if ok != (c.want > 0) || ok && len(l.Words) != c.want {
			t.Errorf("%s: %v %v", name, l.Words, ok)
		}
	}
}

// Badly read words give way to surer ones at their place; nothing else is lost.
func TestGiveWay(t *testing.T) {
	line := transcript.Line{Words: []transcript.Word{word("Karsova", 90, 0, 0, 100, 20), word("s3cr", 20, 120, 0, 180, 20), word("1955", 30, 300, 0, 340, 20)}}
	blocks := []transcript.Block{{Lines: []transcript.Line{line}}}
	giveWay(blocks, transcript.Line{Words: []transcript.Word{word("Kars", 95, 0, 0, 100, 20), word("SECRET", 85, 118, 0, 182, 20)}})
	var left []string
	for _, w := range blocks[0].Lines[0].Words {
		left = append(left, w.Text)
	}
	if len(left) != 2 || left[0] != "Karsova" || left[1] != "1955" {
		t.Errorf("left are %q", left)
	}
}

// Whatever is added, no word that was read with any confidence is lost.
func TestJoinLeftLosesNothing(t *testing.T) {
	line := func(words ...transcript.Word) transcript.Block {
		return transcript.Block{Box: transcript.Around(words), Lines: []transcript.Line{{Box: transcript.Around(words), Words: words}}}
	}
	blocks := []transcript.Block{line(word("NAME", 92, 10, 10, 90, 30), word("x1", 12, 400, 10, 440, 30)), line(word("Ellen", 88, 10, 60, 90, 80))}
	found := []transcript.Block{line(word("631214", 90, 398, 10, 500, 30)), line(word("MEXICO", 86, 600, 60, 700, 80)), line(word(";~", 20, 0, 200, 20, 210))}
	joined, n := joinLeft(blocks, found, 20)
	if n != 2 {
		t.Errorf("%d lines added", n)
	}
	got := map[string]bool{}
	for _, l := range transcript.TextLines(joined) {
		for _, w := range l.Words {
			got[w.Text] = true
		}
	}
	for _, w := range []string{"NAME", "Ellen", "631214", "MEXICO"} {
		if !got[w] {
			t.Errorf("%s is lost: %v", w, got)
		}
	}
	if got["x1"] || got[";~"] {
		t.Errorf("scraps stay: %v", got)
	}
}
