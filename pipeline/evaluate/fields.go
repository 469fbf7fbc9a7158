package evaluate

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"nightshift/pipeline/structure"
)

// Fields is NAME.fields.json: what a person read on the page images of an item.
// An item of one document may give the document's values at the top.
type Fields struct {
	ID        string          `json:"id"`
	Pages     int             `json:"pages"`
	Documents []FieldDocument `json:"documents"`
	Illegible []int           `json:"illegible"` // pages that no reader could read
	FieldDocument
}

// FieldDocument is one document of the item. Values that it has not are null.
type FieldDocument struct {
	FirstPage      int        `json:"firstPage"`
	LastPage       int        `json:"lastPage"`
	Kind           string     `json:"kind"`
	Title          string     `json:"title"`
	Number         string     `json:"number"`
	Reference      string     `json:"reference"`
	Place          string     `json:"place"`
	Date           *FieldDate `json:"date"`
	Classification string     `json:"classification"`
	Subject        string     `json:"subject"`
	From           string     `json:"from"`
	To             string     `json:"to"`
	Salutation     string     `json:"salutation"`
	Closing        string     `json:"closing"`
	Signatures     FieldNames `json:"signatures"`
	Enclosures     []string   `json:"enclosures"`
	Stamps         []string   `json:"stamps"`
	FileNumber     string     `json:"fileNumber"`
	CoverFields    struct {   // of a form that covers a file
		AgencyFileNumber string `json:"agencyFileNumber"`
	} `json:"coverFields"`
	Catchwords      []PageText `json:"catchwords"`
	RunningHeads    []PageText `json:"runningHeads"`
	Headings        []string   `json:"headings"`
	ParagraphStarts []string   `json:"paragraphStarts"`
}

// FieldDate is a date as it stands, and ISO 8601; Value is empty where no person
// could tell.
type FieldDate struct {
	Text  string `json:"text"`
	Value string `json:"value"`
}

// PageText is a text on a page, numbered from 1.
type PageText struct {
	Page int    `json:"page"`
	Text string `json:"text"`
}

// FieldNames are names, given as texts or as objects with a name.
type FieldNames []string

// UnmarshalJSON takes both.
func (f *FieldNames) UnmarshalJSON(raw []byte) error {
	var any []json.RawMessage
	if err := json.Unmarshal(raw, &any); err != nil {
		return err
	}
	for _, r := range any {
		var s string
		if json.Unmarshal(r, &s) != nil {
			var o struct {
				Name string `json:"name"`
			}
			if err := json.Unmarshal(r, &o); err != nil {
				return err
			}
			s = o.Name
		}
		*f = append(*f, s)
	}
	return nil
}

// ReadFields reads NAME.fields.json.
func ReadFields(fsys fs.FS, file string) (Fields, error) {
	var f Fields
	raw, err := fs.ReadFile(fsys, file)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, fmt.Errorf("%s: %w", file, err)
	}
	if len(f.Documents) == 0 {
		d := f.FieldDocument
		d.FirstPage, d.LastPage = 1, f.Pages
		f.Documents = []FieldDocument{d}
	}
	return f, nil
}

// WhereNone ends the names of scores that count values found where a person saw none.
const WhereNone = " where there is none"

// Item counts the structure of a scanned item against what a person read on it.
// text is the item's text as read, its pages parted by form feeds. Values are
// compared document by document for documents that begin on the same page;
// those of a document that was not found are missed.
func (r *Report) Item(item string, f Fields, text string, s structure.Structure) {
	pages := pageStarts(text)
	found := map[int]*structure.Document{}
	var starts []string
	for i := range s.Documents {
		p := pageAt(pages, s.Documents[i].Start)
		if found[p] == nil {
			found[p] = &s.Documents[i]
		}
		starts = append(starts, fmt.Sprintf("page %d", p))
	}
	var truth []string
	for _, d := range f.Documents {
		truth = append(truth, fmt.Sprintf("page %d", d.FirstPage))
	}
	r.sets(item, "boundaries, first pages with it", truth, starts)
	r.sets(item, "boundaries inside items", truth[1:], starts[min(1, len(starts)):])
	for _, d := range f.Documents {
		h := found[d.FirstPage]
		if h == nil {
			h = &structure.Document{}
		}
		r.document(fmt.Sprintf("%s p%d", item, d.FirstPage), d, h, []rune(text), pages)
	}
}

func (r *Report) document(item string, d FieldDocument, h *structure.Document, text []rune, pages []int) {
	kind := d.Kind
	if kind == "dispatch" {
		kind = "despatch"
	}
	r.row(item, "kind", kind, h.Kind, kind == h.Kind)
	from := startOf(pages, d.FirstPage, len(text))
	own := string(text[from:max(from, startOf(pages, max(d.FirstPage, d.LastPage)+1, len(text)))])
	if d.Date != nil && d.Date.Value != "" {
		got := ""
		if h.Date != nil {
			got = first(h.Date.Value, 10)
		}
		r.read(item, "date", d.Date.Value, got, d.Date.Value == got, legibleDate(*d.Date, own))
	} else if d.Date == nil && h.Date != nil {
		r.Rows = append(r.Rows, Row{Item: item, Value: "date", Found: h.Date.Value})
		r.score("value date"+WhereNone).Extra++
	}
	subject := ""
	for i, x := range h.Subjects {
		if i > 0 {
			subject += "; "
		}
		subject += x.Text
	}
	number := d.Number
	if number == "" {
		number = d.Reference
	}
	file := d.FileNumber
	if file == "" {
		file = d.CoverFields.AgencyFileNumber
	}
	for _, v := range []struct{ name, truth, found string }{
		{"title", d.Title, deref(h.Title)}, {"number", number, deref(h.Number)}, {"place", d.Place, value(h.Place)}, {"subject", d.Subject, subject},
		{"from", d.From, value(h.From)}, {"to", d.To, value(h.To)}, {"classification", d.Classification, value(h.Classification)},
		{"salutation", d.Salutation, value(h.Salutation)}, {"closing", d.Closing, value(h.Closing)}, {"fileNumber", file, value(h.FileNumber)},
	} {
		if v.truth != "" {
			r.read(item, v.name, v.truth, v.found, Agrees(v.truth, v.found), Legible(v.truth, own))
		} else if v.found != "" {
			r.Rows = append(r.Rows, Row{Item: item, Value: v.name, Found: v.found})
			r.score("value "+v.name+WhereNone).Extra++
		}
	}
	if d.ParagraphStarts == nil {
		return
	}
	r.lists(item, d, h)
	r.layout(item, d, h, text, pages)
}

func (r *Report) lists(item string, d FieldDocument, h *structure.Document) {
	values := func(vs []structure.Value) []string {
		return each(vs, func(v structure.Value) string { return v.Value })
	}
	r.matched(item, "signatures", d.Signatures, values(h.Signatures))
	r.matched(item, "enclosures", d.Enclosures, values(h.Enclosures))
}

// layout counts what the layout of pages tells: catchwords, page heads, headings,
// paragraphs, and stamps that stand in no paragraph.
func (r *Report) layout(item string, d FieldDocument, h *structure.Document, text []rune, pages []int) {
	of := func(kinds ...string) (out []string) {
		for _, s := range h.Sections {
			if slices.Contains(kinds, s.Kind) && s.Start >= 0 && s.Start <= s.End && s.End <= len(text) {
				out = append(out, string(text[s.Start:s.End]))
			}
		}
		return out
	}
	words := func(ps []PageText) []string { return each(ps, func(p PageText) string { return p.Text }) }
	r.matched(item, "catchwords", words(d.Catchwords), of("catchword"))
	r.matched(item, "running heads", words(d.RunningHeads), of("running-head"))
	r.matched(item, "headings", d.Headings, of("heading"))
	starts := each(of("body", "list"), func(s string) string { return firstWords(s, 6) })
	truth := each(d.ParagraphStarts, func(s string) string { return firstWords(s, 6) })
	r.matched(item, "paragraph beginnings", truth, starts)
	body := letters(strings.Join(of("body", "list"), " "))
	s := r.score("stamps kept out of the body")
	s.Exact = true
	for _, stamp := range d.Stamps {
		if n := letters(firstWords(stamp, 4)); len(n) > 5 && strings.Contains(body, n) {
			s.Missed++
			r.Rows = append(r.Rows, Row{Item: item, Value: "stamp in the body", Truth: stamp, Found: stamp})
			continue
		}
		s.Right++
	}
}

// row counts a value and keeps it for the table.
func (r *Report) row(item, name, truth, found string, right bool) {
	r.exact(item, "value "+name, truth, found, right)
	r.Rows = append(r.Rows, Row{Item: item, Value: name, Truth: truth, Found: found, Right: right})
}

// read counts a value that was read on the pages, and again among those that stand
// in the text as read.
func (r *Report) read(item, name, truth, found string, right, legible bool) {
	r.row(item, name, truth, found, right)
	if !right && !legible {
		r.Rows[len(r.Rows)-1].Illegible = true
		return
	}
	s := r.score("value " + name + ", legible as read")
	s.Exact = true
	if right {
		s.Right++
	} else {
		s.Missed++
	}
}

// matched pairs true and found texts that agree, each once.
func (r *Report) matched(item, name string, truth, found []string) {
	s := r.score(name)
	used := make([]bool, len(found))
	for _, t := range truth {
		hit := slices.IndexFunc(found, func(f string) bool { return Agrees(t, f) })
		for hit >= 0 && used[hit] {
			next := slices.IndexFunc(found[hit+1:], func(f string) bool { return Agrees(t, f) })
			if next < 0 {
				hit = -1
				break
			}
			hit += 1 + next
		}
		got := ""
		if hit >= 0 {
			used[hit], got = true, found[hit]
			s.Right++
		} else {
			s.Missed++
		}
		r.Rows = append(r.Rows, Row{Item: item, Value: name, Truth: t, Found: got, Right: hit >= 0})
	}
	for i, f := range found {
		if !used[i] {
			s.Extra++
			r.Rows = append(r.Rows, Row{Item: item, Value: name, Found: f})
		}
	}
}

// Agrees tells whether a value read by an engine is the one a person read:
// letters and digits alone, in lower case, at least three in four of them the
// same; or the same words, for the most part. Remarks of the person in brackets
// ("(handwritten)", "(?)") do not count.
func Agrees(truth, found string) bool {
	if found == "" {
		return truth == ""
	}
	bare := withoutRemarks(truth)
	a, b := letters(bare), letters(found)
	if a == "" {
		return b == letters(truth)
	}
	if n := max(len(a), len(b)); 4*Distance(a, b) <= n {
		return true
	}
	if a2 := letters(truth); 4*Distance(a2, b) <= max(len(a2), len(b)) {
		return true
	}
	return wordsInCommon(bare, found) >= 0.7
}

// wordsInCommon is the F1 of the two bags of words, near ones taken as the same.
func wordsInCommon(a, b string) float64 {
	x, y := strings.Fields(spaced(a)), strings.Fields(spaced(b))
	used := make([]bool, len(y))
	common := 0
	for _, w := range x {
		for j, v := range y {
			if !used[j] && 4*Distance(w, v) <= max(len(w), len(v)) {
				used[j] = true
				common++
				break
			}
		}
	}
	return share(2*common, len(x)+len(y))
}

func withoutRemarks(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '(')
		j := strings.IndexByte(s, ')')
		if i < 0 || j < i {
			return b.String() + s
		}
		in := s[i+1 : j]
		b.WriteString(s[:i])
		if !strings.Contains(in, "?") && !strings.Contains(in, "handwritten") && !strings.Contains(in, "illegible") {
			b.WriteString(s[i : j+1])
		}
		s = s[j+1:]
	}
}

func spaced(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 0x80 && (unicode.IsLetter(r) || unicode.IsMark(r)) {
			return r
		}
		return ' '
	}, strings.ToLower(s))
}

func letters(s string) string { return strings.Join(strings.Fields(spaced(s)), "") }

func firstWords(s string, n int) string {
	w := strings.Fields(s)
	return strings.Join(w[:min(n, len(w))], " ")
}

// pageStarts are where pages begin, in code points.
func pageStarts(text string) []int {
	out, n := []int{0}, 0
	for _, r := range text {
		n++
		if r == '\f' {
			out = append(out, n)
		}
	}
	return out
}

// pageAt is the page, from 1, that holds a code point.
func pageAt(pages []int, at int) int {
	i, _ := slices.BinarySearch(pages, max(0, at)+1)
	return i
}

// startOf is where a page begins, in code points; the end of the text for none.
func startOf(pages []int, page, end int) int {
	if page < 1 {
		return 0
	}
	if page > len(pages) {
		return end
	}
	return min(pages[page-1], end)
}

// Table is the rows as value, found, true: with ✗ where they differ, with ? where
// the true value is not in the text as read.
func (r *Report) Table() string {
	var b strings.Builder
	item := ""
	for _, row := range r.Rows {
		if row.Item != item {
			fmt.Fprintf(&b, "%s\n", row.Item)
			item = row.Item
		}
		mark := "    "
		if row.Illegible {
			mark = "  ? "
		} else if !row.Right {
			mark = "  ✗ "
		}
		fmt.Fprintf(&b, "%s%-20s %-60s | %s\n", mark, row.Value, cut(row.Found), cut(row.Truth))
	}
	return b.String()
}

func cut(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if short := first(s, 58); short != s {
		return short + "…"
	}
	return s
}
