package archive

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// rangesTold is how many ranges of missing pages a message names.
const rangesTold = 8

// MissingPages says which numbered pages are missing from a group of scans with
// these keys, "" if none is by their names: a number between two others, those
// before the first where the first is low enough that the count surely began at
// 1, and the front of a leaf whose back is there.
func MissingPages(keys []string) string {
	parts := map[int][]string{}
	var numbers []int
	for _, k := range keys {
		p := PlaceOf(k, false)
		if p.Single {
			continue
		}
		if parts[p.Page] == nil && p.Page > 0 {
			numbers = append(numbers, p.Page)
		}
		parts[p.Page] = append(parts[p.Page], p.Part)
	}
	slices.Sort(numbers)
	var missing []string
	if len(numbers) > 0 && numbers[0] > 1 && numbers[0] <= len(numbers)+1 && parts[0] == nil {
		missing = append(missing, span(1, numbers[0]-1))
	}
	for i := 1; i < len(numbers); i++ {
		if numbers[i] > numbers[i-1]+1 {
			missing = append(missing, span(numbers[i-1]+1, numbers[i]-1))
		}
	}
	if len(parts) > 0 {
		missing = append(missing, missingFronts(parts)...)
	}
	if len(missing) > rangesTold {
		missing = append(missing[:rangesTold], fmt.Sprintf("and %d more", len(missing)-rangesTold))
	}
	return strings.Join(missing, ", ")
}

// sides are the parts that make a pair, the first before the second.
var sides = [][2]string{{"r", "v"}, {"a", "b"}, {"l", "r"}}

// missingFronts lists the sides that are not there of pages whose other side is:
// the first of a pair always, the second where most pages have both and this is not
// the last page, whose back is often left out.
func missingFronts(parts map[int][]string) []string {
	var out []string
	last := slices.Max(slices.Collect(maps.Keys(parts)))
	halves := slices.ContainsFunc(slices.Collect(maps.Values(parts)), func(have []string) bool { return slices.Contains(have, "l") })
	for _, pair := range sides {
		if halves != (pair[0] == "l") && slices.Contains(pair[:], "r") {
			continue // r is for right where there is a left, else for recto
		}
		var first, second []int
		both := 0
		for n, have := range parts {
			switch a, b := slices.Contains(have, pair[0]), slices.Contains(have, pair[1]); {
			case a && b:
				both++
			case a && n < last:
				first = append(first, n)
			case b && !slices.Contains(have, ""):
				second = append(second, n)
			}
		}
		for _, n := range second {
			out = append(out, spellSide(n, pair[0]))
		}
		if both > len(first) {
			for _, n := range first {
				out = append(out, spellSide(n, pair[1]))
			}
		}
	}
	slices.Sort(out)
	return out
}

// spellSide spells a side of a page: 12v, and v where the page has no number.
func spellSide(n int, part string) string {
	return strings.TrimPrefix(fmt.Sprintf("%d%s", n, part), "0")
}

func span(from, to int) string {
	if from == to {
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("%d-%d", from, to)
}

// formatRank orders the formats in which one page may be there twice, as a
// master and as a copy for reading: the lower is read.
var formatRank = map[string]int{
	"image/tiff": 1, "image/jp2": 2, "image/png": 3, "image/bmp": 4, "image/x-portable-anymap": 4,
	"image/webp": 6, "image/jpeg": 7, "image/gif": 8,
}

// FormatRank is a media type's place among them, from 1 to 9.
func FormatRank(mediaType string) int {
	if r, ok := formatRank[mediaType]; ok {
		return r
	}
	return 5
}

// BetterCopy reports whether, of two scans of one page, a is the master of b.
// It is an order: by format, then size, then key.
func BetterCopy(a, b Scan) bool {
	switch x, y := FormatRank(a.Type), FormatRank(b.Type); {
	case x != y:
		return x < y
	case a.Size != b.Size:
		return a.Size > b.Size
	}
	return a.Key < b.Key
}

// AreCopies reports whether two keys name one page in two formats: they differ
// in nothing but the extension, and in case.
func AreCopies(a, b string) bool {
	return !strings.EqualFold(path.Ext(a), path.Ext(b)) && strings.EqualFold(StemOf(a), StemOf(b))
}

// Sequence orders the scans of one group as pages. Of scans that show one page
// the better is the page, and the others are its copies, by its key.
func Sequence(group []Scan) (pages []Scan, copies map[string][]Scan) {
	type placed struct {
		Scan
		Place
	}
	sorted, namesakes := make([]placed, len(group)), map[string][]Scan{}
	for i, s := range group {
		sorted[i] = placed{s, PlaceOf(s.Key, false)}
		stem := strings.ToLower(StemOf(s.Key))
		namesakes[stem] = append(namesakes[stem], s)
	}
	slices.SortFunc(sorted, func(a, b placed) int { return cmp.Or(a.Place.Compare(b.Place), cmp.Compare(a.Key, b.Key)) })
	copies = map[string][]Scan{}
	for _, s := range sorted {
		best := s.Scan
		for _, other := range namesakes[strings.ToLower(StemOf(s.Key))] {
			if AreCopies(other.Key, s.Key) && BetterCopy(other, best) {
				best = other
			}
		}
		if best.Key == s.Key {
			pages = append(pages, s.Scan)
		} else {
			copies[best.Key] = append(copies[best.Key], s.Scan)
		}
	}
	return pages, copies
}
