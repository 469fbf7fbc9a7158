// Package ledger turns the events of the ledger into what people ask: where
// each item is, how the night went, what to look at first. It is a pure fold
// over archive.Event; it reads no stream and no object itself.
package ledger

import (
	"encoding/json"
	"hash/maphash"
	"slices"
	"sort"
	"time"

	"nightshift/pipeline/archive"
)

// Item is where an item stands by the ledger.
type Item struct {
	ID        archive.ItemID    `json:"id"`
	Locator   archive.Locator   `json:"locator"`
	State     archive.EventKind `json:"state"` // the last event that moved it
	Pages     int               `json:"pages"`
	Read      int               `json:"read"`
	ParkedP   int               `json:"parkedPages"`
	Retries   int               `json:"retries"`
	Doubtful  int               `json:"doubtfulPages"`
	Flagged   int               `json:"flagged"` // corrections that ask a person
	First     time.Time         `json:"first"`
	Last      time.Time         `json:"last"`
	LastStage string            `json:"lastStage"`
}

// PageNote is a page that was read, as far as a morning needs it.
type PageNote struct {
	Locator    archive.Locator `json:"locator"`
	Item       archive.ItemID  `json:"item"`
	Page       int             `json:"page"`
	Scan       string          `json:"scan"`
	Words      int             `json:"words"`
	Confidence float64         `json:"confidence"` // 0-100
	ErrorRate  float64         `json:"errorRate"`  // estimated, 0-1
	Grade      string          `json:"grade,omitempty"`
	Blank      bool            `json:"blank,omitempty"`
	LowQuality bool            `json:"lowQuality,omitempty"`
	Seconds    float64         `json:"seconds"`
}

// Box is what happened to the pages of one box.
type Box struct {
	Read     int     `json:"pagesRead"`
	Blank    int     `json:"blankPages"`
	Doubtful int     `json:"doubtfulPages"`
	Parked   int     `json:"parkedPages"` // times that a page was parked
	Retries  int     `json:"retries"`
	Seconds  float64 `json:"secondsReading"`
}

// worstKept bounds the list of worst pages, so that a fold over a million
// pages stays small.
const worstKept = 50

// Night is the fold: feed it events in any order with Add. An event that comes
// twice, by its ID, counts once. Figures of reading are of work done, not of
// scans (verify counts those).
type Night struct {
	Items     map[archive.ItemID]*Item  `json:"-"`
	Events    int                       `json:"events"`
	From      time.Time                 `json:"from"`
	To        time.Time                 `json:"to"`
	Worked    time.Time                 `json:"worked"` // when the pipeline last did something
	PagesRead int                       `json:"pagesRead"`
	Blank     int                       `json:"blankPages"`
	Doubtful  int                       `json:"doubtfulPages"`
	Seconds   float64                   `json:"secondsReading"` // processor-side time of page reads, summed
	Retries   int                       `json:"retries"`
	Healed    []string                  `json:"healed,omitempty"`
	Reasons   map[archive.Reason]int    `json:"parkedByReason"`
	Kinds     map[archive.EventKind]int `json:"byKind"`
	Worst     []PageNote                `json:"worst"` // lowest confidence first
	Boxes     map[string]*Box           `json:"boxes"` // by archive.Locator.Box
	Outside   *Outside                  `json:"outsideReader,omitempty"`
	Rate      map[time.Time]int         `json:"-"` // pages read by ten-minute slot
	Minutes   map[time.Time]int         `json:"-"` // pages read by minute
	busy      map[time.Time]bool        // slots in which anything happened
	seed      maphash.Seed
	seen      map[uint64]struct{} // hashes of the IDs of events, some 20 bytes each
}

// busySlot is how finely Active tells work from waiting: longer than a page
// takes to read.
const busySlot = 20 * time.Second

// Active is how long there was work, without the days between the nights of
// one data directory.
func (n *Night) Active() time.Duration {
	return min(n.To.Sub(n.From), time.Duration(len(n.busy))*busySlot)
}

// NewNight is an empty fold.
func NewNight() *Night {
	return &Night{Items: map[archive.ItemID]*Item{}, Reasons: map[archive.Reason]int{}, Kinds: map[archive.EventKind]int{}, Rate: map[time.Time]int{}, Minutes: map[time.Time]int{}, Boxes: map[string]*Box{}, busy: map[time.Time]bool{}, seed: maphash.MakeSeed(), seen: map[uint64]struct{}{}}
}

// Add folds one event in.
func (n *Night) Add(e archive.Event) {
	if e.ID != "" {
		h := maphash.String(n.seed, e.ID)
		if _, told := n.seen[h]; told {
			return
		}
		n.seen[h] = struct{}{}
	}
	n.Events++
	n.Kinds[e.Kind]++
	if n.From.IsZero() || e.Time.Before(n.From) {
		n.From = e.Time
	}
	if e.Time.After(n.To) {
		n.To = e.Time
	}
	if e.Kind.IsWork() && e.Time.After(n.Worked) {
		n.Worked = e.Time
	}
	n.busy[e.Time.Truncate(busySlot)] = true
	switch e.Kind {
	case archive.PageRead:
		n.addPage(e)
	case archive.Retried:
		n.Retries++
		n.box(e).Retries++
	case archive.Parked:
		n.Reasons[e.Reason]++
		if e.Page > 0 {
			n.box(e).Parked++
		}
	case archive.Healed:
		n.Healed = append(n.Healed, e.Detail)
	}
	if e.Item != "" {
		n.item(e)
	}
}

func (n *Night) box(e archive.Event) *Box {
	name := e.Locator.Box()
	b := n.Boxes[name]
	if b == nil {
		b = &Box{}
		n.Boxes[name] = b
	}
	return b
}

func (n *Night) item(e archive.Event) {
	it := n.Items[e.Item]
	if it == nil {
		it = &Item{ID: e.Item, First: e.Time}
		n.Items[e.Item] = it
	}
	if e.Locator != "" {
		it.Locator = e.Locator
	}
	if e.Time.Before(it.First) {
		it.First = e.Time
	}
	it.Pages = max(it.Pages, e.Pages)
	switch e.Kind {
	case archive.PageRead:
		it.Read++
		var p PageNote
		if json.Unmarshal(e.Facts, &p) == nil && p.LowQuality && !p.Blank {
			it.Doubtful++
		}
	case archive.Published:
		var f struct{ Flagged int }
		if json.Unmarshal(e.Facts, &f) == nil {
			it.Flagged = f.Flagged
		}
	case archive.Retried:
		it.Retries++
	case archive.Parked:
		if e.Page > 0 {
			it.ParkedP++
		}
	}
	if !e.Time.Before(it.Last) {
		it.Last, it.State, it.LastStage = e.Time, e.Kind, e.Stage
	}
}

func (n *Night) addPage(e archive.Event) {
	p := PageNote{Locator: e.Locator, Item: e.Item, Page: e.Page, Scan: e.Scan, Seconds: e.Seconds}
	if json.Unmarshal(e.Facts, &p) != nil {
		return // an event of another version: its page is counted by verify
	}
	n.addOutside(e)
	n.PagesRead++
	n.Seconds += e.Seconds
	n.Rate[e.Time.Truncate(10*time.Minute)]++
	n.Minutes[e.Time.Truncate(time.Minute)]++
	b := n.box(e)
	b.Read, b.Seconds = b.Read+1, b.Seconds+e.Seconds
	switch {
	case p.Blank:
		n.Blank++
		b.Blank++
		return
	case p.LowQuality:
		n.Doubtful++
		b.Doubtful++
	}
	i := sort.Search(len(n.Worst), func(i int) bool { return worse(p, n.Worst[i]) })
	if i < worstKept {
		n.Worst = slices.Insert(n.Worst, i, p)
		n.Worst = n.Worst[:min(len(n.Worst), worstKept)]
	}
}

// worse orders pages by estimated error rate, then confidence, then place.
func worse(a, b PageNote) bool {
	switch {
	case a.ErrorRate != b.ErrorRate:
		return a.ErrorRate > b.ErrorRate
	case a.Confidence != b.Confidence:
		return a.Confidence < b.Confidence
	case a.Locator != b.Locator:
		return a.Locator < b.Locator
	}
	return a.Page < b.Page
}
