package console

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"nightshift/internal/night"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ledger"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/turns"
)

// stalledAfter is how long nothing may happen while work waits before the
// console says so: longer than a page may take.
const stalledAfter = 5 * time.Minute

// awayAfter is how long a worker may be silent before it is not counted.
const awayAfter = 15 * time.Minute

// Lengths of lists on a page.
const (
	boxesShown  = 40
	itemsShown  = 100
	recentShown = 15
)

// nightView is the night at a glance, and the API's status.
type nightView struct {
	Now      time.Time       `json:"now"`
	Counted  time.Time       `json:"counted"` // when the objects were counted; zero: not yet
	Trouble  string          `json:"trouble,omitempty"`
	Total    progress.Count  `json:"total"`
	Boxes    []boxView       `json:"boxes"`
	Queues   []runner.Queue  `json:"queues"`
	Working  bool            `json:"working"` // something waits or is worked on
	Rate     float64         `json:"pagesAMinute"`
	Left     int             `json:"pagesLeft"` // known pages not read yet
	TimeLeft time.Duration   `json:"nanosecondsLeft"`
	Stalled  time.Duration   `json:"nanosecondsStalled"` // nothing happened for so long while work waits
	Health   []healthView    `json:"health"`
	Reasons  []reasonView    `json:"parkedByReason"`
	Looks    []reasonView    `json:"toLookAtByReason"` // what nothing failed of
	Recent   []archive.Event `json:"recent"`
	Slots    []slot          `json:"slots"`
	Night    *ledger.Night   `json:"night"`
	Turns    night.Turns     `json:"turns"` // stages paused, boxes held or first, and what waits for its turn
	BoxPages pages           `json:"-"`
}

// boxView is a box with the failures in it that are not mended.
type boxView struct {
	progress.Count
	Failures int    `json:"failures"`
	Turn     string `json:"turn,omitempty"` // held or first
}

func (b boxView) open() bool { return b.InProgress+b.Parked+b.Failures > 0 }

type healthView struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
	Stage  string `json:"stage,omitempty"` // the stage that it is about
	Paused bool   `json:"paused,omitempty"`
}

type reasonView struct {
	Reason archive.Reason `json:"reason"`
	Count  int            `json:"count"`
}

// slot is ten minutes of reading.
type slot struct {
	From  time.Time `json:"from"`
	Pages int       `json:"pages"`
}

// nightNow folds what the board knows.
func (s *Server) nightNow() nightView {
	b := s.board
	b.mu.RLock()
	defer b.mu.RUnlock()
	c, p, now := b.counted, b.pulse, time.Now()
	v := nightView{Now: now, Counted: c.At, Total: c.Total, Queues: p.Queues, Boxes: boxesOf(c, p.Turns), Turns: p.Turns, Reasons: reasonsOf(c.Failures, func(f archive.Failure) archive.Reason { return f.Reason }),
		Looks: reasonsOf(c.Looks, func(l progress.Look) archive.Reason { return l.Reason })}
	if c.Err != nil {
		v.Trouble = c.Err.Error()
	}
	n := *b.night // figures; maps stay with the board
	n.Items, n.Rate, n.Minutes, n.Boxes = nil, nil, nil, nil
	n.Worst, n.Healed = slices.Clone(n.Worst), slices.Clone(n.Healed)
	n.Kinds, n.Reasons = nil, nil
	v.Night = &n
	v.Recent = recentOf(b.recent)
	v.Working = !p.At.IsZero() && !p.Settled
	v.Left = pagesLeft(b.night)
	reads := b.reads
	for len(reads) > 0 && now.Sub(reads[0]) > rateOver {
		reads = reads[1:]
	}
	if len(reads) > 1 {
		v.Rate = float64(len(reads)) / max(now.Sub(reads[0]).Minutes(), 1.0/6)
	}
	if v.Rate > 0 && v.Left > 0 {
		v.TimeLeft = time.Duration(float64(v.Left) / v.Rate * float64(time.Minute))
	}
	if v.Working && !b.night.To.IsZero() && now.Sub(b.night.To) > stalledAfter {
		v.Stalled = now.Sub(b.night.To)
	}
	v.Slots = slotsOf(b.night)
	v.Health = healthOf(p, b.workers, v)
	return v
}

// boxesOf are the boxes, those that need somebody first.
func boxesOf(c *counted, t night.Turns) []boxView {
	failures := map[string]int{}
	for _, f := range c.Failures {
		failures[f.Locator.Box()]++
	}
	out := make([]boxView, 0, len(c.Boxes))
	for _, n := range c.Boxes {
		out = append(out, boxView{n, failures[n.Box], turnOf(t, n.Box)})
	}
	slices.SortStableFunc(out, func(a, b boxView) int {
		switch {
		case a.open() == b.open():
			return cmp.Compare(a.Box, b.Box)
		case a.open():
			return -1
		}
		return 1
	})
	return out
}

// turnOf says what was ordered about a box: held, first, or nothing.
func turnOf(t night.Turns, box string) string {
	switch {
	case t.HoldsBox(box):
		return "held"
	case t.IsFirst(box):
		return "first"
	}
	return ""
}

// reasonsOf counts a list by reason, the most frequent first.
func reasonsOf[T any](list []T, reason func(T) archive.Reason) []reasonView {
	n := map[archive.Reason]int{}
	for _, x := range list {
		n[reason(x)]++
	}
	out := make([]reasonView, 0, len(n))
	for r, count := range n {
		out = append(out, reasonView{r, count})
	}
	slices.SortFunc(out, func(a, b reasonView) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return out
}

// recentOf are the last events, newest first.
func recentOf(all []archive.Event) []archive.Event {
	out := slices.Clone(all[max(0, len(all)-recentShown):])
	slices.Reverse(out)
	return out
}

// pagesLeft counts the pages of planned items that are neither read nor parked.
func pagesLeft(n *ledger.Night) int {
	left := 0
	for _, it := range n.Items {
		if it.State != archive.Published && it.State != archive.Unchanged {
			left += max(0, it.Pages-it.Read-it.ParkedP)
		}
	}
	return left
}

// slotsKept is how many ten minutes the picture of the night shows: 16 hours.
const slotsKept = 96

func slotsOf(n *ledger.Night) []slot {
	if n.PagesRead == 0 {
		return nil
	}
	last := n.To.Truncate(10 * time.Minute)
	first := n.From.Truncate(10 * time.Minute)
	if oldest := last.Add(-(slotsKept - 1) * 10 * time.Minute); first.Before(oldest) {
		first = oldest
	}
	var out []slot
	for t := first; !t.After(last); t = t.Add(10 * time.Minute) {
		out = append(out, slot{t, n.Rate[t]})
	}
	return out
}

func healthOf(p pulse, workers map[string]worker, v nightView) []healthView {
	state := func(what, trouble, well, remedy string) healthView {
		if trouble != "" {
			return healthView{What: what, Detail: trouble, Remedy: remedy}
		}
		return healthView{What: what, OK: true, Detail: well}
	}
	if p.At.IsZero() {
		return nil
	}
	out := []healthView{
		state("NATS", cmp.Or(p.NATS, p.QueueError), "answers in "+p.RoundTrip.Round(10*time.Microsecond).String(), "Start it again; work goes on by itself."),
		state("Store", p.Store, "answers", "Start it again; work goes on by itself."),
	}
	for _, q := range p.Queues {
		here := 0
		for _, w := range workers {
			if w.Stages[q.Stage] && v.Now.Sub(w.Last) < awayAfter {
				here++
			}
		}
		act, paused := p.Turns.Paused[q.Stage]
		switch {
		case q.Paused && paused:
			out = append(out, healthView{What: "Stage " + q.Stage, OK: true, Detail: "paused by " + act.Who + ", " + plural(q.Waiting+q.Aside, "task") + " waiting", Stage: q.Stage, Paused: true})
			continue
		case q.Pulling > 0 || q.Working > 0 || here > 0 && q.Waiting == 0:
			out = append(out, healthView{What: "Stage " + q.Stage, OK: true, Detail: "working", Stage: q.Stage})
		case q.Waiting > 0:
			out = append(out, healthView{What: "Stage " + q.Stage, Detail: "no worker: " + plural(q.Waiting, "task") + " waiting", Remedy: "Start `nightshift up`, or the program of this stage.", Stage: q.Stage})
		default:
			out = append(out, healthView{What: "Stage " + q.Stage, OK: true, Detail: "no worker, nothing to do", Stage: q.Stage})
		}
	}
	return out
}

// Head says in one sentence how things are.
func (v nightView) Head() string {
	t := v.Total
	switch {
	case v.Counted.IsZero():
		return "Counting the scans …"
	case t.Scans == 0:
		return "Nothing has been put in yet."
	case v.Stalled > 0:
		return "Nothing has happened for " + ago(v.Stalled) + " although work waits."
	case t.InProgress > 0 && !v.Working && len(v.Turns.Told(v.Now)) > 0:
		return plural(t.InProgress, "scan") + " of " + thousands(t.Scans) + " held back; the rest is done."
	case t.InProgress > 0:
		return plural(t.InProgress, "scan") + " of " + thousands(t.Scans) + " still in progress."
	case v.Working:
		return "Every scan has ended; some work is still being finished."
	case t.Parked > 0:
		return "The night is done. " + plural(t.Parked, "scan") + " of " + thousands(t.Scans) + " parked."
	case len(v.Reasons) > 0:
		return "The night is done. Everything is published; some items lack pages."
	case t.ToLookAt > 0:
		return "The night is done. Nothing is parked, " + thousands(t.ToLookAt) + " to look at."
	}
	return "The night is done. Nothing is parked."
}

func (s *Server) nightPage(w http.ResponseWriter, r *http.Request, v visit) error {
	n := s.nightNow()
	n.Boxes, n.BoxPages = part(r, n.Boxes, boxesShown)
	s.show(w, v, http.StatusOK, "night", page{Title: "The night", At: "night", Data: n})
	return nil
}

// barPart is one colour of a box's bar, in hundredths of its width.
type barPart struct {
	Kind string
	X, W float64
}

func newBar(c progress.Count) []barPart {
	var out []barPart
	x := 0.0
	for _, p := range []struct {
		kind string
		n    int
	}{{"published", c.Published}, {"parked", c.Parked}, {"other", c.Duplicate + c.Ignored}, {"progress", c.InProgress}} {
		if p.n > 0 && c.Scans > 0 {
			w := 100 * float64(p.n) / float64(c.Scans)
			out = append(out, barPart{p.kind, x, w})
			x += w
		}
	}
	return out
}

// itemLine is one item of a box.
type itemLine struct {
	Locator  archive.Locator
	Key      string // of a scan that is no item's yet, or never
	Standing progress.Standing
	Scans    int
	Version  int
	Reason   archive.Reason
	Detail   string
	Failures int
}

// boxData is a box's items, in part.
type boxData struct {
	boxView
	Told     []turns.Told
	Only     string // a standing; "" for all
	Items    []itemLine
	Pages    pages
	Counted  time.Time
	Standing []progress.Standing
}

func (s *Server) boxPage(w http.ResponseWriter, r *http.Request, v visit) error {
	name, only := r.FormValue("name"), r.FormValue("standing")
	c := s.board.last()
	d := boxData{Only: only, Counted: c.At, Standing: []progress.Standing{progress.Published, progress.Parked, progress.Duplicate, progress.Ignored, progress.InProgress}}
	i := slices.IndexFunc(c.Boxes, func(b progress.Count) bool { return b.Box == name })
	if i < 0 {
		return fault{http.StatusNotFound, "There is no such box, or it has not been counted yet."}
	}
	d.Count = c.Boxes[i]
	s.board.mu.RLock()
	t := s.board.pulse.Turns
	s.board.mu.RUnlock()
	if d.Turn = turnOf(t, name); d.Turn != "" {
		for _, x := range t.Told(time.Now()) {
			if x.What == "box" && (x.Name == name || strings.HasPrefix(name, x.Name+"/")) {
				d.Told = append(d.Told, x)
			}
		}
	}
	lines := itemsOf(c, name, progress.Standing(only))
	for _, l := range lines {
		d.Failures += l.Failures
	}
	d.Items, d.Pages = part(r, lines, itemsShown)
	s.show(w, v, http.StatusOK, "box", page{Title: "Box " + visible(name), At: "night", Data: d})
	return nil
}

// itemsOf groups the scans of a box into items, in order of name. Standings are
// in key order, so that a box is one stretch of them, found by halving.
func itemsOf(c *counted, box string, only progress.Standing) []itemLine {
	failures := map[archive.ItemID]int{}
	for _, f := range c.Failures {
		failures[f.Item]++
	}
	all := c.Standings
	if box != "." {
		from, _ := slices.BinarySearchFunc(all, box+"/", func(s progress.ScanStanding, to string) int { return strings.Compare(s.Key, to) })
		all = all[from:]
	}
	var out []itemLine
	at := map[archive.Locator]int{}
	for _, x := range all {
		if archive.Locator(x.Key).Box() != box {
			if box != "." && !strings.HasPrefix(x.Key, box+"/") {
				break
			}
			continue
		}
		if only != "" && x.Standing != only {
			continue
		}
		if i, ok := at[x.Locator]; ok && x.Locator != "" && x.Standing == out[i].Standing {
			out[i].Scans++
			continue
		}
		l := itemLine{Locator: x.Locator, Key: x.Key, Standing: x.Standing, Scans: 1, Version: x.Version, Reason: x.Reason, Detail: x.Detail, Failures: failures[x.Item]}
		switch {
		case x.Of != "":
			l.Detail = "the same as " + x.Of
		case x.Missing != "":
			l.Detail = "waits for " + x.Missing
		}
		if x.Standing == progress.Published || x.Standing == progress.Parked {
			at[x.Locator] = len(out)
		}
		out = append(out, l)
	}
	return out
}

// scansOf are at most n standings below prefix and after a key; all is in key
// order.
func scansOf(all []progress.ScanStanding, prefix, after string, n int) []progress.ScanStanding {
	from, _ := slices.BinarySearchFunc(all, max(prefix, after), func(s progress.ScanStanding, to string) int { return strings.Compare(s.Key, to) })
	out := []progress.ScanStanding{}
	for _, x := range all[from:] {
		if len(out) == n || !strings.HasPrefix(x.Key, prefix) {
			break
		}
		if x.Key != after {
			out = append(out, x)
		}
	}
	return out
}

// sparkPart is one bar of the picture of the night.
type sparkPart struct {
	X, Y, W, H float64
	Title      string
}

// SparkWidth is the width of the picture: ten a slot, and never so few that a
// short night looks like a wall.
func (v nightView) SparkWidth() int { return 10 * max(len(v.Slots), 24) }

// Spark is the picture of the night: pages read by ten minutes.
func (v nightView) Spark() []sparkPart {
	top := 1
	for _, s := range v.Slots {
		top = max(top, s.Pages)
	}
	var out []sparkPart
	for i, s := range v.Slots {
		h := 38 * float64(s.Pages) / float64(top)
		out = append(out, sparkPart{float64(10*i + 1), 40 - h, 8, h, clock(s.From) + ": " + plural(s.Pages, "page")})
	}
	return out
}
