package search_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"nightshift/pipeline/publish"
	"nightshift/pipeline/publish/publishtest"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/search"
	"nightshift/pipeline/structure"
)

var shared publishtest.Desk

func TestMain(m *testing.M) { os.Exit(publishtest.Run(m, &shared)) }

func open(t testing.TB, dir string) *search.Index {
	t.Helper()
	x, err := search.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func sync(t testing.TB, x *search.Index) int {
	t.Helper()
	n, err := x.Sync(t.Context(), shared.Records)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// found lists the hits as "item#document", best first.
func found(t testing.TB, x *search.Index, q search.Query) []string {
	t.Helper()
	r, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.Locator.Name()+"#"+string(rune('0'+h.Document)))
	}
	if len(out) != r.Total {
		t.Errorf("%d hits of %d", len(out), r.Total)
	}
	return out
}

// publishTwo publishes the ferry memo and the letter with its telegram.
func publishTwo(t *testing.T) {
	t.Helper()
	none, err := publish.ParseRenditions("none")
	if err != nil {
		t.Fatal(err)
	}
	shared.Agree(t, publish.Changes{Renditions: none})
	ferry, scan := recordtest.Ferry(t), recordtest.Scan(t)
	scan.Reading.Structure.Documents[0].Participants = []structure.Participant{{Name: "Mr. Marsh", Role: "Harbour Master", Start: 0, End: 6}}
	scan.Reading.Structure.Documents[1].Date = &structure.Date{Value: "1938-04", Text: "April 1938", Basis: "dateline", Confidence: 1}
	for _, in := range []record.Input{ferry, scan} {
		shared.Publish(t, shared.File(t, &in, 1))
	}
}

func TestSearch(t *testing.T) {
	publishTwo(t)
	x := open(t, t.TempDir())
	if n := sync(t, x); n != 2 {
		t.Errorf("%d items indexed", n)
	}
	const memo, letter, wire = `ferry "A"#1`, "letter#1", "letter#2"
	for _, c := range []struct {
		q    search.Query
		want []string
	}{
		{search.Query{Words: "harbour dues"}, []string{memo}},
		{search.Query{Words: `"harbour master"`}, []string{memo, letter}},
		{search.Query{Words: `"master harbour"`}, nil},
		{search.Query{Words: "HARBOUR -ferry"}, []string{letter}},
		{search.Query{Words: "north pier"}, []string{memo}}, // run together as read
		{search.Query{Words: "tele*"}, []string{wire}},
		{search.Query{Words: "telegran~"}, []string{wire}},
		{search.Query{Words: "counterfoil"}, []string{memo}}, // in a note
		{search.Query{Kind: "telegram"}, []string{wire}},
		{search.Query{Participant: "marsh"}, []string{letter}},
		{search.Query{Participant: "marsh", Words: "dues"}, nil},
		{search.Query{From: "1938"}, []string{wire}},
		{search.Query{From: "1938-04-20", To: "1938-04-21"}, []string{wire}}, // the day is not known
		{search.Query{To: "1931-06"}, []string{memo}},
		{search.Query{From: "1932", To: "1937"}, nil},
		{search.Query{Box: t.Name() + "/Box 1", Kind: "letter"}, []string{letter}},
		{search.Query{Box: t.Name() + "/Box"}, nil},
		{search.Query{Words: "lamp", Box: t.Name()}, []string{wire, letter}},
		{search.Query{Words: "-lamp", Box: t.Name() + "/"}, []string{memo}},
		{search.Query{Words: `:)( [] {} \ / ~ * -`, Kind: "telegram"}, []string{wire}},
	} {
		got := found(t, x, c.q)
		if strings.Join(got, "|") != strings.Join(c.want, "|") && !sameSet(got, c.want) {
			t.Errorf("%+v finds %q, want %q", c.q, got, c.want)
		}
	}
	for _, q := range []search.Query{{Words: `"open`}, {From: "soon"}, {Words: strings.Repeat("a ", 60)}} {
		if _, err := x.Search(t.Context(), q); !errors.Is(err, search.ErrQuery) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

func sameSet(a, b []string) bool {
	seen := map[string]bool{}
	for _, s := range a {
		seen[s] = true
	}
	for _, s := range b {
		if !seen[s] {
			return false
		}
	}
	return len(a) == len(b)
}

// TestSnippets: they show what was found, on its page.
func TestSnippets(t *testing.T) {
	publishTwo(t)
	x := open(t, t.TempDir())
	sync(t, x)
	r, err := x.Search(t.Context(), search.Query{Words: "boats waited", Box: t.Name()})
	if err != nil || len(r.Hits) != 1 {
		t.Fatal(r, err)
	}
	h := r.Hits[0]
	var marked []string
	for _, p := range h.Snippet {
		if p.Found {
			marked = append(marked, p.Text)
		}
	}
	if h.Page != 2 || strings.Join(marked, " ") != "boats waited" || h.Version != 1 || h.Item != h.Locator.ID() {
		t.Errorf("hit %+v", h)
	}
}

// TestSync: a new version takes the old one's place, an item that went is
// forgotten, and a second index makes itself of the bucket.
func TestSync(t *testing.T) {
	publishTwo(t)
	dir := t.TempDir()
	x := open(t, dir)
	sync(t, x)
	if n := sync(t, x); n != 0 {
		t.Errorf("%d items indexed again", n)
	}
	in := recordtest.Scan(t)
	in.Reading.Structure.Documents = in.Reading.Structure.Documents[:1]
	task := shared.File(t, &in, 2)
	shared.Publish(t, task)
	if n := sync(t, x); n != 1 {
		t.Errorf("%d items changed", n)
	}
	if got := found(t, x, search.Query{Words: "lamp repeat", Box: t.Name()}); got != nil {
		t.Errorf("the document that went is found: %q", got)
	}
	other := open(t, dir) // as another process would, while the first is open
	sync(t, other)
	if got := found(t, other, search.Query{Box: t.Name()}); len(got) != 2 {
		t.Errorf("another copy finds %q", got)
	}
	empty := shared.Client.Bucket("empty")
	if err := shared.Client.EnsureBucket(t.Context(), "empty"); err != nil {
		t.Fatal(err)
	}
	if n, err := x.Sync(context.Background(), empty); err != nil || n < 2 {
		t.Errorf("%d forgotten, %v", n, err)
	}
	if got := found(t, x, search.Query{}); got != nil {
		t.Errorf("of an empty bucket is found %q", got)
	}
}

// TestBrokenIndex: what cannot be opened is made anew.
func TestBrokenIndex(t *testing.T) {
	publishTwo(t)
	dir := t.TempDir()
	x, err := search.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(x.Close(), os.WriteFile(dir+"/v1-0/index_meta.json", []byte("{"), 0o600)); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir)
	sync(t, x)
	if got := found(t, x, search.Query{Words: "ferry", Box: t.Name()}); len(got) != 1 {
		t.Errorf("found %q", got)
	}
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{`a "b c" -d e* f~`, `-"`, `"" * ~ -`, "\x00\xff", "co-operate 611.61/2-361"} {
		f.Add(s, "1961-02")
	}
	x := open(f, f.TempDir())
	f.Fuzz(func(t *testing.T, words, from string) {
		r, err := x.Search(t.Context(), search.Query{Words: words, From: from, Box: from, Participant: words})
		if err != nil && !errors.Is(err, search.ErrQuery) && utf8.ValidString(words) {
			t.Errorf("%q: %v", words, err)
		}
		if r.Total > 0 {
			t.Errorf("an empty index has %d hits", r.Total)
		}
	})
}
