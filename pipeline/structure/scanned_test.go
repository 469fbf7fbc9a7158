package structure

import (
	"os"
	"strings"
	"testing"

	"nightshift/pipeline/transcript"
)

// scanned is a page as an engine would have read it, drawn with signs 20 pixels wide
// and lines 50 high: a word with a tilde before it was read with hardly any
// confidence.
func scanned(rows ...string) Input { return scannedPages(rows) }

// scannedPages are several such pages of one item.
func scannedPages(sheets ...[]string) Input {
	var pages []transcript.Page
	for _, rows := range sheets {
		pages = append(pages, scannedPage(rows))
	}
	return inputOf(pages...)
}

func inputOf(pages ...transcript.Page) Input {
	text, layout := transcript.TextAsRead(pages)
	return Input{Text: text, Layout: layout}
}

func scannedPage(rows []string) transcript.Page {
	const pitch, height, advance = 20, 36, 50
	p := transcript.Page{}
	p.Image.Width, p.Image.Height = 1700, 2200
	for y, row := range rows {
		if strings.TrimSpace(row) == "" {
			continue
		}
		var l transcript.Line
		for x := 0; x < len(row); {
			if row[x] == ' ' {
				x++
				continue
			}
			end := x
			for end < len(row) && row[end] != ' ' {
				end++
			}
			w := transcript.Word{Text: strings.TrimPrefix(row[x:end], "~"), Confidence: 93, Box: transcript.Box{100 + x*pitch, 100 + y*advance, 100 + end*pitch, 100 + y*advance + height}}
			if row[x] == '~' {
				w.Confidence = 12
			}
			l.Words = append(l.Words, w)
			x = end
		}
		first, last := l.Words[0].Box, l.Words[len(l.Words)-1].Box
		l.Box = transcript.Box{first[0], first[1], last[2], last[3]}
		p.Blocks = append(p.Blocks, transcript.Block{Lines: []transcript.Line{l}})
	}
	return p
}

func valueOf(v *Value) string {
	if v == nil {
		return ""
	}
	return v.Value
}

// Values whose words were hardly read are listed for a person.
func TestDoubts(t *testing.T) {
	s := Parse(scanned("              OFFICE MEMORANDUM", "", "TO:       ~Harbour Master", "FROM:     Rosa Quill", "DATE:     May 4, 1957", "", "     1. "+prose, prose))
	if d := s.Documents[0]; d.To == nil || d.To.Confidence > 0.6 || d.From == nil || d.From.Confidence < 0.9 {
		t.Errorf("to %+v, from %+v", s.Documents[0].To, s.Documents[0].From)
	}
	if len(s.Notices) != 1 || !strings.Contains(s.Notices[0], "the addressee \"Harbour Master\" is in doubt") {
		t.Errorf("%q", s.Notices)
	}
}

const prose = "The dredger was at work off the North Mole from noon on."

// Labels of a message form are told by their column where their letters were misread,
// and values end where a pen or a stamp begins.
func TestMisreadHead(t *testing.T) {
	d := Parse(scanned(
		"                  CLASSIFIED MESSAGE",
		"",
		"~oat»   16 MAY 1958            SECRET",
		"",
		"~4O =   HARBOUR MASTER",
		"",
		"~FeOm   LIGHTSHIP ~gti. ~MN.",
		"",
		"ACTION: PORT 5",
		"INFO:   QUAY, MOLE 2",
		"",
		"     "+strings.ToUpper(prose),
		"     "+strings.ToUpper(prose),
		"                     END OF MESSAGE",
	)).Documents[0]
	if d.Kind != "telegram" || d.Date == nil || d.Date.Value != "1958-05-16" || valueOf(d.From) != "LIGHTSHIP" || valueOf(d.To) != "HARBOUR MASTER" || valueOf(d.Classification) != "SECRET" {
		t.Errorf("%s, %+v, from %q, to %q, %q", d.Kind, d.Date, valueOf(d.From), valueOf(d.To), valueOf(d.Classification))
	}
}

// A memorandum whose last letters were misread, signed without a closing.
func TestSignedMemorandum(t *testing.T) {
	d := Parse(scanned(
		"              OFFICE MEMORANDUM",
		"",
		"T0:       Mr. Aldous Penn",
		"DATF:     May 4, 1957",
		"SUBJEGT:  Dues of the ~Lantern",
		"",
		"     1. "+prose,
		prose,
		"     2. "+prose,
		"",
		"                                        Rosa L. Quill",
		"                                        C/DUES/Q",
	)).Documents[0]
	if valueOf(d.To) != "Mr. Aldous Penn" || valueOf(d.From) != "Rosa L. Quill, C/DUES/Q" || d.Date == nil || d.Date.Value != "1957-05-04" || len(d.Subjects) != 1 || d.Subjects[0].Text != "Dues of the Lantern" {
		t.Errorf("to %q, from %q, %+v, %+v", valueOf(d.To), valueOf(d.From), d.Date, d.Subjects)
	}
}

// A despatch over which stamps were set, with a list of enclosures whose numbers were
// misread.
func TestStampedDespatch(t *testing.T) {
	d := Parse(scanned(
		"Noe 214.                      Port Alder, May 19, 1939.",
		"",
		"SUBJECT; Dues on lightships.",
		"",
		"                                         ~Di ~VSI ~OF",
		"The Honorable                            ~HARB ~AND",
		"    The Secretary of Ports,              ~COMM ~REC",
		"                                         ~MAY ~3I",
		"         Rowan.",
		"",
		"Sir: ~an",
		"",
		"     I have the honor to report on the dues of the harbour.",
		prose,
		prose,
		"                              Respectfully yours,",
		"",
		"                              John F. Larch.",
		"",
		"List of Enclosures:",
		"",
		"   -_ Noe le Tariff of the outer",
		"             harbour, May 5, 1939",
		"",
		"   No. 2. Chart of the mole.",
		"",
		"   Aloe 3. Register of ships.",
		"",
		"File 840.1",
		"RM/MM",
	)).Documents[0]
	if d.Kind != "despatch" || d.Number == nil || *d.Number != "214" || valueOf(d.To) != "The Honorable, The Secretary of Ports, Rowan." || valueOf(d.Salutation) != "Sir" {
		t.Errorf("%s, to %q, %q", d.Kind, valueOf(d.To), valueOf(d.Salutation))
	}
	if len(d.Enclosures) != 3 || !strings.HasSuffix(d.Enclosures[0].Value, "May 5, 1939") || d.Enclosures[2].Value != "Aloe 3. Register of ships." {
		t.Errorf("%+v", d.Enclosures)
	}
	if len(d.Signatures) != 1 || d.Signatures[0].Value != "John F. Larch." {
		t.Errorf("%+v", d.Signatures)
	}
}

// Notes at the foot of a page, below a rule or with labels that no paragraph has, are
// no text, and joined to their marks on the same page.
func TestFootNotes(t *testing.T) {
	for name, c := range map[string]struct {
		rows        []string
		marks, want []string
	}{
		"rule": {[]string{
			"     The dues of the outer harbour1 were raised in March",
			"and those of the inner one in May of 1954.2 The Minister had",
			"been told of it by the Harbour Master at noon of the same day.",
			"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
			"____________________",
			"",
			"1. See the accounts of the harbour, which had not been",
			"   closed since the spring.",
			"2. Ibid.",
		}, []string{"1", "2"}, []string{"See the accounts of the harbour, which had not been closed since the spring.", "Ibid."}},
		"strokes": {[]string{
			"     The dues of the outer harbour1/ were raised in March",
			"and those of the inner one in May of 1954. 2/ The Minister had",
			"been told of it by the Harbour Master at noon of the same day.",
			"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
			"1/ Not printed.",
			"2/ Document 214.",
		}, []string{"1/", "2/"}, []string{"Not printed.", "Document 214."}},
		"symbol": {[]string{
			"     The dues of the outer harbour* were raised in March",
			"and those of the inner one in May of 1954. The Minister had",
			"been told of it by the Harbour Master at noon of the same day.",
			"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
			"* Port Alder",
		}, []string{"*"}, []string{"Port Alder"}},
		"numbered paragraphs": {[]string{
			"     1. The dues of the outer harbour were raised in March",
			"and those of the inner one in May of 1954. The Minister had",
			"been told of it by the Harbour Master at noon of the same day.",
			"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
			"     2. The dredger was sold.",
		}, nil, nil},
	} {
		in := scanned(c.rows...)
		d := Parse(in).Documents[0]
		var marks, notes []string
		for _, m := range d.NoteMarks {
			marks = append(marks, m.Label)
			if m.Note != len(marks) {
				t.Errorf("%s: mark %+v", name, m)
			}
		}
		for _, n := range d.Notes {
			notes = append(notes, n.Text)
		}
		if strings.Join(marks, "|") != strings.Join(c.marks, "|") || strings.Join(notes, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: marks %q, notes %q", name, marks, notes)
		}
		for _, s := range d.Sections {
			if text := string([]rune(in.Text)[s.Start:s.End]); s.Kind == "body" && len(c.want) > 0 && strings.Contains(text, c.want[0][:8]) {
				t.Errorf("%s: a note in the body: %q", name, text)
			}
		}
	}
}

// FuzzLayout: whatever an engine says of where words stand, and how sure it is, the
// structure is sound. shake moves the boxes and sets the confidences.
func FuzzLayout(f *testing.F) {
	for _, name := range []string{"folder", "despatch", "memo", "telegram", "memcon", "record"} {
		raw, err := os.ReadFile("testdata/" + name + ".txt")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw), []byte{0, 0, 90})
		f.Add(string(raw), []byte{3, 250, 40, 0, 128, 95, 12, 9, 10})
	}
	f.Add("TO: A\nFROM: B\nDATF=C\nd* E\n=fr F", []byte{0, 0, 70, 0, 0, 20})
	f.Add("T0: A\nFROK: B\n____________\n1. C", []byte{255, 1, 60})
	f.Fuzz(func(t *testing.T, s string, shake []byte) {
		if len(s) > 1<<14 || len(shake) == 0 {
			return
		}
		var pages []transcript.Page
		k := 0
		next := func() int { k++; return int(shake[k%len(shake)]) }
		for sheet := range strings.SplitSeq(strings.ToValidUTF8(s, "?"), "\f") {
			p := transcript.Page{}
			p.Image.Width, p.Image.Height = 1700, 2200
			for y, row := range strings.Split(sheet, "\n") {
				l := transcript.Line{Box: transcript.Box{1 << 20, 1 << 20, -1 << 20, -1 << 20}}
				for x, w := range strings.Fields(row) {
					dx, dy, sure := int(int8(next()))*6, int(int8(next()))/4, next()%101
					b := transcript.Box{100 + 160*x + dx, 100 + 50*y + dy, 100 + 160*x + dx + 20*len(w), 136 + 50*y + dy}
					l.Words = append(l.Words, transcript.Word{Text: w, Box: b, Confidence: float64(sure)})
					l.Box = transcript.Box{min(l.Box[0], b[0]), min(l.Box[1], b[1]), max(l.Box[2], b[2]), max(l.Box[3], b[3])}
				}
				if len(l.Words) == 0 {
					continue
				}
				kind := ""
				if next()%16 == 1 {
					kind = "noise"
				}
				p.Blocks = append(p.Blocks, transcript.Block{Kind: kind, Lines: []transcript.Line{l}})
			}
			pages = append(pages, p)
		}
		text, layout := transcript.TextAsRead(pages)
		sound(t, text, Parse(Input{Text: text, Layout: layout}))
	})
}
