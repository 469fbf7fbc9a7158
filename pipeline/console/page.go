package console

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/transcript"
)

// page is what every template gets.
type page struct {
	Title string
	At    string // which entry of the navigation is current
	Flash string // what was just done
	Wide  bool
	Data  any

	// Filled in by show:
	Visit    visit
	Token    string
	Open     bool
	Plain    bool // passwords would go unencrypted
	Failures int
	Version  string
}

// templates by name, each with the frame around it.
var templates = parseTemplates()

func parseTemplates() map[string]*template.Template {
	names := []string{"night", "box", "failures", "failure", "replay", "report", "acts", "models", "item", "review", "doubts", "upload", "search", "sign-in", "error"}
	frame := template.Must(template.New("frame.html").Funcs(functions).ParseFS(templateFiles, "templates/frame.html", "templates/parts.html"))
	out := map[string]*template.Template{}
	for _, n := range names {
		out[n] = template.Must(template.Must(frame.Clone()).ParseFS(templateFiles, "templates/"+n+".html"))
	}
	return out
}

var functions = template.FuncMap{
	"visible": visible,
	"clock":   clock,
	"ago":     func(t time.Time) string { return ago(time.Since(t)) },
	"span":    ago,
	"plural":  plural,
	"percent": func(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) },
	"rate":    func(x float64) string { return fmt.Sprintf("%.2f%%", 100*x) },
	"whole":   func(x float64) string { return fmt.Sprintf("%.0f", x) },
	"iso":     func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"query":   query,
	"what":    func(r archive.Reason) string { w, _ := r.Explain(); return w },
	"todo":    func(r archive.Reason) string { _, t := r.Explain(); return t },
	"add":     func(a, b int) int { return a + b },
	"link":    func(l archive.Locator) string { return "/items/" + string(l.ID()) },
	"kind":    eventWords,
	"bar":     newBar,
	"short":   short,
	"blanks":  blanks,
	"crop":    crop,
	"decide": func(c correctionView, item archive.ItemID, token, back string, can bool) decideView {
		return decideView{c, item, token, back, can}
	},
	"boxattrs": func(b *transcript.Box) template.HTMLAttr { // numbers only
		return template.HTMLAttr(fmt.Sprintf(`x="%d" y="%d" width="%d" height="%d"`, b[0], b[1], max(1, b[2]-b[0]), max(1, b[3]-b[1]))) // #nosec G203 -- numbers only
	},
	"prose": func(s string) string { return strings.ReplaceAll(s, "-", " ") },
}

// cropped is how much of the page around a correction is shown, in pixels of
// its master.
const cropped = 420

// crop is the view of a page image around a box.
func crop(b *transcript.Box) string {
	x, y := (b[0]+b[2])/2, (b[1]+b[3])/2
	w := max(cropped*2, b[2]-b[0]+cropped/2)
	h := max(cropped/2, b[3]-b[1]+cropped/4)
	return fmt.Sprintf("%d %d %d %d", x-w/2, y-h/2, w, h)
}

// decide is what the form of a correction needs.
type decideView struct {
	C           correctionView
	Item        archive.ItemID
	Token, Back string
	Can         bool
}

// show writes a page. It is made in memory first, so that a fault in a template
// is an error and not half a page.
func (s *Server) show(w http.ResponseWriter, v visit, status int, name string, p page) {
	p.Visit, p.Open, p.Version = v, s.open, s.opt.Version
	p.Plain = !s.open && s.opt.CertFile == "" && s.opt.ProxyHeader == ""
	p.Token = s.tokens.of(v.Session)
	if v.Role > Nobody {
		p.Failures = len(s.board.last().Failures)
	}
	var b bytes.Buffer
	if err := templates[name].ExecuteTemplate(&b, "frame.html", p); err != nil {
		s.opt.Log.Error("console: template", "page", name, "error", err)
		http.Error(w, "The page could not be made; the log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the browser went away
}

// visible spells what would not be seen, or would turn the text around it, by
// its code point: control characters, direction overrides, invisible blanks.
func visible(v any) string {
	text := fmt.Sprint(v)
	hidden := func(r rune) bool {
		return r != '\n' && r != '\t' && r != 0x200D && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar || r == 0x2028 || r == 0x2029 || r == 0x00A0)
	}
	if !strings.ContainsFunc(text, hidden) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) {
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// blanks is visible, and shows what is only blanks and line ends by signs.
func blanks(s string) string {
	if strings.TrimSpace(s) == "" {
		return visible(strings.NewReplacer(" ", "␣", "\n", "↵", "\t", "⇥", "\f", "⇟").Replace(s))
	}
	return visible(s)
}

// shortTo is how much of a detail a list shows, in characters.
const shortTo = 300

// short cuts a long text for a list.
func short(v any) string {
	r := []rune(fmt.Sprint(v))
	if len(r) <= shortTo {
		return string(r)
	}
	return string(r[:shortTo]) + " …"
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	t = t.Local()
	if time.Since(t) < 18*time.Hour {
		return t.Format("15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}

func ago(d time.Duration) string {
	switch {
	case d < time.Second:
		return "under 1 s"
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%.0f min", math.Ceil(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}

// plural is "1 scan", "2 scans", "1,234 scans".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + one + "s"
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// query is a path with a query made of name, value pairs; empty values are
// left out.
func query(path string, pairs ...any) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v := fmt.Sprint(pairs[i+1]); v != "" && v != "0" {
			q.Set(fmt.Sprint(pairs[i]), v)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// pages is a part of a long list. From counts from 0.
type pages struct {
	From, To, All int
	Prev, Next    string // links; "" at an end
}

// part cuts a list to the part that the request asks for by "from".
func part[T any](r *http.Request, list []T, size int) ([]T, pages) {
	from, err := strconv.Atoi(r.FormValue("from"))
	if err != nil || from < 0 || from >= len(list) {
		from = 0
	}
	to := min(from+size, len(list))
	link := func(n int) string {
		q := r.URL.Query()
		q.Set("from", strconv.Itoa(n))
		return r.URL.Path + "?" + q.Encode()
	}
	p := pages{From: from, To: to, All: len(list)}
	if from > 0 {
		p.Prev = link(max(from-size, 0))
	}
	if to < len(list) {
		p.Next = link(to)
	}
	return list[from:to], p
}

// eventWords says what happened in an operator's words.
func eventWords(e archive.Event) string {
	words := map[archive.EventKind]string{
		archive.ScanReceived: "taken in", archive.ScanDuplicate: "found to be a duplicate", archive.ScanIgnored: "ignored",
		archive.ItemPlanned: "complete", archive.PageRead: "read", archive.Structured: "structured",
		archive.Published: "published", archive.Unchanged: "unchanged", archive.Retried: "failed, to be tried again",
		archive.Parked: "parked", archive.Replayed: "asked for again", archive.Healed: "put right by the sweep",
		archive.Reopened: "reopened for a new page", archive.Withdrawn: "withdrawn", archive.Reviewed: "reviewed",
		archive.FixityChecked: "digest checked",
		archive.Paused:        "paused", archive.Resumed: "resumed", archive.Held: "held", archive.PutFirst: "put first", archive.Released: "released",
		archive.ReportSent: "report sent",
	}
	if w, ok := words[e.Kind]; ok {
		return w
	}
	return string(e.Kind)
}
