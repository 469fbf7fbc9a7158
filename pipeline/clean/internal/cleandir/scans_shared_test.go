//go:build shared && cgo

package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

func TestMain(m *testing.M) {
	ocr.ChildMain()
	os.Exit(m.Run())
}

type scan struct {
	*os.File
	size int64
}

func (s scan) Size() int64 { return s.size }

// readOnce reads the first page of every step-th file once, with a model.
func readOnce(t *testing.T, model, pattern string, step int) map[string]transcript.Page {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(os.Getenv("NIGHTSHIFT_SHARED"), "scans", pattern))
	if err != nil || len(files) == 0 {
		t.Fatal("no scans", err)
	}
	pool, err := ocr.NewPool(t.Context(), ocr.PoolConfig{Model: model, ReadAgain: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	out := map[string]transcript.Page{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	gate := make(chan struct{}, 2)
	for i, name := range files {
		if i%step != 0 {
			continue
		}
		wg.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			f, err := os.Open(name)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			info, err := f.Stat()
			if err != nil {
				t.Error(err)
				return
			}
			p, err := pool.Read(t.Context(), scan{f, info.Size()}, name, "", 1, ocr.Settings{})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			out[name] = p
		})
	}
	wg.Wait()
	return out
}

// Cleaning real scans can be undone to the letter, and on the typed pages the
// words it makes of what either model read are words of the truth.
func TestScans(t *testing.T) {
	made, right := 0, 0
	for _, model := range []string{ocr.OwnModel, ocr.StockModel} {
		for pattern, step := range map[string]int{"typed/*.jpg": 1, "foia/*.pdf": 4} {
			m, r := cleanedScans(t, model, pattern, step)
			t.Logf("%s, model %s: %d of %d words made are in the truth", pattern, model, r, m)
			made, right = made+m, right+r
		}
	}
	if made < 20 || right*100 < made*92 { // the truth has slips of its own
		t.Errorf("%d of %d words made are in the truth", right, made)
	}
}

// cleanedScans cleans what a model reads of every step-th file, and counts the words
// that cleaning made where the truth is known, and those of them that stand in it.
func cleanedScans(t *testing.T, model, pattern string, step int) (made, right int) {
	for name, page := range readOnce(t, model, pattern, step) {
		text, layout := transcript.TextAsRead([]transcript.Page{page})
		cs := structure.Parse(structure.Input{Text: text, Layout: layout}).Corrections
		if back, err := clean.Undo(clean.Apply(text, cs), cs); err != nil || back != text {
			t.Errorf("%s: undoing does not give the text back: %v", name, err)
		}
		truth, err := os.ReadFile(strings.TrimSuffix(name, filepath.Ext(name)) + ".gt.txt")
		if err != nil {
			continue
		}
		for _, c := range cs {
			if c.Decision != clean.Applied || c.Kind != clean.Confusion {
				continue
			}
			made++
			if w := wordAt([]rune(text), c); strings.Contains(string(truth), w) {
				right++
			} else {
				t.Logf("%s: %q, made of %q, is not in the truth: %s", filepath.Base(name), w, c.Before, strings.Join(c.Evidence, "; "))
			}
		}
	}
	return made, right
}

// wordAt is the word that a correction makes.
func wordAt(text []rune, c clean.Correction) string {
	lo, hi := c.Start, c.End
	for lo > 0 && unicode.IsLetter(text[lo-1]) {
		lo--
	}
	for hi < len(text) && unicode.IsLetter(text[hi]) {
		hi++
	}
	return string(text[lo:c.Start]) + c.After + string(text[c.End:hi])
}
