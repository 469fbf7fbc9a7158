package structure

import (
	"os"
	"strings"
	"testing"
)

// A folder of ten documents in one item: each begins where it does, on a page of
// its own, and is of its kind.
func TestFolderOfTen(t *testing.T) {
	raw, err := os.ReadFile("testdata/folder.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	want := []string{"cover-sheet", "routing-slip", "memorandum", "memorandum-for-the-record", "despatch", "telegram", "letter", "minutes", "report", "telegram"}
	pages := strings.Split(text, "\f")
	if len(pages) != 11 {
		t.Fatalf("the folder has %d pages", len(pages))
	}
	var starts []int
	at := 0
	for i, p := range pages {
		if i != 5 { // the despatch's second page
			starts = append(starts, at)
		}
		at += len(p) + 1
	}
	s := Parse(Input{Text: text})
	var got []string
	for _, d := range s.Documents {
		got = append(got, d.Kind)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("kinds\n%v, want\n%v", got, want)
	}
	for i, d := range s.Documents {
		if i < len(starts) && d.Start != starts[i] {
			t.Errorf("document %d begins at %d, want %d", i+1, d.Start, starts[i])
		}
		if i > 0 && d.Confidence < 0.5 {
			t.Errorf("document %d: confidence %v", i+1, d.Confidence)
		}
	}
}
