package draw

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

var months = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

// date is one as offices write it.
func date(r *rand.Rand) string {
	month, day, year := months[r.IntN(12)], from(r, 1, 31), from(r, 1890, 1989)
	switch r.IntN(9) {
	case 0, 1:
		return fmt.Sprintf("%s %d, %d", month, day, year)
	case 2, 3:
		return fmt.Sprintf("%d %s %d", day, month, year)
	case 4:
		return fmt.Sprintf("%d/%d/%02d", from(r, 1, 12), day, year%100)
	case 5:
		return fmt.Sprintf("%d-%d-%02d", from(r, 1, 12), day, year%100)
	case 6:
		return fmt.Sprintf("%d %s %02d", day, month[:3], year%100)
	case 7:
		return fmt.Sprintf("%02d%02d%02dZ %s %02d", day, r.IntN(24), r.IntN(60), strings.ToUpper(month[:3]), year%100)
	}
	return fmt.Sprintf("%s %d", month, year)
}

// number is a number as one stands among words.
func number(r *rand.Rand) string {
	switch r.IntN(14) {
	case 0:
		return fmt.Sprintf("%d,%03d", from(r, 1, 999), r.IntN(1000))
	case 1:
		return fmt.Sprintf("%.2f", r.Float64()*1000)
	case 2:
		return fmt.Sprintf("$%d", from(r, 1, 9999))
	case 3:
		return fmt.Sprintf("$%d,%03d.%02d", from(r, 1, 99), r.IntN(1000), r.IntN(100))
	case 4:
		return fmt.Sprintf("%d%%", from(r, 1, 100))
	case 5:
		return fmt.Sprintf("%d-%d", from(r, 1, 999), from(r, 1, 999))
	case 6:
		return fmt.Sprintf("%d/%d", from(r, 1, 99), from(r, 1, 99))
	case 7:
		return fmt.Sprintf("%03d-%05d-%05d", r.IntN(1000), r.IntN(100000), r.IntN(100000))
	case 8:
		return fmt.Sprintf("%02d%02d", r.IntN(24), r.IntN(60))
	case 9:
		return fmt.Sprintf("#%d", from(r, 1, 999))
	case 10:
		return fmt.Sprintf("(%d)", from(r, 1, 40))
	case 11:
		return fmt.Sprintf("%d", from(r, 100000, 99999999))
	}
	return fmt.Sprintf("%d", from(r, 1, 9999))
}

// item is what stands among words and is none of them.
func (w *words) item(r *rand.Rand) string {
	switch r.IntN(12) {
	case 0, 1, 2:
		return date(r)
	case 3:
		return w.person(r)
	case 4:
		return "No. " + number(r)
	case 5:
		return w.initials(r, from(r, 2, 4), ".")
	case 6:
		return strings.ToUpper(w.word(r))
	case 7:
		return w.code(r)
	}
	return number(r)
}

// initials are capitals, each followed by the mark.
func (w *words) initials(r *rand.Rand, n int, mark string) string {
	var b strings.Builder
	for range n {
		b.WriteByte(byte('A' + r.IntN(26)))
		b.WriteString(mark)
	}
	return b.String()
}

// person is somebody's name in full or short.
func (w *words) person(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return one(r, "Mr.", "Mrs.", "Dr.", "Miss", "Col.", "Gen.", "Capt.", "Lt.", "Prof.") + " " + w.name(r)
	case 1:
		return w.initials(r, 1, ".") + " " + w.initials(r, 1, ".") + " " + w.name(r)
	case 2:
		return strings.ToUpper(w.name(r)) + ", " + w.name(r) + " " + w.initials(r, 1, ".")
	case 3:
		return w.name(r) + " " + strings.ToUpper(w.name(r)+" "+w.name(r))
	}
	return w.name(r) + " " + w.initials(r, 1, ".") + " " + w.name(r)
}

// code is a file's or paper's number: letters and digits with marks between.
func (w *words) code(r *rand.Rand) string {
	var b strings.Builder
	for i := range from(r, 2, 4) {
		if i > 0 {
			b.WriteString(one(r, "-", "-", "/", ".", " ", "."))
		}
		if chance(r, 40) {
			b.WriteString(w.initials(r, from(r, 1, 4), ""))
		} else {
			fmt.Fprintf(&b, "%d", r.IntN(one(r, 10, 100, 1000, 100000)))
		}
	}
	return b.String()
}

// form is a line that is no running text: a heading, a label, a row, an address.
func (w *words) form(r *rand.Rand) string {
	up := strings.ToUpper
	switch r.IntN(20) {
	case 0:
		return fmt.Sprintf("- %d -", from(r, 1, 60))
	case 1, 2:
		return date(r)
	case 3:
		return fmt.Sprintf("(%d) %s %s, %s %s", from(r, 1, 20), w.word(r), w.word(r), w.word(r), w.word(r))
	case 4, 5:
		n := from(r, 1, 5)
		f := make([]string, n)
		for i := range f {
			f[i] = up(w.word(r))
		}
		return strings.Join(f, " ")
	case 6:
		return fmt.Sprintf("%s, No. %d/%d, %s %d", w.name(r), from(r, 1, 999), from(r, 10, 99), w.name(r), from(r, 1000, 99999))
	case 7, 8:
		return fmt.Sprintf("%s: %s", up(w.word(r)), one(r, w.person, w.code, w.item, w.word)(r))
	case 9, 10, 11: // a row of a table
		f := make([]string, from(r, 2, 8))
		for i := range f {
			f[i] = one(r, w.word, w.name, w.code, number, number, number, number)(r)
		}
		return strings.Join(f, " ")
	case 12:
		return w.person(r) + ", " + w.word(r) + " " + w.word(r)
	case 13:
		return fmt.Sprintf("%d %s %s, %s", from(r, 1, 9999), w.name(r), one(r, "Street", "Avenue", "Road", "St.", "Ave.", "Square"), w.name(r))
	case 14:
		return fmt.Sprintf("%s %s %s", up(w.word(r)), up(w.name(r)), number(r))
	case 15:
		return w.code(r)
	case 16:
		return fmt.Sprintf("%s %d (%s)", w.initials(r, from(r, 2, 4), ""), from(r, 1, 99999), date(r))
	case 17:
		return fmt.Sprintf("%d. %s", from(r, 1, 99), w.line(r, from(r, 20, 60)))
	case 18:
		return fmt.Sprintf("%s %s %s", one(r, "TO", "FROM", "SUBJECT", "REF", "DATE", "INFO", "CITE", "PAGE", "FILE NO", "Subject", "To", "From", "Re", "Enclosure", "cc"), one(r, ":", "", " :"), one(r, w.person, w.code, w.item, w.name)(r))
	}
	return number(r) + " " + number(r) + " " + date(r)
}
