//go:build shared && cgo

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/program"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/report"
)

func TestMain(m *testing.M) {
	ocr.ChildMain()
	os.Exit(m.Run())
}

// faultItem is an item that came out: its pages, and words of its text in their order.
type faultItem struct {
	pages int
	words []string
}

// fault is a folder of ../shared/faults with what its README asks for.
type fault struct {
	folder string // below faults
	in     string // of the folder, or of what its make.sh makes
	made   bool   // by make.sh
	take   string // --take-ocr
	code   int    // exit code
	items  map[string]faultItem
	looks  []string // reasons to look, each with the end of its key
	parked []string // likewise, of scans
	search string   // what `nightshift search` finds, in any item
	title  string   // of any item
	sheet  [2]float64
}

const (
	harbour = "Harbour Office, 3 May 1957"
	keeper  = "The lighthouse keeper asks for two new lamps before winter."
	council = "The second matter concerns the ferry landing"
	finally = "Finally the Board wishes to thank the surveyor for his patience."
	orchard = "Orchard House, 9 June 1958"
)

var faultsTable = []fault{
	{folder: "alto-line-in-one-string", in: "in", take: "alto", title: "The conservation of Durchmesser", search: "conservation", items: map[string]faultItem{
		"escriptorium-alto": {1, []string{harbour, "The dredging of the northern channel"}}, "abbyy-alto-hyp": {1, []string{"The conservation of Durchmesser"}},
	}},
	{folder: "bom-item-json", in: "in", items: map[string]faultItem{"bom": {2, []string{harbour, council}}}},
	{folder: "eight-digit-pages", in: "in", items: map[string]faultItem{"PPN829394": {3, []string{harbour, council, finally}}}},
	{folder: "fax-204x98", in: "in", sheet: [2]float64{610, 792}, items: map[string]faultItem{
		"standard-fax": {1, []string{harbour, "Dear Mr. Ainsley", "committee", "lamps"}},
	}},
	{folder: "hyphen-over-page", in: "in", search: "completion", items: map[string]faultItem{
		"hyphen-over-page": {2, []string{"a certificate of completion, which"}},
	}},
	{folder: "master-and-copy", in: "in", code: program.LookAt, looks: []string{"page-missing minutes_p001.jpg"}, items: map[string]faultItem{
		"mastercopy/letter": {2, []string{harbour, council}}, "gap/minutes": {2, []string{harbour, finally}},
	}},
	{folder: "odd-containers", in: "in", items: map[string]faultItem{
		"two": {2, []string{council, finally}}, "jp2": {1, []string{finally}}, "huge-page-36dpi": {1, []string{harbour, keeper}},
	}},
	{folder: "one-bad-name", in: "in", made: true, items: map[string]faultItem{"letter": {1, []string{harbour}}}},
	{folder: "one-bad-name", in: "in-long", made: true, code: program.LookAt, looks: []string{"left-out /letter.jpg"}, items: map[string]faultItem{"letter": {1, []string{harbour}}}},
	{folder: "one-bad-name", in: "in-link", made: true, code: program.LookAt, looks: []string{"left-out gone.jpg"}, items: map[string]faultItem{"letter": {1, []string{harbour}}}},
	{folder: "pdf-placeholder-page", in: "in", code: program.LookAt,
		looks: []string{"embedded-files portfolio.pdf", "notes-on-page form-filled.pdf", "placeholder-page xfa.pdf"},
		items: map[string]faultItem{"form-filled": {1, []string{"PEMBERTON of Dunmore"}}, "portfolio": {2, []string{harbour}}, "xfa": {1, nil}}},
	{folder: "resolution-tag-1225", in: "in", items: map[string]faultItem{
		"dpi1000x": {1, []string{harbour, "Dear Mr. Ainsley", "The dredging", "The contractor", "the cost remained", keeper}}, "dpi1225x": {1, []string{harbour, "Dear Mr. Ainsley", "The dredging", "The contractor", "the cost remained", keeper}},
		"grey1225x": {1, []string{council, "Its timbers are rotten", "The council has set aside", "pay the remainder."}},
	}},
	{folder: "stamp-only-text-layer", in: "in", take: "pdf", items: map[string]faultItem{"bates-only": {1, []string{finally, "NARA-000114"}}}},
	{folder: "thumbnail-ifd", in: "in", items: map[string]faultItem{"thumb-unflagged": {1, []string{orchard}}, "pyramid-unflagged": {1, []string{orchard}}}},
	{folder: "unread-image-kinds", in: "in", code: program.Parked, parked: []string{"undecodable book.djvu"}, items: map[string]faultItem{
		"cover": {1, []string{harbour}}, "scan": {1, []string{finally}}, "IMG": {2, []string{council, harbour}},
	}},
	{folder: "windows-and-folio-numbers", in: "in", items: map[string]faultItem{
		"windows/letter": {3, []string{harbour, council, finally}}, "rectoverso/folio": {4, []string{harbour, council, finally, orchard}},
	}},
}

// Every folder of ../shared/faults goes through the program, and what comes out is
// what its README asks for: -v prints both, side by side.
func TestSharedFaults(t *testing.T) {
	root := filepath.Join(os.Getenv("NIGHTSHIFT_SHARED"), "faults")
	folders, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if !slices.ContainsFunc(faultsTable, func(r fault) bool { return r.folder == f.Name() }) {
			t.Errorf("%s has no row in the table", f.Name())
		}
	}
	for _, f := range faultsTable {
		t.Run(f.folder+"/"+f.in, func(t *testing.T) { f.through(t, filepath.Join(root, f.folder)) })
	}
}

// through runs the program over a row's folder and judges what came out.
func (f fault) through(t *testing.T, at string) {
	readme, err := os.ReadFile(filepath.Join(at, "README"))
	if err != nil {
		t.Fatal(err)
	}
	tmp := t.TempDir()
	from, out, data := filepath.Join(at, f.in), filepath.Join(tmp, "out"), filepath.Join(tmp, "data")
	if f.made {
		if o, err := exec.Command("sh", filepath.Join(at, "make.sh"), filepath.Join(tmp, "made")).CombinedOutput(); err != nil {
			t.Fatalf("make.sh: %v\n%s", err, o)
		}
		from = filepath.Join(tmp, "made", f.in)
	}
	args := []string{"run", from, "--out", out, "--data", data}
	if f.take != "" {
		args = append(args, "--take-ocr", f.take)
	}
	code, _ := calls(t, args...)
	r := reportIn(t, out)
	var looks, parked []string
	for _, l := range r.Look {
		looks = append(looks, string(l.Reason)+" "+l.Key)
	}
	for _, s := range r.Parked {
		parked = append(parked, string(s.Reason)+" "+s.Key)
	}
	t.Logf("asked: %s\ncame out: exit %d; %d scans, %d published, %d parked, %d duplicate, %d ignored; look %v; parked %v", bytes.TrimSpace(readme), code,
		r.Total.Scans, r.Total.Published, r.Total.Parked, r.Total.Duplicate, r.Total.Ignored, shortened(looks), parked)
	if code != f.code || !r.Total.Adds() || r.Total.InProgress > 0 {
		t.Errorf("exit %d, %+v; want exit %d", code, r.Total, f.code)
	}
	if !like(looks, f.looks) || !like(parked, f.parked) {
		t.Errorf("look %v, parked %v; want %v, %v", shortened(looks), parked, f.looks, f.parked)
	}
	f.judge(t, out)
	if f.search != "" {
		if code, found := calls(t, "search", f.search, "--data", data); code != 0 || !strings.Contains(found, "*"+f.search+"*") {
			t.Errorf("search %s: exit %d, %q", f.search, code, found)
		}
	}
	if code, _ := calls(t, "verify", "--data", data); code != f.code {
		t.Errorf("verify: exit %d, want %d", code, f.code)
	}
}

// judge looks at the items that were written.
func (f fault) judge(t *testing.T, out string) {
	found := map[string]bool{}
	titled := f.title == ""
	files, err := filepath.Glob(filepath.Join(out, "*", "text.txt"))
	deeper, err2 := filepath.Glob(filepath.Join(out, "*", "*", "text.txt"))
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for _, name := range append(files, deeper...) {
		dir := filepath.Dir(name)
		item, err := filepath.Rel(out, dir)
		if err != nil {
			t.Fatal(err)
		}
		found[item] = true
		want, ok := f.items[item]
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages, _ := filepath.Glob(filepath.Join(dir, "alto", "*.xml"))
		text := string(raw)
		t.Logf("%s: %d pages, %q", item, len(pages), text[:min(len(text), 160)])
		if !ok || len(pages) != want.pages {
			t.Errorf("%s: %d pages, want %d", item, len(pages), want.pages)
		}
		rest := text
		for _, w := range want.words {
			_, after, ok := strings.Cut(rest, w)
			if !ok {
				t.Errorf("%s: %q is not in the text, or not in its order:\n%s", item, w, text)
				continue
			}
			if rest = after; strings.Contains(rest, w) {
				t.Errorf("%s: %q is in the text twice", item, w)
			}
		}
		if f.sheet != [2]float64{} {
			if w, h := sheetSize(t, filepath.Join(dir, "item.pdf")); math.Abs(w-f.sheet[0]) > 1 || math.Abs(h-f.sheet[1]) > 1 {
				t.Errorf("%s: sheet of %v by %v points, want %v", item, w, h, f.sheet)
			}
		}
		records, _ := filepath.Glob(filepath.Join(dir, "record-*.json"))
		for _, r := range records {
			var of struct{ Title *string }
			if raw, err := os.ReadFile(r); err != nil || json.Unmarshal(raw, &of) != nil {
				t.Errorf("%s: %v", r, err)
			}
			titled = titled || of.Title != nil && *of.Title == f.title
		}
	}
	for item := range f.items {
		if !found[item] {
			t.Errorf("no item %s", item)
		}
	}
	if !titled {
		t.Errorf("no document has the title %q", f.title)
	}
}

// A night over all of them and the typed scans together: everything adds up, what is
// odd is listed with what to do, and no page that can be read is held up.
func TestSharedNight(t *testing.T) {
	shared, tmp := os.Getenv("NIGHTSHIFT_SHARED"), t.TempDir()
	in, out, data := filepath.Join(tmp, "in"), filepath.Join(tmp, "out"), filepath.Join(tmp, "data")
	if err := os.Mkdir(in, 0o777); err != nil {
		t.Fatal(err)
	}
	var looks, parked []string
	items := map[string]bool{}
	for _, f := range faultsTable {
		as := f.folder
		from := os.DirFS(filepath.Join(shared, "faults", f.folder, f.in))
		if f.made {
			made := filepath.Join(tmp, "made-"+f.in)
			if o, err := exec.Command("sh", filepath.Join(shared, "faults", f.folder, "make.sh"), made).CombinedOutput(); err != nil {
				t.Fatalf("make.sh: %v\n%s", err, o)
			}
			as += "-" + f.in
			if err := os.Rename(filepath.Join(made, f.in), filepath.Join(in, as)); err != nil {
				t.Fatal(err)
			}
		} else if err := os.CopyFS(filepath.Join(in, as), from); err != nil {
			t.Fatal(err)
		}
		looks = append(looks, f.looks...)
		parked = append(parked, f.parked...)
		for item := range f.items {
			if !f.made && item != "cover" { // the same letter, byte for byte, is one item
				items[as+"/"+item] = true
			}
		}
	}
	typed, err := filepath.Glob(filepath.Join(shared, "scans", "typed", "*.jpg"))
	if err != nil || len(typed) == 0 {
		t.Fatalf("no typed scans: %v", err)
	}
	if err := os.Mkdir(filepath.Join(in, "typed"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range typed {
		raw, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(in, "typed", filepath.Base(name)), raw, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	looks = append(looks, "page-twice letter (1).jpg") // the letter of one-bad-name is its page too
	code, said := calls(t, "run", in, "--out", out, "--data", data, "--take-ocr", "alto,pdf")
	t.Log(said)
	r := reportIn(t, out)
	var got, gotParked []string
	typedPublished := 0
	for _, l := range r.Look {
		got = append(got, string(l.Reason)+" "+l.Key)
		if what, do := l.Reason.Explain(); what == "" || do == "" || l.Detail == "" {
			t.Errorf("%s: %s says not what to do", l.Key, l.Reason)
		}
	}
	for _, s := range r.Parked {
		gotParked = append(gotParked, string(s.Reason)+" "+s.Key)
	}
	for _, b := range r.Boxes {
		if b.Count.Box == "typed" {
			typedPublished = b.Count.Published
		}
	}
	if !like(got, looks) || !like(gotParked, parked) {
		t.Errorf("look %v, parked %v; want %v, %v", shortened(got), gotParked, looks, parked)
	}
	if code != program.Parked || !r.Total.Adds() || r.Total.InProgress > 0 || typedPublished != len(typed) || strings.Contains(said, "Everything that was put in is published") {
		t.Errorf("exit %d, %+v, %d of %d typed scans published", code, r.Total, typedPublished, len(typed))
	}
	for item := range items {
		if _, err := os.Stat(filepath.Join(out, item, "text.txt")); err != nil {
			t.Errorf("item %s is not there: %v", item, err)
		}
	}
	if code, said := calls(t, "verify", "--data", data); code != program.Parked || !strings.Contains(said, fmt.Sprintf("%d to look at", len(looks))) {
		t.Errorf("verify: exit %d\n%s", code, said)
	}
	if code, said := calls(t, "status", "--data", data); !strings.Contains(said, fmt.Sprintf("%d to look at", len(looks))) {
		t.Errorf("status: exit %d\n%s", code, said)
	}
}

// calls runs the program in this process.
func calls(t *testing.T, args ...string) (code int, stdout string) {
	t.Helper()
	t.Chdir(".") // and back at the end: the store within the program goes to its own directory
	var out, trouble bytes.Buffer
	err := run(t.Context(), args, &out, &trouble)
	if code = program.Code(err); code == program.Failed || code == program.Usage {
		t.Errorf("%s: %v\n%s", args[0], err, trouble.String())
	}
	return code, out.String()
}

func reportIn(t *testing.T, out string) report.Report {
	t.Helper()
	var r report.Report
	raw, err := os.ReadFile(filepath.Join(out, "report.json"))
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// like reports whether each of got is one of want, "reason end-of-key", and no more.
func like(got, want []string) bool {
	left := slices.Clone(want)
	for _, g := range got {
		reason, key, _ := strings.Cut(g, " ")
		i := slices.IndexFunc(left, func(w string) bool {
			r, end, _ := strings.Cut(w, " ")
			return r == reason && strings.HasSuffix(key, end)
		})
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return len(left) == 0
}

func shortened(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = shorten(s, 90)
	}
	return out
}

// sheetSize is the size of a PDF's first page in points, by pdfinfo.
func sheetSize(t *testing.T, name string) (w, h float64) {
	t.Helper()
	raw, err := exec.Command("pdfinfo", name).Output()
	if err != nil {
		t.Fatalf("%v: apt-get install poppler-utils", err)
	}
	for line := range strings.Lines(string(raw)) {
		_, _ = fmt.Sscanf(line, "Page size: %f x %f", &w, &h)
	}
	return w, h
}
