package structure

import (
	"slices"
	"strings"
	"testing"
)

// sectionsOf are the texts of the sections of a kind.
func sectionsOf(in Input, s Structure, kind string) []string {
	var out []string
	text := []rune(in.Text)
	for _, d := range s.Documents {
		for _, x := range d.Sections {
			if x.Kind == kind {
				out = append(out, string(text[x.Start:x.End]))
			}
		}
	}
	return out
}

// Page numbers whose figures were misread are told by the place where other pages have
// theirs; what stands elsewhere, or is a word, stays.
func TestMisreadPageNumbers(t *testing.T) {
	turn := 0
	lines := []string{"the dredger was at work off the North Mole from noon on", "and the Harbour Master had been told of it at once, so that", "nobody was astonished when the lightship put out to sea", "late in the afternoon of the same day, and the tugs with it"}
	ends := strings.Fields("again soon later there twice since indeed often once more besides now then first last still yet too only alike")
	body := func(head string) []string { // each page begins and ends with other lines
		turn++
		out := []string{head, ""}
		for _, l := range lines {
			out = append(out, l+" "+ends[turn%len(ends)])
		}
		return out
	}
	first := append([]string{"                        HARBOUR REPORT", "", "     The Minister had asked for the dues of the year, and of"}, body("")[2:]...)
	const at = "                             "
	for name, c := range map[string]struct {
		pages [][]string
		want  []string
	}{
		"beside one that was read": {[][]string{first, body(at + "-2-"), body(at + "-}"), body(at + "-4-")}, []string{"-2-", "-}", "-4-"}},
		"none was read":            {[][]string{first, body(at + "-~"), body(at + "—S-"), body(at + "-}")}, []string{"-~", "—S-", "-}"}},
		"a word":                   {[][]string{first, body(at + "-2-"), body(at + "Dues"), body(at + "-4-")}, []string{"-2-", "-4-"}},
		"elsewhere":                {[][]string{first, body(at + "-2-"), body("b)"), body(at + "-4-")}, []string{"-2-", "-4-"}},
		"beside a marking":         {[][]string{first, body(at + "-2- CONFIDENTIAL"), body("SECRET - 3 -")}, []string{"-2-", "- 3 -"}},
		"one page's alone":         {[][]string{first, body(""), body(at + "-}")}, nil},
	} {
		in := scannedPages(c.pages...)
		s := Parse(in)
		if got := sectionsOf(in, s, "running-head"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A catchword read badly is told by the next page's first words, with its dots.
func TestFaintCatchword(t *testing.T) {
	in := scannedPages(
		[]string{"                        HARBOUR REPORT", "", "     The Minister had asked for the dues of the year, and of", "the harbour, which had not been closed since the spring, with", "", "                                              ~dredger..+."},
		[]string{"dredger and tugs, and was told of them at noon on the day", "on which the lightship put out to sea late in the afternoon."},
	)
	s := Parse(in)
	if got := sectionsOf(in, s, "catchword"); len(got) != 1 || got[0] != "dredger..+." {
		t.Errorf("%q", got)
	}
}

// The number of a paper is read with a letter of "No." misread, before its dateline.
func TestMisreadNumber(t *testing.T) {
	for line, want := range map[string]string{
		"Nos 1559. Rowan, May 19, 1939.": "1559", "Mo. 214": "214", "N0, 12": "12", "No. 7": "7", "Mr. 12": "", "Mo 12": "", "Nor 300 tons": "", "New 12 ships": "",
	} {
		if got := misreadNo(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

// An address is found when a speck stands on its first line and its last was hardly
// read, and figures outside the text's column are marks of a pen.
func TestFaintAddress(t *testing.T) {
	in := scanned(
		"     Noe 214.                      Port Alder, May 19, 1939.", "", "     SUBJECT; Dues on lightships.", "", "",
		"     The Fonorableé                           ~HARB ~AND", "          The Secretary of Ports,", "               ~Rowann.", "",
		"     Sir:", "",
		"          I have the honor to report on the dues of the harbour.",
		"     "+prose, "1", "     "+prose, "     "+prose, "     "+prose,
		"                              Respectfully yours,", "", "                              John F. Larch.",
	)
	s := Parse(in)
	if d := s.Documents[0]; valueOf(d.To) != "The Fonorableé, The Secretary of Ports, Rowann." {
		t.Errorf("to %q", valueOf(d.To))
	}
	if got := sectionsOf(in, s, "handwriting"); !slices.Contains(got, "1") {
		t.Errorf("handwriting %q", got)
	}
}
