package structure

import "testing"

// Markings alone in their lines are read however they are spelled; other lines with such
// words are none.
func TestMarkings(t *testing.T) {
	for line, want := range map[string]string{
		"SECRET":                              "SECRET",
		"S E C R E T":                         "SECRET",
		"S-E-C-R-E-T":                         "SECRET",
		"SECREI":                              "SECRET",
		"S=CRET":                              "SECRET",
		"5ECRET":                              "SECRET",
		"SECRE7":                              "SECRET",
		". SECRET ;":                          "SECRET",
		"To S-E-C-R-E-T":                      "SECRET",
		"CONFIDENTIAL":                        "CONFIDENTIAL",
		"C O N F I D E N T I A L":             "CONFIDENTIAL",
		"CONFIDENTIAI":                        "CONFIDENTIAL",
		"C-O-N-F-I-D-E-N-T-I-A-L":             "CONFIDENTIAL",
		"TOP SECRET":                          "TOP SECRET",
		"T O P  S E C R E T":                  "TOP SECRET",
		"TOP SECREI":                          "TOP SECRET",
		"T0P SECRET":                          "TOP SECRET",
		"TOP SECRET//TIDEWAY":                 "TOP SECRET//TIDEWAY",
		"SECRET/TIDEWAY":                      "SECRET/TIDEWAY",
		"SECRET//NOFORN":                      "SECRET//NOFORN",
		"SECRET (WHEN FILLED IN)":             "SECRET (WHEN FILLED IN)",
		"SECRET EYES ONLY":                    "SECRET",
		"OFFICIAL USE ONLY":                   "OFFICIAL USE ONLY",
		"LIMITED OFFICIAL USE":                "LIMITED OFFICIAL USE",
		"FOR OFFICIAL USE ONLY":               "FOR OFFICIAL USE ONLY",
		"RESTRICTED":                          "RESTRICTED",
		"UNCLASSIFIED":                        "UNCLASSIFIED",
		"Secretary":                           "",
		"The secret of the harbour":           "",
		"SECRETARIAT":                         "",
		"He told them in confidence":          "",
		"SECRET SERVICE":                      "",
		"UNITED STATES SECRET SERVICE":        "",
		"a confidential source of the office": "",
	} {
		got, _ := markingIn(line)
		if got == "" {
			got, _ = spacedMarking(line)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

// Dates as offices of the middle of the century wrote, typed and stamped them.
func TestOfficeDates(t *testing.T) {
	for line, want := range map[string]string{
		"12 Dec 63": "1963-12-12", "12 DEC 1963": "1963-12-12", "12/12/63": "1963-12-12", "Dec 12, 1963": "1963-12-12", "DATE: 12 December 63": "1963-12-12",
		"12-12-63": "1963-12-12", "December 12th, 1963": "1963-12-12", "12 Dec. 1963": "1963-12-12", "DEC 12 1963": "1963-12-12", "DEC 1 2 1963": "1963-12-12", "12DEC63": "1963-12-12",
		"121530Z DEC 63": "1963-12-12", "12 DEC 0452Z 63": "1963-12-12", "1963 DEC 12": "1963-12-12", "12 December, 1963": "1963-12-12", "12th of December 1963": "1963-12-12",
		"DEC 12 '63": "1963-12-12", "Dec. 12, '63": "1963-12-12", "l2 DEC 1963": "1963-12-12", "12 DEC I963": "1963-12-12", "12 DEC 63": "1963-12-12", "DEC 12 - 1963": "1963-12-12",
		"2 - 1963": "", "105-1598": "", "201-294455": "", "Room 1212": "", "DIR 89383": "",
	} {
		got := ""
		if d := Dates(line); len(d) > 0 {
			got = d[0]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
