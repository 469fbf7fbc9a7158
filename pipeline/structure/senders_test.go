package structure

import (
	"strings"
	"testing"
)

// heads are the first pages of papers whose labels were lost or stand apart from their
// values, with what they say.
var heads = map[string]struct {
	rows                                         []string
	kind, from, to, number, subject, class, date string
}{
	"sender between addressee and subject": {
		rows: []string{
			"MEMORANDUM FOR: Director of Harbours", "ATTENTION     : Mrs. Alder", "",
			"                Deputy Director of Dredging (Moles", "                and Quays)", "",
			"SUBJECT       : QUILL, Rosa (A)", "                ~#41207 ~oT", "",
			"     1. " + prose, prose,
		},
		kind: "memorandum", from: "Deputy Director of Dredging (Moles and Quays)", to: "Director of Harbours (Attention: Mrs. Alder)", subject: "QUILL, Rosa (A) #41207",
	},
	"received cable without labels": {
		rows: []string{
			"                 CLASSIFIED MESSAGE", "", "16 MAY 1958                S-E-C-R-E-T", "",
			"OIRECTOR ~Ce ~.", "", "ROWAN", "", "                                    IN 38553", "",
			"DIR INFO ALDR           ~cre ROWN 0693,", "REF: ALDR 9468 (IN 83286)", "",
			"     1. " + strings.ToUpper(prose), "     " + strings.ToUpper(prose), "                 END OF MESSAGE",
		},
		kind: "telegram", from: "ROWAN", to: "OIRECTOR", number: "ROWN 0693; IN 38553", class: "SECRET", date: "1958-05-16",
	},
	"cable told by its addressees": {
		rows: []string{
			"                 CLASSIFIED MESSAGE", "", "~a ~Te           MAY 16 0452Z 58            SECRET", "",
			"PRITY ALDR INFO DIR CITE ROWN 2833", "",
			"     1. " + strings.ToUpper(prose), "     " + strings.ToUpper(prose), "                 END OF MESSAGE",
		},
		kind: "telegram", from: "ROWN", to: "PRITY ALDR INFO DIR", number: "ROWN 2833", class: "SECRET", date: "1958-05-16",
	},
	"circular cable": {
		rows: []string{
			"                 CLASSIFIED MESSAGE", "", "FROM:  DIRECTOR", "", "BOOK CABLE (SEE BELOW)", "", "ALL HARBOURS, MOLES", "",
			"     1. " + strings.ToUpper(prose), "     " + strings.ToUpper(prose), "                 END OF MESSAGE",
		},
		kind: "telegram", from: "DIRECTOR", to: "BOOK CABLE (SEE BELOW); ALL HARBOURS, MOLES",
	},
	"embassy's telegram": {
		rows: []string{
			"                  INCOMING TELEGRAM", "", "R 161530Z MAY 73", "FM AMEMBASSY ROWAN", "TO SECSTATE WASHDC PRIORITY", "",
			"     1. " + strings.ToUpper(prose), "     " + strings.ToUpper(prose),
		},
		kind: "telegram", from: "AMEMBASSY ROWAN", to: "SECSTATE WASHDC PRIORITY", date: "1973-05-16",
	},
	"numbered in its text": {
		rows: []string{
			"                  TELEGRAM RECEIVED", "", "FROM: Rowan", "", "Secretary of Ports,", "", "     Alder.", "",
			"     214, May 4, 7 p.m.", "", prose, prose,
		},
		kind: "telegram", from: "Rowan", number: "214",
	},
	"name over a symbol": {
		rows: []string{
			"             MEMORANDUM FOR THE RECORD", "", "SUBJECT: Dues", "", "     1. " + prose, prose, "     2. " + prose, prose, "", "", "", "", "", "", "",
			"     3. " + prose, "", "Rosa fl. Quill ~QUAY ~gi", "C/DUES/Q", "",
		},
		kind: "memorandum-for-the-record", from: "Rosa fl. Quill, C/DUES/Q", subject: "Dues",
	},
	"case of a field office": {
		rows: []string{
			"Office Memorandum    UNITED STATES GOVERNMENT", "", "TO:      DIRECTOR, FBI             DATE: OCT 2 = 1958", "",
			"FROM:    SAC, ROWAN (105-1598)", "", "SUBJECT: ALDOUS PENN", "", "     This report is classified \"Secret\", as the Harbour", "has asked.", prose,
		},
		kind: "memorandum", from: "SAC, ROWAN (105-1598)", to: "DIRECTOR, FBI", number: "105-1598", subject: "ALDOUS PENN", class: "Secret", date: "1958-10-02",
	},
	"form with boxes": {
		rows: []string{
			"              REQUEST FOR DREDGING ACTION", "", "DATE PREPARED", "24 October 1962", "",
			"NAME (Last-First-Middle)", "QUILL, Rosa F.", "", "NATURE OF ACTION", "TRANSFER", "", "", "", "", "",
			"     SIGNATURE OF REQUESTING OFFICIAL           SIGNATURE OF APPROVING OFFICER", "  ALDOUS PENN, C/DUES", "", "", "", "",
			"SPACE BELOW FOR EXCLUSIVE USE OF THE OFFICE OF HARBOURS",
		},
		kind: "form", from: "ALDOUS PENN, C/DUES", subject: "QUILL, Rosa F.", date: "1962-10-24",
	},
	"slip": {
		rows: []string{
			"                  SECRET", "               (wren PLED ~DO)", "            ROUTING AND RECORD SHEET", "", "HB/ANALYSIS", "", "", "",
			"TO: (Officer designation, room number)", "", "COMMENTS",
		},
		kind: "routing-slip", from: "HB/ANALYSIS", class: "SECRET (When Filled In)",
	},
}

// Values are found by where they stand when their labels cannot be read.
func TestLostLabels(t *testing.T) {
	for name, c := range heads {
		t.Run(name, func(t *testing.T) {
			d := Parse(scanned(c.rows...)).Documents[0]
			number, subject, date := "", "", ""
			if d.Number != nil {
				number = *d.Number
			}
			if len(d.Subjects) > 0 {
				subject = d.Subjects[0].Text
			}
			if d.Date != nil {
				date = d.Date.Value
			}
			for _, v := range []struct{ what, got, want string }{
				{"kind", d.Kind, c.kind}, {"from", valueOf(d.From), c.from}, {"to", valueOf(d.To), c.to}, {"number", number, c.number},
				{"subject", subject, c.subject}, {"classification", valueOf(d.Classification), c.class}, {"date", date, c.date},
			} {
				if v.got != v.want && (v.want != "" || v.what != "to" && v.what != "date") {
					t.Errorf("%s %q, want %q", v.what, v.got, v.want)
				}
			}
		})
	}
}
