package record_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/structure"
)

// FuzzUndo lays random sections, marks, notes and corrections over a text:
// whatever structure finds, the record gives the text back and its offsets hold.
func FuzzUndo(f *testing.F) {
	f.Add(recordtest.FerryText, uint64(1))
	f.Add("a\fb\n\n\fc", uint64(2))
	f.Add(" \f \n\f", uint64(3))
	f.Add("שלום\u0301 <&> \u200f]]>", uint64(4))
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		if !utf8.ValidString(text) {
			return
		}
		in := recordtest.TextItem("Box/random", text)
		scatter(&in, rand.New(rand.NewPCG(seed, 0)))
		build(t, in)
	})
}

// TestUndoOfManyTexts is FuzzUndo over texts made of the pieces that matter.
func TestUndoOfManyTexts(t *testing.T) {
	pieces := []string{" ", "\n", "\n\n", "\f", "word", "Ferry1", "[Page 3]", "’", "\u00ad", "  • ", "1. note", "é"}
	for seed := range uint64(1000) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		var b strings.Builder
		for range rnd.IntN(40) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		in := recordtest.TextItem("Box/random", b.String())
		scatter(&in, rnd)
		build(t, in)
		if t.Failed() {
			t.Fatalf("seed %d, text %q", seed, b.String())
		}
	}
}

// scatter lays random findings over in: documents are disjoint and sections lie
// within them, as Build demands; marks and notes lie anywhere in them.
func scatter(in *record.Input, rnd *rand.Rand) {
	s := &in.Reading.Structure
	text := []rune(in.Reading.Text)
	n := len(text)
	kinds := []string{"body", "title", "notes", "page-mark", "running-head", "catchword", "table"}
	s.Documents = nil
	for start := 0; start < n || start == 0; {
		end := start + rnd.IntN(n-start+1)
		if rnd.IntN(3) == 0 || end == start {
			end = n
		}
		d := structure.Document{Start: start, End: end, Kind: "other"}
		for at := start; at < end; {
			to := at + 1 + rnd.IntN(end-at)
			d.Sections = append(d.Sections, structure.Section{Kind: kinds[rnd.IntN(len(kinds))], Start: at, End: to, Confidence: 1})
			at = to + rnd.IntN(3)
		}
		for range rnd.IntN(5) {
			a, b := span(rnd, start, end)
			d.PageMarks = append(d.PageMarks, structure.PageMark{Label: "x", Start: a, End: b})
			a, b = span(rnd, start, end)
			d.NoteMarks = append(d.NoteMarks, structure.NoteMark{Label: "1", Start: a, End: b})
			a, b = span(rnd, start, end)
			d.Notes = append(d.Notes, structure.Note{Index: 1, Kind: "note", Start: a, End: b})
		}
		s.Documents = append(s.Documents, d)
		start = end
		if end == n {
			break
		}
	}
	s.Corrections = nil
	cks := []clean.Kind{clean.Space, clean.RunTogether, clean.RunningHead, clean.HardWrap, clean.Confusion}
	for at := rnd.IntN(3); at < n; at += 1 + rnd.IntN(8) {
		to := min(n, at+rnd.IntN(3))
		c := clean.Correction{Start: at, End: to, Before: string(text[at:to]), Kind: cks[rnd.IntN(len(cks))], Rule: "random", Decision: clean.Applied}
		c.After = []string{"", " ", "ab", "’"}[rnd.IntN(4)]
		if rnd.IntN(4) == 0 {
			c.Decision = clean.Flagged
		}
		s.Corrections = append(s.Corrections, c)
		at = to
	}
}

func span(rnd *rand.Rand, low, high int) (start, end int) {
	start = low + rnd.IntN(high-low+1)
	return start, min(high, start+rnd.IntN(6))
}
