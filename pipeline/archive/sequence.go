package archive

import (
	"fmt"
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
	missing = append(missing, missingFronts(parts)...)
	if len(missing) > rangesTold {
		missing = append(missing[:rangesTold], fmt.Sprintf("and %d more", len(missing)-rangesTold))
	}
	return strings.Join(missing, ", ")
}

// missingFronts lists the pages of which only a back or a second part is there.
func missingFronts(parts map[int][]string) []string {
	var out []string
	for n, have := range parts {
		for later, before := range map[string]string{"v": "r", "b": "a"} {
			if slices.Contains(have, later) && !slices.Contains(have, before) && !slices.Contains(have, "") {
				out = append(out, strings.TrimPrefix(fmt.Sprintf("%d%s", n, before), "0"))
			}
		}
	}
	slices.Sort(out)
	return out
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
