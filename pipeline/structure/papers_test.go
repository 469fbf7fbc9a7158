package structure

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/txtar"

	"nightshift/pipeline/transcript"
)

// variants are the ways in which engines misread a paper: what it is made of its rows.
var variants = []struct {
	name string
	rows func([]string) []string
}{
	{"plain", func(rows []string) []string { return rows }},
	{"letters", replaced(
		"FROM ", "FRQM ", "FROM:", "FRQM:", "SUBJECT", "SUBJEGT", "TO  ", "T0  ", "DATE ", "DATF ", "MEMORANDUM", "MEHORANDUM", "Memorandum", "Memoréindum",
		"ROUTING AND", "ROUTINC AND", "CLASSIFIED MESSAGE", "CLASSIFiED MESSACE", "CONFIDENTIAL", "CONFIDENTIAI", "TOP SECRET", "TOP SECREI", "IDENTIFICATION", "IDENTlFICATION",
		"DISPATCH", "DISPATCR", "TRANSMITTAL", "TRANSNITTAL", "RECORD NUMBER", "RECORD NUHBER", "TITLE ", "TITLF ", "TELEGRAM", "TELEGRAH")},
	{"colons", func(rows []string) []string {
		var out []string
		for _, r := range rows {
			out = append(out, colonOfLabel.ReplaceAllString(r, "$1$2 "))
		}
		return out
	}},
	{"specks", func(rows []string) []string {
		var out []string
		for i, r := range rows {
			switch {
			case strings.TrimSpace(r) == "" || strings.HasPrefix(r, "="):
			case i%5 == 2 && strings.HasPrefix(r, "  "):
				r = "~. " + strings.TrimPrefix(r, "   ")
			case i%4 == 1 && len(r) < 64:
				r += strings.Repeat(" ", 68-len(r)) + "~v' ~;"
			}
			out = append(out, r)
		}
		return out
	}},
	{"cells", func(rows []string) []string { return rows }}, // see TestPapers
}

var colonOfLabel = regexp.MustCompile(`(?m)^(\s*[A-Z]{2,9})( *):`)

func replaced(pairs ...string) func([]string) []string {
	r := strings.NewReplacer(pairs...)
	return func(rows []string) []string { return strings.Split(r.Replace(strings.Join(rows, "\n")), "\n") }
}

// Papers of every kind of form give their values, however they were misread.
func TestPapers(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/papers.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		head, text, _ := strings.Cut(string(f.Data), "\n\n")
		for _, v := range variants {
			t.Run(f.Name+"/"+v.name, func(t *testing.T) {
				var pages []transcript.Page
				for sheet := range strings.SplitSeq(text, "\n=\n") {
					p := scannedPage(v.rows(strings.Split(sheet, "\n")))
					if v.name == "cells" {
						p = inCells(p)
					}
					pages = append(pages, p)
				}
				read, layout := transcript.TextAsRead(pages)
				docs := Parse(Input{Text: read, Layout: layout}).Documents
				if len(docs) != 1 {
					t.Errorf("%d documents", len(docs))
				}
				for want := range strings.SplitSeq(head, "\n") {
					name, value, _ := strings.Cut(want, ": ")
					if got := valueNamed(t, &docs[0], name); folded(got) != folded(strings.TrimPrefix(value, "-")) {
						t.Errorf("%s: %q, want %q", name, got, value)
					}
				}
			})
		}
	}
}

// inCells has a page's rows be read cell by cell, as engines read forms: what stands
// apart is a line of its own, and columns follow each other.
func inCells(p transcript.Page) transcript.Page {
	const third = 1700 / 3
	var columns [3][]transcript.Block
	for _, b := range p.Blocks {
		for _, l := range b.Lines {
			from := 0
			for i := 1; i <= len(l.Words); i++ {
				if i < len(l.Words) && l.Words[i].Box[0]-l.Words[i-1].Box[2] < 60 {
					continue
				}
				cell := transcript.Line{Words: l.Words[from:i]}
				first, last := cell.Words[0].Box, cell.Words[len(cell.Words)-1].Box
				cell.Box = transcript.Box{first[0], first[1], last[2], last[3]}
				c := min(2, first[0]/third)
				columns[c] = append(columns[c], transcript.Block{Lines: []transcript.Line{cell}})
				from = i
			}
		}
	}
	p.Blocks = append(append(columns[0], columns[1]...), columns[2]...)
	return p
}

func valueNamed(t *testing.T, d *Document, name string) string {
	t.Helper()
	switch name {
	case "kind":
		return d.Kind
	case "to":
		return valueOf(d.To)
	case "from":
		return valueOf(d.From)
	case "through":
		return valueOf(d.Through)
	case "place":
		return valueOf(d.Place)
	case "classification":
		return valueOf(d.Classification)
	case "fileNumber":
		return valueOf(d.FileNumber)
	case "salutation":
		return valueOf(d.Salutation)
	case "number":
		if d.Number != nil {
			return *d.Number
		}
	case "date":
		if d.Date != nil {
			return d.Date.Value
		}
	case "subject":
		var all []string
		for _, s := range d.Subjects {
			all = append(all, s.Text)
		}
		return strings.Join(all, " ")
	default:
		t.Fatalf("no value is called %q", name)
	}
	return ""
}

// folded is the letters and figures of a value: blanks and stops are not compared here.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
