package review

import (
	"testing"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
)

// A page on which a person decided something has its text as read, with what was mended;
// others are not taken, and what is only flagged is not made.
func TestMended(t *testing.T) {
	fix := func(start, end int, after string, d clean.Decision, reviewed string) record.Correction {
		return record.Correction{Read: clean.Span{Start: start, End: end}, After: after, Decision: d, Reviewed: reviewed}
	}
	it := Item{Text: []rune("tbe lake\nand rnen\fsecond pagc\fth1rd"), Records: []record.Record{{Corrections: []record.Correction{
		fix(0, 3, "the", clean.Applied, "r1"), fix(13, 17, "men", clean.Applied, ""), fix(9, 12, "AND", clean.Flagged, ""),
		fix(25, 29, "page", clean.Applied, ""), fix(30, 35, "third", clean.Flagged, "r2"), fix(90, 95, "x", clean.Applied, "r3"),
	}}}}
	got := it.mended()
	want := map[int]string{1: "the lake\nand men", 3: "th1rd"}
	if len(got) != len(want) {
		t.Errorf("pages %v", got)
	}
	for page, text := range want {
		if got[page] != text {
			t.Errorf("page %d: %q, want %q", page, got[page], text)
		}
	}
}
