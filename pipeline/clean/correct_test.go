package clean

import (
	"strings"
	"testing"
)

// Each rule mends what it is for; the text around shows what it may rely on.
func TestCorrect(t *testing.T) {
	for name, c := range map[string]struct{ read, want string }{
		"modifier apostrophe":       {"the Soviet Governmentʼs reaction", "the Soviet Government’s reaction"},
		"case boundary":             {"with which theUSSR does not have a trade agreement", "with which the USSR does not have a trade agreement"},
		"comma":                     {"Mr. McSweeney, Director,SOV", "Mr. McSweeney, Director, SOV"},
		"full stop":                 {"on this policy.The Secretary agreed", "on this policy. The Secretary agreed"},
		"honorific":                 {"a talk with Mr.Gromyko about it", "a talk with Mr. Gromyko about it"},
		"initials":                  {"the removal of additionalU.S. forces", "the removal of additional U.S. forces"},
		"two words":                 {"he  said thatthe agreement  was signed", "he said that the agreement was signed"},
		"word that begins others":   {"the  Ambassador  will beable to see inratifying it a turningpoint", "the Ambassador will be able to see in ratifying it a turning point"},
		"pronoun of one letter":     {"the  Ambassador and Ithink  that we agreed", "the Ambassador and I think that we agreed"},
		"small words, twice":        {"the  terms ofthe treaty  and the text ofthe note", "the terms of the treaty and the text of the note"},
		"two names":                 {"the Warsaw powers signed the WarsawPact", "the Warsaw powers signed the Warsaw Pact"},
		"name and small word":       {"the  talks with Egyptand  Syria", "the talks with Egypt and Syria"},
		"capitals and small word":   {"the  UK said, when the UK met  others, that the UKand  France agreed", "the UK said, when the UK met others, that the UK and France agreed"},
		"split word":                {"they asked the gover nment to act", "they asked the government to act"},
		"soft hyphen":               {"the govern\u00adment said", "the government said"},
		"soft hyphen at line end":   {"the govern\u00ad\nment said", "the government said"},
		"hyphen at line end":        {"the govern-\nment said", "the government said"},
		"hyphen that stays":         {"they can co-exist. They must co-\nexist.", "they can co-exist. They must co-exist."},
		"hyphen of two words":       {"a tariff-\ncutting round of talks", "a tariff-cutting round of talks"},
		"not sign at line end":      {"the Secre¬\ntary said", "the Secretary said"},
		"ligatures":                 {"the oﬃce ﬁled aﬄuent", "the office filed affluent"},
		"invisible":                 {"\ufeffthe gov\u200bern\u2060ment", "the government"},
		"odd space":                 {"the\u00a0government\u2003said", "the government said"},
		"double space":              {"the  government   said", "the government said"},
		"blank before punctuation":  {"the  government , it  said , is ready", "the government, it said, is ready"},
		"blank on the wrong side":   {"by the  British ,the French and others .He agreed", "by the British, the French and others. He agreed"},
		"replacement character":     {"the gove\ufffdnment of the United States", "the government of the United States"},
		"confusion":                 {"the Secretary made some rernarks about the rnilitary situation", "the Secretary made some remarks about the military situation"},
		"digit for letter":          {"they supp1y the army with 1arge numbers of tanks", "they supply the army with large numbers of tanks"},
		"spaced letters":            {"M E M O R A N D U M\n\nS E C R E T", "MEMORANDUM\n\nSECRET"},
		"mojibake":                  {"the governmentâ€™s rÃ´le", "the government’s rôle"},
		"stray mark":                {"there  is no ^ peace in« the _ area", "there is no peace in the area"},
		"control character":         {"the go\x02vernment", "the government"},
		"hyphen U+2010":             {"the govern‐\nment said", "the government said"},
		"hyphen inside a line":      {"the  govern- ment and its pre- and post-war policy", "the government and its pre- and post-war policy"},
		"look-alike letters":        {"the Prеsidеnt said", "the President said"},
		"Cyrillic words stay":       {"the paper Правда said", "the paper Правда said"},
		"mark read for a letter":    {"the Ambassador wi|l po!itely ask for his budge+s", "the Ambassador will politely ask for his budgets"},
		"stroke that is an I":       {"He sat down. | have the honor to report that they | were there", "He sat down. I have the honor to report that they were there"},
		"question mark for letter":  {"the govern?ent agreed. What? he asked", "the government agreed. What? he asked"},
		"capital within a word":     {"the miNister of forEign affairs, PriMin and preWar", "the minister of foreign affairs, PriMin and preWar"},
		"bullets of a list":         {"those  present^ were:\n    • Mr. Smith\n    • Mr. Jones", "those present were:\n    • Mr. Smith\n    • Mr. Jones"},
		"marks in a heap":           {"the Council '. agreed to the ~: text", "the Council agreed to the text"},
		"mark that stands twice":    {"the  Council,, which agreed;; said", "the Council, which agreed; said"},
		"digit for small letter":    {"there is no 5ubject that the 5oviet Government would rai5e", "there is no subject that the Soviet Government would raise"},
		"abbreviation that is none": {"the  Ambassador aud the Secretary of thc Navy met", "the Ambassador and the Secretary of the Navy met"},
		"marks of two kinds":        {"the ``new'' policy", "the \"new\" policy"},
	} {
		cs := Correct(Input{Text: c.read})
		if got := Apply(c.read, cs); got != c.want {
			t.Errorf("%s: %q\n got %q\nwant %q\n%+v", name, c.read, got, c.want, cs)
		}
	}
}

// Lines of a paragraph become one; lists, marks and tables keep theirs.
func TestLines(t *testing.T) {
	text := "The first line\nof a paragraph.\n\n  • one\n  • two\n"
	body := strings.Index(text, "\n\n")
	n := len([]rune(text))
	cs := Correct(Input{Text: text, Blocks: []Block{{Span{0, body}, "body"}, {Span{body + 2, n}, "list"}}})
	if got, want := Apply(text, cs), "The first line of a paragraph.\n\n  • one\n  • two\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	table := "Year    Tons    Value\n1950    100     $47.7\n1951    120     $50.2\n"
	if cs := Correct(Input{Text: table, Blocks: []Block{{Span{0, len(table)}, "table"}}}); len(cs) > 0 {
		t.Errorf("a table was changed: %+v", cs)
	}
}

// A word that the document uses is its own.
func TestOwnWords(t *testing.T) {
	text := strings.Repeat("Mr. Menshikov spoke of the treaty. ", 9) + "Then Mr. Mcnshikov and Mr.  Menshikovwas heard."
	got := Apply(text, Correct(Input{Text: text, Names: []string{"Mr. Menshikov"}}))
	if want := "Then Mr. Menshikov and Mr. Menshikov was heard."; !strings.HasSuffix(got, want) {
		t.Errorf("%q", got[len(got)-60:])
	}
}

// Marks are looked through: the letter after one is not part of the word.
func TestMarks(t *testing.T) {
	text := "The aide-memoire2 was sent.1The USSR said [Page 5] no."
	i := strings.Index(text, "2 was")
	j := strings.Index(text, "1The")
	k := strings.Index(text, "[Page")
	cs := Correct(Input{Text: text, Marks: []Span{{i, i + 1}, {j, j + 1}, {k, k + 8}}})
	if got, want := Apply(text, cs), "The aide-memoire2 was sent.1 The USSR said [Page 5] no."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
