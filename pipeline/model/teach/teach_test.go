package teach

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/model/lines"
	"nightshift/pipeline/model/shipped"
	"nightshift/pipeline/model/teach/teachtest"
	"nightshift/pipeline/model/versions"
)

func order(t *testing.T, pages int) Order {
	t.Helper()
	o := Order{Model: shipped.English, From: "shipped", Work: t.TempDir(), Jobs: 2, Lines: 300, Folders: []string{t.TempDir()}}
	if err := teachtest.Pages(o.Folders[0], pages); err != nil {
		t.Fatal(err)
	}
	return o
}

// What cannot be learned is told and counted, and nothing comes of it.
func TestRefused(t *testing.T) {
	o := order(t, 1)
	if _, err := Run(t.Context(), o); !errors.Is(err, ErrTooFew) || !strings.Contains(err.Error(), "60, 10 and 3 are the least") {
		t.Errorf("one page: %v", err)
	}

	o = order(t, 3)
	dir := o.Folders[0]
	// One page's text is another's, one image is none, and one text has other letters.
	change := func(name string, f func([]byte) []byte) {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), f(raw), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	change("page-a.gt.txt", func([]byte) []byte { return []byte("Quite another matter\nof which the picture says nothing\n") })
	change("page-b.png", func(b []byte) []byte { return b[:len(b)/3] })
	change("page-c.gt.txt", func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("a"), []byte("ж")) })
	var bad []error
	o.Told = func(p Progress) {
		if p.Err != nil {
			bad = append(bad, p.Err)
		}
	}
	_, err := Run(t.Context(), o)
	if !errors.Is(err, ErrTooFew) || !errors.Is(err, ErrLetters) {
		t.Fatalf("nothing to learn: %v", err)
	}
	for _, want := range []string{"ж", "left out: 1 pages, 2 lines that do not fit"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	if len(bad) != 1 {
		t.Errorf("pages of no use: %v", bad)
	}

	o.Folders = []string{t.TempDir()}
	if _, err := Run(t.Context(), o); !errors.Is(err, ErrTooFew) {
		t.Errorf("an empty folder: %v", err)
	}
	o.Model = shipped.English[:1<<20]
	if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "cut short") {
		t.Errorf("a model cut short: %v", err)
	}
}

// Pages are kept aside by their names, whatever else is there.
func TestAside(t *testing.T) {
	var all []lines.Line
	for i := range 60 {
		all = append(all, lines.Line{Source: "box/doc" + string(rune('a'+i%30)) + "_" + string(rune('1'+i/30))})
	}
	learn, keep := Aside(all)
	if len(learn)+len(keep) != len(all) || len(keep) < 6 || len(keep) > 24 {
		t.Errorf("%d to learn, %d kept", len(learn), len(keep))
	}
	for _, l := range learn {
		if slices.ContainsFunc(keep, func(k lines.Line) bool { return k.Document() == l.Document() }) {
			t.Fatalf("%s is on both sides", l.Document())
		}
	}
	more := append(slices.Clone(all), lines.Line{Source: "box/another_1"}, lines.Line{Source: "box/yet-another_1"})
	_, now := Aside(more)
	for _, k := range keep {
		if !slices.ContainsFunc(now, func(l lines.Line) bool { return l.Source == k.Source }) {
			t.Errorf("%s is learned from now", k.Source)
		}
	}
	if _, keep := Aside(all[:2]); len(keep) != 1 {
		t.Errorf("of two pages %d lines are kept", len(keep))
	}
}

func TestBetter(t *testing.T) {
	at := func(before, after float64) versions.Figure {
		return versions.Figure{Before: versions.Errors{Letters: before}, After: versions.Errors{Letters: after}}
	}
	inUse := at(0.1, 0.05)
	inUse.InUse = &versions.Errors{Letters: 0.04}
	for _, c := range []struct {
		f             versions.Figure
		better, worse bool
	}{
		{at(0.1, 0.05), true, false}, {at(0.1, 0.1), false, false}, {at(0.1, 0.104), false, false}, {at(0.1, 0.105), false, true}, {at(0, 0.002), false, true}, {inUse, false, false},
	} {
		if got := notBetter(c.f) == ""; got != c.better {
			t.Errorf("%+v: better %v", c.f, got)
		}
		if got := worse(c.f, at(0, 0), func(f versions.Figure) float64 { return f.Before.Letters }) != ""; got != c.worse {
			t.Errorf("%+v: worse %v", c.f, got)
		}
	}
}
