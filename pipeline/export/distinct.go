package export

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"nightshift/pipeline/archive"
)

// One thing written below a folder may want the place of another: a name that differs
// from another's in capitals or in how its accents are put together alone, which some
// file systems take for the same; a folder that would lie where a file does; an item
// called like a file that another item's records have. Each such name gets "~" and
// the first eight digits of the SHA-256 of what it stands for, so that it is the same in
// every export of the same items.

// placed is a thing to write: what it stands for, and its path as parts.
type placed struct {
	of    string
	parts []string
}

func (p placed) path() string { return path.Join(p.parts...) }

// fold spells a path as the least particular file systems see it.
func fold(p string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(p))) }

// distinct makes the paths of all different. own reports whether a thing, which is a
// folder then, has a file or folder of that name of its own; nil: things are files, and
// nothing can lie below one.
func distinct(all []placed, own func(name string) bool) {
	slices.SortFunc(all, func(a, b placed) int { return strings.Compare(a.of, b.of) })
	for range len(all) + 1 { // a name that was made may meet one that was there
		if !separate(all, own) {
			return
		}
	}
}

// separate marks every name that is in another's way, and reports whether there was one.
func separate(all []placed, own func(string) bool) (found bool) {
	at, above := map[string]int{}, map[string]bool{}
	for _, p := range all {
		at[fold(p.path())]++
		for n := 1; n < len(p.parts); n++ {
			above[fold(path.Join(p.parts[:n]...))] = true
		}
	}
	for i, p := range all {
		last := len(p.parts) - 1
		switch level := p.owned(at, own); {
		case level >= 0:
			all[i] = p.marked(level, path.Join(p.parts[:level+1]...))
		case at[fold(p.path())] > 1, own == nil && above[fold(p.path())]:
			all[i] = p.marked(last, p.of)
		default:
			continue
		}
		found = true
	}
	return found
}

// owned is the part of p, below a thing or the top, that the thing has a name of its own
// for; -1: none.
func (p placed) owned(at map[string]int, own func(string) bool) int {
	for n := 0; n < len(p.parts) && own != nil; n++ {
		if (n == 0 || at[fold(path.Join(p.parts[:n]...))] > 0) && own(fold(p.parts[n])) {
			return n
		}
	}
	return -1
}

// marked is p with the mark of what its part at level stands for.
func (p placed) marked(level int, of string) placed {
	p.parts = slices.Clone(p.parts)
	p.parts[level] += "~" + string(archive.DigestOf([]byte(of)))[:8]
	return p
}

// ofAnItem reports whether an item's folder, or the top of an export, has a file or
// folder of that name: those of the records, the renditions and the report.
func ofAnItem(name string) bool {
	switch name {
	case "read.txt", "text.txt", "structure.json", "alto", "hocr", "tei.xml", "annotations.json", "item.pdf", "manifest.json", "mets.xml", // also in prune
		"report.html", "report.json", "failures.json", // of a run, at the top
		".nightshift": // its data directory, likewise
		return true
	}
	return strings.HasPrefix(name, "record-") && strings.HasSuffix(name, ".json")
}
