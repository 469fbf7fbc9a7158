package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/ledger"
	"nightshift/pipeline/record"
	"nightshift/pipeline/review"
	"nightshift/pipeline/store"
)

// CanReview is for templates.
func (r Role) CanReview() bool { return r >= Reviewer }

// Lengths of the lists of the review page.
const (
	doubtfulShown = 30
	worstShown    = 20
	doubtsShown   = 25
)

// doubts refreshes the list of items with something in doubt. It reads every
// record, so it is done apart from counting, and shares the time as counting
// does.
func (b *board) doubts(ctx context.Context) {
	for ctx.Err() == nil {
		begin := time.Now()
		var list []review.Summary
		var err error
		for x, e := range review.Doubtful(ctx, b.sys.Records, "") {
			if err = e; err != nil {
				break
			}
			list = append(list, x)
		}
		slices.SortStableFunc(list, byWorth)
		b.mu.Lock()
		if err == nil {
			b.doubtful, b.doubtsAt = list, time.Now()
		}
		b.doubtsErr = err
		b.bump()
		b.mu.Unlock()
		pause(ctx, max(countPause, countShare*time.Since(begin)))
		b.untilPublished(ctx, begin, err != nil)
	}
}

// byWorth puts first what is worth most to look at: decisions that no longer
// fit, then where most is in doubt, then the worse grade.
func byWorth(a, b review.Summary) int {
	return cmp.Or(cmp.Compare(b.SecondLook, a.SecondLook), cmp.Compare(b.Flagged+b.Values, a.Flagged+a.Values), cmp.Compare(b.Grade, a.Grade), cmp.Compare(a.Locator, b.Locator))
}

// untilPublished waits until something was published since the last look, or
// not at all where that failed.
func (b *board) untilPublished(ctx context.Context, since time.Time, failed bool) {
	for !failed {
		b.mu.RLock()
		changed, again := b.changed, b.published.After(since)
		b.mu.RUnlock()
		if again {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

type reviewData struct {
	At     time.Time
	Error  string
	Items  []review.Summary
	Pages  pages
	All    int // corrections
	Values int // told with doubt
	Worst  []ledger.PageNote
	Undone int // second looks
}

// reviewPage is the queue over all boxes.
func (s *Server) reviewPage(w http.ResponseWriter, r *http.Request, v visit) error {
	b := s.board
	b.mu.RLock()
	d := reviewData{At: b.doubtsAt, Worst: slices.Clone(b.night.Worst[:min(worstShown, len(b.night.Worst))])}
	list := b.doubtful
	if b.doubtsErr != nil {
		d.Error = b.doubtsErr.Error()
	}
	b.mu.RUnlock()
	d.Worst = slices.DeleteFunc(d.Worst, func(p ledger.PageNote) bool { return !p.LowQuality && p.ErrorRate < 0.02 })
	for _, x := range list {
		d.All += x.Flagged
		d.Values += x.Values
		d.Undone += x.SecondLook
	}
	d.Items, d.Pages = part(r, list, doubtfulShown)
	s.show(w, v, http.StatusOK, "review", page{Title: "Review", At: "review", Data: d})
	return nil
}

// doubtView is a doubt with where it stands and what it was decided since.
type doubtView struct {
	review.Doubt
	C     correctionView
	Field *fieldView // of a value
	Page  int
	Image string // link
	// Of the page's master, in pixels.
	Width, Height int
}

type doubtsData struct {
	Item    archive.ItemID
	Locator archive.Locator
	Version int
	Doubts  []doubtView
	All     int
	Next    string // link to the next item of the queue
}

// doubtsPage shows what is in doubt in one item, one after the other, to be
// decided by keyboard.
func (s *Server) doubtsPage(w http.ResponseWriter, r *http.Request, v visit) error {
	ctx, id := r.Context(), archive.ItemID(r.PathValue("id"))
	it, err := s.load(ctx, id, 0)
	if err != nil {
		return err
	}
	d := doubtsData{Item: id, Locator: it.Manifest.Locator, Next: s.nextDoubtful(id)}
	if it.Shown != nil {
		d.Version = it.Shown.Number
		all := it.review().Doubts()
		d.All = len(all)
		// What is decided leaves the list, so the rest comes up by itself.
		for _, x := range all[:min(doubtsShown, len(all))] {
			d.Doubts = append(d.Doubts, it.doubt(x))
		}
	}
	s.show(w, v, http.StatusOK, "doubts", page{Title: "Review " + visible(d.Locator.Name()), At: "review", Wide: true, Data: d})
	return nil
}

// nextDoubtful is the queue's item after this one, as a link.
func (s *Server) nextDoubtful(id archive.ItemID) string {
	s.board.mu.RLock()
	defer s.board.mu.RUnlock()
	list := s.board.doubtful
	i := slices.IndexFunc(list, func(x review.Summary) bool { return x.Item == id })
	for n := 1; n < len(list); n++ {
		if x := list[(max(i, 0)+n)%len(list)]; x.Item != id {
			return "/review/" + string(x.Item)
		}
	}
	return ""
}

// Published tells whether there are records to decide about.
func (it *item) Published() bool { return it.Shown != nil }

// review is the item as package review knows it.
func (it *item) review() review.Item {
	out := review.Item{Version: *it.Shown}
	for _, r := range it.Records {
		out.Records = append(out.Records, *r)
	}
	if it.Reading != nil {
		out.Text = []rune(it.Reading.Text)
	}
	return out
}

func (it *item) doubt(x review.Doubt) doubtView {
	v := doubtView{Doubt: x}
	if x.Value != nil {
		it.doubtfulField(&v)
		return v
	}
	if x.Flag == nil {
		return v
	}
	v.C = correctionView{Correction: *x.Flag, Document: x.Document, Number: x.Correction, Start: x.Flag.Read.Start, End: x.Flag.Read.End}
	it.pending(&v.C)
	if it.Reading != nil {
		v.Page = pageAt(it.Reading, v.C.Start)
	}
	for _, p := range it.Records[x.Document-1].Source.Pages {
		if p.Page == v.Page {
			v.Width, v.Height = p.Width, p.Height
		}
	}
	if x.Flag.Box != nil && v.Width > 0 {
		v.Image = query("/image", "item", it.ID, "page", v.Page, "input", it.Manifest.Input())
	}
	return v
}

// doubtfulField adds to a value in doubt the form that sets it, and the page it
// stands on: the document's first where it stands nowhere.
func (it *item) doubtfulField(v *doubtView) {
	for _, f := range it.fieldsOf(v.Document) {
		if f.Name == v.Value.Field {
			v.Field = &f
		}
	}
	if pages := it.Records[v.Document-1].Source.Pages; len(pages) > 0 {
		v.Page = pages[0].Page
	}
	if v.Value.Read != nil && it.Reading != nil {
		v.Page = pageAt(it.Reading, v.Value.Read.Start)
	}
}

// reviews reads people's decisions on the item, oldest first.
func (s *Server) reviews(ctx context.Context, it *item) error {
	for info, err := range s.opt.System.Work.List(ctx, archive.ReviewsPrefix(it.ID)) {
		if err != nil {
			return err
		}
		r, err := get(ctx, s.shelf, s.opt.System.Work, info.Key, func(*record.Review) int { return 1000 })
		if err != nil {
			return err
		}
		it.Reviews = append(it.Reviews, r)
	}
	return nil
}

// pending notes the last decision about c, and whether it is published yet.
func (it *item) pending(c *correctionView) {
	for n, r := range it.Reviews {
		x := r.Correction
		if x == nil || x.Kind != c.Kind || x.Before != c.Before || x.At != c.Start {
			continue
		}
		c.Last, c.By, c.When = r.ID, r.Who, r.When
		c.Verdict = "rejected"
		if x.Accept {
			c.Verdict = "accepted"
		}
		if x.Instead != nil {
			c.Verdict = "edited"
		}
		c.Pending = it.Shown != nil && n >= it.Shown.Reviews
	}
}

// decision is what a person decides about one correction, and what they saw.
type decision struct {
	Start  int        `json:"start"`
	End    int        `json:"end"`
	Kind   clean.Kind `json:"kind"`
	Before string     `json:"before"`
	After  string     `json:"after"`
	Accept bool       `json:"accept"`
	// Instead is to stand there in place of After; absent: After.
	Instead *string `json:"instead,omitempty"`
	Seen    string  `json:"seen"` // id of the last decision about it that the person saw; "" none
	Note    string  `json:"comment"`
}

// decide stores a decision, if the correction is still there as the person saw
// it and nobody decided about it since.
func (s *Server) decide(ctx context.Context, who string, id archive.ItemID, d decision) (record.Review, error) {
	var none record.Review
	it, err := s.load(ctx, id, 0)
	if err != nil {
		return none, err
	}
	if it.Shown == nil {
		return none, fault{http.StatusConflict, "The item is not published yet; nothing was stored."}
	}
	x := it.review()
	doc, n, ok := x.Find(d.Start, d.End, d.Kind)
	if !ok {
		return none, fault{http.StatusConflict, "The item was read or published anew since this page was opened, and this correction is not proposed any more. Nothing was stored; reload the page."}
	}
	c := correctionView{Correction: x.Records[doc-1].Corrections[n-1], Start: d.Start, End: d.End}
	if c.Before != d.Before || c.After != d.After {
		return none, fault{http.StatusConflict, "Another correction is proposed at this place since this page was opened. Nothing was stored; reload the page."}
	}
	if it.pending(&c); c.Last != d.Seen {
		return none, fault{http.StatusConflict, fmt.Sprintf("%s %s this correction at %s, after this page was opened. Nothing was stored; reload the page to decide otherwise.", c.By, c.Verdict, clock(c.When))}
	}
	done, err := s.opt.System.Reviews().Decide(ctx, who, x, review.Decision{Document: doc, Correction: n, Accept: d.Accept, Instead: d.Instead, Comment: d.Note})
	if errors.Is(err, review.ErrDecision) {
		return none, fault{http.StatusBadRequest, err.Error()}
	}
	if errors.Is(err, store.ErrConflict) {
		return none, fault{http.StatusConflict, "Somebody else decided at the same instant. Reload the page."}
	}
	if err != nil {
		return none, err
	}
	return done[0], nil
}

// reviewDo takes a decision from a form.
func (s *Server) reviewDo(w http.ResponseWriter, r *http.Request, v visit) error {
	id := archive.ItemID(r.PathValue("id"))
	d := decision{Start: number(r.PostFormValue("start"), -1), End: number(r.PostFormValue("end"), -1), Kind: clean.Kind(r.PostFormValue("kind")),
		Before: r.PostFormValue("before"), After: r.PostFormValue("after"), Accept: r.PostFormValue("verdict") == "accept", Seen: r.PostFormValue("seen"), Note: r.PostFormValue("comment")}
	switch r.PostFormValue("verdict") {
	case "accept", "reject":
	case "edit":
		instead := r.PostFormValue("instead")
		d.Accept, d.Instead = true, &instead
	default:
		return fault{http.StatusBadRequest, "Nothing was decided."}
	}
	done, err := s.decide(r.Context(), v.Who, id, d)
	if err != nil {
		var f fault
		if errors.As(err, &f) && r.Header.Get("Accept") == "application/json" {
			writeJSON(w, f.status, map[string]string{"error": f.text})
			return nil
		}
		return err
	}
	if r.Header.Get("Accept") == "application/json" {
		writeJSON(w, http.StatusOK, done)
		return nil
	}
	http.Redirect(w, r, local(r.PostFormValue("back")), http.StatusSeeOther) // #nosec G710 -- local lets only paths of this console through: FuzzLocal
	return nil
}

// apiReview is the queue over all boxes.
func (s *Server) apiReview(w http.ResponseWriter, r *http.Request, _ visit) error {
	s.board.mu.RLock()
	list := s.board.doubtful
	s.board.mu.RUnlock()
	out, _ := part(r, list, 1000)
	if out == nil {
		out = []review.Summary{}
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

// apiDoubts is `nightshift review ITEM`.
func (s *Server) apiDoubts(w http.ResponseWriter, r *http.Request, _ visit) error {
	it, err := s.load(r.Context(), archive.ItemID(r.PathValue("id")), 0)
	if err != nil {
		return err
	}
	out := []review.Doubt{}
	if it.Shown != nil {
		out = append(out, it.review().Doubts()...)
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

// apiDecide is `nightshift review ITEM --accept` or --reject.
func (s *Server) apiDecide(w http.ResponseWriter, r *http.Request, v visit) error {
	var d decision
	if err := readJSON(r, &d); err != nil {
		return err
	}
	done, err := s.decide(r.Context(), v.Who, archive.ItemID(r.PathValue("id")), d)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, done)
	return nil
}
