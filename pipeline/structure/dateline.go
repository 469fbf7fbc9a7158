package structure

import (
	"fmt"
	"strings"
)

// dateline reads the date and place of a dateline's clean text.
func dateline(s string) (date found, ok bool, place string) {
	line, _, _ := strings.Cut(s, "\n")
	if i := strings.Index(line, "[Received"); i > 0 {
		line = line[:i]
	}
	date, ok = findDate(line)
	lead := line
	switch {
	case ok:
		lead = line[:date.start]
		if strings.TrimSpace(strings.Trim(lead, "[](),. ")) == "" && date.end < len(line) {
			// the date comes first: “February 3, 1961, Washington”
			rest := strings.Trim(line[date.end:], "[](),. ")
			if rest != "" && !strings.ContainsAny(rest, "0123456789") {
				lead = rest
			}
		}
	case strings.Contains(strings.ToLower(line), "undated"):
		lead = line[:strings.Index(strings.ToLower(line), "undated")]
	default:
		if i := strings.LastIndexByte(line, ','); i > 0 {
			lead = line[:i]
		}
	}
	return date, ok, placeOf(lead)
}

// placeOf takes brackets, stops and prepositions from what stands before a date.
func placeOf(lead string) string {
	lead = strings.NewReplacer("[", "", "]", "", "(", "", ")", "").Replace(lead)
	lead = strings.Trim(lead, " ,.;:—–-~'‘’*•·")
	lead = strings.Join(strings.Fields(lead), " ")
	lead = strings.ReplaceAll(lead, " ,", ",")
	return lead
}

// fileDate is the date that a decimal file number of the Department of State
// ends in: 611.61/2-361 is 3 February 1961. ok is false for numbers without.
func fileDate(s string) (found, bool) {
	for i := 0; i+4 < len(s); i++ {
		if s[i] != '/' || i < 4 || !decimalBefore(s[:i]) {
			continue
		}
		m, rest := number(s[i+1:])
		if m < 1 || m > 12 {
			continue
		}
		d, ok := strings.CutPrefix(rest, "-")
		if !ok {
			d, ok = strings.CutPrefix(rest, "–")
		}
		if !ok {
			continue
		}
		run := 0
		for run < len(d) && d[run] >= '0' && d[run] <= '9' {
			run++
		}
		if run < 3 || run > 6 {
			continue
		}
		cut := run - 2 // where the year begins: 2-361, or 5-1960 and 12-201960
		if run > 4 && d[run-4:run-2] == "19" {
			cut = run - 4
		}
		day, _ := number(d[:cut])
		year, _ := number(d[run-2 : run])
		if day < 1 || day > 31 || year < 10 || year > 73 {
			continue
		}
		return found{span: span{tokenStart(s, i), len(s) - len(d) + run}, iso: fmt.Sprintf("%04d-%02d-%02d", 1900+year, m, day)}, true
	}
	return found{}, false
}

// decimalBefore tells whether s ends in a decimal file number: 611.61, 851G.00,
// 735.5–MSP.
func decimalBefore(s string) bool {
	w := s[tokenStart(s, len(s)):]
	return len(w) >= 5 && w[0] >= '0' && w[0] <= '9' && strings.IndexByte(w, '.') >= 3
}

// tokenStart is where the word that ends at byte i begins.
func tokenStart(s string, i int) int {
	return strings.LastIndexAny(s[:i], " \n\t,;(") + 1
}
