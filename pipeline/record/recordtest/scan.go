package recordtest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// Typed is a page of type as an engine would read it: blocks are parted by
// empty lines, every character is 20 by 40 pixels on a page of 1700 by 2200.
func Typed(index int, text string) transcript.Page {
	p := transcript.Page{
		Version: 1, MeanConfidence: 90, InkCoverage: 0.05, ErrorRate: 0.02, Grade: "B",
		Image:  transcript.Image{Index: index, Width: 1700, Height: 2200, DPI: 200, Scan: "s.tif", Digest: archive.DigestOf([]byte("s"))},
		Engine: transcript.Engine{Name: "tesseract", Version: "5.3.0", Languages: []string{"eng"}},
	}
	y := 100
	for _, block := range strings.Split(text, "\n\n") {
		var b transcript.Block
		for _, line := range strings.Split(block, "\n") {
			var l transcript.Line
			x := 100
			for _, word := range strings.Fields(line) {
				n := utf8.RuneCountInString(word)
				w := transcript.Word{Text: word, Box: transcript.Box{x, y, x + 20*n, y + 40}, Confidence: 90}
				for i := range n {
					w.X0, w.X1 = append(w.X0, x+20*i), append(w.X1, x+20*i+18)
					w.CharConf = append(w.CharConf, 91.5)
				}
				x += 20 * (n + 1)
				l.Words = append(l.Words, w)
			}
			l.Box = transcript.Box{100, y, x, y + 40}
			b.Lines = append(b.Lines, l)
			y += 60
		}
		b.Box = transcript.Box{100, b.Lines[0].Box[1], 1600, y}
		p.Blocks = append(p.Blocks, b)
		y += 60
	}
	return p
}

// Scan is an item of five pages: two of type with a running head and a
// paragraph that runs on from one to the other, one parked, one blank, and one
// with a second document.
func Scan(t testing.TB) record.Input {
	pages := []transcript.Page{
		Typed(1, "SECRET\n\nTo: The Keeper of the Light\nFrom: The Harbour Office\n\nDear Keeper:\n\nThe lamp was out for most of the night and the"),
		Typed(2, "-2-\n\nboats waited. See thatit burns.\n\nYours truly,\nA. Marsh"),
		{Version: 1, Parked: string(archive.EngineCrash), Blocks: []transcript.Block{}},
		{Version: 1, Blank: true, Blocks: []transcript.Block{}, Image: transcript.Image{Index: 4, Width: 1700, Height: 2200},
			Engine: transcript.Engine{Name: "tesseract", Version: "5.3.0"}},
		Typed(5, "TELEGRAM\n\nLAMP OUT REPEAT OUT"),
	}
	pages[1].Blocks[1].Lines[0].Words[3].Confidence = 31
	pages[4].MeanConfidence, pages[4].LowQuality = 55, true
	in := Item("Harbour/Box 8/Lamp/letter", pages)
	in.Reading.Pages[2].Detail = "the child died of signal 11"
	m := mark(t, &in)
	second, _ := Find(t, m.text, "TELEGRAM", 1)
	m.doc.End, m.doc.Kind = second, "letter"
	m.section("classification", "SECRET")
	m.section("recipients", "To: The Keeper of the Light\nFrom: The Harbour Office")
	m.section("salutation", "Dear Keeper:")
	m.section("body", "The lamp was out for most of the night and the\f-2-\n\nboats waited. See thatit burns.")
	m.section("page-mark", "-2-")
	m.section("signature", "Yours truly,\nA. Marsh")
	s, e := Find(t, m.text, "-2-", 1)
	m.doc.PageMarks = []structure.PageMark{{Label: "2", Start: s, End: e}}
	m.correct(clean.RunTogether, "thatit", 4, "", " ")
	m.doc.Classification = m.value("SECRET", "Secret")
	m.doc.To, m.doc.From = m.value("The Keeper of the Light", "The Keeper of the Light"), m.value("The Harbour Office", "The Harbour Office")
	m.doc.Salutation, m.doc.Closing = m.value("Dear Keeper:", "Dear Keeper:"), m.value("Yours truly,", "Yours truly,")
	m.doc.Signatures = []structure.Value{*m.value("A. Marsh", "A. Marsh")}
	in.Reading.Structure.Documents = append(in.Reading.Structure.Documents,
		structure.Document{Start: second, End: len([]rune(m.text)), Confidence: 0.9, Kind: "telegram",
			Sections: []structure.Section{{Kind: "body", Start: second, End: len([]rune(m.text)), Confidence: 0.9}}})
	return in
}

// Turned is a page that lies on its side or head in the scan: it was turned
// clockwise by so many degrees to be read.
func Turned(degrees int) record.Input {
	p := Typed(1, "The quick boat\n\nwaits at the pier")
	turn := func(b *transcript.Box) {
		x0, y0, x1, y1 := b[0], b[1], b[2], b[3]
		switch degrees { // from the upright page back to the scan
		case 90:
			*b = transcript.Box{y0, 1700 - x1, y1, 1700 - x0}
		case 180:
			*b = transcript.Box{1700 - x1, 2200 - y1, 1700 - x0, 2200 - y0}
		case 270:
			*b = transcript.Box{2200 - y1, x0, 2200 - y0, x1}
		}
	}
	if degrees != 180 {
		p.Image.Width, p.Image.Height = 2200, 1700
	}
	p.Image.Rotation = degrees
	for i := range p.Blocks {
		turn(&p.Blocks[i].Box)
		for j := range p.Blocks[i].Lines {
			l := &p.Blocks[i].Lines[j]
			turn(&l.Box)
			for k := range l.Words {
				turn(&l.Words[k].Box)
				l.Words[k].X0, l.Words[k].X1, l.Words[k].CharConf = nil, nil, nil
			}
		}
	}
	return whole(Item("Box/turned", []transcript.Page{p}))
}
