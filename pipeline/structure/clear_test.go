package structure

import "testing"

// A word that a line's end parts is one word in a title too.
func TestPartedTitle(t *testing.T) {
	for _, hyphen := range []string{"\u00ad", "-"} {
		p := scannedPage([]string{"The conser" + hyphen, "vation of the North Mole Har" + hyphen, "bour"})
		for _, b := range p.Blocks[1:] {
			p.Blocks[0].Lines = append(p.Blocks[0].Lines, b.Lines...)
		}
		p.Blocks = p.Blocks[:1]
		d := Parse(inputOf(p)).Documents[0]
		if d.Title == nil || *d.Title != "The conservation of the North Mole Harbour" {
			t.Errorf("parted by %q: %q", hyphen, valueOrNone(d.Title))
		}
	}
}

func valueOrNone(s *string) string {
	if s == nil {
		return "none"
	}
	return *s
}
