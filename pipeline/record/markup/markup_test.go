package markup

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestWriterEscapesAndCounts(t *testing.T) {
	var b strings.Builder
	w := New(&b, Declaration)
	w.Open("box", "name", "Memos \"A\" & <B>\n", "none", "")
	w.Inline("p")
	w.Text("a\x00b\x0c < ]]> \u0301א")
	w.Leaf("lb", "")
	w.Close()
	w.Leaf("end", "x")
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	want := Declaration + `<box name="Memos &quot;A&quot; &amp; &lt;B&gt;&#10;">` + "\n <p>a\uFFFDb\uFFFD &lt; ]]&gt; \u0301א<lb/></p>\n <end>x</end>\n</box>\n" +
		"<!-- 2 characters that XML cannot hold stand as U+FFFD -->\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// FuzzText: any bytes as text and attribute give well-formed XML that holds
// them but for what cannot be held.
func FuzzText(f *testing.F) {
	f.Add("plain", "at")
	f.Add("\x00\xff\ufffe]]>", "\"'\r\n")
	f.Fuzz(func(t *testing.T, text, attribute string) {
		var b strings.Builder
		w := New(&b, Declaration)
		w.Open("a", "b", attribute)
		w.Text(text)
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(strings.NewReader(b.String()))
		got := ""
		for {
			tok, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%v in %q", err, b.String())
			}
			if c, ok := tok.(xml.CharData); ok && strings.Count(b.String(), "</a>") > 0 {
				got += string(c)
			}
		}
		want := strings.Map(func(r rune) rune {
			if !Allowed(r) {
				return 0xFFFD
			}
			return r
		}, strings.ToValidUTF8(text, "\x00"))
		if len(strings.ToValidUTF8(text, "")) == len(text) && strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
