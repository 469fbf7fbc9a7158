package structure

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"nightshift/pipeline/clean"
)

var update = flag.Bool("update", false, "write the goldens anew")

// The goldens are memos of our own; testdata/README.md says what each is for.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts in testdata", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			s := Parse(Input{Text: string(raw)})
			sound(t, string(raw), s)
			s.Corrections, s.Rules = nil, nil // package clean has its own goldens
			got, err := json.MarshalIndent(s, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			golden := strings.TrimSuffix(f, ".txt") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got, 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("differs from %s at %s; go test -update writes it anew", golden, difference(string(got), string(want)))
			}
		})
	}
}

// difference is the first line that differs.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d: %q, want %q", i+1, g[i], w[i])
		}
	}
	return "its end"
}

// badInputs are texts that are no memos: each has a structure all the same.
var badInputs = map[string]string{
	"bytes that close up to a letter": "\xeb\x82\x7f\x8d",
	"empty":                           "",
	"blanks":                          " \n\t\n\f\n ",
	"one long line":                   strings.Repeat("x", 1_000_000),
	"one long line of words":          strings.Repeat("word ", 200_000),
	"a million lines":                 strings.Repeat("a\n", 1_000_000),
	"a million empty lines":           strings.Repeat("\n", 1_000_000),
	"paragraphs of a letter":          strings.Repeat("a\n\n", 100_000),
	"a sign a page":                   strings.Repeat("a\f", 100_000),
	"form feeds":                      strings.Repeat("\f", 100_000),
	"punctuation":                     strings.Repeat(".,;:!?-—()[]\"'", 5000),
	"digits":                          strings.Repeat("1234567890 ", 20_000),
	"mixed scripts":                   strings.Repeat("Москва 東京 القاهرة Ἀθῆναι ", 2000),
	"invalid utf-8":                   "memo\xff\xfe\x80 \xc3\n\n  1. \xff",
	"nested page marks":               strings.Repeat("[Page [Page 5]]", 2000) + "[Page",
	"notes without marks":             "A Memo\n\n" + strings.Repeat("Words stand here. ", 20) + "\n\n  1. First note.\n  2. Second note.\n",
	"marks without notes":             "A Memo1\n\nWords2 stand here.3 More4 of them.5\n",
	"only notes":                      strings.Repeat("  1. A note.\n", 3000),
	"only heads":                      strings.Repeat("SUBJECT\n\n", 3000),
	"only bullets":                    strings.Repeat("  • \n", 3000),
	"symbols":                         strings.Repeat("word* † ‡ ", 5000) + "\n\n  *. Note.\n",
	"marks and notes in plenty":       strings.Repeat("word1 word2 word3 ", 5000) + "\n\n" + strings.Repeat("  1. Note.\n", 5000),
	"heads without end":               strings.Repeat("MEMORANDUM FOR: X\nFROM: Y\nSUBJECT: Z\n", 3000),
}

func TestBadInput(t *testing.T) {
	for name, s := range badInputs {
		t.Run(name, func(t *testing.T) { sound(t, s, Parse(Input{Text: s})) })
	}
	if got := Parse(Input{}); len(got.Notices) == 0 {
		t.Error("an empty text brings no notice")
	}
	if got := Parse(Input{Text: badInputs["notes without marks"]}); len(got.Notices) == 0 {
		t.Error("notes without marks bring no notice")
	}
}

// FuzzParse: any text gives spans inside the text, ordered, and per kind
// disjoint, and corrections that can be undone.
func FuzzParse(f *testing.F) {
	for _, s := range badInputs {
		f.Add(s[:min(len(s), 2000)]) // short seeds are tried more often
	}
	files, _ := filepath.Glob("testdata/*.txt")
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 1<<16 {
			sound(t, s, Parse(Input{Text: s}))
		}
	})
}

// sound checks what holds for every text.
func sound(t *testing.T, text string, s Structure) {
	t.Helper()
	n := utf8.RuneCountInString(text)
	if s.Text.Length != n {
		t.Fatalf("the text has %d code points, not %d", n, s.Text.Length)
	}
	within := func(what string, start, end, lo, hi int) {
		t.Helper()
		if start < lo || end < start || end > hi {
			t.Fatalf("%s %d-%d is not inside %d-%d", what, start, end, lo, hi)
		}
	}
	at := 0
	for i, d := range s.Documents {
		within("document", d.Start, d.End, at, n)
		at = d.End
		if !slices.Contains(Kinds, d.Kind) {
			t.Fatalf("document %d is of kind %q", i, d.Kind)
		}
		last, ends := 0, map[string]int{}
		for _, sec := range d.Sections {
			within("section "+sec.Kind, sec.Start, sec.End, d.Start, d.End)
			if sec.Start < last {
				t.Fatalf("section %s at %d stands after one at %d", sec.Kind, sec.Start, last)
			}
			if sec.Start < ends[sec.Kind] {
				t.Fatalf("section %s at %d overlaps another, which ends at %d", sec.Kind, sec.Start, ends[sec.Kind])
			}
			if sec.Confidence < 0 || sec.Confidence > 1 {
				t.Fatalf("section %s has confidence %v", sec.Kind, sec.Confidence)
			}
			last, ends[sec.Kind] = sec.Start, sec.End
		}
		last = d.Start
		for _, m := range d.PageMarks {
			within("page mark", m.Start, m.End, last, d.End)
			last = m.End
		}
		last = d.Start
		for _, m := range d.NoteMarks {
			within("note mark", m.Start, m.End, last, d.End)
			last = m.End
			if m.Note < 0 || m.Note > len(d.Notes) {
				t.Fatalf("a mark of note %d, of %d notes", m.Note, len(d.Notes))
			}
		}
		last = d.Start
		for _, m := range d.Notes {
			within("note", m.Start, m.End, last, d.End)
			last = m.End
		}
		for _, v := range valuesOf(d) {
			within("value "+v.Value, v.Start, v.End, d.Start, d.End)
		}
	}
	text = string([]rune(text)) // corrections are of valid UTF-8, each other byte a code point
	back, err := clean.Undo(clean.Apply(text, s.Corrections), s.Corrections)
	if err != nil || back != text {
		t.Fatalf("the corrections cannot be undone: %v", err)
	}
}

func valuesOf(d Document) []Value {
	var out []Value
	for _, v := range []*Value{d.Place, d.Classification, d.From, d.To, d.Through, d.FileNumber, d.Salutation, d.Closing} {
		if v != nil {
			out = append(out, *v)
		}
	}
	for _, vs := range [][]Value{d.Copies, d.References, d.Signatures, d.Enclosures, d.Stamps} {
		out = append(out, vs...)
	}
	for _, x := range d.Subjects {
		out = append(out, Value{Value: x.Text, Start: x.Start, End: x.End})
	}
	for _, x := range d.Participants {
		out = append(out, Value{Value: x.Name, Start: x.Start, End: x.End})
	}
	if d.Date != nil {
		out = append(out, Value{Value: d.Date.Value, Start: d.Date.Start, End: d.Date.End})
	}
	return out
}

// BenchmarkParse shows that time grows with the length of the text, and the
// bytes a second.
func BenchmarkParse(b *testing.B) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		b.Fatal("no texts", err)
	}
	var all strings.Builder
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		all.Write(raw)
		all.WriteByte('\f')
	}
	for _, size := range []int{1 << 18, 1 << 20, 1 << 22} {
		s := strings.Repeat(all.String(), size/all.Len()+1)[:size]
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for range b.N {
				Parse(Input{Text: s})
			}
		})
	}
}
