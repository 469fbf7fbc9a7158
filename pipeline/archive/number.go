package archive

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// number is what a file name says of a page's place in its item.
type number struct {
	page int
	part string
}

// sideWords are what people write behind a name for the two sides of a leaf or
// the two pages of an opening.
var sideWords = map[string]string{
	"recto": "r", "front": "r", "obverse": "r", "vorderseite": "r", "voorzijde": "r",
	"verso": "v", "back": "v", "reverse": "v", "rückseite": "v", "rueckseite": "v", "achterzijde": "v",
	"left": "l", "links": "l", "right": "r", "rechts": "r",
}

var (
	side = regexp.MustCompile(`(?i)^(.*?)([ _.\-]*)\(?(recto|front|obverse|vorderseite|voorzijde|verso|back|reverse|rückseite|rueckseite|achterzijde|left|links|right|rechts)\)?$`)
	// half is how programs that part openings call the two pages: 0012_1L, 0012_2R.
	half = regexp.MustCompile(`(?i)^(.*\d)[ _.\-](?:1(l)|2(r))$`)
	// putIn is a leaf that was numbered after its neighbours: 12bis, 12 ter.
	putIn = regexp.MustCompile(`(?i)^(.*\d)[ _.\-]*(bis|ter|quater)(?:[ _.\-]*([rv]))?$`)
	// within is an extension that another program put before its own: 0001.psd.tif.
	within = regexp.MustCompile(`(?i)^(.*[^.])\.(?:tiff?|jpe?g|jp2|png|bmp|gif|pdf|psd|psb|dng|cr[23w]|nef|arw|orf|rw2|raf)$`)
	// escape is a byte that names cannot have, as ingest writes it.
	escape = regexp.MustCompile(`%[0-9A-F]{2}`)
	// part is a letter behind a number: 001r, 0001a, 12-v.
	part = regexp.MustCompile(`(?i)^(.*\d)(?:([a-z])|[ _.\-]([abrvl]))$`)
	// bracketed is how a file manager numbers files that it renames together.
	bracketed = regexp.MustCompile(`^(.*?)[ _]*\((\d{1,6})\)$`)
	ofMany    = regexp.MustCompile(`(?i)^(.*\d)[ _\-]*(?:of|von|van|de|sur)[ _\-]*\d{1,4}$`)
	alone     = regexp.MustCompile(`(?i)^(?:p|pg|page|pag|seite)?[ _.\-]*(\d{1,12})$`)
	marked    = regexp.MustCompile(`(?i)^(.*?)[ _.\-]+(p|pg|page|pag|seite|folio|fol|leaf|blatt|bl|f|s)[ _.\-]*(\d{1,12})$`)
	// counted is a counter of a camera or a scanning program, which runs past the years.
	counted   = regexp.MustCompile(`(?i)^((?:.*[^\p{L}])?(?:scan|scn|img|imgp|image|bild|dsc|dscn|dscf|cimg|pict|_mg|page|seite|folio|fol|leaf|blatt|sheet)|P[1-9A-C][0-3]\d)[ _.\-]*(\d{1,12})$`)
	separated = regexp.MustCompile(`^(.*?)[ _.\-]+(\d{1,12})$`)
	// joined has the number right behind letters: only one that is filled up with
	// zeros is a page's there.
	joined = regexp.MustCompile(`^(.*\p{L})(0\d{2,11})$`)
	moment = regexp.MustCompile(`(?:^|\D)(?:19|20)\d{6}[ _T\-]?\d{4,6}$`)
)

// readNumber takes the page number off a name without extension. Group is what
// is left, "" where the name is a number alone.
//
// A page number stands at the end of a name, alone, in brackets or behind a
// separator, perhaps with a "p", "pg", "page" before it: memo-021_p003,
// letter_12, letter (2), 0003, 00000003. It may have a side or a letter behind
// it: 001r, 001 verso, 0001a. Behind letters without a separator it is filled up
// with zeros, or a camera's or a scanning program's: scan0001, IMG_0411. Four
// digits that read as a year (1500-2099) without a "p", dates, times, and more
// than four digits that are not filled up with zeros (file numbers) are part of
// the name.
func readNumber(stem string) (group string, n number, ok bool) {
	if m := within.FindStringSubmatch(stem); m != nil {
		stem = m[1]
	}
	plain := inDigits(escape.ReplaceAllString(stem, "%zz"))
	group, n, ok = readPlain(plain)
	if plain != stem && strings.HasPrefix(plain, group) { // the name keeps its own signs
		group = string([]rune(stem)[:utf8.RuneCountInString(group)])
	}
	return group, n, ok
}

// inDigits is s with the digits of other scripts as 0 to 9, sign for sign.
func inDigits(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf && unicode.IsDigit(r) }) {
		return s // also what is no UTF-8 stays as it is
	}
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !unicode.IsDigit(r) {
			return r
		}
		for _, block := range unicode.Nd.R16 {
			if uint16(r) >= block.Lo && uint16(r) <= block.Hi && r <= 0xFFFF {
				return '0' + (r-rune(block.Lo))%10
			}
		}
		for _, block := range unicode.Nd.R32 {
			if uint32(r) >= block.Lo && uint32(r) <= block.Hi {
				return '0' + (r-rune(block.Lo))%10
			}
		}
		return r
	}, s)
}

// afterAll are the words for leaves put in, as parts that come after every letter
// of a side.
var afterAll = map[string]string{"bis": "x2", "ter": "x3", "quater": "x4"}

func readPlain(stem string) (group string, n number, ok bool) {
	rest := stem
	if m := half.FindStringSubmatch(stem); m != nil {
		if group, page, found := splitNumber(m[1]); found {
			return group, number{page, strings.ToLower(m[2] + m[3])}, true
		}
	}
	if m := putIn.FindStringSubmatch(stem); m != nil {
		if group, page, found := splitNumber(m[1]); found {
			return group, number{page, afterAll[strings.ToLower(m[2])] + strings.ToLower(m[3])}, true
		}
	}
	if m := side.FindStringSubmatch(stem); m != nil && (m[1] == "" || m[2] != "" || isDigit(m[1][len(m[1])-1])) {
		rest, n.part = m[1], sideWords[strings.ToLower(m[3])]
	}
	if group, page, found := splitNumber(rest); found {
		n.page = page
		return group, n, true
	}
	if n.part != "" {
		return rest, n, true // the sides of one leaf, without a number
	}
	if m := part.FindStringSubmatch(rest); m != nil {
		if group, page, found := splitNumber(m[1]); found {
			return group, number{page, strings.ToLower(m[2] + m[3])}, true
		}
	}
	return "", number{}, false
}

func splitNumber(s string) (group string, page int, ok bool) {
	if m := ofMany.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if moment.MatchString(s) {
		return "", 0, false
	}
	if m := alone.FindStringSubmatch(s); m != nil && (len(m[1]) <= 6 || isPadded(m[1])) {
		return "", whole(m[1]), true
	}
	if m := bracketed.FindStringSubmatch(s); m != nil {
		return m[1], whole(m[2]), !isYear(m[2]) && (len(m[2]) <= 4 || isPadded(m[2]))
	}
	if m := marked.FindStringSubmatch(s); m != nil && m[1] != "" {
		return m[1], whole(m[3]), len(m[3]) <= 4 || isPadded(m[3])
	}
	if m := counted.FindStringSubmatch(s); m != nil {
		return m[1], whole(m[2]), len(m[2]) <= 6 || isPadded(m[2])
	}
	if m := separated.FindStringSubmatch(s); m != nil && m[1] != "" {
		return m[1], whole(m[2]), !isYear(m[2]) && (len(m[2]) <= 4 || isPadded(m[2]))
	}
	if m := joined.FindStringSubmatch(s); m != nil {
		return m[1], whole(m[2]), isPadded(m[2])
	}
	return "", 0, false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func whole(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

func isYear(digits string) bool {
	n := whole(digits)
	return len(digits) == 4 && n >= 1500 && n < 2100
}

// isPadded reports whether digits are a counter filled up with zeros and no date
// that begins with one.
func isPadded(digits string) bool {
	if digits[0] != '0' {
		return false
	}
	switch len(digits) {
	case 6:
		return !isDay(digits[:2], digits[2:4])
	case 8:
		return !isDay(digits[:2], digits[2:4]) || !isYear(digits[4:])
	}
	return true
}

// isDay reports whether two numbers can be a day and a month, in either order.
func isDay(a, b string) bool {
	x, y := whole(a), whole(b)
	return x > 0 && y > 0 && (x <= 31 && y <= 12 || x <= 12 && y <= 31)
}

// Roman is n in Roman numerals of small letters, "" below 1.
func Roman(n int) string {
	var b strings.Builder
	for _, sign := range []struct {
		value int
		sign  string
	}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= sign.value; n -= sign.value {
			b.WriteString(sign.sign)
		}
	}
	return b.String()
}
