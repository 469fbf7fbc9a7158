package publish_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// TestTextOfEveryKindInEveryRendition: letters that run right to left, marks that
// combine, overrides, and characters that XML forbids go into every rendition
// that there is; each is well-formed, and the letters are there.
func TestTextOfEveryKindInEveryRendition(t *testing.T) {
	const (
		hebrew    = "שלום עולם"
		arabic    = "السلام"
		combining = "e\u0301le\u0300ve n\u0303o"
		override  = "a\u202eb\u202cc"
	)
	lines := []string{
		"Memorandum", hebrew + " and " + arabic, combining, override,
		"nul \x00 bell \x07 escape \x1b form \x0e not a character \ufffe \uffff gone",
		"<b> & \"quotes\" ]]> -- <!--", "face \U0001F600 and plane two \U00020000",
	}
	var pages []transcript.Page
	for i := range 2 {
		pages = append(pages, recordtest.Typed(i+1, strings.Join(lines, "\n")))
	}
	in := recordtest.Item("Scripts/Box 1/every kind", pages)
	for _, p := range in.Reading.Pages {
		d := &in.Reading.Structure.Documents[0]
		d.Sections = append(d.Sections, structure.Section{Kind: "body", Start: p.Start, End: p.End, Confidence: 1})
	}
	d := newDesk(t)
	task := d.file(&in, 1)
	d.do(d.stage("all"), task)
	c := d.current(task.Locator)
	seen := map[string]bool{}
	for info, err := range d.Records.List(t.Context(), c.Folder) {
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(info.Key, c.Folder)
		raw := d.get(info.Key)
		seen[strings.TrimRight(strings.TrimSuffix(path.Base(name), path.Ext(name)), "0123456789-")+path.Ext(name)] = true
		switch path.Ext(name) {
		case ".xml", ".html":
			text := wellFormed(t, name, raw)
			if name == "mets.xml" {
				continue
			}
			for _, want := range []string{"שלום", arabic, "e\u0301le\u0300ve", "\U0001F600"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s lacks %q", name, want)
				}
			}
		case ".json":
			if !json.Valid(raw) {
				t.Errorf("%s is no JSON", name)
			}
		case ".txt":
			if !utf8.Valid(raw) || !strings.Contains(string(raw), hebrew) || !strings.Contains(string(raw), combining) {
				t.Errorf("%s is not the text", name)
			}
		case ".pdf":
			if !bytes.HasPrefix(raw, []byte("%PDF-")) || !bytes.Contains(raw[max(0, len(raw)-64):], []byte("%%EOF")) {
				t.Errorf("%s is no whole PDF", name)
			}
		default:
			t.Errorf("%s is of no kind that is looked at", name)
		}
	}
	t.Log(seen)
	if len(seen) < 9 {
		t.Errorf("only %v were made", seen)
	}
}

// wellFormed reads XML to its end and gives the text and the attributes in it,
// which hold no character that XML forbids.
func wellFormed(t *testing.T, name string, raw []byte) string {
	t.Helper()
	var text strings.Builder
	dec := xml.NewDecoder(bytes.NewReader(raw))
	dec.Strict, dec.Entity = true, nil
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Errorf("%s is not well-formed: %v", name, err)
			return ""
		}
		switch x := tok.(type) {
		case xml.CharData:
			text.Write(x)
		case xml.StartElement:
			for _, a := range x.Attr {
				text.WriteString(" " + a.Value)
			}
		}
	}
}
