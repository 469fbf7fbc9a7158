package structure

import (
	"testing"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/transcript"
)

// Of a word that was read in two ways both are shown, and the text keeps its own.
func TestWordsReadOtherwiseAreAsked(t *testing.T) {
	p := transcript.Page{Blocks: []transcript.Block{{Lines: []transcript.Line{{Words: []transcript.Word{
		{Text: "called"}, {Text: "on"}, {Text: "3"}, {Text: "March"}, {Text: "1937", Other: "1957", Box: transcript.Box{1, 2, 3, 4}}, {Text: "there"},
	}}}}}}
	text, layout := transcript.TextAsRead([]transcript.Page{p})
	s := Parse(Input{Text: text, Layout: layout})
	for _, c := range s.Corrections {
		if c.Rule == "read-otherwise" {
			if c.Before != "1937" || c.After != "1957" || c.Decision != clean.Flagged || *c.Page != 1 || c.Box[3] != 4 || text[c.Start:c.End] != "1937" {
				t.Errorf("%+v", c)
			}
			return
		}
	}
	t.Errorf("nobody is asked: %+v", s.Corrections)
}
