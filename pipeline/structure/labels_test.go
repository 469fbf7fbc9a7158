package structure

import "testing"

func TestLabelOf(t *testing.T) {
	for in, want := range map[string]struct {
		label label
		value string
	}{
		"TO: The Harbour Master":               {labelTo, "The Harbour Master"},
		"| TO “Mr. D. J. Alder, eA":            {labelTo, "Mr. D. J. Alder, eA"},
		"FROM - Mr. S. J. Birch":               {labelFrom, "Mr. S. J. Birch"},
		"MEMORANDUM FOR: Director of Ports":    {labelTo, "Director of Ports"},
		"MEMORAHDUM FOR: Director of Ports":    {labelTo, "Director of Ports"},
		"MEMORANDUM OF TELEPHONE CONVERSATION": {},
		"COPIES TO: Quay Office":               {labelCopies, "Quay Office"},
		"SENT TO: LEGATION":                    {labelTo, "LEGATION"},
		"SUBJECT 3 Quay dues":                  {labelSubject, "Quay dues"},
		"Subject: Quay dues":                   {labelSubject, "Quay dues"},
		"‘FM: WKH":                             {labelFrom, "WKH"},
		"RE: LANTERN":                          {labelSubject, "LANTERN"},
		"DATE:, 10/15/63":                      {labelDate, ", 10/15/63"},
		"AGENCY FILENUMBER: 105-72630-5":       {labelFile, "105-72630-5"},
		"T0: The Harbour Master":               {labelTo, "The Harbour Master"},
		"FROK : Dues Office":                   {labelFrom, "Dues Office"},
		"DATF: 3 May 1957":                     {labelDate, "3 May 1957"},
		"Room: 214":                            {labelOther, "214"},
		"10: 30 the ship left":                 {},
		"To avoid complete loss of the cargo":  {},
		"For the ships at the quay we wrote":   {},
		"1961 was a year of storms":            {},
	} {
		l, ok := labelOf(in)
		if ok != (want.label != noLabel) || l.label != want.label {
			t.Errorf("labelOf(%q) = %v, want %v", in, l.label, want.label)
			continue
		}
		if ok && in[l.value:] != want.value {
			t.Errorf("labelOf(%q): value %q, want %q", in, in[l.value:], want.value)
		}
	}
}
