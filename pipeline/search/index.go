// Package search finds published records by their words and fields. The index
// is a copy made for finding, on this machine's disk: the records bucket is the
// truth, Sync brings the index up to it, and a deleted index is made anew.
package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/analyzer/keyword" // named in the mapping
	"github.com/blevesearch/bleve/v2/mapping"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// layout names the form of the index; another one is made anew.
const layout = "1"

// Index is an open index. It is safe for concurrent use.
type Index struct {
	bleve bleve.Index
}

// ErrBusy: every copy of the index is used by another process.
var ErrBusy = errors.New("the search index is in use by other processes")

// copies is how many processes may search on one directory at once: each has a
// copy of its own.
const copies = 8

// Open opens, or makes, an index below dir. Each process gets a copy that no
// other uses.
func Open(dir string) (*Index, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	for i := range copies {
		x, err := openCopy(filepath.Join(dir, fmt.Sprintf("v%s-%d", layout, i)))
		if !errors.Is(err, ErrBusy) {
			return x, err
		}
	}
	return nil, ErrBusy
}

// lockWait is how long bleve waits for the copy's lock.
const lockWait = "100ms"

// openCopy opens one copy; a broken one is made anew.
func openCopy(dir string) (*Index, error) {
	config := map[string]any{"bolt_timeout": lockWait}
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		b, err := bleve.NewUsing(dir, fields(), bleve.Config.DefaultIndexType, bleve.Config.DefaultKVStore, config)
		if err != nil {
			return nil, fmt.Errorf("make a search index in %s: %w", dir, err)
		}
		return &Index{b}, nil
	}
	b, err := bleve.OpenUsing(dir, config)
	switch {
	case err == nil:
		return &Index{b}, nil
	case strings.Contains(err.Error(), "timeout"):
		return nil, ErrBusy
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("clear a broken search index: %w", err)
	}
	return openCopy(dir)
}

// Close closes the index.
func (x *Index) Close() error { return x.bleve.Close() }

// document is what is indexed of a record.
type document struct {
	Locator      string   `json:"locator"`
	Box          []string `json:"box"` // every level above the item: "Harbour", "Harbour/Box 8"
	Item         string   `json:"item"`
	Version      float64  `json:"version"`
	Document     float64  `json:"document"`
	Kind         string   `json:"kind"`
	Number       string   `json:"number"`
	Title        string   `json:"title"`
	From         float64  `json:"from"` // first and last day as yyyymmdd; absent: undated
	To           float64  `json:"to"`
	Date         string   `json:"date"`
	Grade        string   `json:"grade"`
	Participants []string `json:"participants"`
	About        []string `json:"about"` // subjects, sender, addressee, place, file number, notes
	Text         string   `json:"text"`
	Pages        string   `json:"pages"` // page:place in Text, blank-separated
}

// fields says how each is indexed: words, or as a whole.
func fields() mapping.IndexMapping {
	words := bleve.NewTextFieldMapping()
	words.Analyzer = "standard"
	whole := bleve.NewKeywordFieldMapping()
	number := bleve.NewNumericFieldMapping()
	kept := bleve.NewKeywordFieldMapping()
	kept.Index = false
	d := bleve.NewDocumentStaticMapping()
	for name, f := range map[string]*mapping.FieldMapping{
		"locator": whole, "box": whole, "item": whole, "kind": whole, "version": number, "document": number, "from": number, "to": number,
		"title": words, "participants": words, "about": words, "text": words, "number": words, "date": kept, "grade": whole, "pages": kept,
	} {
		d.AddFieldMappingsAt(name, f)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = d
	m.DefaultAnalyzer = "standard"
	return m
}

func documentOf(r *record.Record, version int) document {
	d := document{
		Locator: string(r.Identity.Locator), Item: string(r.Identity.Item), Version: float64(version), Document: float64(r.Identity.Document),
		Kind: r.Kind, Number: value(r.Number), Title: value(r.Title), Text: r.Text, Grade: value(r.Quality.Grade),
	}
	for i, c := range d.Locator {
		if c == '/' {
			d.Box = append(d.Box, d.Locator[:i])
		}
	}
	if r.Date != nil {
		d.Date = r.Date.Value.Value
		d.From, d.To = day(d.Date, false), day(d.Date, true)
		if r.Date.To != "" {
			d.To = day(r.Date.To, true)
		}
	}
	for _, p := range r.Participants {
		d.Participants = append(d.Participants, strings.TrimSpace(p.Name+" "+p.Role))
	}
	for _, v := range []*record.Value{r.From, r.To, r.Through, r.Place, r.FileNumber, r.Classification} {
		if v != nil {
			d.About = append(d.About, v.Value)
		}
	}
	for _, vs := range [][]record.Value{r.Subjects, r.References, r.Copies, r.Signatures, r.Enclosures, r.Stamps} {
		for _, v := range vs {
			d.About = append(d.About, v.Value)
		}
	}
	for _, n := range r.Notes {
		d.About = append(d.About, n.Text)
	}
	var pages []string
	for _, b := range r.PageBreaks {
		pages = append(pages, fmt.Sprintf("%d:%d", b.Page, b.At))
	}
	d.Pages = strings.Join(pages, " ")
	return d
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// day spells an ISO date as yyyymmdd; what a reduced one leaves open becomes
// its first day, or its last. 0 for none.
func day(date string, last bool) float64 {
	n := [3]int{0, 1, 1}
	if last {
		n = [3]int{0, 12, 31}
	}
	date, _, _ = strings.Cut(date, "T")
	for i, part := range strings.SplitN(date, "-", 3) {
		v, err := strconv.Atoi(part)
		if err != nil {
			return 0
		}
		n[i] = v
	}
	return float64(n[0]*10000 + n[1]*100 + n[2])
}

// Sync brings the index up to what is published, and returns how many items
// changed. It lists the bucket and reads only what moved since.
func (x *Index) Sync(ctx context.Context, records *store.Bucket) (int, error) {
	there := map[string]bool{}
	changed := 0
	for info, err := range publish.Pointers(ctx, records, "") {
		if err != nil {
			return changed, err
		}
		l := strings.TrimSuffix(info.Key, archive.CurrentKey(""))
		there[l] = true
		state, err := x.bleve.GetInternal([]byte(l))
		if err != nil {
			return changed, fmt.Errorf("search index: %w", err)
		}
		etag, n := split(state)
		if etag == info.ETag {
			continue
		}
		if err := x.item(ctx, records, archive.Locator(l), info.ETag, n); err != nil {
			return changed, err
		}
		changed++
	}
	gone, err := x.forget(there)
	return changed + gone, err
}

// split reads an item's state in the index: entity tag of its current.json, and
// how many documents are indexed.
func split(state []byte) (etag string, documents int) {
	n, etag, _ := strings.Cut(string(state), " ")
	documents, _ = strconv.Atoi(n) // of our own writing; 0 when there is none
	return etag, documents
}

// item indexes an item's current version in place of its n documents.
func (x *Index) item(ctx context.Context, records *store.Bucket, l archive.Locator, etag string, n int) error {
	v, err := publish.Version(ctx, records, l, 0)
	if err != nil {
		return err
	}
	rs, err := publish.Records(ctx, records, v)
	if err != nil {
		return err
	}
	b := x.bleve.NewBatch()
	for i := range rs {
		if err := b.Index(id(l, i+1), documentOf(&rs[i], v.Number)); err != nil {
			return fmt.Errorf("index %s: %w", l, err)
		}
	}
	for i := len(rs); i < n; i++ {
		b.Delete(id(l, i+1))
	}
	b.SetInternal([]byte(l), fmt.Appendf(nil, "%d %s", len(rs), etag))
	if err := x.bleve.Batch(b); err != nil {
		return fmt.Errorf("index %s: %w", l, err)
	}
	return nil
}

func id(l archive.Locator, document int) string { return fmt.Sprintf("%s#%d", l, document) }

// forget drops items that are no longer in the bucket.
func (x *Index) forget(there map[string]bool) (int, error) {
	r := bleve.NewSearchRequestOptions(bleve.NewMatchAllQuery(), 1000, 0, false)
	r.Fields = []string{"locator"}
	r.SortBy([]string{"_id"})
	gone := map[string]bool{}
	for {
		found, err := x.bleve.Search(r)
		if err != nil {
			return 0, fmt.Errorf("search index: %w", err)
		}
		for _, h := range found.Hits {
			if l, _ := h.Fields["locator"].(string); !there[l] {
				gone[l] = true
			}
		}
		if len(found.Hits) < r.Size {
			break
		}
		r.SetSearchAfter([]string{found.Hits[len(found.Hits)-1].ID})
	}
	for l := range gone {
		state, err := x.bleve.GetInternal([]byte(l))
		if err != nil {
			return 0, fmt.Errorf("search index: %w", err)
		}
		_, n := split(state)
		b := x.bleve.NewBatch()
		for i := range n {
			b.Delete(id(archive.Locator(l), i+1))
		}
		b.DeleteInternal([]byte(l))
		if err := x.bleve.Batch(b); err != nil {
			return 0, fmt.Errorf("search index: %w", err)
		}
	}
	return len(gone), nil
}
