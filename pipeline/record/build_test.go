package record_test

import (
	"testing"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
)

// build makes the records of in and checks what holds for every record.
func build(t testing.TB, in record.Input) []record.Record {
	t.Helper()
	rs, err := record.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rs {
		check(t, in, &rs[i])
	}
	return rs
}

// check holds the promises of a record: its schema, undoing, and offsets that
// lie in the text.
func check(t testing.TB, in record.Input, r *record.Record) {
	t.Helper()
	raw, err := record.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	recordtest.Check(t, "record", raw)
	back, err := r.AsRead()
	if err != nil {
		t.Fatal(err)
	}
	if want := string([]rune(in.Reading.Text)[r.Read.Start:r.Read.End]); back != want {
		t.Errorf("undone\n%q\nwant\n%q", back, want)
	}
	text := []rune(r.Text)
	last := 0
	for _, s := range r.Sections {
		if s.Start < last || s.End <= s.Start || s.End > len(text) {
			t.Errorf("section %s spans %d-%d of %d after %d", s.Kind, s.Start, s.End, len(text), last)
		}
		last = s.End
	}
	for _, c := range r.Corrections {
		if c.InText == nil || c.Decision == clean.Flagged && partlyRemoved(r, c.Read) {
			continue
		}
		want := c.After
		if c.Decision == clean.Flagged {
			want = c.Before
		}
		if got := string(text[c.InText.Start:c.InText.End]); got != want {
			t.Errorf("where %q was made %q stands %q", c.Before, c.After, got)
		}
	}
}

func partlyRemoved(r *record.Record, s clean.Span) bool {
	for _, x := range r.Removed {
		if x.Read.Start < s.End && s.Start < x.Read.End {
			return true
		}
	}
	return false
}

func TestReadingTextOfAMemo(t *testing.T) {
	r := build(t, recordtest.Ferry(t))[0]
	want := "7. Memorandum on the Ferry\n\n  • Harbour dues at the north pier\n\n" +
		"The harbour master said that the Dues were paid. He would write again.\n\nNothing else wasn’t said about tbe ferry."
	if r.Text != want {
		t.Errorf("text\n%q\nwant\n%q", r.Text, want)
	}
	text := []rune(r.Text)
	if got := len(r.Sections); got != 4 {
		t.Fatalf("%d sections, want 4", got)
	}
	if got := string(text[r.Sections[2].Start:r.Sections[2].End]); got != "The harbour master said that the Dues were paid. He would write again." {
		t.Errorf("the body is %q", got)
	}
	for i, begins := range []string{"that", "Noth"} {
		if at := r.PageMarks[i].At; string(text[at:at+4]) != begins {
			t.Errorf("page %s begins at %q, want %q", r.PageMarks[i].Label, string(text[at:at+4]), begins)
		}
	}
	for i, ends := range []string{"Ferry", "paid."} {
		if at := r.NoteMarks[i].At; string(text[at-5:at]) != ends {
			t.Errorf("mark %s follows %q, want %q", r.NoteMarks[i].Label, string(text[at-5:at]), ends)
		}
	}
	if last := r.Corrections[4]; last.InText != nil {
		t.Error("a correction in a note has a place in the reading text")
	}
	if r.Date.Read != nil || r.Date.Basis != "file-number" {
		t.Errorf("an inferred date is presented as read: %+v", r.Date)
	}
}

func TestReadingTextOfAScan(t *testing.T) {
	rs := build(t, recordtest.Scan(t))
	want := "SECRET\n\nTo: The Keeper of the Light\nFrom: The Harbour Office\n\nDear Keeper:\n\n" +
		"The lamp was out for most of the night and the boats waited. See that it burns.\n\nYours truly,\nA. Marsh"
	r := rs[0]
	if r.Text != want {
		t.Errorf("text\n%q\nwant\n%q", r.Text, want)
	}
	if r.Complete || len(r.Parked) != 1 || r.Parked[0].Page != 3 || r.Parked[0].Detail == "" {
		t.Errorf("complete %v, parked %+v", r.Complete, r.Parked)
	}
	if len(r.Blank) != 1 || r.Blank[0] != 4 {
		t.Errorf("blank pages %v, want [4]", r.Blank)
	}
	if len(r.PageBreaks) != 4 || string([]rune(r.Text)[r.PageBreaks[1].At:][:5]) != "boats" {
		t.Errorf("page breaks %v", r.PageBreaks)
	}
	c := r.Corrections[0]
	if c.Page == nil || *c.Page != 2 || c.Box == nil || c.Box[3]-c.Box[1] != 40 {
		t.Errorf("the correction lies on page %v at %v", c.Page, c.Box)
	}
	if q := r.Quality; q.Basis != "recognition" || *q.InDoubt <= 0 || *q.Grade != "B" {
		t.Errorf("quality %+v", q)
	}
	if !rs[1].Complete || rs[1].Text != "TELEGRAM\n\nLAMP OUT REPEAT OUT" || *rs[1].Quality.WorstPage != 5 {
		t.Errorf("second document: complete %v, text %q, quality %+v", rs[1].Complete, rs[1].Text, rs[1].Quality)
	}
	if got := record.CleanText(recordtest.Scan(t).Reading.Text, rs); got == recordtest.Scan(t).Reading.Text {
		t.Error("text.txt has no correction")
	}
}

func TestRecordsAreTheSameEveryTime(t *testing.T) {
	first := build(t, recordtest.Scan(t))
	again := build(t, recordtest.Scan(t))
	for i := range first {
		a, _ := record.Encode(first[i])
		b, _ := record.Encode(again[i])
		if string(a) != string(b) {
			t.Errorf("document %d differs", i+1)
		}
	}
}

func TestBuildRefusesWhatDoesNotFit(t *testing.T) {
	for name, spoil := range map[string]func(*record.Input){
		"pages of another text":  func(in *record.Input) { in.Pages[0].Blocks[0].Lines[0].Words[0].Text = "OPEN" },
		"a page too few":         func(in *record.Input) { in.Pages = in.Pages[:4] },
		"a correction elsewhere": func(in *record.Input) { in.Reading.Structure.Corrections[0].Before = "x" },
		"overlapping corrections": func(in *record.Input) {
			cs := &in.Reading.Structure.Corrections
			c := (*cs)[0]
			c.Start--
			c.End++
			c.Before = "ti"
			*cs = append(*cs, c)
		},
		"a document beyond":         func(in *record.Input) { in.Reading.Structure.Documents[1].End += 5 },
		"documents that overlap":    func(in *record.Input) { in.Reading.Structure.Documents[1].Start-- },
		"a section outside":         func(in *record.Input) { in.Reading.Structure.Documents[1].Sections[0].Start-- },
		"a structure of other text": func(in *record.Input) { in.Reading.Structure.Text.SHA256 = in.Structure },
	} {
		t.Run(name, func(t *testing.T) {
			in := recordtest.Scan(t)
			spoil(&in)
			if _, err := record.Build(in); err == nil {
				t.Error("records were made of it")
			}
		})
	}
}
