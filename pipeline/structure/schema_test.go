package structure_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// Every structure is as its schema says: from texts, and from pages with boxes.
func TestSchema(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		check(t, structure.Parse(structure.Input{Text: string(raw)}))
		text, layout := transcript.TextAsRead(pagesOf(string(raw)))
		check(t, structure.Parse(structure.Input{Text: text, Layout: layout}))
	}
	check(t, structure.Parse(structure.Input{}))
}

func check(t *testing.T, s structure.Structure) {
	t.Helper()
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	recordtest.Check(t, "structure", raw)
}

func pagesOf(text string) []transcript.Page {
	var out []transcript.Page
	for i, p := range strings.Split(text, "\f") {
		out = append(out, inColumns(recordtest.Typed(i+1, p), p))
	}
	return out
}

// inColumns moves the words of a page to the columns where the text has them.
func inColumns(page transcript.Page, text string) transcript.Page {
	lines := strings.Split(text, "\n")
	at := 0
	for i := range page.Blocks {
		b := &page.Blocks[i]
		for j := range b.Lines {
			l := &b.Lines[j]
			for at < len(lines) && (strings.TrimSpace(lines[at]) == "") != (len(l.Words) == 0) {
				at++
			}
			if at == len(lines) {
				return page
			}
			column := 0
			for k := range l.Words {
				w := &l.Words[k]
				column += strings.Index(lines[at][column:], w.Text)
				move := 100 + 20*column - w.Box[0]
				column += len(w.Text)
				w.Box[0], w.Box[2] = w.Box[0]+move, w.Box[2]+move
				for c := range w.X0 {
					w.X0[c], w.X1[c] = w.X0[c]+move, w.X1[c]+move
				}
				if k == 0 {
					l.Box[0] = w.Box[0]
				}
				l.Box[2] = w.Box[2]
			}
			at++
		}
		b.Lines = slices.DeleteFunc(b.Lines, func(l transcript.Line) bool { return len(l.Words) == 0 })
	}
	return page
}

// The boxes of a despatch's two pages tell its parts: what is taken out of the
// text, and what is not.
func TestBoxes(t *testing.T) {
	raw, err := os.ReadFile("testdata/despatch.txt")
	if err != nil {
		t.Fatal(err)
	}
	text, layout := transcript.TextAsRead(pagesOf(string(raw)))
	s := structure.Parse(structure.Input{Text: text, Layout: layout})
	if len(s.Documents) != 1 {
		t.Fatalf("%d documents, want one", len(s.Documents))
	}
	d := s.Documents[0]
	if d.Kind != "despatch" || d.Date == nil || d.Date.Value != "1938-04-09" || d.Closing == nil || d.Salutation == nil {
		t.Errorf("kind %s, date %+v, closing %+v, salutation %+v", d.Kind, d.Date, d.Closing, d.Salutation)
	}
	var taken []string
	for _, c := range s.Corrections {
		if c.Kind == "catchword" || c.Kind == "running-head" {
			taken = append(taken, strings.TrimSpace(c.Before))
		}
	}
	if !slices.Equal(taken, []string{"him.....", "-2-"}) {
		t.Errorf("taken out of the text: %q", taken)
	}
}

// A memorandum of conversation, as a text and from its boxes: a field is one
// section with its label, those present are entries of their own with the lines
// they go on in, the notes at its end have their marks, and a number beside a
// marking is the page's.
func TestConversation(t *testing.T) {
	raw, err := os.ReadFile("testdata/conversation.txt")
	if err != nil {
		t.Fatal(err)
	}
	text, layout := transcript.TextAsRead(pagesOf(string(raw)))
	for name, in := range map[string]structure.Input{"text": {Text: string(raw)}, "boxes": {Text: text, Layout: layout}} {
		t.Run(name, func(t *testing.T) { conversation(t, in) })
	}
}

func conversation(t *testing.T, in structure.Input) {
	s := structure.Parse(in)
	if len(s.Documents) != 1 {
		t.Fatalf("%d documents, want one", len(s.Documents))
	}
	d := s.Documents[0]
	var people, notes, marks, sections []string
	for _, p := range d.Participants {
		people = append(people, p.Name+"|"+p.Role)
	}
	if want := []string{"Mr. Aldous Penn|Minister of Fisheries", "Miss Rosa Quill|Interpreter of the Ministry", "Dr. Ivo Larch|Port Alder Bank", "Mr. J. B. Moss|", "Mr. N. Fell|"}; !slices.Equal(people, want) {
		t.Errorf("participants %q, want %q", people, want)
	}
	for _, n := range d.Notes {
		notes = append(notes, n.Kind+" "+n.Label)
	}
	for _, m := range d.NoteMarks {
		marks = append(marks, m.Label)
	}
	if !slices.Equal(notes, []string{"source 1", "note 2", "note 3"}) || !slices.Equal(marks, []string{"1", "2", "3"}) {
		t.Errorf("notes %q, marks %q", notes, marks)
	}
	if n := d.SourceNote; n == nil || n.Archive != "City Archive" || n.DraftedBy != "Moss" || n.Approved != "Thorne" {
		t.Errorf("source note %+v", n)
	}
	if d.To == nil || d.To.Value != "Mr. Ellis Thorne, Director of Quays" || len(d.Copies) != 1 || len(d.References) != 1 || d.Place != nil {
		t.Errorf("to %+v, copies %+v, references %+v, place %+v", d.To, d.Copies, d.References, d.Place)
	}
	for _, x := range d.Sections {
		if x.Kind != "body" {
			sections = append(sections, x.Kind)
		}
	}
	if want := []string{"classification", "title", "recipients", "references", "subjects", "participants", "recipients", "classification", "running-head", "heading", "notes"}; !slices.Equal(sections, want) {
		t.Errorf("sections %q, want %q", sections, want)
	}
	for _, p := range d.Participants {
		for _, c := range s.Corrections {
			if c.Kind == "hard-wrap" && (c.Start < p.Start && c.End >= p.Start-1) {
				t.Errorf("the line before %s is joined with it", p.Name)
			}
		}
	}
}
