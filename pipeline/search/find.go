package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"

	"nightshift/pipeline/archive"
)

// ErrQuery is wrapped by errors about what was asked.
var ErrQuery = errors.New("the query cannot be read")

// Result is an answer: Total documents match, Hits are those asked for, the
// best first.
type Result struct {
	Total int   `json:"total"`
	Hits  []Hit `json:"hits"`
}

// Hit is a document that matches.
type Hit struct {
	Locator  archive.Locator `json:"locator"`
	Item     archive.ItemID  `json:"item"`
	Version  int             `json:"version"`
	Document int             `json:"document"` // within the item, from 1
	Kind     string          `json:"kind"`
	Title    string          `json:"title,omitempty"`
	Date     string          `json:"date,omitempty"`
	Grade    string          `json:"grade,omitempty"`
	// Page of the item (from 1) that the snippet is from, or the document begins on.
	Page    int     `json:"page"`
	At      int     `json:"at"`      // of the snippet in the record's text, in code points
	Snippet []Part  `json:"snippet"` // of the text
	Score   float64 `json:"score"`
}

// Part is a piece of a snippet; Found: it is what was looked for.
type Part struct {
	Text  string `json:"text"`
	Found bool   `json:"found,omitempty"`
}

// Search answers a query.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) {
	bq, err := q.build()
	if err != nil {
		return Result{}, err
	}
	n := q.Most
	if n <= 0 {
		n = 20
	}
	r := bleve.NewSearchRequestOptions(bq, min(n, most), max(q.Skip, 0), false)
	r.Fields = []string{"*"}
	r.IncludeLocations = true
	r.SortBy([]string{"-_score", "_id"})
	found, err := x.bleve.SearchInContext(ctx, r)
	if err != nil {
		return Result{}, fmt.Errorf("search: %w", err)
	}
	out := Result{Total: int(found.Total), Hits: []Hit{}}
	for _, h := range found.Hits {
		out.Hits = append(out.Hits, hitOf(h))
	}
	return out, nil
}

func hitOf(m *search.DocumentMatch) Hit {
	text := func(name string) string { s, _ := m.Fields[name].(string); return s }
	number := func(name string) int { f, _ := m.Fields[name].(float64); return int(f) }
	h := Hit{
		Locator: archive.Locator(text("locator")), Item: archive.ItemID(text("item")), Version: number("version"), Document: number("document"),
		Kind: text("kind"), Title: text("title"), Date: text("date"), Grade: text("grade"), Score: m.Score,
	}
	body := text("text")
	at, parts := snippet(body, places(m))
	h.At, h.Snippet = utf8.RuneCountInString(body[:at]), parts
	h.Page = pageAt(text("pages"), h.At)
	return h
}

// places are the stretches of the text that were looked for, in bytes, in order.
func places(m *search.DocumentMatch) [][2]int {
	var out [][2]int
	for _, locations := range m.Locations["text"] {
		for _, l := range locations {
			out = append(out, [2]int{int(l.Start), int(l.End)})
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
	return out
}

// snippetBytes is how much text a snippet shows, about two lines; before is how
// much of it precedes the first place.
const (
	snippetBytes = 240
	before       = 60
)

// snippet is the stretch of text in which most of the places stand. At is the
// first of them, or 0, in bytes.
func snippet(text string, found [][2]int) (at int, parts []Part) {
	first, best := 0, 0
	for i := range found {
		j := i
		for j < len(found) && found[j][1] <= found[i][0]-before+snippetBytes {
			j++
		}
		if j-i > best {
			first, best = i, j-i
		}
	}
	start := 0
	if len(found) > 0 {
		at = min(found[first][0], len(text))
		start = wordStart(text, at-before)
	}
	end := wordStart(text, start+snippetBytes)
	if end <= start || start+snippetBytes >= len(text) {
		end = len(text)
	}
	cur := start
	for _, p := range found[min(first, len(found)):] {
		if p[0] < cur || p[1] > end || p[1] < p[0] {
			continue
		}
		parts = add(parts, text[cur:p[0]], false)
		parts = add(parts, text[p[0]:p[1]], true)
		cur = p[1]
	}
	return at, add(parts, text[cur:end], false)
}

func add(parts []Part, s string, found bool) []Part {
	if s == "" {
		return parts
	}
	return append(parts, Part{strings.ToValidUTF8(s, ""), found})
}

// wordStart is the first beginning of a word at or after at.
func wordStart(s string, at int) int {
	if at <= 0 {
		return 0
	}
	if at >= len(s) {
		return len(s)
	}
	for at < len(s) && !utf8.RuneStart(s[at]) {
		at++
	}
	for i, r := range s[at:] {
		if unicode.IsSpace(r) {
			return at + i + utf8.RuneLen(r)
		}
	}
	return at
}

// pageAt is the page that place at of the text is on.
func pageAt(pages string, at int) int {
	page := 0
	for p := range strings.FieldsSeq(pages) {
		number, place, _ := strings.Cut(p, ":")
		n, err := strconv.Atoi(number)
		begin, err2 := strconv.Atoi(place)
		if err != nil || err2 != nil || begin > at && page > 0 {
			break
		}
		page = n
	}
	return page
}
