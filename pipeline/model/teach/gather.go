package teach

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"nightshift/pipeline/model/lines"
	"nightshift/pipeline/model/versions"
)

// gathered is what there is to learn from and to measure on.
type gathered struct {
	learn, keep []lines.Line
	leftOut     versions.LeftOut
}

// gather finds the lines of all pages, leaves out what cannot be learned, and puts a
// part aside.
func (t *teacher) gather(ctx context.Context) (gathered, error) {
	var g gathered
	unknown := map[rune]int{}
	given, err := t.find(ctx, t.Folders, &g.leftOut, unknown)
	if err != nil {
		return g, err
	}
	if len(t.Measure) > 0 {
		if g.keep, err = t.find(ctx, t.Measure, &g.leftOut, unknown); err != nil {
			return g, err
		}
		aside := map[string]bool{}
		for _, l := range g.keep {
			aside[l.Source] = true
		}
		g.learn = slices.DeleteFunc(given, func(l lines.Line) bool { return aside[l.Source] })
	} else {
		g.learn, g.keep = Aside(given)
	}
	g.learn = lines.Rare(g.learn)
	pages := len(pagesOf(g.learn)) + len(pagesOf(g.keep))
	if len(g.learn) >= LeastLines && len(g.keep) >= LeastKept && pages >= LeastPages {
		return g, nil
	}
	what := fmt.Sprintf("%d lines to learn and %d to measure on, from %d pages; %d, %d and %d are the least (ten mended pages do)",
		len(g.learn), len(g.keep), pages, LeastLines, LeastKept, LeastPages)
	if o := g.leftOut; o.Pages+o.Unbound+o.Letters > 0 {
		what += fmt.Sprintf("; left out: %d pages, %d lines that do not fit their picture, %d with letters that the model does not know", o.Pages, o.Unbound, o.Letters)
	}
	if n := g.leftOut.Letters; n > len(given) {
		return g, fmt.Errorf("%w (%s): %w: %s", ErrLetters, listed(unknown), ErrTooFew, what)
	}
	return g, fmt.Errorf("%w: %s", ErrTooFew, what)
}

// listed are the most frequent of some letters.
func listed(n map[rune]int) string {
	all := slices.SortedFunc(maps.Keys(n), func(a, b rune) int {
		if n[a] != n[b] {
			return n[b] - n[a]
		}
		return int(a - b)
	})
	var b strings.Builder
	for i, r := range all {
		if i == 12 {
			b.WriteString(" …")
			break
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// find are the lines of the pages in folders and those below them.
func (t *teacher) find(ctx context.Context, folders []string, out *versions.LeftOut, unknown map[rune]int) (all []lines.Line, err error) {
	o := lines.Options{Models: []string{t.file("in-use")}, Plain: true, AsItStands: true, Cache: filepath.Join(t.Work, "found"), Jobs: t.Jobs}
	dirs, of, err := withTruth(folders, o)
	if err != nil {
		return nil, err
	}
	done, began := 0, time.Now()
	o.Told = func(p lines.Page) {
		done++
		t.tell(Progress{Step: "read pages", Done: done, Of: of, Page: p.Name, Err: p.Err, Left: time.Since(began) / time.Duration(done) * time.Duration(of-done)})
	}
	for _, d := range dirs {
		found, pages, err := lines.Folder(ctx, d, o)
		if err != nil {
			return nil, err
		}
		for _, p := range pages {
			out.Unbound += p.Unbound
			if p.Err != nil {
				out.Pages++
			}
		}
		for _, l := range found {
			if !t.knows(l.Text, unknown) {
				out.Letters++
				continue
			}
			all = append(all, l)
		}
	}
	return all, nil
}

// withTruth are the folders with truths, and how many those are.
func withTruth(folders []string, o lines.Options) (dirs []string, truths int, err error) {
	for _, top := range folders {
		err := filepath.WalkDir(top, func(dir string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if dir != top && (d.Name() == "pages" || strings.HasPrefix(d.Name(), ".")) {
				return fs.SkipDir // its parent's truths
			}
			n, err := lines.Truths(dir, o)
			if n > 0 {
				dirs, truths = append(dirs, dir), truths+n
			}
			return err
		})
		if err != nil {
			return nil, 0, err
		}
	}
	if truths == 0 {
		return nil, 0, fmt.Errorf("%w: no NAME.gt.txt, NAME.xml (ALTO or PAGE) or NAME.txt beside an image in %s", ErrTooFew, strings.Join(folders, ", "))
	}
	return dirs, truths, nil
}

// knows reports whether the network has all letters of a text; those it lacks are counted.
func (t *teacher) knows(text string, unknown map[rune]int) bool {
	ok := true
	for _, r := range text {
		if r != ' ' && !t.letters[r] {
			unknown[r]++
			ok = false
		}
	}
	return ok
}

// Aside parts lines into those to learn from and those of pages that are kept aside:
// a fifth of the documents, by their names alone, so that what was kept aside once is so
// the next time, when there are more. Where there are under five documents it is by page.
func Aside(all []lines.Line) (learn, keep []lines.Line) {
	name := lines.Line.Document
	if len(names(all, name)) < fewDocuments {
		name = func(l lines.Line) string { return l.Source }
	}
	order := names(all, name)
	aside := map[string]bool{}
	for i, n := range order {
		if chanceOf(n) < 256/5 || i < (len(order)+5)/10 {
			aside[n] = true
		}
	}
	if len(aside) == 0 && len(order) > 1 {
		aside[order[0]] = true
	}
	for _, l := range all {
		if aside[name(l)] {
			keep = append(keep, l)
		} else {
			learn = append(learn, l)
		}
	}
	return learn, keep
}

// fewDocuments is under how many documents single pages are kept aside.
const fewDocuments = 5

// names are the different names of lines, in an order that follows from each alone.
func names(all []lines.Line, name func(lines.Line) string) []string {
	seen := map[string]bool{}
	for _, l := range all {
		seen[name(l)] = true
	}
	out := slices.Collect(maps.Keys(seen))
	sort.Slice(out, func(i, j int) bool {
		a, b := sha256.Sum256([]byte(out[i])), sha256.Sum256([]byte(out[j]))
		return string(a[:]) < string(b[:])
	})
	return out
}

// chanceOf is a number from 0 to 255 that follows from a name.
func chanceOf(name string) int {
	d := sha256.Sum256([]byte(name))
	return int(d[0])
}
