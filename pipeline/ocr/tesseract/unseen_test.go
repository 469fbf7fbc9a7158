//go:build cgo

package tesseract

import (
	"slices"
	"testing"

	"nightshift/pipeline/transcript"
)

// Signs in a row that stand on one line look typed; ones of all sizes, or up and down,
// do not; what stands in a frame is a stamp.
func TestTypedRuns(t *testing.T) {
	const letter = 20
	var word, wave [][4]int
	for i := range 5 {
		x := 100 + 24*i
		word = append(word, [4]int{x, 80, x + 16, 100})
		wave = append(wave, [4]int{x, 80 + 12*(i%2), x + 16, 100 + 12*(i%2)})
	}
	tall := append(slices.Clone(word), [4]int{220, 40, 236, 100})
	for name, c := range map[string]struct {
		marks [][4]int
		want  int
	}{"a word": {word, 1}, "two signs": {word[:2], 0}, "up and down": {wave, 0}, "a pen's stroke among them": {tall, 0}, "two words": {append(slices.Clone(word), moved(word, 0, 300)...), 2}} {
		if got := typedRuns(slices.Clone(c.marks), letter, 3, 4); len(got) != c.want {
			t.Errorf("%s: %v, want %d", name, got, c.want)
		}
	}
	if got := framed(word, [][4]int{{90, 60, 400, 130}}); len(got) != 0 {
		t.Errorf("in a frame: %v", got)
	}
	if got := framed(word, [][4]int{{90, 160, 400, 230}}); len(got) != len(word) {
		t.Errorf("above a frame: %v", got)
	}
}

func moved(marks [][4]int, dx, dy int) (out [][4]int) {
	for _, m := range marks {
		out = append(out, [4]int{m[0] + dx, m[1] + dy, m[2] + dx, m[3] + dy})
	}
	return out
}

// Turned and turned back, boxes are where they were.
func TestTurnedMarks(t *testing.T) {
	const w, h = 700, 900
	for _, quads := range []int{1, 3} {
		marks := [][4]int{{10, 20, 40, 100}, {600, 800, 610, 890}}
		there := turnedMarks(marks, quads, w, h)
		if back := turnedMarks(there, 4-quads, h, w); !slices.Equal(back, marks) {
			t.Errorf("%d quarters: %v, back %v", quads, there, back)
		}
	}
	if got := turnedMarks([][4]int{{690, 0, 700, 30}}, 3, w, h)[0]; got != [4]int{0, 0, 30, 10} {
		t.Errorf("the upper right corner turned left: %v", got)
	}
}

func TestFileNumber(t *testing.T) {
	for text, want := range map[string]bool{"864.4016/141": true, "871.401G/298": true, "611.61/2-361": true, "851G.00/3": true, "864,4016/141": false, "ASSISTANT": false, "1.5": false, "./": false, "AB.CD/E": false} {
		if got := fileNumber(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// Two readings are alike that differ in one sign of six, or in one where one is sure.
func TestAlike(t *testing.T) {
	say := func(text string, sure float64) []transcript.Word {
		return []transcript.Word{{Text: text, Confidence: sure}}
	}
	for _, c := range []struct {
		a, b []transcript.Word
		want bool
	}{{say("No. 227", 70), say("no 227", 70), true}, {say("3ir:", 76), say("Sir:", 84), true}, {say("3ir:", 70), say("Sir:", 70), false}, {say("harbour", 60), say("harbaur", 60), true}, {say("Sir", 95), say("tug", 95), false}} {
		if got := alike(c.a, c.b); got != c.want {
			t.Errorf("%v and %v: %v", c.a, c.b, got)
		}
	}
}
