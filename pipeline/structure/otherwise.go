package structure

import (
	"fmt"
	"unicode/utf8"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/transcript"
)

// otherwiseRight is the confidence of such a question. Nobody has counted them: it
// is even.
const otherwiseRight = 0.5

// otherwise asks about words that were read in two ways, of which neither can be
// told to be right: digits, mostly. What the text has stays.
func otherwise(layout *transcript.Layout) (out []clean.Correction) {
	if layout == nil {
		return nil
	}
	for _, l := range layout.Lines {
		for _, w := range l.Words {
			if w.Other == "" || w.Other == w.Text {
				continue
			}
			page, box := l.Page+1, w.Box
			out = append(out, clean.Correction{
				Start: w.Start, End: w.Start + utf8.RuneCountInString(w.Text), Before: w.Text, After: w.Other,
				Kind: clean.Confusion, Rule: "read-otherwise", Evidence: []string{fmt.Sprintf("another reading of the image has %q", w.Other)},
				Confidence: otherwiseRight, Decision: clean.Flagged, Page: &page, Box: &box,
			})
		}
	}
	return out
}
