package ingest_test

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/oddnames"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ingest"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/progress"
)

// TestOddNames puts over 2,000 names into folders and asks for each page: is it in
// its item, in its place, or told? `-v` prints the table. Other seeds draw other
// numbers, folders and gaps.
func TestOddNames(t *testing.T) {
	for _, seed := range []uint64{15, 16, 17, 22, 23, 32} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { testOddNames(t, seed) })
	}
}

func testOddNames(t *testing.T, seed uint64) {
	type sum struct{ right, told, heldRight, wrong int }
	var kinds []string
	sums, all := map[string]*sum{}, sum{}
	for n, f := range oddnames.Draw(seed) {
		s := sums[f.Kind]
		if s == nil {
			s = &sum{}
			sums[f.Kind], kinds = s, append(kinds, f.Kind)
		}
		got := grouped(t, f)
		for _, item := range got.items {
			pages := 0
			for _, page := range item {
				pages += len(page)
			}
			switch {
			case got.tells(item):
				s.told += pages
				if !f.Tell && isRight(f, item) {
					s.heldRight += pages
				}
			case !f.Tell && isRight(f, item):
				s.right += pages
			default:
				s.wrong += pages
				t.Errorf("folder %d, %s: silently wrong: %v; right is %v", n, f.Kind, item, f.Right)
			}
		}
		s.told += len(got.leftOut)
	}
	row := func(kind string, s sum) {
		t.Logf("%-36s %5d right %5d told (of these %d in their places) %5d silently wrong", kind, s.right, s.told, s.heldRight, s.wrong)
	}
	for _, k := range kinds {
		s := sums[k]
		all.right, all.told, all.heldRight, all.wrong = all.right+s.right, all.told+s.told, all.heldRight+s.heldRight, all.wrong+s.wrong
		row(k, *s)
	}
	row(fmt.Sprintf("%d pages", all.right+all.told+all.wrong), all)
	if all.right+all.told+all.wrong < 2000 {
		t.Error("under 2,000 pages")
	}
}

// isRight reports whether one of the right groupings has this very item.
func isRight(f oddnames.Folder, item []oddnames.Page) bool {
	spell := func(pages []oddnames.Page) string {
		var b strings.Builder
		for _, p := range pages {
			p = slices.Clone(p)
			slices.Sort(p)
			b.WriteString(strings.Join(p, "=") + "\n")
		}
		return b.String()
	}
	for _, right := range f.Right {
		for _, want := range right {
			if spell(want) == spell(item) {
				return true
			}
		}
	}
	return false
}

// grouping is what becomes of a folder's files.
type grouping struct {
	items   [][]oddnames.Page
	leftOut []string
	told    map[string]bool // paths of files of which something is told, or of whose item
}

func (g grouping) tells(item []oddnames.Page) bool {
	return slices.ContainsFunc(item, func(p oddnames.Page) bool {
		return slices.ContainsFunc(p, func(file string) bool { return g.told[file] })
	})
}

// grouped makes the files, surveys them, and groups them as intake does.
func grouped(t *testing.T, f oddnames.Folder) grouping {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, body []byte) {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pages := map[string]string{} // paths by keys
	for name, body := range f.Sides {
		write(name, body)
	}
	for _, name := range f.Files {
		write(name, []byte(name))
	}
	files, passed, err := ingest.Survey(dir, "box", false)
	if err != nil {
		t.Fatal(err)
	}
	g := grouping{told: map[string]bool{}}
	rel := func(p string) string {
		r, err := filepath.Rel(dir, p)
		if err != nil {
			t.Fatal(err)
		}
		return filepath.ToSlash(r)
	}
	for _, p := range ingest.LeftOut(passed) {
		g.leftOut = append(g.leftOut, rel(p.Path))
	}
	orders, broken := map[string]archive.Order{}, map[string]bool{}
	var scans []archive.Scan
	for _, file := range files {
		folder := archive.FolderOf(file.Key)
		switch {
		case path.Base(file.Key) == archive.ItemManifest:
			raw, err := os.ReadFile(file.Path)
			if err != nil {
				t.Fatal(err)
			}
			if orders[folder], err = archive.ParseOrder(raw); err != nil {
				broken[folder] = true
			}
		case slices.Contains(f.Files, rel(file.Path)):
			pages[file.Key] = rel(file.Path)
			scans = append(scans, archive.Scan{Key: file.Key, Size: file.Size, Type: intake.TypeByName(file.Key)})
		}
	}
	groups := map[archive.Locator][]archive.Scan{}
	for _, s := range scans {
		_, ordered := orders[archive.FolderOf(s.Key)]
		place := progress.ItemOf(s, ordered)
		l := place.Locator
		if place.Single { // alone with its copies
			l = archive.Locator(strings.ToLower(archive.StemOf(s.Key)) + "\x00")
		}
		groups[l] = append(groups[l], s)
	}
	var standings []progress.ScanStanding
	for _, members := range groups {
		folder := archive.FolderOf(members[0].Key)
		if order, ordered := orders[folder]; ordered {
			item, whole := listed(order, members, pages)
			if !whole || broken[folder] { // parked with its reason, or told as not listed
				item = nil
				for _, s := range members {
					item = append(item, oddnames.Page{pages[s.Key]})
					g.told[pages[s.Key]] = true
				}
			}
			g.items = append(g.items, item)
			continue
		}
		read, copies := archive.Sequence(members)
		var keys []string
		var item []oddnames.Page
		for _, s := range read {
			keys = append(keys, s.Key)
			page := oddnames.Page{pages[s.Key]}
			for _, c := range copies[s.Key] {
				page = append(page, pages[c.Key])
			}
			place := archive.PlaceOf(s.Key, false)
			standings = append(standings, progress.ScanStanding{Key: s.Key, Standing: progress.Published, Locator: place.Locator, Single: place.Single})
			if item = append(item, page); place.Single {
				g.items = append(g.items, item)
				item = nil
			}
		}
		if len(item) > 0 {
			g.items = append(g.items, item)
		}
		if archive.MissingPages(keys) != "" {
			g.told[pages[keys[0]]] = true
		}
	}
	slices.SortFunc(standings, func(a, b progress.ScanStanding) int { return cmp.Compare(a.Key, b.Key) })
	for _, l := range progress.Looks(standings) {
		for _, key := range append([]string{l.Key}, l.Others...) {
			g.told[pages[key]] = true
		}
	}
	return g
}

// listed is the item as its item.json says, and whether all that this lists is
// there and all that is there is listed.
func listed(order archive.Order, members []archive.Scan, pages map[string]string) (item []oddnames.Page, whole bool) {
	var names []string
	for _, s := range members {
		names = append(names, path.Base(s.Key))
	}
	whole = true
	found := map[string]bool{}
	for _, want := range order.Pages {
		name := archive.Find(want, names)
		whole = whole && name != "" && !found[name]
		for _, s := range members {
			if path.Base(s.Key) == name {
				item = append(item, oddnames.Page{pages[s.Key]})
			}
		}
		found[name] = true
	}
	return item, whole && len(found) == len(members)
}
