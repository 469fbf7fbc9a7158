package publish_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/alto"
	"nightshift/pipeline/record/annotation"
	"nightshift/pipeline/record/hocr"
	"nightshift/pipeline/record/iiif"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/pdf"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// many is an item of more pages than are held at once, in two documents: words
// broken from page to page, over blank ones too, and corrections without a place on the image.
func many(n int) record.Input {
	var pages []transcript.Page
	for i := range n {
		if i%7 == 3 {
			pages = append(pages, transcript.Page{Version: 1, Blank: true, Blocks: []transcript.Block{}, Image: transcript.Image{Index: i + 1, Width: 1700, Height: 2200}})
			continue
		}
		pages = append(pages, recordtest.Typed(i+1, fmt.Sprintf("ence of day %d at thepier\n\nthe boats waited for the confer-", i)))
		pages[i].Blocks[0].Lines[0].Words[3].Confidence = float64(20 + i%70)
	}
	in := recordtest.Item("Harbour/Box 11/many", pages)
	s, text := &in.Reading.Structure, in.Reading.Text
	correct := func(kind clean.Kind, at, length int, after string) {
		start := utf8.RuneCountInString(text[:at])
		before := text[at : at+length]
		s.Corrections = append(s.Corrections, clean.Correction{Start: start, End: start + utf8.RuneCountInString(before), Before: before, After: after,
			Kind: kind, Rule: "test", Evidence: []string{"drawn so"}, Confidence: 0.99, Decision: clean.Applied})
	}
	for at := range len(text) {
		switch rest := text[at:]; {
		case strings.HasPrefix(rest, "thepier"):
			correct(clean.RunTogether, at+3, 0, " ")
		case strings.HasPrefix(rest, "-\f"):
			if gap := 1 + len(rest[1:]) - len(strings.TrimLeft(rest[1:], "\f")); gap < len(rest) {
				correct(clean.LineBreakHyphen, at, gap, "")
			}
		}
	}
	first, cut := s.Documents[0], in.Reading.Pages[n/2].Start
	second := first
	first.End, second.Start = cut-1, cut
	for _, d := range []*structure.Document{&first, &second} {
		d.Sections = []structure.Section{{Kind: "body", Start: d.Start, End: d.End, Confidence: 1}}
	}
	s.Documents = []structure.Document{first, second}
	return in
}

// TestManyPages: an item whose words are not held at once is published to the
// same bytes as if they were.
func TestManyPages(t *testing.T) {
	d := newDesk(t)
	in := many(120)
	task := d.file(&in, 1)
	stage := d.stage("all")
	d.do(stage, task)
	c := d.current(task.Locator)

	in.Structure = task.Structure
	in.Tools = map[string]string{"nightshift": "test"}
	in.Made = strings.TrimSuffix(c.Folder[strings.LastIndex(strings.TrimSuffix(c.Folder, "/"), "/")+1:], "/")
	rs, err := record.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	equal := func(name string, write func(*bytes.Buffer) error) {
		t.Helper()
		var want bytes.Buffer
		if err := write(&want); err != nil {
			t.Fatal(err)
		}
		if got := d.get(c.Folder + name); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s differs: published %d bytes, held whole %d", name, len(got), want.Len())
		}
	}
	for i := range rs {
		equal(fmt.Sprintf("record-%d.json", i+1), func(b *bytes.Buffer) error {
			raw, err := record.Encode(rs[i])
			b.Write(raw)
			return err
		})
	}
	regions := annotation.Regions{}
	halves := 0
	for p, err := range layer.Pages(in, rs) {
		if err != nil {
			t.Fatal(err)
		}
		regions.Add(p)
		equal(fmt.Sprintf("alto/%04d.xml", p.Number), func(b *bytes.Buffer) error { return alto.Write(b, in, p) })
		equal(fmt.Sprintf("hocr/%04d.html", p.Number), func(b *bytes.Buffer) error { return hocr.Write(b, in, p) })
		for _, block := range p.Blocks {
			for _, l := range block.Lines {
				for _, w := range l.Words {
					if w.Part != 0 && w.Whole == "conference" {
						halves++
					}
				}
			}
		}
	}
	if want := 2 * (120 - 17 - 1); halves < want-2 {
		t.Errorf("%d halves of broken words, want about %d", halves, want)
	}
	equal("item.pdf", func(b *bytes.Buffer) error {
		return pdf.Write(t.Context(), b, recordtest.Drawn{}, in, rs, layer.Pages(in, rs))
	})
	terms := d.Agree(t, publish.Changes{})
	equal("annotations.json", func(b *bytes.Buffer) error {
		return annotation.Write(b, iiif.Item{Base: terms.RecordsURL, Locator: in.Manifest.Locator}, in, rs, regions)
	})
}
