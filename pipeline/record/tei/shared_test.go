//go:build shared

package tei_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
)

func TestValidTEI(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for i, in := range append(recordtest.Awkward(t), recordtest.Published(t, 100)...) {
		name := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
		if err := os.WriteFile(name, []byte(write(t, in)), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	recordtest.Jing(t, "tei_all-4.0.0.rng", files...)
}

// read is what a reader of the TEI gets out of it.
type read struct {
	head, text, number string
	notes, pages       []string
	names, roles       []string
}

// readBack reads a single document's TEI without knowing how it was written:
// corr for sic, the first of two unclear readings.
func readBack(t *testing.T, s string) read {
	t.Helper()
	var r read
	var path []string
	unclear := 0
	dec := xml.NewDecoder(strings.NewReader(s))
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return r
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			path = append(path, e.Name.Local)
			attribute := func(name string) string {
				for _, a := range e.Attr {
					if a.Name.Local == name {
						return a.Value
					}
				}
				return ""
			}
			switch e.Name.Local {
			case "note":
				r.notes = append(r.notes, "")
			case "pb":
				if attribute("ed") == "print" {
					r.pages = append(r.pages, attribute("n"))
				}
			case "persName":
				if slices.Contains(path, "person") {
					r.names, r.roles = append(r.names, ""), append(r.roles, "")
				}
			case "div":
				r.number = attribute("n")
			case "choice":
				unclear = 0
			case "unclear":
				unclear++
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			r.take(path, string(e), unclear)
		}
	}
}

// take files text under what it stands in.
func (r *read) take(path []string, s string, unclear int) {
	in := func(name string) bool { return slices.Contains(path, name) }
	switch {
	case in("person") && in("persName"):
		r.names[len(r.names)-1] += s
	case in("person") && in("occupation"):
		r.roles[len(r.roles)-1] += s
	case !in("body"):
		if in("note") {
			r.notes = r.notes[:len(r.notes)-1] // of the header
			r.notes = append(r.notes, "\x00")
		}
	case in("note"):
		r.notes[len(r.notes)-1] += s
	case in("sic") || in("fw") || unclear > 1 && in("unclear"):
	default:
		if in("head") {
			r.head += s
		}
		r.text += s
	}
}

func TestReadBackEqualsGold(t *testing.T) {
	for _, in := range recordtest.Published(t, 1000) {
		got := readBack(t, write(t, in))
		d := in.Reading.Structure.Documents[0]
		name := in.Manifest.Locator
		title := *d.Title
		head := got.head
		if d.Number != nil {
			head = strings.TrimSpace(strings.TrimPrefix(head, *d.Number+"."))
			if got.number != *d.Number {
				t.Errorf("%s: number %q, want %q", name, got.number, *d.Number)
			}
		}
		if squeeze(head) != squeeze(title) {
			t.Errorf("%s: head %q, title %q", name, head, title)
		}
		var notes, want []string
		for _, n := range got.notes {
			if n != "\x00" && n != "" {
				notes = append(notes, squeeze(n))
			}
		}
		for _, n := range d.Notes {
			want = append(want, squeeze(n.Text))
		}
		slices.Sort(notes)
		slices.Sort(want)
		if !slices.Equal(notes, want) {
			t.Errorf("%s: notes %q, want %q", name, notes, want)
		}
		var pages []string
		for _, p := range d.PageMarks {
			pages = append(pages, p.Label)
		}
		if !slices.Equal(got.pages, pages) {
			t.Errorf("%s: pages %q, want %q", name, got.pages, pages)
		}
		for i, p := range d.Participants {
			if i >= len(got.names) || got.names[i] != p.Name || got.roles[i] != p.Role {
				t.Errorf("%s: participant %d is not %q, %q", name, i+1, p.Name, p.Role)
			}
		}
		rs, err := record.Build(in)
		if err != nil {
			t.Fatal(err)
		}
		if g, w := letters(got.text), letters(rs[0].Text); g != w {
			t.Errorf("%s: the text differs\n%s\n%s", name, g, w)
		}
	}
}

func squeeze(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "ʼ", "’")), " ")
}

// letters is s without white space and bullets, which lists leave out.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("•·-–—*○▪", r) {
			return -1
		}
		return r
	}, s)
}
