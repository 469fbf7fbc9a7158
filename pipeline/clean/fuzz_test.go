package clean

import (
	"testing"
	"unicode/utf8"
)

// Any text: corrections are ordered, disjoint and inside it, say what stands
// there, and undoing them gives the text back.
func FuzzCorrect(f *testing.F) {
	for _, s := range []string{
		"", "\n", "theUSSR and Director,SOV", "a  b\u00a0c\u00ad\nd", "o\ufb03ce r\u200bn\u200bilitary", "re-\nceive the  Gov-\nernment ,",
		"â€™ Ã© \u00c2\u00a0", "\ufffd\ufffd p\ufffdrt", "M E M O R A N D U M", "``quoted'' *and* stray * marks ^", "[Page 5]\n\nthe [Page 6] man1",
		"irnplications of thc gov\u00adcrnment", "co nsistent\ufeff tbe", "\x00\x01\x7f", "\u202eabc\u202c ﬁ\u0301 שלום\u200d עולם",
	} {
		f.Add(s, uint16(3), uint16(9))
	}
	f.Fuzz(func(t *testing.T, text string, lo, hi uint16) {
		text = string([]rune(text)) // as decoded: valid UTF-8
		n := utf8.RuneCountInString(text)
		in := Input{Text: text, Names: []string{"Mr. Menshikov"}}
		if a, b := int(lo), int(hi); a < b && b <= n {
			in.Blocks = []Block{{Span{0, a}, "title"}, {Span{a, b}, "body"}, {Span{b, n}, "notes"}}
			in.Marks = []Span{{a, a + 1}, {b - 1, b}}
		}
		cs := Correct(in)
		at, runes := 0, []rune(text)
		for i, c := range cs {
			if c.Start < at || c.End < c.Start || c.End > n {
				t.Fatalf("correction %d %+v after %d of %d", i, c, at, n)
			}
			if string(runes[c.Start:c.End]) != c.Before {
				t.Fatalf("correction %d says %q stands where %q does", i, c.Before, string(runes[c.Start:c.End]))
			}
			if c.Rule == "" || c.Kind == "" || len(c.Evidence) == 0 || c.Confidence <= 0 || c.Confidence > 1 {
				t.Fatalf("correction %d explains nothing: %+v", i, c)
			}
			for _, m := range in.Marks {
				if c.Start < m.End && c.End > m.Start && c.Decision == Applied {
					t.Fatalf("correction %+v edits the mark %+v", c, m)
				}
			}
			at = c.End
		}
		if back, err := Undo(Apply(text, cs), cs); err != nil || back != text {
			t.Fatalf("undo: %v\n%q\n%q", err, back, text)
		}
	})
}
