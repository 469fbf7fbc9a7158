package structure

import (
	"slices"
	"strings"
	"testing"
)

// Letters of one sender in one file keep their letterheads and signers; a head that
// repeats within a document, or over pages of several, is taken out.
func TestLetterheads(t *testing.T) {
	const house, name, file = "            NORTH MOLE TOWING COMPANY", "                         John Quarles", "     HARBOUR BOARD, DUES OF THE YEAR"
	bodies := [][]string{
		{"     I have the honour to refer to the dues of the harbour, of", "which the Board was told at the time, and to say that they", "had not been raised since the spring of the year before."},
		{"     The tugs that were ordered in March have come at last, and", "the larger of them was put to work at the sluice on Monday by", "the harbour master, who is pleased with her so far."},
		{"     Nobody has told us yet who is to pay for the lamps that the", "keeper of the lighthouse asked for, and we should be glad to", "have an answer before the winter makes the works dear."},
	}
	dates := []string{"May 4, 1939.", "June 9, 1939.", "August 12, 1939."}
	letter := func(n int) []string {
		out := []string{house, "", "                              " + dates[n], "", "Dear Sir:", ""}
		out = append(out, bodies[n]...)
		return append(out, "", "                         Yours faithfully,", "", "", name)
	}
	const open = "and of the tugs that were to be at the North Mole before the"
	more := func(head string, n int) []string { // a page that goes on, and on which nothing ends
		return append(append([]string{head, "", "winter of the year, so that nobody was astonished when he said"}, bodies[n]...), open)
	}
	goesOn := func(l []string) []string {
		return append(l[:len(l)-5:len(l)-5], "", "     It had been told of the lightship at once, of its lamps,", open)
	}
	report := func(n int) []string { return more(file, n) }
	count := func(s Structure, in Input, line string) (text, heads int) {
		line = strings.TrimSpace(line)
		for _, x := range sectionsOf(in, s, "running-head") {
			heads += strings.Count(x, line)
		}
		return strings.Count(in.Text, line) - heads, heads
	}
	for what, c := range map[string]struct {
		pages       [][]string
		line        string
		text, heads int
		documents   int // 0: it is no matter
	}{
		"letterheads":                {[][]string{letter(0), letter(1), letter(2)}, house, 3, 0, 3},
		"signers":                    {[][]string{letter(0), letter(1), letter(2)}, name, 3, 0, 3},
		"two letters":                {[][]string{letter(0), letter(1)}, house, 2, 0, 2},
		"one of two pages between":   {[][]string{letter(0), goesOn(letter(1)), more("", 2), letter(2)}, house, 3, 0, 3},
		"a head of every page":       {[][]string{report(0), report(1), report(2)}, file, 0, 3, 0},
		"a head of a letter's pages": {[][]string{goesOn(letter(0)), more(house, 1), more(house, 2)}, house, 0, 3, 0},
		"a file's head over letters": {[][]string{report(0), append([]string{file, ""}, goesOn(letter(1))...), report(2)}, file, 0, 3, 0},
	} {
		in := scannedPages(c.pages...)
		s := Parse(in)
		text, heads := count(s, in, c.line)
		if text != c.text || heads != c.heads || c.documents > 0 && len(s.Documents) != c.documents {
			t.Errorf("%s: %d in the text, %d heads, %d documents; want %d, %d, %d", what, text, heads, len(s.Documents), c.text, c.heads, c.documents)
		}
	}
	in := scannedPages(letter(0), letter(1), letter(2))
	for i, d := range Parse(in).Documents {
		if from := valueOf(d.From); !slices.ContainsFunc(d.Signatures, func(v Value) bool { return strings.Contains(v.Value, "John Quarles") }) && !strings.Contains(from, "Quarles") {
			t.Errorf("letter %d: signed %v, from %q", i+1, d.Signatures, from)
		}
	}
}

// In a text without boxes, an address that stands over every letter with one number
// is no head; words with other numbers are.
func TestNumberedHeads(t *testing.T) {
	page := func(head string) string { return head + "\n\nThe tugs that were ordered have come at last.\n\f" }
	for text, want := range map[string]int{
		page("") + page("12 Harbour Street") + page("12 Harbour Street") + page("12 Harbour Street"): 0,
		page("") + page("12 Harbour dues") + page("13 Harbour dues") + page("14 Harbour dues"):       3,
	} {
		s := newText(text).s
		if got := runningHeads(s, linesOf(s), nil); len(got) != want {
			t.Errorf("%q: %d heads, want %d", text, len(got), want)
		}
	}
}
