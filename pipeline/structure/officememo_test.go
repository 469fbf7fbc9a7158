package structure

import (
	"strings"
	"testing"
)

// On a printed office memorandum the addressee, the sender and the subject are known by
// their order, where stamps lie on the labels.
func TestPrintedMemo(t *testing.T) {
	const paper = `STANDARD FORM NO. 64

~ie   Office Memorandum  •  UNITED STATES GOVERNMENT

~j    ~*    COLLECTOR, PORT OFFICE                DATE: OCT 2 1958

~..   ~_    AGENT, ROWAN (88-412)

~|  supyect: MASTER OF THE LANTERN

     Enclosed herewith is the report of the agent at Rowan, dated and
captioned as above, and two copies of the chart of the outer harbour.`
	for _, c := range []struct{ name, from, to, addressee, sender, subject string }{
		{"labels lost", "", "", "COLLECTOR, PORT OFFICE", "AGENT, ROWAN (88-412)", "MASTER OF THE LANTERN"},
		{"sender's line lost", "AGENT, ROWAN (88-412)", "", "COLLECTOR, PORT OFFICE", "", "MASTER OF THE LANTERN"},
		{"addressee read", "~j    ~* ", "TO    :  ", "COLLECTOR, PORT OFFICE", "AGENT, ROWAN (88-412)", "MASTER OF THE LANTERN"},
		{"form misread", "UNITED STATES", "UNlTED STATES", "COLLECTOR, PORT OFFICE", "AGENT, ROWAN (88-412)", "MASTER OF THE LANTERN"},
		{"no printed form", "UNITED STATES GOVERNMENT", "FROM THE PORT", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Parse(scannedPages(strings.Split(strings.Replace(paper, c.from, c.to, 1), "\n"))).Documents[0]
			var subject string
			if len(d.Subjects) > 0 {
				subject = d.Subjects[0].Text
			}
			if valueOf(d.To) != c.addressee || valueOf(d.From) != c.sender || subject != c.subject {
				t.Errorf("to %q, from %q, subject %q", valueOf(d.To), valueOf(d.From), subject)
			}
		})
	}
}
