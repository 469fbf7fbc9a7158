package record

import (
	"strings"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// spanOf finds the n-th (from 1) occurrence of part in text, in code points.
func spanOf(t *testing.T, text, part string, n int) (int, int) {
	t.Helper()
	from := 0
	for ; n > 0; n-- {
		i := strings.Index(text[from:], part)
		if i < 0 {
			t.Fatalf("%q not in text", part)
		}
		from += i + 1
	}
	start := len([]rune(text[:from-1]))
	return start, start + len([]rune(part))
}

// textInput is an item of one text file with one document over all of it.
func textInput(text string) Input {
	m := archive.Manifest{Version: 1, Locator: "Records of Field Office/Box 7/Memos/ferry", Pages: []archive.ManifestPage{
		{Scan: "Records of Field Office/Box 7/Memos/ferry.txt", SHA256: archive.DigestOf([]byte(text)), Size: int64(len(text)), Type: "text/plain", Index: 1, Of: 1}}}
	m.Item = m.Locator.ID()
	n := len([]rune(text))
	return Input{
		Manifest: m, Structure: archive.DigestOf([]byte("structure")), Made: "0123456789ab", Policy: DefaultPolicy(),
		Pages: []transcript.Page{{Version: 1, Text: &text, Blocks: []transcript.Block{}}},
		Reading: structure.Reading{
			Version: 1, Item: m.Item, Locator: m.Locator, Input: m.Input(), Text: text,
			Pages: []structure.ReadingPage{{Start: 0, End: n}},
			Structure: structure.Structure{Version: 1, Text: structure.Text{SHA256: archive.DigestOf([]byte(text)), Length: n},
				Documents: []structure.Document{{End: n, Kind: "memorandum"}}},
		},
	}
}

// ferry is a memo with everything that is taken out or mended.
const ferry = "7. Memorandum on the Ferry1\n\n" +
	"  • Harbour dues at the northpier\n\n" +
	"The harbour master said [Page 12] that theDues were paid.2 He would write again.\n\n" +
	"[Page 13]\n\n" +
	"Nothing else wasʼnt said.\n\n" +
	"  1. Source: Harbour Office, File 12.\n  2. By chequeʼs counterfoil."

func ferryInput(t *testing.T) Input {
	in := textInput(ferry)
	at := func(part string, n int) (int, int) { return spanOf(t, ferry, part, n) }
	d := &in.Reading.Structure.Documents[0]
	add := func(kind, part string) {
		s, e := at(part, 1)
		d.Sections = append(d.Sections, structure.Section{Kind: kind, Start: s, End: e, Confidence: 0.9})
	}
	add("title", "7. Memorandum on the Ferry1")
	add("subjects", "  • Harbour dues at the northpier")
	add("body", "The harbour master said [Page 12] that theDues were paid.2 He would write again.")
	add("page-mark", "[Page 13]")
	add("body", "Nothing else wasʼnt said.")
	add("notes", "  1. Source: Harbour Office, File 12.\n  2. By chequeʼs counterfoil.")
	for i, label := range []string{"12", "13"} {
		s, e := at("[Page "+label+"]", 1)
		d.PageMarks = append(d.PageMarks, structure.PageMark{Label: label, Start: s, End: e})
		_ = i
	}
	_, e := at("Ferry1", 1)
	_, e2 := at("paid.2", 1)
	d.NoteMarks = []structure.NoteMark{{Label: "1", Start: e - 1, End: e, Note: 1}, {Label: "2", Start: e2 - 1, End: e2, Note: 2}}
	for i, n := range []string{"  1. Source: Harbour Office, File 12.", "  2. By chequeʼs counterfoil."} {
		s, e := at(n, 1)
		d.Notes = append(d.Notes, structure.Note{Index: i + 1, Label: n[2:3], Kind: "note", Text: strings.ReplaceAll(n[5:], "ʼ", "’"), Start: s, End: e})
	}
	correct := func(before, after string, kind clean.Kind, part string, skip int) {
		s, _ := at(part, 1)
		s += skip
		in.Reading.Structure.Corrections = append(in.Reading.Structure.Corrections, clean.Correction{
			Start: s, End: s + len([]rune(before)), Before: before, After: after, Kind: kind, Rule: "test", Confidence: 0.97, Decision: clean.Applied})
	}
	correct("", " ", clean.RunTogether, "northpier", 5)
	correct("", " ", clean.RunTogether, "theDues", 3)
	correct("ʼ", "’", clean.Apostrophe, "wasʼnt", 3)
	correct("ʼ", "’", clean.Apostrophe, "chequeʼs", 6)
	return in
}

func TestBuildReadingText(t *testing.T) {
	rs, err := Build(ferryInput(t))
	if err != nil {
		t.Fatal(err)
	}
	r := rs[0]
	want := "7. Memorandum on the Ferry\n\n  • Harbour dues at the north pier\n\n" +
		"The harbour master said that the Dues were paid. He would write again.\n\nNothing else was’nt said."
	if r.Text != want {
		t.Errorf("text\n%q\nwant\n%q", r.Text, want)
	}
	text := []rune(r.Text)
	for _, s := range r.Sections {
		t.Logf("%s: %q", s.Kind, string(text[s.Start:s.End]))
	}
	if got := len(r.Sections); got != 4 {
		t.Errorf("%d sections, want 4", got)
	}
	if got := string(text[r.Sections[2].Start:r.Sections[2].End]); got != "The harbour master said that the Dues were paid. He would write again." {
		t.Errorf("body is %q", got)
	}
	if at := r.PageMarks[0].At; string(text[at:at+4]) != "that" {
		t.Errorf("page 12 begins at %q", string(text[at:at+4]))
	}
	if at := r.PageMarks[1].At; string(text[at:at+7]) != "Nothing" {
		t.Errorf("page 13 begins at %q", string(text[at:at+7]))
	}
	if at := r.NoteMarks[1].At; string(text[at-5:at]) != "paid." {
		t.Errorf("mark 2 follows %q", string(text[at-5:at]))
	}
	for _, c := range r.Corrections {
		if c.InText == nil {
			if c.Before != "ʼ" || c.Read.Start < 200 {
				t.Errorf("correction %+v has no place in the text", c)
			}
			continue
		}
		if got := string(text[c.InText.Start:c.InText.End]); got != c.After {
			t.Errorf("at the place of %q stands %q", c.After, got)
		}
	}
	back, err := r.AsRead()
	if err != nil {
		t.Fatal(err)
	}
	if back != ferry {
		t.Errorf("undone\n%q\nwant\n%q", back, ferry)
	}
}
