package draw

import (
	"math/rand/v2"
	"strings"

	"nightshift/pipeline/clean/lexicon"
)

// running is at least n letters of running text, as it stands somewhere on a
// page: it begins and ends anywhere in a sentence.
func (w *words) running(r *rand.Rand, n int) string {
	var b strings.Builder
	last, start := lexicon.None, chance(r, 25)
	quoted := false
	for b.Len() < n {
		text := ""
		if chance(r, 7) {
			text, last = w.item(r), lexicon.None
		} else {
			last = w.next(r, last)
			text = w.spell(last)
		}
		if start {
			text = capital(text)
		}
		start = false
		switch k := r.Float64() * 100; {
		case k < 2:
			text = "(" + text + ")"
		case k < 3:
			text = `"` + text + `"`
		case k < 4 && !quoted:
			text, quoted = `"`+capital(text), true
		case k < 5.5:
			text += "-" + w.word(r)
		case k < 6.3:
			text += one(r, " - ", " -- ", "--") + w.word(r)
		}
		switch k := r.Float64() * 100; {
		case k < 7:
			text += one(r, ".", ".", ".", ".", ".", ".", "?", "!", ":")
			if quoted {
				text, quoted = text+`"`, false
			}
			start, last = true, lexicon.None
		case k < 14:
			text += ","
		case k < 15:
			text += one(r, ";", ":", ",\"")
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text)
	}
	return b.String()
}

// line cuts n letters out of running text: at the last blank, or in a word, with
// a hyphen.
func (w *words) line(r *rand.Rand, n int) string {
	s := w.running(r, n+1)[:n]
	if isLetter(s[n-1]) && n > 3 && isLetter(s[n-2]) && chance(r, 22) {
		return s + "-"
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		return s[:i]
	}
	return s
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// typed is what a typist writes on a line.
func (w *words) typed(r *rand.Rand) string {
	s := ""
	switch k := r.Float64() * 100; {
	case k < 62:
		s = w.line(r, one(r, from(r, 45, 78), from(r, 45, 78), from(r, 8, 45)))
		if chance(r, 9) { // cables are all capitals
			s = strings.ToUpper(s)
		}
	case k < 66:
		s = strings.ToUpper(w.line(r, from(r, 30, 75)))
	default:
		s = w.form(r)
		if chance(r, 12) {
			s = strings.ToUpper(s)
		}
	}
	if s == strings.ToUpper(s) && len(s) < 30 && chance(r, 12) { // S E C R E T
		s = strings.Join(strings.Split(strings.ReplaceAll(s, " ", ""), ""), " ")
	}
	return strings.Join(strings.Fields(s), " ")
}

// printed is what stands in a printed line: curly quotes, dashes.
func (w *words) printed(r *rand.Rand) string {
	s := ""
	switch k := r.Float64() * 100; {
	case k < 78:
		s = w.line(r, one(r, from(r, 50, 85), from(r, 50, 85), from(r, 12, 50)))
		if chance(r, 15) {
			s = speech(r, s)
		}
		if chance(r, 4) {
			s = strings.ToUpper(s)
		}
	case k < 84: // a form's labels
		s = one(r, strings.ToUpper, capital)(w.word(r) + " " + w.word(r))
		if chance(r, 40) {
			s += ":"
		}
	default:
		s = w.form(r)
	}
	return strings.Join(strings.Fields(curly(s)), " ")
}

// speech puts part of a line in quotes.
func speech(r *rand.Rand, s string) string {
	f := strings.Fields(s)
	if len(f) < 5 || strings.Contains(s, `"`) {
		return s
	}
	a := r.IntN(len(f) - 2)
	b := from(r, a+1, len(f)-1)
	mark := `"`
	if chance(r, 15) {
		mark = "'"
	}
	f[a] = mark + capital(f[a])
	f[b] = strings.TrimRight(f[b], ".,-") + one(r, ",", ".", "!", "?") + mark
	return strings.Join(f, " ")
}

// curly turns typists' quotes and double hyphens into printers'.
func curly(s string) string {
	s = strings.NewReplacer(" -- ", "—", " - ", "—", "--", "—").Replace(s)
	var b strings.Builder
	last := ' '
	for _, c := range s {
		opening := strings.ContainsRune(" (—“‘", last)
		switch {
		case c == '"' && opening:
			c = '“'
		case c == '"':
			c = '”'
		case c == '\'' && opening:
			c = '‘'
		case c == '\'':
			c = '’'
		}
		b.WriteRune(c)
		last = c
	}
	return b.String()
}
