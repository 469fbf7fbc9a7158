package iiif_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/annotation"
	"nightshift/pipeline/record/iiif"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/recordtest"
)

var links = []string{"alto/0001.xml", "tei.xml", "annotations.json", "item.pdf", "mets.xml"}

// write gives the item's manifest and annotations; the manifest is empty for
// an item without images.
func write(t testing.TB, in record.Input) (manifest, annotations []byte) {
	t.Helper()
	rs, err := record.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	at := iiif.Item{Base: "https://records.example.org", Locator: in.Manifest.Locator}
	var m, a bytes.Buffer
	if err := iiif.Write(&m, at, in, rs, links); err != nil && !errors.Is(err, iiif.ErrNoImages) {
		t.Fatal(err)
	}
	regions := annotation.Regions{}
	for p, err := range layer.Pages(in, rs) {
		if err != nil {
			t.Fatal(err)
		}
		regions.Add(p)
	}
	if err := annotation.Write(&a, at, in, rs, regions); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(a.Bytes()) || m.Len() > 0 && !json.Valid(m.Bytes()) {
		t.Fatalf("not JSON:\n%s\n%s", m.Bytes(), a.Bytes())
	}
	return m.Bytes(), a.Bytes()
}

func TestManifest(t *testing.T) {
	raw, _ := write(t, recordtest.Scan(t))
	var m struct {
		Items []struct {
			ID            string
			Width, Height int
			Items         []struct{ Items []any }
		}
		Structures []struct{ Items []struct{ ID string } }
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Items) != 5 || m.Items[0].Width != 1700 || len(m.Items[0].Items[0].Items) != 1 || len(m.Items[2].Items[0].Items) != 0 {
		t.Errorf("canvases %+v", m.Items)
	}
	if len(m.Structures) != 2 || len(m.Structures[0].Items) != 4 || m.Structures[1].Items[0].ID != m.Items[4].ID {
		t.Errorf("ranges %+v", m.Structures)
	}
	if raw, _ := write(t, recordtest.Ferry(t)); len(raw) != 0 {
		t.Error("a text has a manifest")
	}
}

func TestAnnotations(t *testing.T) {
	in := recordtest.Scan(t)
	_, raw := write(t, in)
	var page struct {
		Items []struct {
			Motivation string
			Target     []struct {
				Source   string
				Selector struct {
					Type, Value string
					Start, End  int
					RefinedBy   struct{ Exact string }
				}
			}
		}
	}
	if err := json.Unmarshal(raw, &page); err != nil {
		t.Fatal(err)
	}
	text := []rune(in.Reading.Text)
	edits := 0
	for _, a := range page.Items {
		s := a.Target[0].Selector
		if string(text[s.Start:s.End]) != s.RefinedBy.Exact {
			t.Errorf("at %d-%d stands %q, quoted %q", s.Start, s.End, string(text[s.Start:s.End]), s.RefinedBy.Exact)
		}
		if len(a.Target) < 2 || !strings.Contains(a.Target[1].Source, "/canvas/") || !strings.HasPrefix(a.Target[1].Selector.Value, "xywh=") {
			t.Errorf("%s annotation has no region: %+v", a.Motivation, a.Target)
		}
		if a.Motivation == "editing" {
			edits++
		}
	}
	if edits != 1 || len(page.Items) != 7 {
		t.Errorf("%d annotations, %d edits", len(page.Items), edits)
	}
}

func TestAwkwardItems(t *testing.T) {
	for _, in := range recordtest.Awkward(t) {
		write(t, in)
	}
}
