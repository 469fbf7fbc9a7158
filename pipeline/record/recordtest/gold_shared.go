//go:build shared

package recordtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/structure"
)

// gold is a NAME.gold.json of the shared material.
type gold struct {
	Documents []struct {
		Kind, Title, Number string
		Date                *struct{ Text, When string }
		Place               string
		Subjects            []structure.Subject
		Participants        []structure.Participant
		Sections            []structure.Section
		PageMarks           []structure.PageMark
		NoteMarks           []structure.NoteMark
		Notes               []structure.Note
		Classification      string
	} `json:"documents"`
	Corrections []clean.Correction `json:"corrections"`
}

// Published is up to n of the published documents of the shared material, with
// the structure that their gold says they have.
func Published(t testing.TB, n int) []record.Input {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(Shared(t), "frus", "clean", "*.txt"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no published documents: %v", err)
	}
	var out []record.Input
	for _, name := range names[:min(n, len(names))] {
		out = append(out, published(t, name))
	}
	return out
}

func published(t testing.TB, name string) record.Input {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(strings.TrimSuffix(name, ".txt") + ".gold.json")
	if err != nil {
		t.Fatal(err)
	}
	var g gold
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	in := TextItem(archive.Locator("Published/"+filepath.Base(name)), string(text))
	d, from := &in.Reading.Structure.Documents[0], g.Documents[0]
	d.Kind, _, _ = strings.Cut(from.Kind, "|")
	d.Title, d.Number = &from.Title, &from.Number
	if from.Number == "" {
		d.Number = nil
	}
	d.Subjects, d.Participants, d.Sections = from.Subjects, from.Participants, from.Sections
	d.PageMarks, d.NoteMarks, d.Notes = from.PageMarks, from.NoteMarks, from.Notes
	for i := range d.Sections {
		d.Sections[i].Confidence = 1
	}
	if from.Date != nil {
		d.Date = &structure.Date{Value: from.Date.When, Text: from.Date.Text, Basis: "dateline"}
	}
	for _, c := range g.Corrections {
		c.Rule, c.Decision = "gold", clean.Applied
		in.Reading.Structure.Corrections = append(in.Reading.Structure.Corrections, c)
	}
	return in
}
