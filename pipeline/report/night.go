package report

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/ledger"
	"nightshift/pipeline/progress"
)

// BoxLine is one box: the promise's counts, and what happened to its pages.
type BoxLine struct {
	progress.Count
	ledger.Box
}

func boxLines(counts []progress.Count, n *ledger.Night) []BoxLine {
	out := make([]BoxLine, len(counts))
	for i, c := range counts {
		out[i].Count = c
		if n != nil && n.Boxes[c.Box] != nil {
			out[i].Box = *n.Boxes[c.Box]
		}
	}
	return out
}

// Stall is a time in which no page was read though the night went on.
type Stall struct {
	From    time.Time `json:"from"`
	Minutes int       `json:"minutes"`
}

// stallAfter is how many minutes without a page count as a stall. A page may
// take two minutes by itself, and a worker that dies is replaced within one.
const stallAfter = 10

// stalls finds them between the first page and the last.
func stalls(n *ledger.Night) []Stall {
	if n == nil || len(n.Minutes) < 2 {
		return nil
	}
	minutes := make([]time.Time, 0, len(n.Minutes))
	for t := range n.Minutes {
		minutes = append(minutes, t)
	}
	slices.SortFunc(minutes, time.Time.Compare)
	var out []Stall
	for i := 1; i < len(minutes); i++ {
		if gap := int(minutes[i].Sub(minutes[i-1]).Minutes()) - 1; gap >= stallAfter {
			out = append(out, Stall{minutes[i-1].Add(time.Minute), gap})
		}
	}
	return out
}

// Review is an item to look at, with why.
type Review struct {
	Locator  archive.Locator `json:"locator"`
	Parked   int             `json:"parkedPages"`
	Doubtful int             `json:"doubtfulPages"`
	Flagged  int             `json:"flagged"`
}

// reviewKept is how many items the list of what to review first holds.
const reviewKept = 20

// review lists items with pages missing first, then with doubtful pages, then
// with corrections that ask a person; the most of each first.
func review(n *ledger.Night) []Review {
	if n == nil {
		return nil
	}
	var out []Review
	for _, it := range n.Items {
		if it.ParkedP+it.Doubtful+it.Flagged > 0 && it.Locator != "" {
			out = append(out, Review{it.Locator, it.ParkedP, it.Doubtful, it.Flagged})
		}
	}
	slices.SortFunc(out, func(a, b Review) int {
		return cmp.Or(cmp.Compare(b.Parked, a.Parked), cmp.Compare(b.Doubtful, a.Doubtful), cmp.Compare(b.Flagged, a.Flagged), cmp.Compare(a.Locator, b.Locator))
	})
	return out[:min(len(out), reviewKept)]
}

// Picture is an image of a page, for the report: a JPEG or PNG.
type Picture struct {
	Locator archive.Locator
	Page    int
	Why     string
	Type    string // media type
	Data    []byte
}

// curve is the pages read through the night as a drawing of 720 by 150, with
// stalls shaded; empty when there is too little to draw.
func curve(n *ledger.Night, gaps []Stall) template.HTML {
	if n == nil || n.PagesRead == 0 || n.To.Sub(n.From) < 2*time.Minute {
		return ""
	}
	const width, height, bars = 720.0, 120.0, 72
	first := n.From.Truncate(time.Minute)
	total := int(n.To.Sub(first).Minutes()) + 1
	step := max(1, (total+bars-1)/bars) // minutes a bar
	slots := make([]int, (total+step-1)/step)
	for t, pages := range n.Minutes {
		if i := int(t.Sub(first).Minutes()) / step; i >= 0 && i < len(slots) {
			slots[i] += pages
		}
	}
	top := max(slices.Max(slots), 1)
	x := func(t time.Time) float64 { return width * t.Sub(first).Minutes() / float64(len(slots)*step) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="rate" viewBox="0 0 %g %g" role="img" aria-label="pages read through the night, at most %d in %d minutes">`, width, height+30, top, step)
	for _, s := range gaps {
		fmt.Fprintf(&b, `<rect class="stall" x="%.1f" y="0" width="%.1f" height="%g"><title>no page for %d minutes</title></rect>`, x(s.From), width*float64(s.Minutes)/float64(len(slots)*step), height, s.Minutes)
	}
	each := width / float64(len(slots))
	for i, pages := range slots {
		if pages == 0 {
			continue
		}
		h := math.Max(height*float64(pages)/float64(top), 1)
		fmt.Fprintf(&b, `<rect class="bar" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s: %d pages</title></rect>`, float64(i)*each, height-h, math.Max(each-1, .5), h, first.Add(time.Duration(i*step)*time.Minute).Format("15:04"), pages)
	}
	fmt.Fprintf(&b, `<path class="axis" d="M0 %g H%g"/>`, height, width)
	const marks = 6
	for i := range marks + 1 {
		t := first.Add(time.Duration(i*len(slots)*step) * time.Minute / marks)
		anchor := map[int]string{0: "start", marks: "end"}[i]
		if anchor == "" {
			anchor = "middle"
		}
		fmt.Fprintf(&b, `<text x="%.1f" y="%g" text-anchor="%s">%s</text>`, width*float64(i)/marks, height+18, anchor, t.Format("15:04"))
	}
	fmt.Fprintf(&b, `<text x="0" y="12">%d pages in %d min</text></svg>`, top, step)
	return template.HTML(b.String()) // #nosec G203 -- numbers and times of ours only
}
