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
		out = append(out, indented(recordtest.Typed(i+1, p), p))
	}
	return out
}

// indented moves the lines of a page to where the text has them.
func indented(page transcript.Page, text string) transcript.Page {
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
			move := 20 * (len(lines[at]) - len(strings.TrimLeft(lines[at], " ")))
			at++
			l.Box[0], l.Box[2] = l.Box[0]+move, l.Box[2]+move
			for k := range l.Words {
				w := &l.Words[k]
				w.Box[0], w.Box[2] = w.Box[0]+move, w.Box[2]+move
				for c := range w.X0 {
					w.X0[c], w.X1[c] = w.X0[c]+move, w.X1[c]+move
				}
			}
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
