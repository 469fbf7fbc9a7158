package recordtest

import (
	"strings"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// Awkward is one item of each kind that writers stumble over: the memo, the
// scan, characters that XML forbids, right-to-left and combining characters, a
// page without words, a broken word, a long folder name with quotes and
// slashes, an empty text.
func Awkward(t testing.TB) []record.Input {
	return []record.Input{Ferry(t), Scan(t), Forbidden(), Hyphenated(t), Empty(), NoWords()}
}

// LongLocator has 64 characters in a level, with what is special to XML, JSON,
// URIs and shells.
var LongLocator = archive.Locator("Box/" + strings.Repeat("n", 40) + ` "q" 'a' <&> %41 +#?é/ÿ\memo`)

// Forbidden is a page with characters that XML forbids, right-to-left and
// combining ones and some beyond the first plane.
func Forbidden() record.Input {
	return whole(Item(LongLocator, []transcript.Page{Typed(1, "bell\x07 null\x00 ffff\uffff\n\nשלום עולם e\u0301 𝔘 ]]> <b>&amp;\u202e")}))
}

// Hyphenated is a page with a word broken at the line's end and a stray mark.
func Hyphenated(t testing.TB) record.Input {
	in := whole(Item("Box/hyphen", []transcript.Page{Typed(1, "we hold a confer-\nence | today")}))
	m := mark(t, &in)
	m.correct(clean.LineBreakHyphen, "confer-\nence", 6, "-\n", "")
	m.correct(clean.StrayMark, " | ", 0, " |", "")
	return in
}

// Empty is a text input without a character.
func Empty() record.Input { return TextItem("Box/empty", "") }

// NoWords is one blank page.
func NoWords() record.Input {
	return Item("Box/blank", []transcript.Page{{Version: 1, Blank: true, Blocks: []transcript.Block{}, Image: transcript.Image{Index: 1, Width: 100, Height: 200}}})
}

// whole makes the item's document one body.
func whole(in record.Input) record.Input {
	d := &in.Reading.Structure.Documents[0]
	d.Sections = []structure.Section{{Kind: "body", Start: d.Start, End: d.End, Confidence: 1}}
	return in
}
