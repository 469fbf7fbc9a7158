//go:build shared

package validity

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
)

// published runs nightshift over the folder, and lists what it wrote, by name.
func published(t *testing.T, in string) (out string, files map[string][]string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "nightshift")
	command(t, "go", "build", "-o", program, "nightshift/cmd/nightshift")
	out = filepath.Join(t.TempDir(), "out")
	run := exec.Command(program, "run", in, "--out", out, "--records-url", "https://archive.example.org/records")
	log, err := run.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 3) { // 3: the sample box has a scan that must be parked
		t.Fatalf("nightshift run: %v\n%s", err, log)
	}
	files = map[string][]string{}
	err = filepath.WalkDir(out, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == ".nightshift" {
			return filepath.SkipDir
		}
		if err == nil && !d.IsDir() {
			kind := path.Base(name)
			switch {
			case strings.HasPrefix(kind, "record-"):
				kind = "record"
			case path.Base(path.Dir(name)) == "alto", path.Base(path.Dir(name)) == "hocr":
				kind = path.Base(path.Dir(name))
			}
			files[kind] = append(files[kind], name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, files
}

func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// gather puts the sample box, some typed pages and published documents into
// one folder.
func gather(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	copies := map[string]string{"../../testdata/samplebox": "samplebox"}
	for pattern, most := range map[string]int{"scans/typed/EHRI-ET*.jpg": 3, "scans/typed/EHRI-BF-19380718*.jpg": 1, "frus/clean/*.txt": 100} {
		names, err := filepath.Glob(filepath.Join(recordtest.Shared(t), filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			t.Fatalf("nothing matches %s", pattern)
		}
		for _, n := range names[:min(most, len(names))] {
			copies[n] = path.Join(path.Base(path.Dir(pattern)), filepath.Base(n))
		}
	}
	for from, to := range copies {
		to = filepath.Join(dir, to)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			t.Fatal(err)
		}
		command(t, "cp", "-r", from, to)
	}
	return dir
}

func TestEverythingPublishedIsValid(t *testing.T) {
	_, files := published(t, gather(t))
	for kind, least := range map[string]int{
		"record": 110, "structure.json": 110, "mets.xml": 110, "tei.xml": 110, "annotations.json": 110,
		"alto": 15, "hocr": 15, "item.pdf": 9, "manifest.json": 9,
	} {
		if len(files[kind]) < least {
			t.Errorf("%d files of kind %s, expected are at least %d", len(files[kind]), kind, least)
		}
		t.Logf("%d %s", len(files[kind]), kind)
	}
	recordtest.XMLLint(t, "alto-4-4.xsd", files["alto"]...)
	recordtest.METS(t, files["mets.xml"]...)
	recordtest.Jing(t, "tei_all-4.0.0.rng", files["tei.xml"]...)
	recordtest.IIIF(t, append(files["manifest.json"], files["annotations.json"]...)...)
	for _, f := range files["hocr"] {
		recordtest.WellFormed(t, read(t, f))
	}
	for _, f := range files["structure.json"] {
		recordtest.Check(t, "structure", read(t, f))
	}
	for _, f := range files["record"] {
		checkRecord(t, f)
	}
	for _, f := range files["item.pdf"] {
		checkPDF(t, f)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// checkRecord checks the schema, and that undoing gives the text as read.
func checkRecord(t *testing.T, name string) {
	t.Helper()
	raw := read(t, name)
	recordtest.Check(t, "record", raw)
	var r record.Record
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	whole := []rune(string(read(t, filepath.Join(filepath.Dir(name), "read.txt"))))
	got, err := r.AsRead()
	if err != nil || got != string(whole[r.Read.Start:r.Read.End]) {
		t.Errorf("%s: undoing does not give the text as read: %v", name, err)
	}
}

// checkPDF opens the PDF and finds the words of its ALTO where they are on the
// page image.
func checkPDF(t *testing.T, name string) {
	t.Helper()
	if info := command(t, "pdfinfo", name); !strings.Contains(info, "Title:") {
		t.Errorf("%s: %s", name, info)
	}
	pages := boxes(t, name)
	wanted, found, overlap := 0, 0, 0.0
	for i, p := range pages {
		alto := filepath.Join(filepath.Dir(name), "alto", pageName(i+1))
		for _, w := range words(t, alto, p) {
			wanted++
			if best := w.best(p.Words); best > 0 {
				found++
				overlap += best
			}
		}
	}
	if wanted == 0 {
		return // blank, or not read
	}
	t.Logf("%s: %d of %d words found, mean overlap %.3f", filepath.Base(filepath.Dir(name)), found, wanted, overlap/float64(found))
	if float64(found) < 0.97*float64(wanted) || overlap < 0.9*float64(found) {
		t.Errorf("%s: %d of %d words found, mean overlap %.3f", name, found, wanted, overlap/float64(found))
	}
}

type word struct {
	X0   float64 `xml:"xMin,attr"`
	Y0   float64 `xml:"yMin,attr"`
	X1   float64 `xml:"xMax,attr"`
	Y1   float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

type page struct {
	Width  float64 `xml:"width,attr"`
	Height float64 `xml:"height,attr"`
	Words  []word  `xml:"word"`
}

// boxes is where poppler finds the words.
func boxes(t *testing.T, pdf string) []page {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(command(t, "pdftotext", "-bbox", "-q", pdf, "-")))
	dec.Strict = false
	var doc struct {
		Pages []page `xml:"body>doc>page"`
	}
	if err := dec.Decode(&doc); err != nil {
		t.Fatalf("%s: %v", pdf, err)
	}
	return doc.Pages
}

func pageName(n int) string {
	s := "000" + string(rune('0'+n))
	return s[len(s)-4:] + ".xml"
}

// words are those of an ALTO page, in points on a page of the PDF. Turned pages
// are left to the tests of package pdf.
func words(t *testing.T, alto string, p page) []word {
	t.Helper()
	if _, err := os.Stat(alto); err != nil {
		return nil
	}
	var doc struct {
		Pages []struct {
			Width  float64 `xml:"WIDTH,attr"`
			Height float64 `xml:"HEIGHT,attr"`
			Space  struct {
				Strings []altoString `xml:"TextBlock>TextLine>String"`
			} `xml:"PrintSpace"`
		} `xml:"Layout>Page"`
	}
	if err := xml.Unmarshal(read(t, alto), &doc); err != nil {
		t.Fatalf("%s: %v", alto, err)
	}
	var out []word
	for _, a := range doc.Pages {
		if a.Width == 0 || (a.Width > a.Height) != (p.Width > p.Height) {
			continue
		}
		scale := p.Width / a.Width
		for _, s := range a.Space.Strings {
			out = append(out, word{s.X * scale, s.Y * scale, (s.X + s.W) * scale, (s.Y + s.H) * scale, s.Text})
		}
	}
	return out
}

type altoString struct {
	X    float64 `xml:"HPOS,attr"`
	Y    float64 `xml:"VPOS,attr"`
	W    float64 `xml:"WIDTH,attr"`
	H    float64 `xml:"HEIGHT,attr"`
	Text string  `xml:"CONTENT,attr"`
}

// best is the largest intersection over union with a word of the same text.
func (w word) best(all []word) float64 {
	best := 0.0
	for _, v := range all {
		if v.Text != w.Text {
			continue
		}
		inter := max(0, min(w.X1, v.X1)-max(w.X0, v.X0)) * max(0, min(w.Y1, v.Y1)-max(w.Y0, v.Y0))
		union := (w.X1-w.X0)*(w.Y1-w.Y0) + (v.X1-v.X0)*(v.Y1-v.Y0) - inter
		if union > 0 {
			best = max(best, inter/union)
		}
	}
	return best
}
