package structure

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/structure/wording"
)

var monthNumbers = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// nearMonth is the month that a long word with a misread letter names.
func nearMonth(w string) (int, bool) {
	if len(w) < 7 || len(w) > 10 {
		return 0, false
	}
	for i, m := range []string{"january", "february", "september", "october", "november", "december"} {
		if d := wording.Near(w, m); d && (len(m) > 7 || w[len(w)-3:] == m[len(m)-3:] || w[:3] == m[:3]) {
			return []int{1, 2, 9, 10, 11, 12}[i], true
		}
	}
	return 0, false
}

// token is a word, number or sign of a dateline, in bytes of it.
type token struct {
	span
	word   string // lower case; "" for a number
	number int    // -1 for a word
	upper  bool   // the word is in capitals
}

func tokens(s string) []token {
	var out []token
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		j := i
		if n, width := misread(s[i:]); width > 0 {
			out = append(out, token{span: span{i, i + width}, number: n})
			i += width
			continue
		}
		switch {
		case r >= '0' && r <= '9':
			for j < len(s) && s[j] >= '0' && s[j] <= '9' {
				j++
			}
			n, _ := number(s[i:j])
			if j-i > 6 {
				n = -1
			}
			out = append(out, token{span: span{i, j}, number: n})
		case unicode.IsLetter(r):
			for j < len(s) {
				r, n := utf8.DecodeRuneInString(s[j:])
				if !unicode.IsLetter(r) {
					break
				}
				j += n
			}
			word := strings.ToLower(s[i:j])
			out = append(out, token{span: span{i, j}, word: word, number: -1, upper: word != s[i:j] && s[i:j] == strings.ToUpper(s[i:j])})
		case r == ' ' || r == ',' || r == '\u00a0' || r == '\n' || r == '\t' || r == '\'' || r == '~' || r == '\u2060' || r == '\u00ad' || r == '\u200b':
			j = i + size
		default:
			j = i + size
			out = append(out, token{span: span{i, j}, word: string(r), number: -1})
		}
		i = j
	}
	return out
}

// misread reads a number of up to four digits in which engines took digits for
// letters, "I7" or "196O"; width is nought when s does not begin with one.
func misread(s string) (n, width int) {
	digits, letters := 0, 0
	for width < len(s) && width < 5 {
		d := -1
		switch c := s[width]; c {
		case 'I', 'l', '|', '}', '!':
			d = 1
		case 'O', 'o':
			d = 0
		default:
			if c >= '0' && c <= '9' {
				d = int(c - '0')
				digits++
			}
		}
		if d < 0 {
			break
		}
		if c := s[width]; c < '0' || c > '9' {
			letters++
		}
		n = n*10 + d
		width++
	}
	if digits == 0 || letters == 0 || letters > 2 || width > 4 {
		return 0, 0
	}
	if r, _ := utf8.DecodeRuneInString(s[width:]); width < len(s) && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return 0, 0
	}
	return n, width
}

// found is a date found in a string: bytes of it, and ISO 8601.
type found struct {
	span
	iso, to string
	group   bool // a telegram's date-time group

	yearFirst bool // as stamps have it that say when a paper was received
}

// basis is what a date was told from, as structure.json names it.
func (f found) basis() string {
	if f.group {
		return "telegram-group"
	}
	return "dateline"
}

// findDate finds the first full date of s: "March 28, 1977, 11 a.m.",
// "4 March 1948", "February 3-5, 1961", "July 20, 1967, 1348Z", "281530Z MAR 61".
// A month with a year is a reduced date.
func findDate(s string) (found, bool) {
	ts := tokens(s)
	for i, t := range ts {
		m, ok := monthNumbers[t.word]
		if !ok {
			if m, ok = nearMonth(t.word); !ok {
				continue
			}
		}
		if f, ok := dateAt(ts, i, m); ok {
			return f, true
		}
	}
	return stampDate(ts)
}

// stampDate reads the date of a date stamp, or of one in capitals, whose month's
// short form has one letter misread: "SCT 2 - 1958". It must be no other month's.
func stampDate(ts []token) (found, bool) {
	for i, t := range ts {
		if len(t.word) != 3 || i+2 >= len(ts) || ts[i+1].number < 1 && (i == 0 || ts[i-1].number < 1) {
			continue
		}
		month := 0
		for short, n := range monthNumbers {
			if len(short) == 3 && differ(short, t.word) == 1 {
				if month != 0 && month != n {
					month = -1
				} else if month == 0 {
					month = n
				}
			}
		}
		if month < 1 {
			continue
		}
		if f, ok := dateAt(ts, i, month); ok && len(f.iso) >= 10 && ts[i].upper {
			return f, true
		}
	}
	return found{}, false
}

func dateAt(ts []token, i, month int) (found, bool) {
	f := found{span: ts[i].span}
	day, last, next, group := 0, 0, i+1, ""
	if next < len(ts) && ts[next].word == "." {
		next++
	}
	at := func(k int) token {
		if k < len(ts) {
			return ts[k]
		}
		return token{number: -1}
	}
	if n := at(next).number; n >= 1 && n <= 31 && ts[next].end-ts[next].start <= 2 {
		day = n
		next++
		if w := at(next).word; w == "st" || w == "nd" || w == "rd" || w == "th" || w == "d" {
			next++
		}
		if d := at(next); n <= 3 && d.number >= 0 && d.end-d.start == 1 && ts[next-1].end-ts[next-1].start == 1 && 10*n+d.number <= 31 && at(next+1).end-at(next+1).start == 4 && at(next+1).number >= 1900 {
			day = 10*n + d.number // a stamp's figures stand apart: “DEC 1 2 1963”
			next++
		}
		if y := year4(ts, i-1); y && at(next).number < 17 {
			f.start, f.end = ts[i-1].start, ts[next-1].end // “1963 DEC 12”
			f.iso, f.yearFirst = fmt.Sprintf("%04d-%02d-%02d", ts[i-1].number, month, day), true
			return f, true
		}
		if dash(at(next).word) && at(next+1).number >= 1 && at(next+1).number <= 31 {
			last = at(next + 1).number
			next += 2
		}
	} else if d, clock, start := dateTimeGroup(ts, i); d > 0 {
		day, f.start, group = d, start, clock
	} else if i > 0 {
		k := i - 1
		if k > 0 && ts[k].word == "of" {
			k-- // “12th of December”
		}
		if w := ts[k].word; k > 0 && (w == "st" || w == "nd" || w == "rd" || w == "th" || w == "d") {
			k--
		}
		if n := ts[k].number; n >= 1 && n <= 31 {
			day, f.start = n, ts[k].start
			if k > 1 && dash(ts[k-1].word) && ts[k-2].number >= 1 && ts[k-2].number < n {
				day, last, f.start = ts[k-2].number, n, ts[k-2].start
			}
		}
	}
	if (dash(at(next).word) || at(next).word == "=") && at(next+1).number >= 1900 {
		next++ // “OCT 2 - 1958”, as date stamps have it
	}
	if k := clockGroup(ts, next); k > next {
		next = k // “12 DEC 0452Z 63”, as receipt stamps of messages have it
	}
	year := at(next).number
	if year >= 17 && year <= 99 && at(next).end-at(next).start == 2 {
		year += 1900
	}
	if year < 1700 || year > 2100 {
		return found{}, false
	}
	f.end = ts[next].end
	next++
	switch {
	case day == 0:
		f.iso = fmt.Sprintf("%04d-%02d", year, month)
		return f, true
	case last > 0:
		f.to = fmt.Sprintf("%04d-%02d-%02d", year, month, last)
	}
	f.iso = fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if group != "" {
		f.iso += group
		f.group = true
		return f, true
	}
	if clock, end, ok := timeAt(ts, next); ok {
		f.iso += clock
		f.end = end
	}
	return f, true
}

// year4 tells whether token k is a year of the last century in four figures.
func year4(ts []token, k int) bool {
	return k >= 0 && k < len(ts) && ts[k].end-ts[k].start == 4 && ts[k].number >= 1900 && ts[k].number < 2000
}

// dateTimeGroup reads the group of a telegram before its month at token i: day, hour
// and minute with the zone, "161530Z MAY 73".
func dateTimeGroup(ts []token, i int) (day int, clock string, start int) {
	k := i - 1
	if k > 0 && ts[k].word == "z" {
		k--
	}
	if k < 0 {
		return 0, "", 0
	}
	n := ts[k].number
	if ts[k].end-ts[k].start != 6 || k != i-2 {
		return 0, "", 0
	}
	day = n / 10000
	if n < 0 || day < 1 || day > 31 || n/100%100 > 23 || n%100 > 59 {
		return 0, "", 0
	}
	return day, fmt.Sprintf("T%02d:%02d:00Z", n/100%100, n%100), ts[k].start
}

// clockGroup is behind a time of day with its zone at token k, "0452Z" or "20 45Z",
// the zone's letter also read as a figure; k when there is none before a year of two
// digits.
func clockGroup(ts []token, k int) int {
	from := k
	if k < len(ts) && ts[k].word == "." {
		k++
	}
	digits := 0
	for k < len(ts) && ts[k].number >= 0 && digits < 4 {
		digits += ts[k].end - ts[k].start
		k++
	}
	zone := digits == 5
	if k < len(ts) && ts[k].word == "z" {
		zone = digits == 4
		k++
	}
	if !zone || k >= len(ts) || ts[k].end-ts[k].start != 2 || ts[k].number < 17 {
		return from
	}
	return k
}

func dash(w string) bool { return w == "-" || w == "–" || w == "—" || w == "to" }

// timeAt reads a time of day at token k: "11 a.m.–1:45 p.m.", "7:22 p.m.",
// "noon", "1348Z", "6 p. m.". end is where the time as printed ends.
func timeAt(ts []token, k int) (iso string, end int, ok bool) {
	for k < len(ts) && (dash(ts[k].word) || ts[k].word == "at" || ts[k].word == "." || ts[k].word == ":" || ts[k].word == ";") {
		k++
	}
	hour, minute, next, ok := clockAt(ts, k)
	if !ok {
		return "", 0, false
	}
	zulu := next < len(ts) && ts[next].word == "z"
	if zulu {
		return fmt.Sprintf("T%02d:%02d:00Z", hour, minute), ts[next].end, true
	}
	half, after := halfDay(ts, next)
	end = ts[next-1].end
	if half != "" {
		end = ts[after-1].end
	}
	if after < len(ts) && dash(ts[after].word) {
		if h2, _, n2, ok2 := clockAt(ts, after+1); ok2 && h2 >= 0 {
			second, a2 := halfDay(ts, n2)
			if half == "" {
				half = second
			}
			end = ts[n2-1].end
			if second != "" {
				end = ts[a2-1].end
			}
		}
	}
	switch {
	case half == "p" && hour < 12:
		hour += 12
	case half == "a" && hour == 12:
		hour = 0
	case half == "" && ts[next-1].number < 0: // noon, midnight
	case half == "" && ts[next-1].number >= 0 && minute == 0 && ts[next-1].end-ts[next-1].start < 3:
		return "", 0, false
	}
	return fmt.Sprintf("T%02d:%02d:00", hour, minute), end, true
}

// clockAt reads an hour and minute; next is the token after them.
func clockAt(ts []token, k int) (hour, minute, next int, ok bool) {
	if k >= len(ts) {
		return 0, 0, 0, false
	}
	switch ts[k].word {
	case "noon":
		return 12, 0, k + 1, true
	case "midnight":
		return 0, 0, k + 1, true
	}
	n := ts[k].number
	switch width := ts[k].end - ts[k].start; {
	case n < 0:
		return 0, 0, 0, false
	case width == 4 && n < 2400 && n%100 < 60:
		return n / 100, n % 100, k + 1, true
	case width > 2 || n > 24:
		return 0, 0, 0, false
	}
	hour, next = n, k+1
	if next+1 < len(ts) && (ts[next].word == ":" || ts[next].word == ".") && ts[next+1].number >= 0 && ts[next+1].number < 60 && ts[next+1].end-ts[next+1].start == 2 {
		minute, next = ts[next+1].number, next+2
	}
	return hour, minute, next, true
}

// halfDay reads a.m. or p.m. in its spellings; after is the token behind it.
func halfDay(ts []token, k int) (half string, after int) {
	if k >= len(ts) {
		return "", k
	}
	switch w := ts[k].word; w {
	case "am", "pm":
		half = w[:1]
		after = k + 1
	case "a", "p":
		half, after = w, k+1
		for after < len(ts) && (ts[after].word == "." || ts[after].word == "m") {
			after++
		}
		return half, after
	case "noon":
		return "p", k + 1
	case "midnight":
		return "a", k + 1
	default:
		return "", k
	}
	return half, after
}

// Dates are all full dates that stand in a line, ISO 8601, in words or figures.
func Dates(line string) []string {
	var out []string
	for at := 0; at < len(line); {
		f, ok := findDate(line[at:])
		if !ok {
			f, ok = numericDate(line[at:])
		}
		if !ok {
			break
		}
		if len(f.iso) >= 10 {
			out = append(out, f.iso[:10])
		}
		at += f.end
	}
	return out
}
