package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nightshift/pipeline/ledger"
)

// outsideLine says how often an outside reader was asked, and what came of it.
func outsideLine(o *ledger.Outside) string {
	s := fmt.Sprintf("outside reader: asked about %d pages; words taken on %d of them, in %d lines; %d words in doubt for it", o.Asked, o.Pages, o.Lines, o.Doubtful)
	if n := o.Failed(); n > 0 {
		s += fmt.Sprintf("; no answer of use %d times", n)
	}
	if n := o.NotAsked(); n > 0 {
		s += fmt.Sprintf("; not asked about %d pages", n)
	}
	var why []string
	for _, k := range slices.Sorted(maps.Keys(o.Refused)) {
		why = append(why, fmt.Sprintf("%s %d", k, o.Refused[k]))
	}
	if len(why) > 0 {
		s += " (" + strings.Join(why, ", ") + ")"
	}
	return s
}
