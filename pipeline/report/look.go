package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
)

// kinds lists the kinds of the files that were not read, the most frequent first:
// "2 HEIC photograph, 1 DjVu. ". Empty for other reasons.
func (r Report) kinds(reason archive.Reason) string {
	if reason != archive.UnreadKind {
		return ""
	}
	count := map[string]int{}
	var names []string
	for _, l := range r.Look {
		if l.Reason != reason {
			continue
		}
		kind, _, _ := strings.Cut(l.Detail, ";")
		if count[kind]++; count[kind] == 1 {
			names = append(names, kind)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	for i, n := range names {
		names[i] = fmt.Sprintf("%d %s", count[n], n)
	}
	return strings.Join(names, ", ") + ". "
}
