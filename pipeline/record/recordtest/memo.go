package recordtest

import (
	"strings"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// Find is the span of the n-th (from 1) occurrence of part in text, in code
// points.
func Find(t testing.TB, text, part string, n int) (start, end int) {
	t.Helper()
	from := 0
	for ; n > 0; n-- {
		i := strings.Index(text[from:], part)
		if i < 0 {
			t.Fatalf("%q is not in the text", part)
		}
		from += i + 1
	}
	start = len([]rune(text[:from-1]))
	return start, start + len([]rune(part))
}

// TextItem is an item of one text file that is one document.
func TextItem(locator archive.Locator, text string) record.Input {
	return Item(locator, []transcript.Page{{Version: 1, Text: &text, Blocks: []transcript.Block{}}})
}

// Item is an item of these pages, one document over all of them.
func Item(locator archive.Locator, pages []transcript.Page) record.Input {
	m := archive.Manifest{Version: 1, Locator: locator, Item: locator.ID()}
	text, layout := transcript.TextAsRead(pages)
	n := len([]rune(text))
	var spans []structure.ReadingPage
	for i, p := range pages {
		m.Pages = append(m.Pages, archive.ManifestPage{Scan: string(locator) + ".tif", SHA256: archive.DigestOf([]byte(locator)),
			Size: 1000, Type: "image/tiff", Index: i + 1, Of: len(pages)})
		span := structure.ReadingPage{End: n, Parked: archive.Reason(p.Parked)}
		if layout != nil {
			span.Start, span.End = layout.Pages[i].Start, layout.Pages[i].End
		}
		spans = append(spans, span)
	}
	return record.Input{
		Manifest: m, Structure: archive.DigestOf([]byte("structure")), Made: "0123456789ab", Policy: record.DefaultPolicy(), Pages: pages,
		Reading: structure.Reading{
			Version: 1, Item: m.Item, Locator: m.Locator, Input: m.Input(), Text: text, Pages: spans,
			Structure: structure.Structure{Version: 1, Text: structure.Text{SHA256: archive.DigestOf([]byte(text)), Length: n},
				Rules:       map[string]string{"structure": "test"},
				Documents:   []structure.Document{{End: n, Confidence: 1, Kind: "memorandum"}},
				Corrections: []clean.Correction{}},
		},
	}
}

// marker adds findings to an item by the words they stand on.
type marker struct {
	t    testing.TB
	in   *record.Input
	text string
	doc  *structure.Document
}

func mark(t testing.TB, in *record.Input) marker {
	return marker{t, in, in.Reading.Text, &in.Reading.Structure.Documents[0]}
}

func (m marker) section(kind, part string) {
	s, e := Find(m.t, m.text, part, 1)
	m.doc.Sections = append(m.doc.Sections, structure.Section{Kind: kind, Start: s, End: e, Confidence: 0.9})
}

// correct mends before, which stands skip characters into part.
func (m marker) correct(kind clean.Kind, part string, skip int, before, after string) {
	s, _ := Find(m.t, m.text, part, 1)
	s += skip
	cs := &m.in.Reading.Structure.Corrections
	*cs = append(*cs, clean.Correction{Start: s, End: s + len([]rune(before)), Before: before, After: after, Kind: kind,
		Rule: "test-" + string(kind), Evidence: []string{"drawn so"}, Confidence: 0.97, Decision: clean.Applied})
}

func (m marker) noteMark(after, label string, note int) {
	_, e := Find(m.t, m.text, after+label, 1)
	m.doc.NoteMarks = append(m.doc.NoteMarks, structure.NoteMark{Label: label, Start: e - len([]rune(label)), End: e, Note: note, Confidence: 0.9})
}

func (m marker) pageMark(label string) {
	s, e := Find(m.t, m.text, "[Page "+label+"]", 1)
	m.doc.PageMarks = append(m.doc.PageMarks, structure.PageMark{Label: label, Start: s, End: e})
}

func (m marker) value(part, value string) *structure.Value {
	s, e := Find(m.t, m.text, part, 1)
	return &structure.Value{Value: value, Start: s, End: e, Confidence: 0.9}
}

// FerryText is a memo with everything that is taken out or mended.
const FerryText = "7. Memorandum on the Ferry1\n\n" +
	"  • Harbour dues at the northpier\n\n" +
	"The harbour master said [Page 12] that theDues were paid.2 He would write again.\n\n" +
	"[Page 13]\n\n" +
	"Nothing else wasnʼt said about tbe ferry.\n\n" +
	"  1. Source: Harbour Office, File 12. Secret.\n  2. By chequeʼs counterfoil."

// Ferry is FerryText with what is to be found in it.
func Ferry(t testing.TB) record.Input {
	in := TextItem("Harbour <Records>/Box 7/Memos & Notes/ferry \"A\"", FerryText)
	in.Manifest.Pages[0].Type = "text/plain"
	m := mark(t, &in)
	m.section("title", "7. Memorandum on the Ferry1")
	m.section("subjects", "  • Harbour dues at the northpier")
	m.section("body", "The harbour master said [Page 12] that theDues were paid.2 He would write again.")
	m.section("page-mark", "[Page 13]")
	m.section("body", "Nothing else wasnʼt said about tbe ferry.")
	m.section("notes", "  1. Source: Harbour Office, File 12. Secret.\n  2. By chequeʼs counterfoil.")
	m.pageMark("12")
	m.pageMark("13")
	m.noteMark("Ferry", "1", 1)
	m.noteMark("paid.", "2", 2)
	for i, n := range []string{"  1. Source: Harbour Office, File 12. Secret.", "  2. By chequeʼs counterfoil."} {
		s, e := Find(t, FerryText, n, 1)
		kind := []string{"source", "note"}[i]
		m.doc.Notes = append(m.doc.Notes, structure.Note{Index: i + 1, Label: n[2:3], Kind: kind, Text: strings.ReplaceAll(n[5:], "ʼ", "’"), Start: s, End: e})
	}
	m.correct(clean.RunTogether, "northpier", 5, "", " ")
	m.correct(clean.RunTogether, "theDues", 3, "", " ")
	m.correct(clean.Apostrophe, "wasnʼt", 4, "ʼ", "’")
	m.correct(clean.Confusion, "tbe", 1, "b", "h")
	m.in.Reading.Structure.Corrections[3].Decision = clean.Flagged
	m.in.Reading.Structure.Corrections[3].Confidence = 0.8
	m.correct(clean.Apostrophe, "chequeʼs", 6, "ʼ", "’")
	title, number := "Memorandum on the Ferry", "7"
	m.doc.Title, m.doc.Number, m.doc.KindConfidence = &title, &number, 0.8
	s := m.doc.Sections[1]
	m.doc.Subjects = []structure.Subject{{Text: "Harbour dues at the north pier", Start: s.Start, End: s.End}}
	m.doc.Classification = m.value("Secret", "Secret")
	m.doc.SourceNote = &structure.SourceNote{Text: "Source: Harbour Office, File 12. Secret.", Start: m.doc.Notes[0].Start,
		End: m.doc.Notes[0].End, Archive: "Harbour Office", File: "12"}
	m.doc.Date = &structure.Date{Value: "1931", Text: "File 12", Basis: "file-number", Confidence: 0.5}
	return in
}
