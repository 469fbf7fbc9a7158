// Package report writes the morning report: what happened in the night, what
// is parked and why, and what to do, as HTML for a browser or paper, as text
// for mail, and as JSON. Counts come from the objects (package progress), the
// course of the night from the ledger.
package report

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"sort"
	"strings"
	"text/tabwriter"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/ledger"
	"nightshift/pipeline/progress"
)

// Report is the morning report, and report.json.
type Report struct {
	Version int                     `json:"version"` // 1
	Made    time.Time               `json:"made"`
	Total   progress.Count          `json:"total"`
	Boxes   []BoxLine               `json:"boxes"`
	Night   *ledger.Night           `json:"night"`
	Reasons []ReasonCount           `json:"parkedNow"` // most frequent first
	Parked  []progress.ScanStanding `json:"parkedScans"`
	Pages   []archive.Failure       `json:"parkedPages"` // pages of items that were published without them
	Failed  []archive.Failure       `json:"-"`           // failures.json: all that is not mended
	Waiting []progress.ScanStanding `json:"waiting"`
	Ignored []progress.ScanStanding `json:"ignored"`
	Doubles []progress.ScanStanding `json:"duplicates"`
	Look    []progress.Look         `json:"toLookAt"` // what may not be right or whole though nothing failed
	Looks   []ReasonCount           `json:"toLookAtReasons"`
	Todo    []Step                  `json:"todo"`
	Orders  []Step                  `json:"orders"` // stages paused, boxes held or first, and the command that ends it
	Stalls  []Stall                 `json:"stalls"`
	Review  []Review                `json:"review"` // what to look at first

	Pictures []Picture `json:"-"` // of the worst pages, where they could be made
}

// ReasonCount is how many are parked for one reason, and what to do about it.
type ReasonCount struct {
	Reason archive.Reason `json:"reason"`
	Count  int            `json:"count"`
	What   string         `json:"what"`
	Todo   string         `json:"todo"`
}

// Step is one thing to do in the morning, with the command that does it.
type Step struct {
	What    string `json:"what"`
	Command string `json:"command,omitempty"`
}

// New puts a report together. Outstanding are the failures not yet mended, one
// for each page or item. Orders are of operators, each with the command that
// ends it, without its program. Look is what to look at besides. Where names the
// system in commands: "--data DIR", say.
func New(now time.Time, standings []progress.ScanStanding, look []progress.Look, outstanding []archive.Failure, night *ledger.Night, orders []Step, where string) Report {
	r := Report{Version: 1, Made: now.UTC().Truncate(time.Second), Night: night, Stalls: stalls(night), Review: review(night)}
	counts := progress.Counts(standings)
	r.Boxes, r.Total = boxLines(counts, night), progress.Total(counts)
	r.Look, r.Total.ToLookAt = look, len(look)
	for _, s := range standings {
		switch s.Standing {
		case progress.Parked:
			r.Parked = append(r.Parked, s)
		case progress.InProgress:
			r.Waiting = append(r.Waiting, s)
		case progress.Ignored:
			r.Ignored = append(r.Ignored, s)
		case progress.Duplicate:
			r.Doubles = append(r.Doubles, s)
		}
	}
	r.Failed = outstanding
	reasons := map[archive.Reason]int{}
	whole := map[archive.ItemID]bool{} // items none of whose pages could be read: told as scans
	for _, s := range r.Parked {
		whole[s.Item] = true
	}
	for _, f := range outstanding {
		reasons[f.Reason]++
		if f.Page > 0 && !whole[f.Item] {
			r.Pages = append(r.Pages, f)
		}
	}
	r.Reasons = reasonCounts(reasons)
	looks := map[archive.Reason]int{}
	for _, l := range look {
		looks[l.Reason]++
	}
	r.Looks = reasonCounts(looks)
	for _, o := range orders {
		r.Orders = append(r.Orders, Step{o.What, command(where, "%s", o.Command)})
	}
	r.Todo = r.steps(where)
	return r
}

// reasonCounts explains reasons, the most frequent first.
func reasonCounts(of map[archive.Reason]int) []ReasonCount {
	var out []ReasonCount
	for reason, n := range of {
		what, todo := reason.Explain()
		out = append(out, ReasonCount{reason, n, what, todo})
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		return a.Count > b.Count || a.Count == b.Count && a.Reason < b.Reason
	})
	return out
}

// command is a command of nightshift on the system.
func command(where, format string, args ...any) string {
	return strings.TrimSpace("nightshift " + fmt.Sprintf(format, args...) + " " + where)
}

func (r Report) steps(where string) []Step {
	var out []Step
	out = append(out, r.Orders...)
	for _, x := range r.Reasons {
		do := command(where, "replay --reason %s", x.Reason)
		if x.Reason.NeedsNewFile() {
			do = command(where, "ingest FOLDER --replace")
		}
		out = append(out, Step{fmt.Sprintf("%d × %s: %s %s", x.Count, x.Reason, x.What, x.Todo), do})
	}
	for _, x := range r.Looks {
		out = append(out, Step{fmt.Sprintf("%d × %s: %s %s%s", x.Count, x.Reason, x.What, r.kinds(x.Reason), x.Todo), ""})
	}
	if len(r.Waiting) > 0 {
		out = append(out, Step{fmt.Sprintf("%d scans have not ended. If nothing runs, let it go on; then count again.", len(r.Waiting)), command(where, "verify --list")})
	}
	if r.Night != nil && r.Night.Doubtful > 0 {
		out = append(out, Step{fmt.Sprintf("%d pages read badly: look at the worst, listed below, first.", r.Night.Doubtful), ""})
	}
	if n := len(r.Review); n > 0 {
		first := r.Review[0]
		do := "show"
		if first.Parked+first.Doubtful == 0 {
			do = "review" // only corrections ask
		}
		out = append(out, Step{asks(n, first.Locator), command(where, "%s %s", do, Quoted(string(first.Locator)))})
	}
	for _, s := range r.Stalls {
		out = append(out, Step{fmt.Sprintf("No page was read for %d minutes from %s: look in the log what was away then.", s.Minutes, s.From.Format("15:04")), ""})
	}
	if len(out) == 0 {
		out = append(out, Step{"Nothing. Everything that was put in is published.", ""})
	}
	return out
}

// Quoted is a word as a shell takes it.
func Quoted(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") == "" && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Subject is the report in one line, for mail.
func (r Report) Subject() string {
	t := r.Total
	s := fmt.Sprintf("Nightshift: %d of %d scans published", t.Published, t.Scans)
	if t.Parked+len(r.Pages) > 0 {
		s += fmt.Sprintf(", %d parked", t.Parked+len(r.Pages))
	}
	if t.ToLookAt > 0 {
		s += fmt.Sprintf(", %d to look at", t.ToLookAt)
	}
	if t.InProgress > 0 {
		s += fmt.Sprintf(", %d in progress", t.InProgress)
	}
	return s
}

// asks says how many items ask for a person, and which first.
func asks(n int, first archive.Locator) string {
	if n == 1 {
		return fmt.Sprintf("1 item asks for a look: %s.", first)
	}
	return fmt.Sprintf("%d items ask for a look; %s first.", n, first)
}

// JSON is report.json.
func (r Report) JSON() ([]byte, error) { return spell(r) }

// FailuresJSON is failures.json: what is parked and not mended, with the task
// of each.
func (r Report) FailuresJSON() ([]byte, error) {
	if r.Failed == nil {
		r.Failed = []archive.Failure{}
	}
	return spell(r.Failed)
}

func spell(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}

//go:embed report.html
var page string

var tmpl = template.Must(template.New("report").Funcs(template.FuncMap{
	"percent": func(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) },
	"outside": outsideLine,
	"whole":   func(x float64) string { return fmt.Sprintf("%.0f", x) },
	"clock":   func(t time.Time) string { return t.Format("2006-01-02 15:04:05 MST") },
	"span":    func(n *ledger.Night) string { return n.Active().Round(time.Second).String() },
	"first":   func(n int, p []ledger.PageNote) []ledger.PageNote { return p[:min(n, len(p))] },
	"rate":    rate,
	"curve":   func(r Report) template.HTML { return curve(r.Night, r.Stalls) },
	"picture": func(p Picture) template.URL {
		return template.URL("data:" + p.Type + ";base64," + base64.StdEncoding.EncodeToString(p.Data)) // #nosec G203 -- an image that we made
	},
}).Parse(page))

// rate is pages a minute over the time in which something happened.
func rate(n *ledger.Night) string {
	if d := n.Active().Minutes(); d > 0 {
		return fmt.Sprintf("%.1f", float64(n.PagesRead)/d)
	}
	return "–"
}

// HTML is report.html: one file, no scripts, nothing from elsewhere.
func (r Report) HTML() ([]byte, error) {
	var b bytes.Buffer
	err := tmpl.Execute(&b, r)
	return b.Bytes(), err
}

// Body is the inside of the HTML, for a page that has a frame of its own.
func (r Report) Body() (template.HTML, error) {
	var b bytes.Buffer
	err := tmpl.ExecuteTemplate(&b, "body", r)
	return template.HTML(b.String()), err // #nosec G203 -- made by html/template: escaped
}

// Text is the report for mail or a terminal.
func (r Report) Text() string {
	var b strings.Builder
	t := r.Total
	fmt.Fprintf(&b, "%d scans: %d published, %d parked, %d duplicate, %d ignored, %d in progress\n", t.Scans, t.Published, t.Parked, t.Duplicate, t.Ignored, t.InProgress)
	if t.ToLookAt > 0 {
		fmt.Fprintf(&b, "%d to look at\n", t.ToLookAt)
	}
	if r.Night != nil && r.Night.PagesRead > 0 {
		fmt.Fprintf(&b, "%d pages read in %s (%s a minute), %d blank, %d doubtful, %d retries\n", r.Night.PagesRead, r.Night.Active().Round(time.Second), rate(r.Night), r.Night.Blank, r.Night.Doubtful, r.Night.Retries)
	}
	if r.Night != nil && r.Night.Outside != nil {
		fmt.Fprintln(&b, outsideLine(r.Night.Outside))
	}
	if len(r.Boxes) > 1 {
		b.WriteString("\n")
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(w, "box\tscans\tpublished\tparked\tduplicate\tignored\tin progress\tpages read\tblank\tdoubtful\t")
		for _, l := range r.Boxes {
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", l.Count.Box, l.Scans, l.Published, l.Count.Parked, l.Duplicate, l.Ignored, l.InProgress, l.Read, l.Blank, l.Doubtful)
		}
		w.Flush()
		b.WriteString("\n")
	}
	for _, s := range r.Parked {
		fmt.Fprintf(&b, "parked  %s: %s\n", s.Key, s.Reason)
	}
	for _, f := range r.Pages {
		fmt.Fprintf(&b, "parked  %s page %d: %s\n", f.Locator, f.Page, f.Reason)
	}
	for _, l := range r.Look {
		fmt.Fprintf(&b, "look    %s: %s: %s\n", l.At(), l.Reason, l.Detail)
	}
	b.WriteString("\nto do\n")
	for _, s := range r.Todo {
		fmt.Fprintf(&b, "  %s\n", s.What)
		if s.Command != "" {
			fmt.Fprintf(&b, "      %s\n", s.Command)
		}
	}
	return b.String()
}
