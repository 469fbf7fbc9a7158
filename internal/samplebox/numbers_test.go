//go:build reading

package samplebox

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"nightshift/pipeline/ocr"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// numberings are the ways in which typists number a page. least is how many of the
// pages so numbered must have their number found and taken out of the text.
var numberings = []struct {
	form  string // with %d for the number
	foot  bool
	least int
}{
	{form: "-%d-", least: 5}, {form: "- %d -", least: 5}, {form: "Page %d", least: 5}, {form: "%d.", least: 4}, {form: "%d", least: 4},
	{form: "-%d-", foot: true, least: 5}, {form: "- %d -", foot: true, least: 5}, {form: "-%d- CONFIDENTIAL", least: 5},
}

// worn are the papers that each numbering is typed on: sound, slanted, dirty, faint on
// grey paper, grained, and slanted on stained film.
var worn = []wear{{}, {skew: 12}, {specks: 150}, {grey: 120, shade: 30}, {grey: 60, grain: 25, skew: -8}, {skew: 16, specks: 60, blot: true}}

// Pages numbered in several styles, at head or foot, on papers of several kinds: their
// numbers are read and found. Each is the second or a later page of an item whose
// first has none.
func TestNumbering(t *testing.T) {
	pool, err := ocr.NewPool(t.Context(), ocr.PoolConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	first := readNumbered(t, pool, sheetOf("", false, 5), wear{}, 1)
	var mu sync.Mutex
	var wg sync.WaitGroup
	gate := make(chan struct{}, 2)
	for _, n := range numberings {
		read, found := make([]string, len(worn)), 0
		for i, w := range worn { // the prose begins elsewhere on each
			wg.Go(func() {
				gate <- struct{}{}
				defer func() { <-gate }()
				want := fmt.Sprintf(n.form, i+2)
				p := readNumbered(t, pool, sheetOf(want, n.foot, 6+i), w, uint64(40+i))
				text, layout := transcript.TextAsRead([]transcript.Page{first, p})
				s := structure.Parse(structure.Input{Text: text, Layout: layout})
				mu.Lock()
				defer mu.Unlock()
				read[i] = headOf(s, text)
				if strings.Trim(read[i], " -–—~=_.«»Pageof") == fmt.Sprint(i+2) {
					found++
				}
			})
		}
		wg.Wait()
		t.Logf("%-20s foot %-5v %d of %d: %q", n.form, n.foot, found, len(worn), read)
		if found < n.least {
			t.Errorf("%s: %d numbers found, at least %d", n.form, found, n.least)
		}
	}
}

// sheetOf is a page of typed prose, begun somewhere in it, with a line of its own at
// head or foot, set in the middle.
func sheetOf(line string, foot bool, from int) string {
	prose := strings.Fields(numberedProse)
	prose = slices.Concat(prose[8*from:], prose[:8*from])
	var lines []string
	for len(prose) > 0 {
		l := ""
		for len(prose) > 0 && len(l)+len(prose[0]) < 62 {
			l, prose = l+prose[0]+" ", prose[1:]
		}
		lines = append(lines, strings.TrimSpace(l), "")
	}
	line = strings.Repeat(" ", max(0, 31-len(line)/2)) + line
	if foot {
		return strings.Join(slices.Concat([]string{"", ""}, lines, []string{"", line}), "\n")
	}
	return strings.Join(slices.Concat([]string{line, "", ""}, lines), "\n")
}

const numberedProse = `the harbour master had not been told of the change and went on
charging the old dues until the winter. When the Legation asked him for his books he
sent them without delay, and it was found that nothing had been kept back. The
Minister thanked him in a letter of which a copy lies in the file. As to the ferries,
the company proposes to run them twice a day as soon as the ice is gone, on condition
that the mails are carried by them alone. The Department may wish to consider whether
this is in keeping with the agreement reached last year. Our own view is that it is
not, but that little would be gained by saying so before the elections are over.`

func readNumbered(t *testing.T, pool *ocr.Pool, text string, w wear, seed uint64) transcript.Page {
	machine, err := newTypewriter(seed, dpi)
	if err != nil {
		t.Error(err)
		return transcript.Page{}
	}
	img := w.apply(machine.sheet(text, strings.Count(text, "\n")+1), dpi, &machine.hand)
	data, err := jpegOf(img, dpi)
	if err != nil {
		t.Error(err)
		return transcript.Page{}
	}
	p, err := pool.Read(t.Context(), bytes.NewReader(data), "numbered", "", 1, ocr.Settings{})
	if err != nil {
		t.Error(err)
	}
	return p
}

// headOf is what was taken for running heads.
func headOf(s structure.Structure, text string) string {
	runes := []rune(text)
	var out []string
	for _, d := range s.Documents {
		for _, x := range d.Sections {
			if x.Kind == "running-head" {
				out = append(out, string(runes[x.Start:x.End]))
			}
		}
	}
	return strings.Join(out, " | ")
}
