package samplebox

import (
	"bytes"
	"image"
	"os"
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/ocr"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

func TestMain(m *testing.M) {
	ocr.ChildMain()
	os.Exit(m.Run())
}

// A folder of ten documents scanned into one PDF of eleven pages: read by the real
// engine, it is cut where each begins, and each is of its kind.
func TestFolderPDF(t *testing.T) {
	raw, err := os.ReadFile("../../pipeline/structure/testdata/folder.txt")
	if err != nil {
		t.Fatal(err)
	}
	typist, err := newTypewriter(31, dpi)
	if err != nil {
		t.Fatal(err)
	}
	var drawn []*image.Gray
	for i, page := range strings.Split(string(raw), "\f") {
		drawn = append(drawn, wear{skew: 3 * (i%5 - 2), specks: 20}.apply(typist.sheet(page, 50), dpi, &typist.hand))
	}
	files, err := asPDF("folder", drawn)
	if err != nil {
		t.Fatal(err)
	}
	src := bytes.NewReader(files["folder.pdf"])
	pool, err := ocr.NewPool(t.Context(), ocr.PoolConfig{Children: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	plans, err := pool.Plan(t.Context(), src, "folder.pdf", "")
	if err != nil || len(plans) != 11 {
		t.Fatalf("%d pages, %v", len(plans), err)
	}
	pages := make([]transcript.Page, len(plans))
	for i, plan := range plans {
		if pages[i], err = pool.Read(t.Context(), src, "folder.pdf", "", plan.Index, ocr.Settings{}); err != nil {
			t.Fatal(err)
		}
	}
	text, layout := transcript.TextAsRead(pages)
	var begins []int
	var kinds []string
	for _, d := range structure.Parse(structure.Input{Text: text, Layout: layout}).Documents {
		begins = append(begins, 1+strings.Count(string([]rune(text)[:d.Start]), "\f"))
		kinds = append(kinds, d.Kind)
	}
	if want := []int{1, 2, 3, 4, 5, 7, 8, 9, 10, 11}; !slices.Equal(begins, want) {
		t.Errorf("documents begin on pages %v, want %v", begins, want)
	}
	if want := []string{"cover-sheet", "routing-slip", "memorandum", "memorandum-for-the-record", "despatch", "telegram", "letter", "minutes", "report", "telegram"}; !slices.Equal(kinds, want) {
		t.Errorf("kinds\n%v, want\n%v", kinds, want)
	}
}
