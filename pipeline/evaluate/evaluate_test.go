package evaluate

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"quay", "quay", 0}, {"quay", "key", 3}, {"", "mole", 4}, {"naïve", "naive", 1}, {"lightship", "lihgtship", 2}} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestAgrees(t *testing.T) {
	for _, c := range []struct {
		truth, found string
		want         bool
	}{
		{"The Secretary of Ports, Alder.", "The Secretary of Ports Alder", true},
		{"Mr. Jonas Birch", "Mr. Jonas Bireh", true},
		{"RI/7 (handwritten)", "RI/7", true},
		{"Harbour Master", "Chief Clerk", false},
		{"Harbour Master", "", false},
		{"Seizure of the schooner Linnet", "schooner Linnet seizure of the", true},
	} {
		if got := Agrees(c.truth, c.found); got != c.want {
			t.Errorf("Agrees(%q, %q) = %v", c.truth, c.found, got)
		}
	}
}

// A text with one run-together word, one date and two paragraphs; what was found
// has the date wrong, one paragraph, the right correction, and a false one.
func TestText(t *testing.T) {
	text := "1. Minutes\n\nMay 3, 1950.\n\nThe dredgerwas sold.\n\nIt was old."
	at := strings.Index(text, "was sold")
	g := Gold{Words: 8, Documents: []GoldDocument{{
		Kind: "minutes", Title: "Minutes", Number: "1", Date: &GoldDate{When: "1950-05-03"},
		Sections: []structure.Section{{Kind: "body", Start: 26, End: 46}, {Kind: "body", Start: 48, End: 59}},
	}}, Corrections: []GoldEdit{{Start: at, End: at, After: " ", Kind: "run-together", Recoverable: true}}}
	title, number := "Minutes", "1"
	s := structure.Structure{
		Documents: []structure.Document{{
			Kind: "minutes", Title: &title, Number: &number, Date: &structure.Date{Value: "1950-05-08", Basis: "dateline"},
			Sections: []structure.Section{{Kind: "body", Start: 26, End: 46}},
		}},
		Corrections: []clean.Correction{
			{Start: at, End: at, After: " ", Decision: clean.Applied},
			{Start: len(text) - 4, End: len(text) - 1, Before: "old", After: "cold", Decision: clean.Applied},
		},
	}
	r := NewReport()
	r.Text("a", g, text, s)
	for name, want := range map[string]Score{
		"kind":                              {Right: 1, Exact: true},
		"date":                              {Missed: 1, Exact: true},
		"section body":                      {Right: 1, Missed: 1},
		"correction run-together":           {Right: 1},
		"correction, all":                   {Right: 1, Extra: 1},
		"correction repaired to the letter": {Right: 1, Exact: true},
	} {
		want.Name = name
		if got := r.Score(name); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if got := r.Rate("false corrections per 10,000 words"); got.Value != 1250 || got.N != 8 {
		t.Errorf("false corrections: %+v", got)
	}
	if b, a := r.Rate("character error rate before cleaning"), r.Rate("character error rate after cleaning"); b.Value <= 0 || a.Value != b.Value {
		t.Errorf("error rates %v and %v: one mended, one made", b, a)
	}
}

func TestItem(t *testing.T) {
	f := Fields{Documents: []FieldDocument{
		{FirstPage: 1, Kind: "routing-slip"},
		{FirstPage: 2, Kind: "dispatch", To: "Chief of Station, Rowan", Date: &FieldDate{Value: "1938-04-09"}},
	}}
	text := "slip\fdispatch\fmore"
	s := structure.Structure{Documents: []structure.Document{
		{Start: 0, End: 5, Kind: "routing-slip"},
		{Start: 5, End: 14, Kind: "despatch", To: &structure.Value{Value: "Chief of Station Rowan"}, Date: &structure.Date{Value: "1938-04-08"}},
		{Start: 14, End: 18, Kind: "other"},
	}}
	r := NewReport()
	r.Item("a", f, text, s)
	if got := r.Score("boundaries inside items"); got.Right != 1 || got.Extra != 1 || got.Missed != 0 {
		t.Errorf("boundaries: %+v", got)
	}
	if got := r.Score("value kind"); got.Right != 2 || got.Missed != 0 {
		t.Errorf("kinds: %+v", got)
	}
	if to, date := r.Score("value to"), r.Score("value date"); to.Right != 1 || date.Missed != 1 {
		t.Errorf("to %+v, date %+v", to, date)
	}
}

func TestFolders(t *testing.T) {
	truth := fstest.MapFS{
		"box/a.gold.json":   {Data: []byte(`{"documents":[{"kind":"letter","sections":[]}]}`)},
		"box/a.txt":         {Data: []byte("Dear Sir")},
		"box/b.fields.json": {Data: []byte(`{"pages":1,"kind":"letter","signatures":["A. Holm",{"name":"J. Birch"}]}`)},
		"box/c.gt.txt":      {Data: []byte("one two")},
	}
	found := fstest.MapFS{
		"box/a.json":           {Data: []byte(`{"documents":[{"kind":"letter"}]}`)},
		"box/b/structure.json": {Data: []byte(`{"documents":[{"kind":"letter"}]}`)},
		"box/b/read.txt":       {Data: []byte("Dear Sir")},
		"box/c.txt":            {Data: []byte("one twa")},
	}
	r, err := Folders(truth, found)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := r.Score("kind"), r.Score("value kind"); a.Right != 1 || b.Right != 1 {
		t.Errorf("kinds %+v, %+v", a, b)
	}
	if got := r.Rate("character error rate of text as read"); got.N != 7 || got.Value < 0.14 || got.Value > 0.15 {
		t.Errorf("error rate %+v", got)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
	if _, err := Folders(fstest.MapFS{"x.txt": {}}, found); !errors.Is(err, ErrNoTruth) {
		t.Errorf("a folder without truth: %v", err)
	}
	r, err = Folders(truth, fstest.MapFS{})
	if err != nil || r.Score("value kind").Missed != 1 {
		t.Errorf("nothing found: %v, %+v", err, r.Score("value kind"))
	}
}

// FuzzFolders: any bytes as truth and as what was found end in a report or an
// error.
func FuzzFolders(f *testing.F) {
	f.Add(`{"documents":[{"kind":"letter","noteMarks":[{"start":5,"end":2,"note":9}]}],"corrections":[{"start":9,"end":3,"kind":"x"}]}`, `{"documents":[{"start":-4,"end":99}],"corrections":[{"start":5,"end":2,"decision":"apply"}]}`, "text")
	f.Add(`{"pages":3,"documents":[{"firstPage":9,"paragraphStarts":["a"],"stamps":[""]}]}`, `{"documents":[{"sections":[{"kind":"body","start":7,"end":3}]}]}`, "a\fb")
	f.Fuzz(func(t *testing.T, truth, found, text string) {
		if len(truth)+len(found)+len(text) > 1<<14 {
			return
		}
		r, err := Folders(fstest.MapFS{"a.gold.json": {Data: []byte(truth)}, "a.txt": {Data: []byte(text)}, "a.fields.json": {Data: []byte(truth)}},
			fstest.MapFS{"a.json": {Data: []byte(found)}, "a/read.txt": {Data: []byte(text)}})
		if err == nil {
			_ = r.String() + r.Table()
		}
	})
}

func TestLegible(t *testing.T) {
	const text = "T0: HARB0UR MASTER\nThe Secretary spoke at length\nof the Lightship Lantern\n\fdues NY 12"
	for _, v := range []struct {
		truth string
		want  bool
	}{
		{"Harbour Master", true},
		{"SECRET", false}, // “Secretary” is another word
		{"NY", true},
		{"HQ", false},
		{"Lightship Lantern; Harbour Master", true},
		{"Lightship Lantern; Dues Office, Port Alder", false},
		{"at length of the lightship (handwritten)", true},
		{"(illegible)", false},
	} {
		if got := Legible(v.truth, text); got != v.want {
			t.Errorf("Legible(%q) = %v", v.truth, got)
		}
	}
}
