package structure

import (
	"slices"
	"strings"
	"testing"
)

func TestFindDate(t *testing.T) {
	for in, want := range map[string]string{
		"Washington, March 28, 1977, 11 a.m.": "1977-03-28T11:00:00",
		"4 March 1948":                        "1948-03-04",
		"May 6th, 1938.":                      "1938-05-06",
		"10th August, 1938.":                  "1938-08-10",
		"July 20, 1967, 1348Z.":               "1967-07-20T13:48:00Z",
		"June I7, 195O":                       "1950-06-17",
		"OCT 2 - 1958":                        "1958-10-02",
		"22 APR 1963":                         "1963-04-22",
		"March 1948":                          "1948-03",
		"the third of May":                    "",
		"19 Oct 6}":                           "1961-10-19",
		"YAR 2 1962":                          "1962-03-02",
		"SCT 2~1958":                          "1958-10-02",
		"JUI 2 1958":                          "", // June or July
		"12 DEC 0452Z 63":                     "1963-12-12",
		"Nov 8. 23832 62":                     "1962-11-08",
		"Room 1948":                           "",
	} {
		got, ok := findDate(in)
		if got.iso != want || ok != (want != "") {
			t.Errorf("findDate(%q) = %q, want %q", in, got.iso, want)
		}
	}
}

func TestFileDate(t *testing.T) {
	for in, want := range map[string]string{
		"Central Files, 611.61/2-361":  "1961-02-03",
		"751G.00/12-2054":              "1954-12-20",
		"Lot 66 D 204":                 "",
		"874.4016/45":                  "",
		"S/4704":                       "",
		"320.1/13-961":                 "",
		"033.4111/5–1960: the message": "1960-05-19",
		"033.4111/5–191960":            "1960-05-19",
	} {
		got, ok := fileDate(in)
		if got.iso != want || ok != (want != "") {
			t.Errorf("fileDate(%q) = %q, want %q", in, got.iso, want)
		}
	}
}

func TestSourceParts(t *testing.T) {
	n := SourceNote{Text: "Source: City Archive, Port Office, Lot 12 D 7, POL 3 HARBOUR S. Secret; Nodis; LANTERN. Drafted by Alder and approved by Birch on May 2. (Ibid.)"}
	sourceParts(&n)
	if n.Archive != "City Archive" || n.Classification != "Secret; Nodis; LANTERN" || n.DraftedBy != "Alder" || n.Approved != "Birch" || n.File != "POL 3 HARBOUR S" {
		t.Errorf("%+v", n)
	}
}

// Marks are aligned with notes by order over the whole document.
func TestAlign(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		notes int
		want  []string // label@note
	}{
		"plain":       {"The field.1 A memoir2 of it.3 ", 3, []string{"1@1", "2@2", "3@3"}},
		"from nought": {"Conversation0 was held.1 Then more.2 ", 3, []string{"0@1", "1@2", "2@3"}},
		"after a day": {"He came on March 213 and left.4 ", 4, []string{"3@3", "4@4"}},
		"a day ends":  {"First.1 He came on March 21.2 Then he left.3 ", 3, []string{"1@1", "2@2", "3@3"}},
		"repeated":    {"First.1 Second.2 Again.2 Third.3 ", 4, []string{"1@1", "2@2", "2@3", "3@4"}},
		"no number":   {"See No. 792 of 24 January. The end.1 ", 1, []string{"1@1"}},
		"recalled":    {"One.1 Two.2 Three.3 They2 are ready. Four.4 Five.5 ", 6, []string{"1@1", "2@2", "3@3", "2@4", "4@5", "5@6"}},
		"letters":     {"Food and capita1 goods of the U.5. were sold.1 ", 2, []string{"1@1"}},
		"action":      {"Decided.1 (See Action No. 6682) The end.3 ", 3, []string{"1@1", "2@2", "3@3"}},
		"money":       {"It cost $47.7 million.1 ", 1, []string{"1@1"}},
	} {
		ms := align(candidatesIn(c.text, 0, len(c.text), []int{len(c.text)}, nil), c.notes, nil)
		var got []string
		for _, m := range ms {
			got = append(got, m.label+"@"+string(rune('0'+m.note)))
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	}
}

// Each line under a label of those present is a person, with the lines it goes on
// in; under the name of a side they are of that side.
func TestPeople(t *testing.T) {
	const end = "\n\n     The Minister said that two of the four cranes had been out of use\nsince the spring, and that the third would follow them.\n"
	const head = "          MEMORANDUM OF CONVERSATION\n\nMay 4, 1957\n\n"
	for list, want := range map[string][]string{
		"PARTICIPANTS\n\nMr. Aldous Penn, Minister\nMiss Rosa Quill, Interpreter and\nSecond Secretary\nDr. Ivo Larch": {"Mr. Aldous Penn|Minister|", "Miss Rosa Quill|Interpreter and Second Secretary|", "Dr. Ivo Larch||"},
		"PRESENT:  United States\n            Mr. Aldous Penn, Minister\n\n            Mr. Carl Fenn, Consul\n          France\n            M. de Vaux": {
			"United States||", "Mr. Aldous Penn|Minister|United States", "Mr. Carl Fenn|Consul|United States", "France||", "M. de Vaux||France"},
		"PARTICIPANTS: The Minister\nAldous Penn, Director\nMrs. Alva Reed - Chief of Quays\nPLACE: Port Alder": {"|The Minister|", "Aldous Penn|Director|", "Mrs. Alva Reed|Chief of Quays|"},
	} {
		s := Parse(Input{Text: head + list + end})
		var got []string
		for _, p := range s.Documents[0].Participants {
			side := ""
			if p.Side != nil {
				side = *p.Side
			}
			got = append(got, p.Name+"|"+p.Role+"|"+side)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q:\n%q, want\n%q", list, got, want)
		}
	}
}

// A date alone in its line under the writer's address is the letter's; one within
// a sentence is not.
func TestDateUnderAddress(t *testing.T) {
	const letter = "\n\n\n\n\n\n                                        Quay House\n                                        Port Alder\n%\nDear Mr. Penn:\n\n     The ferry which was to come on the day that is given in your letter of\nMay 9, 1957 has not come, and the pilots of the southern quay have asked\nme what is to be done with its passengers.\n\n                                        Sincerely yours,\n\n                                        Rosa Quill\n"
	for line, want := range map[string]string{"                                        July 19, 1957\n": "1957-07-19", "": ""} {
		got := ""
		if d := Parse(Input{Text: strings.Replace(letter, "%\n", line, 1)}).Documents[0].Date; d != nil {
			got = d.Value
		}
		if got != want {
			t.Errorf("under an address %q: date %q, want %q", line, got, want)
		}
	}
}

// What a volume prints is told although its lines are broken, or a title's word
// is new or damaged.
func TestHeadsOfVolumes(t *testing.T) {
	prose := "\n\nThe harbour master reported that the two lighters which had been lying at the outer mole since Tuesday were taken in tow before noon, and that no damage was done to either of them. " +
		"He would write again when the surveyors had been on board."
	for _, c := range []struct{ text, title, date, place string }{
		{"17. Telegram From the Consulate at Alderport to the Port Office1\n\nAlderport, April 29,\n1967, 1135Z." + prose, "Telegram From the Consulate at Alderport to the Port Office1", "1967-04-29T11:35:00Z", "Alderport"},
		{"18. Press Con ference by the Harbour Master\n\nAlderport, Janu\u2060ary 17, 1951." + prose, "Press Conference by the Harbour Master", "1951-01-17", "Alderport"},
		{"612.AB/2–1948\n\nMemorandum by the Harbour Master to the Port Office\n\n[Alderport,] February 19, 1948." + prose, "Memorandum by the Harbour Master to the Port Office", "1948-02-19", "Alderport"},
	} {
		d := Parse(Input{Text: c.text}).Documents[0]
		if d.Title == nil || strings.ReplaceAll(*d.Title, "Con ference", "Conference") != c.title {
			t.Errorf("%.40q: title %v, want %q", c.text, d.Title, c.title)
		}
		if d.Date == nil || d.Date.Value != c.date || d.Place == nil || d.Place.Value != c.place {
			t.Errorf("%.40q: date %+v, place %+v, want %s, %s", c.text, d.Date, d.Place, c.date, c.place)
		}
	}
}
