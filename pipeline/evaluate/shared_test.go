//go:build shared

package evaluate_test

import (
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline/evaluate"
	"nightshift/pipeline/structure"
)

func shared(t *testing.T, path string) string {
	t.Helper()
	dir := os.Getenv("NIGHTSHIFT_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	dir = filepath.Join(dir, path)
	if _, err := os.Stat(dir); err != nil {
		t.Fatal("the shared folder is needed, NIGHTSHIFT_SHARED names it:", err)
	}
	return dir
}

// read writes the structure of every NAME.txt of dir that has gold to out.
func read(t *testing.T, dir, out string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.gold.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no gold in", dir, err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".gold.json")
		text, err := os.ReadFile(filepath.Join(dir, name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		j, err := json.Marshal(structure.Parse(structure.Input{Text: string(text)}))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(out, name+".json"), j, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// floors are what the published documents must reach; targets are in DESIGN.md
// section 12.
var floors = map[string]map[string]float64{
	"clean": {
		"title": 0.998, "number": 0.998, "page mark": 0.998, "kind": 0.98, "date": 0.98, "place": 0.98, "classification": 0.98, "source note": 0.97,
		"subjects": 0.99, "participants": 0.985, "note mark to note": 0.995, "notes": 0.99,
		"section title": 0.998, "section body": 0.985, "section dateline": 0.98, "section classification": 0.98, "section subjects": 0.98,
		"section participants": 0.98, "section references": 0.95, "section recipients": 0.95, "section notes": 0.998, "section signature": 0.96,
		"section list": 0.98, "section list-heading": 0.98, "section heading": 0.80, "section caption": 0.98,
	},
	"noisy": {
		"number": 0.998, "page mark": 0.998, "kind": 0.98, "date": 0.98, "place": 0.98, "classification": 0.98, "subjects": 0.99, "participants": 0.97,
		"note mark to note": 0.995, "note mark after digit (recall)": 0.95, "notes": 0.998, "section title": 0.998, "section body": 0.985,
	},
}

// TestPublished: the floors, and that this package counts as score.py does.
func TestPublished(t *testing.T) {
	for set, floor := range floors {
		t.Run(set, func(t *testing.T) {
			dir, out := shared(t, "frus/"+set), t.TempDir()
			read(t, dir, out)
			r, err := evaluate.Folders(os.DirFS(dir), os.DirFS(out))
			if err != nil {
				t.Fatal(err)
			}
			t.Log("\n" + r.String())
			for name, least := range floor {
				if got := r.Score(name).F1(); got < least {
					t.Errorf("%s: %.4f, under %.4f", name, got, least)
				}
			}
			asScored(t, r, dir, out)
		})
	}
}

// asScored compares the report with what score.py counts.
func asScored(t *testing.T, r *evaluate.Report, dir, out string) {
	t.Helper()
	raw, err := exec.Command("python3", shared(t, "eval/score.py"), dir, out, "--json").Output()
	if err != nil {
		t.Fatal("score.py:", err)
	}
	var scores map[string]struct {
		F1, Share *float64
		Value     any
		N         int
	}
	if err := json.Unmarshal(raw, &scores); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for name, s := range scores {
		name = strings.TrimPrefix(strings.Replace(name, "correction all", "correction, all", 1), "exact ")
		got := r.Score(name)
		switch {
		case s.F1 != nil && got.N() > 0:
			compared++
			if math.Abs(*s.F1-got.F1()) > 1e-9 {
				t.Errorf("%s: F1 %.6f, score.py says %.6f", name, got.F1(), *s.F1)
			}
		case s.Share != nil && got.Exact:
			compared++
			if math.Abs(*s.Share-got.F1()) > 1e-9 {
				t.Errorf("%s: %.6f, score.py says %.6f", name, got.F1(), *s.Share)
			}
		}
	}
	if v, ok := scores["false corrections per 10,000 words"].Value.(float64); !ok || math.Abs(v-r.Rate("false corrections per 10,000 words").Value) > 1e-6 {
		t.Errorf("false corrections: %v, score.py says %v", r.Rate("false corrections per 10,000 words"), v)
	}
	if compared < 30 {
		t.Errorf("only %d figures compared with score.py", compared)
	}
}

// TestMemo: every field and span of the document that the project was asked for
// with.
func TestMemo(t *testing.T) {
	dir := shared(t, "seed")
	g, text, err := evaluate.ReadGold(os.DirFS(dir), "memo.gold.json")
	if err != nil {
		t.Fatal(err)
	}
	r := evaluate.NewReport()
	r.Text("memo", g, text, structure.Parse(structure.Input{Text: text}))
	for _, m := range r.Misses {
		t.Errorf("%s: true %q, found %q", m.Score, m.Truth, m.Found)
	}
	if r.Score("section body").N() < 10 || r.Score("note mark to note").N() != 5 {
		t.Error("the gold was not counted")
	}
}

// TestFields: every fields.json of the scans is read.
func TestFields(t *testing.T) {
	for _, set := range []string{"scans/typed", "scans/foia"} {
		dir := os.DirFS(shared(t, set))
		files, err := fs.Glob(dir, "*.fields.json")
		if err != nil || len(files) == 0 {
			t.Fatal("no fields in", set, err)
		}
		for _, f := range files {
			if _, err := evaluate.ReadFields(dir, f); err != nil {
				t.Error(err)
			}
		}
	}
}

// BenchmarkPublished: bytes a second over all published documents joined into one
// text, cleaning included.
func BenchmarkPublished(b *testing.B) {
	dir := os.Getenv("NIGHTSHIFT_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	files, err := filepath.Glob(filepath.Join(dir, "frus", "*", "*.txt"))
	if err != nil || len(files) == 0 {
		b.Fatal("the shared folder is needed, NIGHTSHIFT_SHARED names it")
	}
	var all strings.Builder
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		all.Write(raw)
		all.WriteString("\n\n")
	}
	b.SetBytes(int64(all.Len()))
	for b.Loop() {
		structure.Parse(structure.Input{Text: all.String()})
	}
}
