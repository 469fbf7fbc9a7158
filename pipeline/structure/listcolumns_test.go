package structure

import (
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/transcript"
)

// present are the people of a document: side, name and role.
func present(d Document) []string {
	var out []string
	for _, p := range d.Participants {
		side := ""
		if p.Side != nil {
			side = *p.Side
		}
		out = append(out, side+"|"+p.Name+"|"+p.Role)
	}
	return out
}

// conversation is a record of conversation with a list of those present.
func conversation(list ...string) []string {
	rows := append([]string{"              MEMORANDUM OF CONVERSATION", "", "DATE:      May 4, 1957", "SUBJECT:   Dues on lightships", ""}, list...)
	return append(rows, "", "", "     The Minister said that the dues of the outer harbour had been", "raised in March. "+prose, prose)
}

var twoColumnLists = []string{
	"PARTICIPANTS:",
	"    Norway                            Denmark",
	"    Mr. Aldous Penn, Minister         Mr. Jens Roux, Minister of",
	"    Miss Rosa Quill, Director,            Harbours",
	"      Office of Dues                  Mrs. Karen Holm, Interpreter",
	"    Mr. John Larch                    Mr. Per Dahl",
}

var inTwoColumns = []string{
	"|Norway|", "Norway|Mr. Aldous Penn|Minister", "Norway|Miss Rosa Quill|Director, Office of Dues", "Norway|Mr. John Larch|",
	"|Denmark|", "Denmark|Mr. Jens Roux|Minister of Harbours", "Denmark|Mrs. Karen Holm|Interpreter", "Denmark|Mr. Per Dahl|",
}

// blocksOfColumns has the engine read each column of a page as a block of its own,
// parted at a column of signs: the left one first, or the right one.
func blocksOfColumns(rows []string, from, to, column int, rightFirst bool) Input {
	page := scannedPage(rows)
	var out, left, right []transcript.Block
	y0, y1 := 100+50*from, 100+50*to
	for _, b := range page.Blocks {
		l := b.Lines[0]
		if l.Box[1] < y0 || l.Box[1] >= y1 {
			if l.Box[1] >= y1 && left != nil {
				out, left, right = joinBlocks(out, left, right, rightFirst), nil, nil
			}
			out = append(out, b)
			continue
		}
		var a, z transcript.Line
		for _, w := range l.Words {
			if w.Box[0] < 100+20*column {
				a.Words = append(a.Words, w)
			} else {
				z.Words = append(z.Words, w)
			}
		}
		for _, half := range []struct {
			line transcript.Line
			to   *[]transcript.Block
		}{{a, &left}, {z, &right}} {
			if n := len(half.line.Words); n > 0 {
				first, last := half.line.Words[0].Box, half.line.Words[n-1].Box
				half.line.Box = transcript.Box{first[0], first[1], last[2], last[3]}
				*half.to = append(*half.to, transcript.Block{Lines: []transcript.Line{half.line}})
			}
		}
	}
	page.Blocks = joinBlocks(out, left, right, rightFirst)
	text, layout := transcript.TextAsRead([]transcript.Page{page})
	return Input{Text: text, Layout: layout}
}

func joinBlocks(out, left, right []transcript.Block, rightFirst bool) []transcript.Block {
	if rightFirst {
		left, right = right, left
	}
	return append(append(out, left...), right...)
}

// A list in two columns reads the same however the engine ordered its lines: across,
// column by column, or the right column first.
func TestTwoColumns(t *testing.T) {
	rows := conversation(twoColumnLists...)
	for name, in := range map[string]Input{
		"text alone":   {Text: strings.Join(rows, "\n")},
		"read across":  scanned(rows...),
		"column first": blocksOfColumns(rows, 6, 11, 36, false),
		"right first":  blocksOfColumns(rows, 6, 11, 36, true),
	} {
		s := Parse(in)
		sound(t, in.Text, s)
		if got := present(s.Documents[0]); !slices.Equal(got, inTwoColumns) {
			t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(inTwoColumns, "\n"))
		}
	}
}

// What is found in one column does not hang on the other: with either hidden, the
// other's people are the same.
func TestColumnHidden(t *testing.T) {
	rows := conversation(twoColumnLists...)
	for name, c := range map[string]struct {
		keep func(x int) bool
		want []string
	}{
		"right hidden": {func(x int) bool { return x < 36 }, inTwoColumns[:4]},
		"left hidden":  {func(x int) bool { return x >= 36 }, inTwoColumns[4:]},
	} {
		hidden := slices.Clone(rows)
		for i := 6; i < 11; i++ {
			hidden[i] = strings.TrimRight(masked(rows[i], c.keep), " ")
		}
		if got := present(Parse(scanned(hidden...)).Documents[0]); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// masked is a line of which only some columns of signs are kept.
func masked(line string, keep func(x int) bool) string {
	b := []byte(line)
	for i := range b {
		if !keep(i) {
			b[i] = ' '
		}
	}
	return string(b)
}

// A second column that says what the people of the first are gives their roles.
func TestRolesInColumn(t *testing.T) {
	in := scanned(conversation(
		"PRESENT:",
		"    Mr. Aldous Penn                   Minister of Harbours",
		"    Miss Rosa Quill                   Director, Office of Dues and",
		"                                      of Lightships",
		"    Mr. John Larch                    Interpreter",
	)...)
	s := Parse(in)
	sound(t, in.Text, s)
	want := []string{"|Mr. Aldous Penn|Minister of Harbours", "|Miss Rosa Quill|Director, Office of Dues and of Lightships", "|Mr. John Larch|Interpreter"}
	if got := present(s.Documents[0]); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
