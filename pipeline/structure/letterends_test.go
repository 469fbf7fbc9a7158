package structure

import (
	"slices"
	"testing"
)

// Scraps of stamps before the salutation and typists' remarks after the signature are no
// paragraphs; a postscript is one, and so is a line whose box is too tall.
func TestLetterEnds(t *testing.T) {
	in := scanned("          Sofia Street 4, May 4, 1939.", "", "RECD", "", "ke Honorable", "    The Secretary of State,", "         Washington.", "", "Sir:", "",
		"     I have the honor to refer to the dues of the harbour, of", "which the Department was told at the time, and to say that they", "had not been raised since the spring of the year before, when", "the lightship put out to sea and nobody at the North Mole was", "told of it, and that they have been raised.", "", "",
		"                         Respectfully yours,", "", "                         John Quarles.", "", "", "To Department in original and hectograph.", "",
		"P.S. The dues were raised again on Monday.")
	for i := range in.Layout.Lines {
		l := &in.Layout.Lines[i]
		if l.Words[0].Text == "which" {
			l.Box[1] -= 40 // a tail of the line above
		}
	}
	d := Parse(in)
	if got := sectionsOf(in, d, "body"); len(got) != 2 || got[0][:18] != "I have the honor t" || got[1][:4] != "P.S." {
		t.Errorf("body %q", got)
	}
	if got := sectionsOf(in, d, "distribution"); !slices.Contains(got, "To Department in original and hectograph.") {
		t.Errorf("distribution %q", got)
	}
	if got := sectionsOf(in, d, "heading"); len(got) > 0 {
		t.Errorf("headings %q", got)
	}
	if to := d.Documents[0].To; to == nil || to.Value != "ke Honorable, The Secretary of State, Washington." {
		t.Errorf("to %v", to)
	}
}
