package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/replay"
	"nightshift/pipeline/runner"
)

// Lengths of lists of failures.
const (
	groupShown    = 8   // of each reason, side by side
	failuresShown = 50  // of one reason
	historyShown  = 200 // events
)

// CanReplay is for templates.
func (r Role) CanReplay() bool { return r >= Operator }

// failureView is a failure with what the pages show of it.
type failureView struct {
	archive.Failure
	Image   string // link, "" where there is none
	Scan    string // object key
	Again   time.Time
	AgainBy string
}

// group is the failures of one reason, in part.
type group struct {
	Reason       archive.Reason
	Count        int
	List         []failureView
	Replay, More string
}

type failuresData struct {
	Words     replay.Words
	Filtered  bool
	All       int
	Counted   time.Time
	Groups    []group
	Pages     pages
	ReplayAll string
}

// words reads a selector from a query.
func words(r *http.Request) (replay.Words, error) {
	if err := r.ParseForm(); err != nil {
		return replay.Words{}, fault{http.StatusBadRequest, "The request cannot be read."}
	}
	w := replay.Words{
		Stage: r.Form.Get("stage"), Reason: r.Form.Get("reason"), Box: r.Form.Get("box"), Item: r.Form.Get("item"),
		Since: r.Form.Get("since"), Numbers: strings.Join(r.Form["failure"], ","),
	}
	if p := r.Form.Get("page"); p != "" {
		var err error
		if w.Page, err = strconv.Atoi(p); err != nil {
			return w, fault{http.StatusBadRequest, "The page is no number."}
		}
	}
	return w, nil
}

// selector reads a query as replay's flags are read.
func selector(r *http.Request) (replay.Words, replay.Selector, error) {
	w, err := words(r)
	if err != nil {
		return w, replay.Selector{}, err
	}
	sel, err := w.Selector(time.Now())
	if err != nil {
		err = fault{http.StatusBadRequest, "That cannot be chosen: " + err.Error()}
	}
	return w, sel, err
}

// queryOf is path with the words as a query.
func queryOf(path string, w replay.Words) string {
	return query(path, "stage", w.Stage, "reason", w.Reason, "box", w.Box, "item", w.Item, "since", w.Since, "failure", w.Numbers, "page", w.Page)
}

func (s *Server) failuresPage(w http.ResponseWriter, r *http.Request, v visit) error {
	ws, sel, err := selector(r)
	if err != nil {
		return err
	}
	c := s.board.last()
	var chosen []archive.Failure
	for _, f := range c.Failures {
		if sel.Matches(f) {
			chosen = append(chosen, f)
		}
	}
	d := failuresData{Words: ws, Filtered: ws != replay.Words{}, All: len(chosen), Counted: c.At, ReplayAll: queryOf("/replay", ws)}
	if !d.Filtered {
		d.ReplayAll = "/replay?all=1"
	}
	again := s.board.replays()
	for _, rv := range reasonsOf(chosen) {
		one := ws
		one.Reason = string(rv.Reason)
		g := group{Reason: rv.Reason, Count: rv.Count, Replay: queryOf("/replay", one), More: queryOf("/failures", one)}
		list := slices.DeleteFunc(slices.Clone(chosen), func(f archive.Failure) bool { return f.Reason != rv.Reason })
		if ws.Reason == string(rv.Reason) {
			list, d.Pages = part(r, list, failuresShown)
			g.Count = d.Pages.All
			g.More = ""
		} else {
			list = list[:min(len(list), groupShown)]
		}
		for _, f := range list {
			g.List = append(g.List, viewOf(f, again))
		}
		d.Groups = append(d.Groups, g)
	}
	s.show(w, v, http.StatusOK, "failures", page{Title: "Failures", At: "failures", Flash: flash(r), Data: d})
	return nil
}

// flash says what a redirect brought about.
func flash(r *http.Request) string {
	asked, err := strconv.Atoi(r.FormValue("asked"))
	if err != nil {
		return ""
	}
	text := plural(asked, "task") + " asked for again. What succeeds goes from this list by itself."
	if n, err := strconv.Atoi(r.FormValue("refused")); err == nil && n > 0 {
		text += " " + plural(n, "failure") + " cannot be replayed by itself: the sweep asks anew for what is missing."
	}
	return text
}

// replays are the acts of replaying, by the replay's id.
func (b *board) replays() map[string]archive.Event {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := map[string]archive.Event{}
	for _, e := range b.acts {
		if e.Kind == archive.Replayed {
			out[e.Replay] = e
		}
	}
	return out
}

func viewOf(f archive.Failure, again map[string]archive.Event) failureView {
	v := failureView{Failure: f}
	if e, ok := again[replay.ID(f)]; ok {
		v.Again, v.AgainBy = e.Time, e.Who
	}
	var t pipeline.PlanTask
	switch {
	case f.Stage == pipeline.StagePlan && json.Unmarshal(f.Task, &t) == nil && t.Scan != "":
		v.Scan, v.Image = t.Scan, query("/image", "key", t.Scan)
	case f.Item != "" && f.Stage != pipeline.StagePlan:
		v.Image = query("/image", "item", f.Item, "page", max(f.Page, 1))
	}
	return v
}

// failure is the failure with a number, and whether it is still outstanding.
func (s *Server) failure(r *http.Request) (f archive.Failure, outstanding bool, err error) {
	n, err := strconv.ParseUint(r.PathValue("number"), 10, 64)
	if err != nil {
		return f, false, fault{http.StatusNotFound, "There is no such failure."}
	}
	for _, f := range s.board.last().Failures {
		if f.Sequence == n {
			return f, true, nil
		}
	}
	all, err := s.opt.System.Failures(r.Context())
	if err != nil {
		return f, false, err
	}
	for _, f := range all {
		if f.Sequence == n {
			return f, false, nil
		}
	}
	return f, false, fault{http.StatusNotFound, "There is no such failure."}
}

func (s *Server) failurePage(w http.ResponseWriter, r *http.Request, v visit) error {
	f, outstanding, err := s.failure(r)
	if err != nil {
		return err
	}
	history, err := s.history(r, f.Item, f.Page)
	if err != nil {
		return err
	}
	view := viewOf(f, s.board.replays())
	if view.Scan == "" && f.Item != "" {
		if p, err := s.manifestPage(r.Context(), f.Item, "", max(f.Page, 1)); err == nil {
			view.Scan = p.Scan
		}
	}
	s.show(w, v, http.StatusOK, "failure", page{Title: "Failure", At: "failures", Data: struct {
		Failure failureView
		Mended  bool
		History []archive.Event
		Where   string
	}{view, !outstanding, history, s.opt.Where}})
	return nil
}

// history is what the ledger says of an item, or of one page of it and the item
// as a whole, oldest first.
func (s *Server) history(r *http.Request, item archive.ItemID, page int) ([]archive.Event, error) {
	var out []archive.Event
	if item == "" {
		return nil, nil
	}
	for e, err := range runner.History(r.Context(), s.opt.System.JS, item) {
		if err != nil {
			return nil, err
		}
		if page == 0 || e.Page == 0 || e.Page == page {
			out = append(out, e)
		}
	}
	return out[max(0, len(out)-historyShown):], nil
}

// replayPage is the dry run: what would be asked for again.
func (s *Server) replayPage(w http.ResponseWriter, r *http.Request, v visit) error {
	ws, sel, err := selector(r)
	if err != nil {
		return err
	}
	var list []archive.Failure
	if (ws != replay.Words{}) || r.FormValue("all") != "" {
		if list, err = s.opt.System.Chosen(r.Context(), sel); err != nil {
			return err
		}
	}
	shown, at := part(r, list, failuresShown)
	d := struct {
		List    []archive.Failure
		Shown   []failureView
		Pages   pages
		Command string
	}{List: list, Pages: at, Command: command(ws) + " --dry-run " + s.opt.Where}
	for _, f := range shown {
		d.Shown = append(d.Shown, viewOf(f, nil))
	}
	s.show(w, v, http.StatusOK, "replay", page{Title: "Replay", At: "failures", Data: d})
	return nil
}

// command is the command that does the same.
func command(w replay.Words) string {
	out := "nightshift replay"
	for _, x := range []struct{ flag, value string }{{"stage", w.Stage}, {"reason", w.Reason}, {"box", w.Box}, {"item", w.Item}, {"since", w.Since}, {"failure", w.Numbers}} {
		if x.value != "" {
			out += fmt.Sprintf(" --%s %s", x.flag, quoted(x.value))
		}
	}
	if w.Page > 0 {
		out += fmt.Sprintf(" --page %d", w.Page)
	}
	if (w == replay.Words{}) {
		out += " --all"
	}
	return out
}

// quoted is an argument as a shell takes it.
func quoted(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// replayDo asks for the chosen failures again: exactly those that the dry run
// listed, as far as they are not mended by now.
func (s *Server) replayDo(w http.ResponseWriter, r *http.Request, v visit) error {
	_, sel, err := selector(r)
	if err != nil {
		return err
	}
	if len(sel.Numbers) == 0 {
		return fault{http.StatusBadRequest, "Nothing was chosen, so nothing was done."}
	}
	list, err := s.opt.System.Chosen(r.Context(), sel)
	if err != nil {
		return err
	}
	done, err := s.opt.System.Replay(r.Context(), list, v.Who)
	if err != nil {
		return fmt.Errorf("%d of %d were asked for again, then: %w", len(done.Asked), len(list), err)
	}
	s.opt.Log.Info("replay", "who", v.Who, "tasks", len(done.Asked))
	s.board.poke()
	http.Redirect(w, r, fmt.Sprintf("/failures?asked=%d&refused=%d", len(done.Asked), len(done.Refused)), http.StatusSeeOther)
	return nil
}
