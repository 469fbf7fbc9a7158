package console

import (
	"context"
	"net/http"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// sheetView is one page of an item: its image and its text.
type sheetView struct {
	Number      int              `json:"page"`
	Of          int              `json:"of"`
	Scan        string           `json:"scan"`
	Index       int              `json:"index"`
	Image       string           `json:"image,omitempty"` // link
	Width       int              `json:"width,omitempty"`
	Height      int              `json:"height,omitempty"`
	Parked      archive.Reason   `json:"parked,omitempty"`
	Detail      string           `json:"detail,omitempty"`
	Read        bool             `json:"read"`
	Blank       bool             `json:"blank,omitempty"`
	Confidence  float64          `json:"meanConfidence"`
	Grade       string           `json:"grade,omitempty"`
	Steps       []string         `json:"steps,omitempty"`
	Diagnostics []string         `json:"diagnostics,omitempty"`
	Text        string           `json:"text"` // as read
	Start       int              `json:"start"`
	End         int              `json:"end"`
	Cut         int              `json:"-"` // characters that are not shown
	Words       []wordBox        `json:"words"`
	Corrections []correctionView `json:"corrections"`
	Blocks      []blockView      `json:"-"`
	Notes       []noteView       `json:"-"`
}

// noteView is a note of a document on the page, and where its mark stands.
type noteView struct {
	ID, Label, Text string
	MarkPage        int // 0: no mark was found
}

// Flags are the corrections that ask a person; Made those that were applied.
func (v sheetView) Flags() []correctionView { return v.filter(true) }

// Made are the corrections that were applied.
func (v sheetView) Made() []correctionView { return v.filter(false) }

func (v sheetView) filter(flag bool) []correctionView {
	var out []correctionView
	for _, c := range v.Corrections[:min(len(v.Corrections), cardsShown)] {
		if c.Flag() == flag {
			out = append(out, c)
		}
	}
	return out
}

// cardsShown bounds the corrections of a page that are listed below it.
const cardsShown = 200

// Uncarded is how many corrections of the page are not listed.
func (v sheetView) Uncarded() int { return max(0, len(v.Corrections)-cardsShown) }

// sheet gathers page n of the item.
func (s *Server) sheet(ctx context.Context, it *item, n int) (sheetView, error) {
	if n < 1 || n > len(it.Manifest.Pages) {
		return sheetView{}, fault{http.StatusNotFound, "The item has no such page."}
	}
	m := it.Manifest.Pages[n-1]
	v := sheetView{Number: n, Of: len(it.Manifest.Pages), Scan: m.Scan, Index: m.Index, Words: []wordBox{}}
	if archive.HasImage(m.Type) {
		v.Image = query("/image", "item", it.ID, "page", n, "input", it.Manifest.Input())
	}
	p, err := s.transcript(ctx, it, n)
	if err != nil {
		return v, err
	}
	if p != nil {
		v.Width, v.Height, v.Read, v.Blank = p.Image.Width, p.Image.Height, true, p.Blank
		v.Confidence, v.Grade, v.Steps, v.Diagnostics = p.MeanConfidence, p.Grade, p.Steps, p.Diagnostics
	}
	if it.Reading == nil || n > len(it.Reading.Pages) {
		if p == nil {
			return v, s.parked(ctx, it, &v)
		}
		unstructured(&v, p)
		return v, nil
	}
	rp := it.Reading.Pages[n-1]
	v.Parked, v.Detail, v.Start, v.End = rp.Parked, rp.Detail, rp.Start, rp.End
	v.Read = v.Read || m.Type == archive.TypeText
	structured(&v, it, wordsOf(p, rp.Start))
	return v, nil
}

// parked says why a page without a reading could not be read, if it was tried.
func (s *Server) parked(ctx context.Context, it *item, v *sheetView) error {
	at, err := s.standing(ctx, it, v.Number)
	if err != nil || at.Parked == "" {
		return err
	}
	var mark archive.ParkedMark
	if err := s.opt.System.Work.GetJSON(ctx, at.Parked, &mark); err != nil {
		return missing(err)
	}
	v.Parked, v.Detail = mark.Reason, mark.Detail
	return nil
}

// unstructured shows a page of an item whose structure is not found yet.
func unstructured(v *sheetView, p *transcript.Page) {
	text, _ := transcript.TextAsRead([]transcript.Page{*p})
	words := wordsOf(p, 0)
	sh := sheet{text: []rune(text), words: words}
	sh.to = min(len(sh.text), textShown)
	v.Text, v.End, v.Cut, v.Words = text, len(sh.text), len(sh.text)-sh.to, boxesOn(words)
	v.Blocks = sh.blocks(nil)
}

// structured lays the page's text out by its sections.
func structured(v *sheetView, it *item, words []transcript.WordSpan) {
	text := []rune(it.Reading.Text)
	from, to := max(0, v.Start), min(v.End, len(text))
	shown := min(to, from+textShown)
	v.Text, v.Cut = string(text[from:to]), to-shown
	v.Words = boxesOn(words)
	v.Corrections = it.corrections(from, shown)
	docs := it.Reading.Structure.Documents
	sh := sheet{text: text, from: from, to: shown, words: words, marks: marksOf(docs, from, shown), corrections: v.Corrections}
	v.Blocks = sh.blocks(docs)
	for i, d := range docs {
		if d.Start < to && d.End > from {
			v.Notes = append(v.Notes, notesOf(it, i, d)...)
		}
	}
}

func notesOf(it *item, i int, d structure.Document) []noteView {
	marks := map[int]int{}
	for _, m := range d.NoteMarks {
		if m.Note > 0 && marks[m.Note] == 0 {
			marks[m.Note] = pageAt(it.Reading, m.Start)
		}
	}
	var out []noteView
	for _, n := range d.Notes {
		out = append(out, noteView{noteID(i+1, n.Index), n.Label, n.Text, marks[n.Index]})
	}
	return out
}

// pageAt is the page that holds a place of the text as read.
func pageAt(r *structure.Reading, at int) int {
	for i, p := range r.Pages {
		if at < p.End || i == len(r.Pages)-1 {
			return i + 1
		}
	}
	return 1
}

// documentView is a document of the item, described.
type documentView struct {
	Number, Page, To              int
	Kind, Title, Label            string
	Date, Basis, Place, From, For string
	Class                         string
	Flags                         int
	Grade                         string
	Here                          bool
	Fields                        []fieldView // where the document is on this page
}

// documents describes the item's documents, as published or else as found.
func (it *item) documents(page int) []documentView {
	if it.Reading == nil {
		return nil
	}
	var out []documentView
	for i, d := range it.Reading.Structure.Documents {
		v := documentView{Number: i + 1, Kind: d.Kind, Page: pageAt(it.Reading, d.Start), To: pageAt(it.Reading, max(d.Start, d.End-1))}
		v.Here = page >= v.Page && page <= v.To
		str := func(p *string) string {
			if p == nil {
				return ""
			}
			return *p
		}
		val := func(p *structure.Value) string {
			if p == nil {
				return ""
			}
			return p.Value
		}
		v.Title, v.Label = str(d.Title), str(d.Number)
		v.Place, v.From, v.For, v.Class = val(d.Place), val(d.From), val(d.To), val(d.Classification)
		if d.Date != nil {
			v.Date, v.Basis = d.Date.Value, d.Date.Basis
		}
		if i < len(it.Records) {
			published(&v, it.Records[i])
			if v.Here {
				v.Fields = it.fieldsOf(i + 1)
			}
		}
		out = append(out, v)
	}
	return out
}

type itemData struct {
	Item      *item
	Locator   archive.Locator
	Sheet     sheetView
	Documents []documentView
	History   []archive.Event
	Log       []runner.LogLine
	Failures  []failureView
	Version   int // asked for; 0: the current one
	Words     int
}

func (s *Server) itemPage(w http.ResponseWriter, r *http.Request, v visit) error {
	ctx, id := r.Context(), archive.ItemID(r.PathValue("id"))
	it, err := s.load(ctx, id, number(r.FormValue("version"), 0))
	if err != nil {
		return err
	}
	d := itemData{Item: it, Locator: it.Manifest.Locator, Version: number(r.FormValue("version"), 0)}
	if d.Sheet, err = s.sheet(ctx, it, number(r.FormValue("page"), 1)); err != nil {
		return err
	}
	d.Documents = it.documents(d.Sheet.Number)
	if d.History, err = s.history(r, id, d.Sheet.Number); err != nil {
		return err
	}
	if d.Log, err = s.logOf(r, id, d.Sheet.Number); err != nil {
		return err
	}
	again := s.board.replays()
	for _, f := range s.board.last().Failures {
		if f.Item == id {
			d.Failures = append(d.Failures, viewOf(f, again))
		}
	}
	s.show(w, v, http.StatusOK, "item", page{Title: visible(d.Locator.Name()), Wide: true, Data: d})
	return nil
}

// apiItem is one page of an item, with the item's documents and versions.
func (s *Server) apiItem(w http.ResponseWriter, r *http.Request, _ visit) error {
	it, err := s.load(r.Context(), archive.ItemID(r.PathValue("id")), number(r.FormValue("version"), 0))
	if err != nil {
		return err
	}
	sheet, err := s.sheet(r.Context(), it, number(r.FormValue("page"), 1))
	if err != nil {
		return err
	}
	out := struct {
		Item      archive.ItemID         `json:"item"`
		Locator   archive.Locator        `json:"locator"`
		Version   *archive.Current       `json:"version"` // null: nothing is published
		Newer     bool                   `json:"newer"`
		Sheet     sheetView              `json:"sheet"`
		Structure *structure.Structure   `json:"structure,omitempty"` // with structure=1
		Manifest  []archive.ManifestPage `json:"pages,omitempty"`     // with pages=1
	}{it.ID, it.Manifest.Locator, it.Shown, it.Newer, sheet, nil, nil}
	if r.FormValue("structure") != "" && it.Reading != nil {
		out.Structure = &it.Reading.Structure
	}
	if r.FormValue("pages") != "" {
		out.Manifest = it.Manifest.Pages
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}
