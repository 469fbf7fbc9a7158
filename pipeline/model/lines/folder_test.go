package lines

import (
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A folder's pages become lines: those whose truth fits. What nobody could read,
// what stands in the truth alone, and what a sealed page says are not among them; a
// page that is broken is told.
func TestFolder(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "scans", "box")
	text := []string{
		"The Chairman has written to the Minister",
		"and asked for an answer within a week. No",
		"reply has come from London as yet, though",
		"the matter is one of some urgency to all",
		"those who took part in the conference.",
	}
	truth := slices.Clone(text)
	truth[2] = "reply has come [?] London as yet, though"
	truth[3] = "the matter is \u201cone\u201d of some urgency to all"
	truth = append(truth, "This stands nowhere on the page at all.")
	put(t, filepath.Join(dir, "A_01.gt.txt"), strings.Join(truth, "\n"))
	put(t, filepath.Join(dir, "B_01.gt.txt"), text[0])
	put(t, filepath.Join(dir, "C_01.gt.txt"), text[0])
	put(t, filepath.Join(dir, "C_01.png"), "no picture")
	put(t, filepath.Join(root, "eval", "sealed.txt"), "# left out\nscans/box/B\n")
	for _, name := range []string{"A_01.png", "B_01.png"} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, typed(t, text...)); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var told int
	o := Options{Cache: filepath.Join(root, "cache"), Told: func(Page) { told++ }}
	ls, pages, err := Folder(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) != 2 || told != 2 || pages[0].Err != nil || pages[1].Err == nil {
		t.Fatalf("%+v", pages)
	}
	want := []string{text[0], text[1], strings.Replace(text[3], "one", `"one"`, 1), text[4]}
	got := strings.Split(texts(ls), "\n")
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("no line %q in %q", w, got)
		}
	}
	for _, l := range ls {
		if l.Source != "box/A_01" || strings.Contains(l.Text, "[?]") || strings.Contains(l.Text, "nowhere") || l.Image.Rect.Dy() < 2*l.Margin+20 {
			t.Errorf("%+v", l.Text)
		}
	}
	again, _, err := Folder(t.Context(), dir, o)
	if err != nil || texts(again) != texts(ls) {
		t.Errorf("from what was kept: %q, %v", texts(again), err)
	}
}

func TestParseTruth(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"plain": {"one\r\n\r\ntwo\n", "one|two"},
		"PAGE": {`<?xml version="1.0"?><PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Page><TextRegion>
<TextLine><Word><TextEquiv><Unicode>no</Unicode></TextEquiv></Word><TextEquiv><Unicode>one line</Unicode></TextEquiv></TextLine>
<TextLine><Word><TextEquiv><Unicode>by</Unicode></TextEquiv></Word><Word><TextEquiv><Unicode>words</Unicode></TextEquiv></Word></TextLine>
<TextEquiv><Unicode>of the region</Unicode></TextEquiv></TextRegion></Page></PcGts>`, "one line|by words"},
		"ALTO": {`<alto><Layout><Page WIDTH="9" HEIGHT="9"><PrintSpace><TextBlock><TextLine><String CONTENT="one"/><String CONTENT="line"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>`, "one line"},
	} {
		got, err := ParseTruth([]byte(c.raw))
		if err != nil || strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, raw := range []string{"<PcGts><Page>", "\x00\x01"} {
		if _, err := ParseTruth([]byte(raw)); err == nil {
			t.Errorf("%q is a truth", raw)
		}
	}
}

func FuzzParseTruth(f *testing.F) {
	f.Add([]byte("one\ntwo"))
	f.Add([]byte(`<PcGts><Page><TextLine><TextEquiv><Unicode>a</Unicode></TextEquiv></TextLine></Page></PcGts>`))
	f.Add([]byte(`<alto><Layout><Page><TextLine><String CONTENT="a"/></TextLine></Page></Layout></alto>`))
	f.Fuzz(func(t *testing.T, raw []byte) { _, _ = ParseTruth(raw) })
}
