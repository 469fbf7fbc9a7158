package console

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
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
	logShown      = 100 // lines
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

// group is failures that have something in common, in part.
type group struct {
	replay.Group
	List         []failureView
	Replay, More string
}

type failuresData struct {
	Words     replay.Words
	By        string // reason, stage or box
	Ways      []groupWay
	Filtered  bool
	All       int
	Counted   time.Time
	Groups    []group
	Pages     pages
	ReplayAll string
}

// groupWay is a link to the same failures, grouped otherwise.
type groupWay struct{ By, Link string }

// words reads a selector from a query.
func words(r *http.Request) (replay.Words, error) {
	if err := r.ParseForm(); err != nil {
		return replay.Words{}, fault{http.StatusBadRequest, "The request cannot be read."}
	}
	w := replay.Words{
		Stage: r.Form.Get("stage"), Reason: r.Form.Get("reason"), Box: r.Form.Get("box"), Item: r.Form.Get("item"),
		Since: r.Form.Get("since"), Until: r.Form.Get("until"), Numbers: strings.Join(r.Form["failure"], ","),
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

// queryOf is path with the words, and more, as a query.
func queryOf(path string, w replay.Words, more ...any) string {
	return query(path, append([]any{"stage", w.Stage, "reason", w.Reason, "box", w.Box, "item", w.Item, "since", w.Since, "until", w.Until, "failure", w.Numbers, "page", w.Page}, more...)...)
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
	by := cmp.Or(r.FormValue("by"), replay.ByReason)
	groups, err := replay.Groups(chosen, by, groupShown)
	if err != nil {
		return fault{http.StatusBadRequest, "They are grouped by reason, stage or box."}
	}
	d := failuresData{Words: ws, By: by, Filtered: ws != replay.Words{}, All: len(chosen), Counted: c.At, ReplayAll: queryOf("/replay", ws)}
	if !d.Filtered {
		d.ReplayAll = "/replay?all=1"
	}
	for _, way := range []string{replay.ByReason, replay.ByStage, replay.ByBox} {
		d.Ways = append(d.Ways, groupWay{way, queryOf("/failures", ws, "by", way)})
	}
	again := s.board.replays()
	for _, rg := range groups {
		one, whole := ws, false
		switch by {
		case replay.ByReason:
			whole, one.Reason = ws.Reason == rg.Key, rg.Key
		case replay.ByStage:
			whole, one.Stage = ws.Stage == rg.Key, rg.Key
		case replay.ByBox:
			whole, one.Box = ws.Box == rg.Key, rg.Key
		}
		g := group{Group: rg, Replay: queryOf("/replay", one), More: queryOf("/failures", one, "by", by)}
		list := g.Samples
		if whole { // one group, all of it, in parts
			list, d.Pages = part(r, chosen, failuresShown)
			g.More = ""
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
	lines, err := s.logOf(r, f.Item, f.Page)
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
		Log     []runner.LogLine
		Where   string
	}{view, !outstanding, history, lines, s.opt.Where}})
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

// logOf is what the programs' logs say of an item or a page of it; nothing where
// lines are not kept.
func (s *Server) logOf(r *http.Request, item archive.ItemID, page int) ([]runner.LogLine, error) {
	if item == "" {
		return nil, nil
	}
	return s.opt.System.LogOf(r.Context(), item, page, logShown)
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
	for _, x := range []struct{ flag, value string }{{"stage", w.Stage}, {"reason", w.Reason}, {"box", w.Box}, {"item", w.Item}, {"since", w.Since}, {"until", w.Until}, {"failure", w.Numbers}} {
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
