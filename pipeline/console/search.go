package console

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"nightshift/pipeline/search"
)

// hitsShown is how many hits a page of answers has.
const hitsShown = 20

// finder keeps an index of the published records up to date.
type finder struct {
	dir string

	mu    sync.RWMutex
	index *search.Index // nil: not open yet
	at    time.Time     // of the last time it was brought up to date
	err   error
}

// run opens the index and brings it up to date whenever something was
// published, at most a tenth of the time.
func (f *finder) run(ctx context.Context, b *board) {
	if f.dir == "" {
		return
	}
	x, err := search.Open(f.dir)
	f.mu.Lock()
	f.index, f.err = x, err
	f.mu.Unlock()
	if err != nil {
		return
	}
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.index = nil
		_ = x.Close() // made anew if it is broken
	}()
	for ctx.Err() == nil {
		begin := time.Now()
		_, err := x.Sync(ctx, b.sys.Records)
		f.mu.Lock()
		if f.err = err; err == nil {
			f.at = begin
		}
		f.mu.Unlock()
		pause(ctx, max(countPause, countShare*time.Since(begin)))
		b.untilPublished(ctx, begin, err != nil)
	}
}

// find answers a query, and says of which moment.
func (f *finder) find(ctx context.Context, q search.Query) (search.Result, time.Time, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	switch {
	case f.index == nil && f.err != nil:
		return search.Result{}, f.at, f.err
	case f.index == nil || f.at.IsZero():
		return search.Result{}, f.at, fault{http.StatusServiceUnavailable, "The index is still being made. Try again in a moment."}
	}
	r, err := f.index.Search(ctx, q)
	if errors.Is(err, search.ErrQuery) {
		err = fault{http.StatusBadRequest, err.Error()}
	}
	return r, f.at, err
}

// searched reads a search from a request.
func searched(r *http.Request) search.Query {
	return search.Query{
		Words: r.FormValue("q"), From: r.FormValue("after"), To: r.FormValue("before"), Kind: r.FormValue("kind"),
		Participant: r.FormValue("participant"), Box: r.FormValue("box"), Skip: max(0, number(r.FormValue("from"), 0)), Most: hitsShown,
	}
}

type searchData struct {
	Query search.Query
	Asked bool
	Found search.Result
	At    time.Time
	Error string
	Pages pages
}

func (s *Server) searchPage(w http.ResponseWriter, r *http.Request, v visit) error {
	d := searchData{Query: searched(r)}
	q := d.Query
	d.Asked = q.Words+q.From+q.To+q.Kind+q.Participant+q.Box != ""
	if d.Asked {
		var err error
		var f fault
		if d.Found, d.At, err = s.finder.find(r.Context(), q); errors.As(err, &f) {
			d.Error = f.text
		} else if err != nil {
			return err
		}
		_, d.Pages = part(r, make([]struct{}, d.Found.Total), hitsShown)
	}
	s.show(w, v, http.StatusOK, "search", page{Title: "Search", At: "search", Data: d})
	return nil
}

// apiSearch is `nightshift search`.
func (s *Server) apiSearch(w http.ResponseWriter, r *http.Request, _ visit) error {
	found, at, err := s.finder.find(r.Context(), searched(r))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, struct {
		Indexed time.Time `json:"indexed"`
		search.Result
	}{at, found})
	return nil
}
