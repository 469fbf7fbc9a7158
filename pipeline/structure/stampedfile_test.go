package structure

import "testing"

// A decimal file number is told from other numbers with points and strokes.
func TestDecimalFile(t *testing.T) {
	for text, want := range map[string]string{
		"611.61/2-361": "611.61/2-361", "871 .4016/298": "871.4016/298", " 864 .4016/ 141 .": "864.4016/141", "851G.00/12": "851G.00/12", "871.401G/298": "871.401G/298",
		"2/3": "", "1.5/2": "", "May 3/4": "", "www.abc/def": "", "611.61": "", "16.45/17.20": "", "": "", "./": "", "a file 611.61/2-361": "",
	} {
		if got := decimalFile(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// The number along the side of a despatch is its file number and a stamp, no part of
// its text; one that the text cites is not.
func TestStampedFile(t *testing.T) {
	lines := []string{"No. 31        Karsova, May 4, 1939.", "", "Subject: Dues of the harbour.", "", "The Honorable", "The Secretary of State,", "Washington.", "", "Sir:", "",
		"     I have the honor to refer to the dues of the harbour, of", "which the Department was told at the time, and to say that they", "have been raised.", "", "Respectfully yours,", "", "John Quarles."}
	in := scanned(append(lines, "", "864 .4016/ 141")...)
	side := &in.Layout.Lines[len(in.Layout.Lines)-1]
	side.Box = [4]int{1500, 400, 1530, 800}
	for i := range side.Words {
		side.Words[i].Box = [4]int{1500, 400 + 130*i, 1530, 520 + 130*i}
	}
	d := Parse(in).Documents[0]
	if d.FileNumber == nil || d.FileNumber.Value != "864.4016/141" {
		t.Errorf("file number %v", d.FileNumber)
	}
	if len(d.Stamps) != 1 {
		t.Errorf("stamps %v", d.Stamps)
	}
	cited := scanned(append(lines, "", "864.4016/141")...)
	if d := Parse(cited).Documents[0]; d.FileNumber != nil {
		t.Errorf("cited at the foot: file number %v", d.FileNumber)
	}
}
